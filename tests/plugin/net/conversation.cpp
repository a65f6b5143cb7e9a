#include "conversation.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace net_test {

snap::net::client_options options_for(std::uint16_t port, const trust& t, const std::string& host) {
  snap::net::client_options o;
  o.net.to = {.host = host, .port = port, .path = "", .authority = host + ":" + std::to_string(port)};
  o.net.connect_timeout = 1500ms;
  o.net.request_timeout = 1500ms;
  o.net.ca_file = t.ca_file.path();
  o.user_agent = "snapchat-sink/test";
  return o;
}

std::uint16_t dead_port() {
  const int s = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(s, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  REQUIRE(::getsockname(s, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  ::close(s);
  return ntohs(address.sin_port);
}

conversation::conversation(snap::net::client_options options) {
  std::string why;
  client_ = snap::net::make_client(std::move(options), why);
  INFO(why);
  REQUIRE(client_ != nullptr);
}

std::vector<answer> conversation::exchange(std::size_t count) {
  wanted_ = count;
  client_->notify();
  client_->run(*this);
  for (const auto& a : answers_) {
    for (const auto& text : {a.detail, a.location, a.retry_after, a.date}) {
      CHECK(text.find("secret") == std::string::npos);  // the part of the token that no encoding changes
    }
  }
  REQUIRE(answers_.size() == wanted_);
  return std::exchange(answers_, {});
}

void conversation::on_notify(snap::net::clock::time_point) {
  while (sent_ < wanted_ && sent_ < at_once) send_next();
}

void conversation::on_timer(snap::net::clock::time_point) { send_next(); }

void conversation::on_answer(answer a, snap::net::clock::time_point) {
  answers_.push_back(std::move(a));
  if (on_each) on_each(answers_.back());
  if (answers_.size() == wanted_) return client_->stop();
  if (sent_ == wanted_) return;
  if (between > 0ms) return client_->arm(snap::net::clock::now() + between);
  send_next();
}

void conversation::send_next() {
  ++sent_;
  client_->send({.id = sent_, .path = "/v3/asset/events", .token = sca::secret(std::string(token)), .body = body});
}

answer ask(const support::tls_server::script& script, std::chrono::milliseconds request_timeout) {
  const trust t;
  support::tls_server server({.id = t.localhost()}, script);
  auto options = options_for(server.port(), t);
  options.net.request_timeout = request_timeout;
  return conversation(std::move(options)).one();
}

support::tls_server::script answering(std::string bytes) {
  return [bytes = std::move(bytes)](support::peer& p) {
    while (p.read_request() && p.write(bytes)) {
    }
  };
}

}  // namespace net_test
