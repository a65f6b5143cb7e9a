#include "tls_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <stdexcept>

namespace support {
namespace {

using namespace std::chrono_literals;

// A write to a client that has gone must fail, not signal: in this thread only, the code under test gets no such help.
void block_sigpipe() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

struct context_deleter {
  void operator()(SSL_CTX* c) const noexcept { SSL_CTX_free(c); }
};
struct ssl_deleter {
  void operator()(SSL* s) const noexcept { SSL_free(s); }
};

[[nodiscard]] int listen_on_loopback() {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(listener, 64) != 0) {
    throw std::runtime_error("tls_server: cannot listen");
  }
  return listener;
}

}  // namespace

struct tls_server::state {
  server_options options;
  script run;
  std::unique_ptr<SSL_CTX, context_deleter> context;
  int listener = -1;
  std::uint16_t port = 0;
  std::atomic<std::size_t> accepted{0}, handshakes{0};
  std::mutex stop_mutex;
  std::condition_variable stop_changed;
  bool stopping = false;     // guarded by stop_mutex
  std::vector<int> sockets;  // open ones; guarded by stop_mutex
  std::vector<std::thread> connections;
  std::thread acceptor;

  void accept_all();
  void serve(int socket, std::size_t index);
  [[nodiscard]] bool add(int socket);
  void remove(int socket);
};

namespace {

class connection final : public peer {
 public:
  connection(int socket, SSL* ssl, std::size_t index, std::function<void(std::chrono::milliseconds)> pause)
      : socket_(socket), ssl_(ssl), index_(index), pause_(std::move(pause)) {}

  std::size_t index() const override { return index_; }

  std::string read_some() override {
    std::array<char, 16384> bytes{};
    const auto n = ssl_ != nullptr ? SSL_read(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                                   : static_cast<int>(::recv(socket_, bytes.data(), bytes.size(), 0));
    return n > 0 ? std::string(bytes.data(), static_cast<std::size_t>(n)) : std::string();
  }

  std::optional<http_request> read_request() override {
    std::size_t end = 0;
    while ((end = rest_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more()) return std::nullopt;
    }
    http_request request{rest_.substr(0, end), {}};
    rest_.erase(0, end + 4);
    const std::string length = request.field("Content-Length");
    const std::size_t wanted = length.empty() ? 0 : std::stoul(length);
    while (rest_.size() < wanted) {
      if (!read_more()) return std::nullopt;
    }
    request.body = rest_.substr(0, wanted);
    rest_.erase(0, wanted);
    return request;
  }

  bool write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto n = ssl_ != nullptr ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                                     : static_cast<int>(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  void hang() override {
    while (!read_some().empty()) {
    }
  }

  void pause(std::chrono::milliseconds time) override { pause_(time); }

  void close_with_notify() override {
    if (ssl_ != nullptr) SSL_shutdown(ssl_);
    ::shutdown(socket_, SHUT_WR);
  }

  void close_without_notify() override { ::shutdown(socket_, SHUT_WR); }

  void reset() override {
    const linger now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    // connecting to AF_UNSPEC sends the RST at once and leaves the descriptor to its owner
    sockaddr nowhere{};
    nowhere.sa_family = AF_UNSPEC;
    ::connect(socket_, &nowhere, sizeof nowhere);
  }

  bool resumed() const override { return ssl_ != nullptr && SSL_session_reused(ssl_) == 1; }

  std::string server_name() const override {
    const char* name = ssl_ != nullptr ? SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name) : nullptr;
    return name != nullptr ? name : "";
  }

  int socket() const override { return socket_; }

 private:
  bool read_more() {
    const std::string bytes = read_some();
    rest_ += bytes;
    return !bytes.empty();
  }

  int socket_;
  SSL* ssl_;
  std::size_t index_;
  std::function<void(std::chrono::milliseconds)> pause_;
  std::string rest_;
};

int issue_ticket(SSL*, void*) { return 1; }
SSL_TICKET_RETURN hang_up(SSL* ssl, SSL_SESSION*, const unsigned char*, std::size_t, SSL_TICKET_STATUS status, void*) {
  if (status == SSL_TICKET_SUCCESS || status == SSL_TICKET_SUCCESS_RENEW) ::shutdown(SSL_get_fd(ssl), SHUT_RDWR);
  return SSL_TICKET_RETURN_IGNORE_RENEW;  // not ABORT: OpenSSL 3.0 leaks the session then
}

[[nodiscard]] SSL_CTX* make_context(const server_options& options) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  // Old protocol versions exist only below the distribution's security level.
  if (options.max_version != 0) {
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(context, 0);
    SSL_CTX_set_max_proto_version(context, options.max_version);
  }
  SSL_CTX_use_certificate(context, options.id.certificate.get());
  SSL_CTX_use_PrivateKey(context, options.id.key.get());
  if (options.old == old_sessions::fatal) SSL_CTX_set_session_ticket_cb(context, issue_ticket, hang_up, nullptr);
  return context;
}

}  // namespace

