#include "net/client.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <deque>
#include <new>
#include <utility>
#include <vector>

#include "net/dial.hpp"
#include "net/name_lookup.hpp"
#include "net/pool.hpp"
#include "net/session.hpp"
#include "net/text.hpp"

namespace snap::net {
namespace {

[[nodiscard]] session_options session_options_of(const client_options& o) {
  const auto& to = o.net.to;
  return {.place = host_port(to.host, to.port),
          .authority = to.authority,
          .user_agent = o.user_agent,
          .request_timeout = o.net.request_timeout,
          .idle_limit = o.idle_limit,
          .limits = {.header_bytes = o.max_header_bytes, .body_bytes = o.max_answer_bytes}};
}

class client final : public transport, public session_owner {
 public:
  client(client_options options, std::unique_ptr<tls_client> tls)
      : options_(std::move(options)),
        session_options_(session_options_of(options_)),
        tls_(std::move(tls)),
        work_(io_.get_executor()),
        timer_(io_),
        names_(io_, options_.net.proxy.host.empty() ? options_.net.to.host : options_.net.proxy.host,
               options_.net.proxy.host.empty() ? options_.net.to.port : options_.net.proxy.port, options_.lookup) {}

  void run(transport_handler& handler) override;
  void stop() noexcept override { io_.stop(); }
  void notify() noexcept override;
  void send(request r) override;
  void arm(clock::time_point when) override;
  [[nodiscard]] link_stats stats() const noexcept override;

 private:
  void on_answered(session& s, answer a) override;
  void on_stale(session& s, job j) override;
  void on_idle_closed(session& s) override;

  void pump();
  void hand_out_idle();
  void open_sessions();
  void on_dialled(const std::shared_ptr<dial>& d, std::unique_ptr<tls_stream> stream, const link_error& error);
  void fail_first(const link_error& error);
  void forget(const session& s);

