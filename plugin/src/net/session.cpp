#include "net/session.hpp"

#include <boost/asio/write.hpp>

#include <utility>

#include "net/text.hpp"

namespace snap::net {
namespace {

constexpr std::chrono::milliseconds polite_limit{500};  // what the other side's close_notify is worth waiting for

}  // namespace

session::session(asio::io_context& io, std::unique_ptr<tls_stream> stream, const session_options& options, session_owner& owner)
    : options_(options), owner_(&owner), stream_(std::move(stream)), timer_(io) {}

void session::start() {
  await(options_.idle_limit);
  read();
}

void session::send(job j) {
  phase_ = phase::busy;
  job_.emplace(std::move(j));
  reader_.emplace(options_.limits, answer_to::post);
  head_ = render_head(job_->what);
  written_ = written::no;
  write_error_ = {};
  sent_at_ = clock::now();
  await(options_.request_timeout);
  const auto [body, end] = job_->what.body.parts();
  const std::array<asio::const_buffer, 3> bytes{asio::buffer(head_.reveal()), asio::buffer(body), asio::buffer(end)};
  // A failed write is not the end: the answer may be there already (413, 401), and if not, the pending read fails too.
  asio::async_write(*stream_, bytes, [self = shared_from_this(), id = job_->what.id](const error_code& ec, std::size_t) {
    if (self->phase_ != phase::busy || self->job_->what.id != id) return;
    self->write_error_ = ec;
    if (!ec) self->written_ = written::yes;
  });
}

void session::read() {
  stream_->async_read_some(asio::buffer(bytes_),
                           [self = shared_from_this()](const error_code& ec, std::size_t n) { self->on_read(ec, n); });
}

void session::on_read(const error_code& ec, std::size_t n) {
  switch (phase_) {
    case phase::closed: return;
    case phase::idle:
      // The server hung up, or speaks without being asked.
      if (ec)
        SSL_set_shutdown(stream_->native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);  // keeps the TLS session resumable
      close();
      return owner_->on_idle_closed(*this);
    case phase::busy: return on_bytes(ec, n);
  }
}

void session::on_bytes(const error_code& ec, std::size_t n) {
  switch (reader_->feed({bytes_.data(), n})) {
    case answer_reader::state::complete: return complete();
    case answer_reader::state::failed: return fail(reader_->error().what, reader_->error().detail);
    case answer_reader::state::more: break;
  }
  if (ec) return on_stream_error(ec);
  read();
}

void session::on_stream_error(const error_code& ec) {
  if (reader_->untouched() && answered_ > 0) {
    job j = std::move(*job_);
    close();
    return owner_->on_stale(*this, std::move(j));
  }
  const bool clean = ec == asio::error::eof;  // Asio's word for close_notify here
  if (!clean && ec != asio::ssl::error::stream_truncated) return fail(link_failure::reset, ec.message());
  // The kernel reports a reset once: if the write got it, the read sees a plain end.
  if (!clean && write_error_ && reader_->untouched()) return fail(link_failure::reset, write_error_.message());
  if (reader_->end(clean ? stream_end::clean : stream_end::cut) == answer_reader::state::complete) return complete();
  fail(reader_->error().what, reader_->error().detail);
}

void session::complete() {
  answer_parts parts = reader_->take();
  // Nobody can have taken events that nobody has read: this is another answer to an earlier request, or no answer at all.
  // Refusals may come so early (413, 401).
  if (written_ == written::no && parts.status / 100 == 2) {
    return fail(link_failure::response_malformed,
                "the server answered " + std::to_string(parts.status) + " before it had the whole request");
  }
  answer a = new_answer();
  a.status = parts.status;
  a.body = std::move(parts.body);
  a.retry_after = std::move(parts.retry_after);
  a.date = std::move(parts.date);
  a.location = std::move(parts.location);
  reader_.reset();
  ++answered_;
  // An answer that came before the request was written: the rest of the request would be taken for the next one.
  if (parts.reuse == keep_alive::yes && written_ == written::yes) {
    job_.reset();
    head_ = {};
    phase_ = phase::idle;
    await(options_.idle_limit);
    read();
  } else {
    close();
  }
  owner_->on_answered(*this, std::move(a));
}

void session::fail(link_failure what, const std::string& reason) {
  answer a = new_answer();
  a.failure = what;
  a.detail = options_.place + ": " + reason;
  close();
  owner_->on_answered(*this, std::move(a));
}

answer session::new_answer() {
  answer a;
  a.id = job_->what.id;
  a.sent_at = sent_at_;
  a.answered_at = clock::now();
  return a;
}

void session::await(std::chrono::milliseconds limit) {
  timer_.expires_after(limit);
  timer_.async_wait([self = shared_from_this()](const error_code& ec) { self->on_timer(ec); });
}

void session::on_timer(const error_code& ec) {
  // A handler that was already queued when the timer was set anew is told by the new expiry.
  if (ec || clock::now() < timer_.expiry()) return;
  switch (phase_) {
    case phase::closed: return;
    case phase::idle: close_politely(); return owner_->on_idle_closed(*this);
    case phase::busy:
      return fail(link_failure::timeout_request, std::string(written_ == written::no ? "request not taken" : "no whole answer") +
                                                     " within " + std::to_string(options_.request_timeout.count()) + " ms");
  }
}

void session::close() {
  phase_ = phase::closed;
  timer_.cancel();
  error_code ignored;
  stream_->next_layer().close(ignored);
}

void session::close_politely() {
  phase_ = phase::closed;
  stream_->async_shutdown([self = shared_from_this()](const error_code&) { self->close(); });
  timer_.expires_after(polite_limit);
  timer_.async_wait([self = shared_from_this()](const error_code& ec) {
    if (!ec) self->close();
  });
}

sca::secret session::render_head(const request& r) const {
  std::string head;
  head.reserve(512 + r.path.size() +
               3 * r.token.reveal().size());  // no growth: a reallocation would leave a copy of the token behind
  head += "POST ";
  append_target(head, r.path);
  if (!r.token.empty()) {
    head += "?access_token=";
    append_percent_encoded(head, r.token.reveal());
  }
  head += " HTTP/1.1\r\nHost: " + options_.authority + "\r\nUser-Agent: " + options_.user_agent +
          "\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: " + std::to_string(r.body.size()) +
          "\r\n\r\n";
  return sca::secret(std::move(head));
}

}  // namespace snap::net
