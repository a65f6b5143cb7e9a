// Drives a real client against a test server: sends requests, keeps so many in flight, collects the answers, stops the client.
// The caller's thread is the loop thread. Every text that comes out is searched for the token.
#pragma once
#include <catch2/catch.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "certificates.hpp"
#include "net/client.hpp"
#include "tls_server.hpp"

namespace net_test {

using namespace std::chrono_literals;
using snap::net::answer;
using snap::net::link_failure;

// Must be percent-encoded, and must never be seen outside the request line.
inline constexpr std::string_view token = "TOKEN+/=secret&x y";
inline constexpr std::string_view encoded_token = "TOKEN%2B%2F%3Dsecret%26x%20y";

// A CA and a server identity for localhost and 127.0.0.1, and the CA's file. Made once per test.
struct trust {
  support::certificate_authority ca;
  support::temporary_file ca_file{ca.certificate_pem()};
  [[nodiscard]] support::identity localhost() const { return ca.issue({.dns = {"localhost"}, .ip = {"127.0.0.1"}}); }
};

// Options for https://HOST:PORT with short time-outs.
[[nodiscard]] snap::net::client_options options_for(std::uint16_t port, const trust& t, const std::string& host = "localhost");

// The port of nobody: bound, then closed.
[[nodiscard]] std::uint16_t dead_port();

class conversation final : public snap::net::transport_handler {
 public:
  explicit conversation(snap::net::client_options options);

  std::size_t at_once = 1;               // requests in flight
  std::chrono::milliseconds between{0};  // pause before the next request is sent
  std::string body = R"({"data":[]})";
  std::function<void(const answer&)> on_each;  // before the next request

  // Sends `count` requests, ids from 1; returns the answers in the order they came. Ends the client.
  [[nodiscard]] std::vector<answer> exchange(std::size_t count);
  [[nodiscard]] answer one() { return exchange(1).front(); }
  [[nodiscard]] snap::net::transport& client() noexcept { return *client_; }
  [[nodiscard]] snap::net::link_stats stats() const noexcept { return client_->stats(); }

 private:
  void on_notify(snap::net::clock::time_point now) override;
  void on_timer(snap::net::clock::time_point now) override;
  void on_answer(answer a, snap::net::clock::time_point now) override;
  void send_next();

  std::unique_ptr<snap::net::transport> client_;
  std::size_t wanted_ = 0, sent_ = 0;
  std::vector<answer> answers_;
};

// One request to a server with this script, default options.
[[nodiscard]] answer ask(const support::tls_server::script& script, std::chrono::milliseconds request_timeout = 1500ms);

// A script that answers every request of every connection with these bytes.
[[nodiscard]] support::tls_server::script answering(std::string bytes);

}  // namespace net_test

namespace Catch {
template <>
struct StringMaker<snap::net::link_failure> {
  static std::string convert(snap::net::link_failure f) { return std::string(snap::net::to_string(f)); }
};
}  // namespace Catch
