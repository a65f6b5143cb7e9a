#include "net/dial.hpp"

#include <boost/asio/write.hpp>

#include <utility>

#include "net/text.hpp"

namespace snap::net {
namespace {

[[nodiscard]] std::string name_error(int error) {
  const std::string text = gai_strerror(error);
  if (error == EAI_NONAME || error == EAI_NODATA) return "the name is not known (" + text + ")";
  return "the name cannot be looked up now (" + text + ")";
}

}  // namespace

dial::dial(asio::io_context& io, const client_options& options, tls_client& tls, name_lookup& names, on_done done)
    : options_(options),
      tls_(tls),
      names_(names),
      done_(std::move(done)),
      deadline_(io),
      attempt_(io),
      socket_(io),
      proxy_answer_({.header_bytes = options.max_header_bytes, .body_bytes = 0}, answer_to::connect) {}

void dial::start() {
  deadline_.expires_after(options_.net.connect_timeout);
  deadline_.async_wait([self = shared_from_this()](const error_code& ec) {
    if (!ec) self->on_deadline();
  });
  // weak: a lookup may outlive the deadline by seconds, and nobody waits for it then
  names_.find([weak = weak_from_this()](const found_addresses& found) {
    if (const auto self = weak.lock()) self->on_names(found);
  });
}

void dial::cancel() {
  phase_ = phase::over;
  done_ = nullptr;
  error_code ignored;
  deadline_.cancel();
  attempt_.cancel();
  socket_.close(ignored);
  if (stream_) stream_->next_layer().close(ignored);
}

void dial::on_names(const found_addresses& found) {
  if (phase_ != phase::resolving) return;
  if (found.error != 0) return fail(through_proxy() ? link_failure::proxy : link_failure::resolve, name_error(found.error));
  addresses_ = found.endpoints;
  phase_ = phase::connecting;
  try_next_address();
}

void dial::try_next_address() {
  error_code ignored;
  socket_.close(ignored);
  const tcp::endpoint& to = addresses_[next_address_];
  // An address that swallows packets must leave time for the others.
  const auto left = static_cast<clock::rep>(addresses_.size() - next_address_);
  attempt_.expires_after((deadline_.expiry() - clock::now()) / left);
  attempt_.async_wait([self = shared_from_this(), at = next_address_](const error_code& ec) {
    if (ec || self->phase_ != phase::connecting || self->next_address_ != at || at + 1 == self->addresses_.size()) return;
    error_code closed;
    self->socket_.close(closed);  // ends async_connect
  });
  socket_.async_connect(to, [self = shared_from_this()](const error_code& ec) { self->on_connected(ec); });
}

void dial::on_connected(const error_code& ec) {
  if (phase_ != phase::connecting) return;
  if (ec) {
    if (next_address_ + 1 < addresses_.size()) {
      ++next_address_;
      return try_next_address();
    }
    const std::string address = addresses_[next_address_].address().to_string();
    return fail(through_proxy() ? link_failure::proxy : link_failure::connect, ec.message() + " (" + address + ")");
  }
  attempt_.cancel();
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  if (through_proxy()) return ask_proxy();
  shake_hands();
}

void dial::ask_proxy() {
  phase_ = phase::proxy;
  const std::string to = host_port(options_.net.to.host, options_.net.to.port);
  std::string text = "CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\nUser-Agent: " + options_.user_agent + "\r\n";
  if (const auto& credentials = options_.net.proxy.credentials; !credentials.empty()) {
    text += "Proxy-Authorization: Basic " + base64(credentials.reveal()) + "\r\n";
  }
  proxy_request_ = sca::secret(text + "\r\n");
  const std::string_view bytes = proxy_request_.reveal();
  asio::async_write(socket_, asio::buffer(bytes), [self = shared_from_this()](const error_code& ec, std::size_t) {
    if (self->phase_ != phase::proxy) return;
    if (ec) return self->fail(link_failure::proxy, ec.message());
    self->read_proxy();
  });
}

void dial::read_proxy() {
  socket_.async_read_some(asio::buffer(proxy_bytes_), [self = shared_from_this()](const error_code& ec, std::size_t n) {
    if (self->phase_ == phase::proxy) self->on_proxy_bytes(ec, n);
  });
}

void dial::on_proxy_bytes(const error_code& ec, std::size_t n) {
  auto state = proxy_answer_.feed({proxy_bytes_.data(), n});
  if (ec == asio::error::eof && state == answer_reader::state::more) state = proxy_answer_.end(stream_end::clean);
  switch (state) {
    case answer_reader::state::complete: return judge_proxy();
    case answer_reader::state::failed: return fail(link_failure::proxy, proxy_answer_.error().detail);
    case answer_reader::state::more: return ec ? fail(link_failure::proxy, ec.message()) : read_proxy();
  }
}

void dial::judge_proxy() {
  const answer_parts answer = proxy_answer_.take();
  if (answer.status == 407) {
    return fail(link_failure::proxy, std::string("the proxy answered 407, it wants credentials: ") +
                                         (options_.net.proxy.credentials.empty() ? "set" : "check") +
                                         " user and password in proxy.url");
  }
  if (answer.status < 200 || answer.status > 299) {
    return fail(link_failure::proxy, "the proxy answered " + std::to_string(answer.status) + " to CONNECT " +
                                         host_port(options_.net.to.host, options_.net.to.port));
  }
  // A tunnel is silent until we speak.
  if (proxy_answer_.has_rest()) return fail(link_failure::proxy, "the proxy answered CONNECT itself, it opened no tunnel");
  shake_hands();
}

void dial::shake_hands() {
  phase_ = phase::handshake;
  stream_ = tls_.wrap(std::move(socket_), fault_);
  stream_->async_handshake(asio::ssl::stream_base::client, [self = shared_from_this()](const error_code& ec) {
    if (self->phase_ != phase::handshake) return;
    if (!ec) return self->finish(std::move(self->stream_), {});
    const link_error error = self->tls_.explain(ec, *self->fault_);
    self->fail(error.what, error.detail);
  });
}

void dial::on_deadline() {
  const std::string within = "not within " + std::to_string(options_.net.connect_timeout.count()) + " ms";
  switch (phase_) {
    case phase::resolving: return fail(link_failure::timeout_connect, "no address " + within);
    case phase::connecting: return fail(link_failure::timeout_connect, "no connection " + within);
    case phase::proxy: return fail(link_failure::timeout_connect, "no answer of the proxy " + within);
    case phase::handshake: return fail(link_failure::timeout_connect, "not finished " + within);
    case phase::over: return;
  }
}

std::string dial::place() const {
  const bool tunnelled = phase_ == phase::handshake || !through_proxy();
  if (tunnelled) return host_port(options_.net.to.host, options_.net.to.port);
  return "proxy " + host_port(options_.net.proxy.host, options_.net.proxy.port);
}

void dial::fail(link_failure what, const std::string& reason) {
  const auto phase_name = [this]() -> std::string {
    switch (phase_) {
      case phase::resolving: return "resolve";
      case phase::connecting: return "connect";
      case phase::proxy: return "CONNECT";
      case phase::handshake: return "TLS handshake";
      case phase::over: return "over";
    }
    return {};
  };
  if (phase_ == phase::handshake) tls_.forget();
  finish(nullptr, {what, place() + ": " + phase_name() + ": " + reason});
}

void dial::finish(std::unique_ptr<tls_stream> stream, const link_error& error) {
  const on_done done = std::exchange(done_, nullptr);
  cancel();
  if (done) done(std::move(stream), error);
}

}  // namespace snap::net