tls_server::tls_server(server_options options, script run) : state_(std::make_unique<state>()) {
  state_->options = std::move(options);
  state_->run = std::move(run);
  if (state_->options.with == security::tls) state_->context.reset(make_context(state_->options));
  state_->listener = listen_on_loopback();
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(state_->listener, reinterpret_cast<sockaddr*>(&address), &size);
  state_->port = ntohs(address.sin_port);
  state_->acceptor = std::thread([this] { state_->accept_all(); });
}

tls_server::~tls_server() {
  {
    const std::lock_guard lock(state_->stop_mutex);
    state_->stopping = true;
    for (const int socket : state_->sockets) ::shutdown(socket, SHUT_RDWR);
  }
  state_->stop_changed.notify_all();
  ::shutdown(state_->listener, SHUT_RDWR);  // ends accept()
  state_->acceptor.join();
  for (auto& connection : state_->connections) connection.join();
  ::close(state_->listener);
}

std::uint16_t tls_server::port() const noexcept { return state_->port; }
std::size_t tls_server::accepted() const noexcept { return state_->accepted.load(); }
std::size_t tls_server::handshakes() const noexcept { return state_->handshakes.load(); }

void tls_server::state::accept_all() {
  while (true) {
    const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    if (!add(socket)) {
      ::close(socket);
      return;
    }
    connections.emplace_back([this, socket, index = accepted.fetch_add(1)] { serve(socket, index); });
  }
}

void tls_server::state::serve(int socket, std::size_t index) {
  block_sigpipe();
  const int now = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
  const auto pause = [this](std::chrono::milliseconds time) {
    std::unique_lock lock(stop_mutex);
    stop_changed.wait_for(lock, time, [this] { return stopping; });
  };
  std::unique_ptr<SSL, ssl_deleter> ssl;
  if (options.handshake_delay > 0ms) pause(options.handshake_delay);
  bool ready = true;
  if (context) {
    ssl.reset(SSL_new(context.get()));
    SSL_set_fd(ssl.get(), socket);
    ready = SSL_accept(ssl.get()) == 1;
    if (ready) handshakes.fetch_add(1);
  }
  if (ready) {
    connection c(socket, ssl.get(), index, pause);
    run(c);
  }
  remove(socket);
  ssl.reset();
  ::close(socket);
}

bool tls_server::state::add(int socket) {
  const std::lock_guard lock(stop_mutex);
  if (stopping) return false;
  sockets.push_back(socket);
  return true;
}

void tls_server::state::remove(int socket) {
  const std::lock_guard lock(stop_mutex);
  std::erase(sockets, socket);
}

std::string http_request::target() const {
  const auto from = head.find(' ') + 1;
  return head.substr(from, head.find(' ', from) - from);
}

std::string http_request::field(std::string_view name) const {
  for (std::size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at)) {
    at += 2;
    const auto colon = head.find(':', at);
    if (colon == std::string::npos) break;
    if (colon - at == name.size() && ::strncasecmp(head.data() + at, name.data(), name.size()) == 0) {
      const auto value = head.find_first_not_of(' ', colon + 1);
      return head.substr(value, head.find("\r\n", value) - value);
    }
  }
  return {};
}

std::string ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

}  // namespace support
