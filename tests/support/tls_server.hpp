// A scripted server on loopback, with or without TLS: blocking sockets and raw OpenSSL, one thread a connection, nothing of Asio
// in it. The script is the test's; it runs once per connection, after the handshake. Ends every connection when destroyed.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "certificates.hpp"

namespace support {

struct http_request {
  std::string head;  // request line and fields, without the empty line
  std::string body;
  [[nodiscard]] std::string target() const;                      // of the request line
  [[nodiscard]] std::string field(std::string_view name) const;  // ASCII case ignored; "" absent
};

// One connection, as its script sees it. Calls block; when the server stops they return as if the client had gone.
class peer {
 public:
  virtual ~peer() = default;
  [[nodiscard]] virtual std::size_t index() const = 0;  // 0 for the first connection
  [[nodiscard]] virtual std::optional<http_request> read_request() = 0;
  [[nodiscard]] virtual std::string read_some() = 0;  // "" when the client has gone
  virtual bool write(std::string_view bytes) = 0;
  virtual void hang() = 0;                                 // until the client or the server goes
  virtual void pause(std::chrono::milliseconds time) = 0;  // cut short when the server stops
  virtual void close_with_notify() = 0;
  virtual void close_without_notify() = 0;                    // FIN only
  virtual void reset() = 0;                                   // RST
  [[nodiscard]] virtual bool resumed() const = 0;             // an abbreviated handshake
  [[nodiscard]] virtual std::string server_name() const = 0;  // SNI, "" none
  [[nodiscard]] virtual int socket() const = 0;
};

enum class security : std::uint8_t { tls, plain };

// What the server does with a session that a client comes back with; fatal: it hangs up without an alert.
enum class old_sessions : std::uint8_t { resumed, fatal };

struct server_options {
  security with = security::tls;
  identity id{};        // of tls
  int max_version = 0;  // TLS1_1_VERSION …; 0 any
  std::chrono::milliseconds handshake_delay{0};
  old_sessions old = old_sessions::resumed;
};

class tls_server {
 public:
  using script = std::function<void(peer&)>;
  tls_server(server_options options, script run);
  ~tls_server();
  tls_server(const tls_server&) = delete;
  tls_server& operator=(const tls_server&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;
  [[nodiscard]] std::size_t accepted() const noexcept;    // connections
  [[nodiscard]] std::size_t handshakes() const noexcept;  // that succeeded

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// "HTTP/1.1 200 OK" with a length and this body.
[[nodiscard]] std::string ok(std::string_view body = R"({"status":"VALID"})");

}  // namespace support