  const client_options options_;
  const session_options session_options_;
  // Declaration order is destruction order reversed: the io_context goes last but for what its forgotten handlers refer to above.
  std::unique_ptr<tls_client> tls_;
  asio::io_context io_{1};  // one thread runs it
  asio::executor_work_guard<loop_executor> work_;
  loop_timer timer_;
  name_lookup names_;
  transport_handler* handler_ = nullptr;
  clock::time_point armed_ = clock::time_point::max();
  std::deque<job> waiting_;
  std::vector<std::shared_ptr<session>> idle_, busy_;  // idle: the last one used is the next one used, the others age out
  std::vector<std::shared_ptr<dial>> dials_;
  std::atomic<bool> notified_{false};
  std::atomic<std::uint64_t> opened_{0}, resumed_{0}, resends_{0};
};

void client::run(transport_handler& handler) {
  handler_ = &handler;
  io_.run();
  // Stopped: no handler runs any more, so nothing below calls back. Peers see the sessions end now, not when the client is
  // destroyed.
  for (const auto& d : dials_) d->cancel();
  for (const auto& s : idle_) s->close();
  for (const auto& s : busy_) s->close();
}

void client::notify() noexcept {
  if (notified_.exchange(true)) return;  // one is on its way and will see what this one announces
  try {
    asio::post(io_, [this] {
      notified_.store(false);  // before the call: a notify() during it counts
      handler_->on_notify(clock::now());
    });
  } catch (const std::bad_alloc&) {  // the next one tries again; nobody else could help
    notified_.store(false);
  }
}

void client::arm(clock::time_point when) {
  if (when == armed_) return;
  armed_ = when;
  if (when == clock::time_point::max()) {
    timer_.cancel();
    return;
  }
  timer_.expires_at(when);
  timer_.async_wait([this](const error_code& ec) {
    const auto now = clock::now();
    if (ec || now < armed_) return;  // replaced while this handler was queued
    armed_ = clock::time_point::max();
    handler_->on_timer(now);
  });
}

void client::send(request r) {
  waiting_.push_back({std::move(r)});
  pump();
}

link_stats client::stats() const noexcept { return {opened_.load(), resumed_.load(), resends_.load()}; }

void client::pump() {
  hand_out_idle();
  open_sessions();
}

void client::hand_out_idle() {
  for (auto at = waiting_.begin(); at != waiting_.end() && !idle_.empty();) {
    if (at->needs == job::on::fresh_session) {
      ++at;
      continue;
    }
    const auto s = idle_.back();
    idle_.pop_back();
    busy_.push_back(s);
    job j = std::move(*at);
    at = waiting_.erase(at);
    s->send(std::move(j));
  }
}

void client::open_sessions() {
  const pool_decision decision = decide({.waiting = waiting_.size(),
                                         .idle = idle_.size(),
                                         .busy = busy_.size(),
                                         .dialling = dials_.size(),
                                         .max_sessions = options_.net.max_in_flight,
                                         .max_dialling = options_.max_dialling});
  for (std::size_t i = 0; i < decision.evict; ++i) {
    idle_.front()->close_politely();
    idle_.erase(idle_.begin());
  }
  for (std::size_t i = 0; i < decision.open; ++i) {
    // The dial is named through a weak pointer: it must not keep itself alive in its own call-back.
    auto self = std::make_shared<std::weak_ptr<dial>>();
    auto d = std::make_shared<dial>(io_, options_, *tls_, names_,
                                    [this, self](std::unique_ptr<tls_stream> stream, const link_error& e) {
                                      on_dialled(self->lock(), std::move(stream), e);
                                    });
    *self = d;
    dials_.push_back(d);
    d->start();
  }
}

void client::on_dialled(const std::shared_ptr<dial>& d, std::unique_ptr<tls_stream> stream, const link_error& error) {
  std::erase(dials_, d);
  if (!stream) {
    fail_first(error);
    return pump();
  }
  opened_.fetch_add(1);
  if (SSL_session_reused(stream->native_handle()) == 1) resumed_.fetch_add(1);
  const auto s = std::make_shared<session>(io_, std::move(stream), session_options_, *this);
  s->start();
  if (waiting_.empty()) {
    idle_.push_back(s);
    return;
  }
  // Any request may have a fresh session; those that must have one stand first.
  busy_.push_back(s);
  job j = std::move(waiting_.front());
  waiting_.pop_front();
  s->send(std::move(j));
  pump();
}

// A dial that failed answers one request; the others have dials of their own, or get one.
void client::fail_first(const link_error& error) {
  if (waiting_.empty()) return;
  answer a;
  a.id = waiting_.front().what.id;
  a.failure = error.what;
  a.detail = error.detail;
  a.sent_at = a.answered_at = clock::now();
  waiting_.pop_front();
  handler_->on_answer(std::move(a), clock::now());
}

void client::on_answered(session& s, answer a) {
  const auto held = s.shared_from_this();
  forget(s);
  if (s.is_open()) {
    if (a.failure == link_failure::none) tls_->remember(s.stream());
    idle_.push_back(held);
  }
  const auto now = a.answered_at;
  handler_->on_answer(std::move(a), now);
  pump();
}

void client::on_stale(session& s, job j) {
  forget(s);
  resends_.fetch_add(1);
  j.needs = job::on::fresh_session;
  waiting_.push_front(std::move(j));
  pump();
}

void client::on_idle_closed(session& s) {
  forget(s);
  pump();  // a request may be waiting for room
}

void client::forget(const session& s) {
  const auto is_it = [&s](const auto& held) { return held.get() == &s; };
  std::erase_if(idle_, is_it);
  std::erase_if(busy_, is_it);
}

}  // namespace

std::unique_ptr<transport> make_client(client_options options, std::string& why) {
  auto tls = tls_client::make(options.net, why);
  if (!tls) return nullptr;
  return std::make_unique<client>(std::move(options), std::move(tls));
}

}  // namespace snap::net
