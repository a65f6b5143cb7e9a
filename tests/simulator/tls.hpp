#pragma once
// Streams over a socket, with and without TLS (OpenSSL, blocking). One object per connection, used by its thread only.
#include <memory>
#include <optional>
#include <string>

#include "certificates.hpp"
#include "http.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace simulator {

// The server's certificate and protocol versions, shared by all connections.
class tls_context {
 public:
  tls_context();
  ~tls_context();
  tls_context(const tls_context&) = delete;
  tls_context& operator=(const tls_context&) = delete;
  // An error text, or nothing. `only_version` "1.1" is for tests: a client must refuse it.
  [[nodiscard]] std::optional<std::string> load(const certificate_files& files, const std::string& only_version);
  [[nodiscard]] ssl_ctx_st* native() const { return context_; }

 private:
  ssl_ctx_st* context_;
};

class plain_stream : public stream {
 public:
  explicit plain_stream(int socket) : socket_(socket) {}
  [[nodiscard]] std::size_t read(char* room, std::size_t size) override;
  [[nodiscard]] bool write(std::string_view bytes) override;
  [[nodiscard]] std::size_t buffered() const override { return 0; }
  void close_politely() override;

 private:
  int socket_;
};

class tls_stream : public stream {
 public:
  tls_stream(const tls_context& context, int socket);
  ~tls_stream() override;
  [[nodiscard]] bool handshake();
  [[nodiscard]] std::string server_name() const;  // SNI as the client sent it
  [[nodiscard]] std::size_t read(char* room, std::size_t size) override;
  [[nodiscard]] bool write(std::string_view bytes) override;
  [[nodiscard]] std::size_t buffered() const override;
  void close_politely() override;
  bool renegotiate() override;

 private:
  ssl_st* ssl_;
};

}  // namespace simulator
