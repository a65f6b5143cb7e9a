#include "bounded_socket.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace sinkhost {
namespace {

constexpr std::chrono::milliseconds slice{100};  // how soon a wait notices that the server stops

std::string tls_reason() {
  char text[256];
  ERR_error_string_n(ERR_get_error(), text, sizeof text);
  ERR_clear_error();
  return text;
}

}  // namespace

sca::result<tls_context> server_tls(const std::string& certificate, const std::string& key) {
  tls_context out(SSL_CTX_new(TLS_server_method()));
  if (!out || SSL_CTX_set_min_proto_version(out.get(), TLS1_2_VERSION) != 1) return sca::fail(SCA_INTERNAL, tls_reason());
  if (SSL_CTX_use_certificate_chain_file(out.get(), certificate.c_str()) != 1) {
    return sca::fail(SCA_INVALID_CONFIG, fmt::format("--rest.cert {}: {}", certificate, tls_reason()));
  }
  if (SSL_CTX_use_PrivateKey_file(out.get(), key.c_str(), SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(out.get()) != 1) {
    return sca::fail(SCA_INVALID_CONFIG, fmt::format("--rest.key {}: {}", key, tls_reason()));
  }
  return out;
}

bounded_socket::bounded_socket(int fd, SSL_CTX* tls, const std::atomic<bool>& stopping) : fd_(fd), stopping_(stopping) {
  const int flags = ::fcntl(fd_, F_GETFL);
  if (flags >= 0) ::fcntl(fd_, F_SETFL, flags | O_NONBLOCK);
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (tls == nullptr) return;
  tls_.reset(SSL_new(tls));
  if (tls_) SSL_set_fd(tls_.get(), fd_);
}

bounded_socket::~bounded_socket() {
  if (tls_) SSL_shutdown(tls_.get());  // sends close_notify if there is room; nobody waits for the answer
  ERR_clear_error();
  ::shutdown(fd_, SHUT_RDWR);
  ::close(fd_);
}

bool bounded_socket::wait(short events, clock::time_point until) const {
  while (!stopping_) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - clock::now());
    if (left.count() <= 0) return false;
    pollfd p{fd_, events, 0};
    const int n = ::poll(&p, 1, static_cast<int>(std::min(left, slice).count()));
    if (n > 0) return true;
    if (n < 0 && errno != EINTR) return false;
  }
  return false;
}

bool bounded_socket::wait_for_tls(int outcome, clock::time_point until) const {
  const int why = SSL_get_error(tls_.get(), outcome);
  ERR_clear_error();
  if (why == SSL_ERROR_WANT_READ) return wait(POLLIN, until);
  if (why == SSL_ERROR_WANT_WRITE) return wait(POLLOUT, until);
  return false;
}

bool bounded_socket::handshake(clock::time_point until) {
  if (!tls_) return true;
  for (;;) {
    const int n = SSL_accept(tls_.get());
    if (n == 1) return true;
    if (!wait_for_tls(n, until)) return false;
  }
}

bool bounded_socket::wait_for_request(clock::time_point until) {
  if (begin_ < end_ || (tls_ && SSL_pending(tls_.get()) > 0)) return true;
  return wait(POLLIN, until);
}

void bounded_socket::begin_request(clock::time_point until, std::size_t max_bytes) noexcept {
  until_ = until;
  left_ = max_bytes;
}

ssize_t bounded_socket::receive(char* to, std::size_t size, clock::time_point until) {
  for (;;) {
    if (tls_) {
      const int n = SSL_read(tls_.get(), to, static_cast<int>(size));
      if (n > 0) return n;
      if (SSL_get_error(tls_.get(), n) == SSL_ERROR_ZERO_RETURN) return 0;
      if (!wait_for_tls(n, until)) return -1;
    } else {
      const ssize_t n = ::recv(fd_, to, size, 0);
      if (n >= 0) return n;
      if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) return -1;
      if (!wait(POLLIN, until)) return -1;
    }
  }
}

ssize_t bounded_socket::read(char* to, std::size_t size) {
  if (left_ == 0) return -1;
  if (begin_ == end_) {
    const ssize_t n = receive(buffer_, sizeof buffer_, until_);
    if (n <= 0) return n;
    begin_ = 0;
    end_ = static_cast<std::size_t>(n);
  }
  const std::size_t n = std::min({size, end_ - begin_, left_});
  std::memcpy(to, buffer_ + begin_, n);
  begin_ += n;
  left_ -= n;
  return static_cast<ssize_t>(n);
}

ssize_t bounded_socket::write(const char* from, std::size_t size) {
  if (size == 0) return 0;
  for (;;) {
    if (tls_) {
      const int n = SSL_write(tls_.get(), from, static_cast<int>(std::min<std::size_t>(size, 1U << 30)));
      if (n > 0) return n;
      if (!wait_for_tls(n, until_)) return -1;
    } else {
      const ssize_t n = ::send(fd_, from, size, MSG_NOSIGNAL);
      if (n >= 0) return n;
      if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) return -1;
      if (!wait(POLLOUT, until_)) return -1;
    }
  }
}

void bounded_socket::discard_rest(clock::time_point until) {
  if (!tls_) ::shutdown(fd_, SHUT_WR);
  while (receive(buffer_, sizeof buffer_, until) > 0) {
  }
}

}  // namespace sinkhost
