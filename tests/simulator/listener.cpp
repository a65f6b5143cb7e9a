#include "listener.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace simulator {

void arm_reset(int socket) {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

std::optional<std::string> listener::start(const std::string& address) {
  const auto colon = address.rfind(':');
  sockaddr_in at{};
  at.sin_family = AF_INET;
  const int wanted = colon == std::string::npos ? -1 : std::atoi(address.c_str() + colon + 1);
  if (wanted < 0 || wanted > 65535 || ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &at.sin_addr) != 1)
    return "an address is HOST:PORT with an IPv4 literal, not " + address;
  at.sin_port = htons(static_cast<std::uint16_t>(wanted));
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  socklen_t size = sizeof at;
  auto* raw = reinterpret_cast<sockaddr*>(&at);
  if (::bind(socket_, raw, size) != 0 || ::listen(socket_, 256) != 0 || ::getsockname(socket_, raw, &size) != 0)
    return "cannot listen on " + address + ": is the port in use?";
  port_ = ntohs(at.sin_port);
  acceptor_ = std::jthread{[this](const std::stop_token& stop) { accept_loop(stop); }};
  return {};
}

void listener::accept_loop(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, 50) > 0) {
      const int socket = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket >= 0) open_connection(socket);
    }
    remove_finished();
  }
}

void listener::open_connection(int socket) {
  const int yes = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  const std::lock_guard lock{mutex_};
  if (connections_.size() >= limit_) {
    ::close(socket);
    return;
  }
  sockets_.insert(socket);
  connections_.push_back(std::make_unique<connection>());
  auto* made = connections_.back().get();
  made->thread = std::jthread{[this, made, socket](const std::stop_token& stop) {
    serve_(socket, stop);
    const std::lock_guard closing{mutex_};
    sockets_.erase(socket);  // before the close: the number may be given to a new connection at once
    ::close(socket);
    made->done = true;
  }};
}

void listener::remove_finished() {
  std::vector<std::unique_ptr<connection>> finished;  // joined outside the lock
  const std::lock_guard lock{mutex_};
  const auto alive =
      std::stable_partition(connections_.begin(), connections_.end(), [](const auto& each) { return !each->done; });
  std::move(alive, connections_.end(), std::back_inserter(finished));
  connections_.erase(alive, connections_.end());
}

void listener::stop() {
  if (acceptor_.joinable()) {
    acceptor_.request_stop();
    acceptor_.join();
  }
  std::vector<std::unique_ptr<connection>> open;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& each : connections_) each->thread.request_stop();
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
    open.swap(connections_);
  }
  open.clear();  // joins
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

}  // namespace simulator
