// One accepted connection of the REST server, plain or TLS, on which every wait has an end: a client that sends or reads byte by
// byte, or too much, is cut off. One thread at a time (a worker of the server).
#pragma once
#include <openssl/ssl.h>
#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "sca/status.hpp"

namespace sinkhost {

struct tls_context_free {
  void operator()(SSL_CTX* c) const noexcept { SSL_CTX_free(c); }
};
using tls_context = std::unique_ptr<SSL_CTX, tls_context_free>;
// TLS 1.2 or newer, with this certificate chain and key (PEM).
[[nodiscard]] sca::result<tls_context> server_tls(const std::string& certificate, const std::string& key);

class bounded_socket {
 public:
  using clock = std::chrono::steady_clock;
  // Takes fd over. tls may be null: plain. Once stopping is true every wait ends within a moment.
  bounded_socket(int fd, SSL_CTX* tls, const std::atomic<bool>& stopping);
  ~bounded_socket();
  bounded_socket(const bounded_socket&) = delete;
  bounded_socket& operator=(const bounded_socket&) = delete;

  [[nodiscard]] bool handshake(clock::time_point until);         // true at once when plain
  [[nodiscard]] bool wait_for_request(clock::time_point until);  // bytes are there; false: none came, or the client left
  // From here until the next call: all reads and writes together end by `until`, and reads give at most max_bytes.
  void begin_request(clock::time_point until, std::size_t max_bytes) noexcept;

  [[nodiscard]] ssize_t read(char* to, std::size_t size);  // 0: the client closed; -1: time or bytes are used up, or it broke
  [[nodiscard]] ssize_t write(const char* from, std::size_t size);
  // After an answer to a request that was not read to its end: closing at once would reset the connection and lose the answer.
  void discard_rest(clock::time_point until);

  [[nodiscard]] int fd() const noexcept { return fd_; }

 private:
  struct session_free {
    void operator()(SSL* s) const noexcept { SSL_free(s); }
  };
  [[nodiscard]] bool wait(short events, clock::time_point until) const;
  [[nodiscard]] ssize_t receive(char* to, std::size_t size, clock::time_point until);
  [[nodiscard]] bool wait_for_tls(int outcome, clock::time_point until) const;  // true: try again

  int fd_;
  std::unique_ptr<SSL, session_free> tls_;
  const std::atomic<bool>& stopping_;
  clock::time_point until_{};
  std::size_t left_ = 0;
  char buffer_[16384];  // a server library reads headers one byte at a time
  std::size_t begin_ = 0, end_ = 0;
};

}  // namespace sinkhost
