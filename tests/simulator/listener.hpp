#pragma once
// Accepts connections on one address and gives each a thread of its own, up to a limit. Stopping closes every socket, so that
// no thread stays in a read. Built and stopped by main's thread.
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace simulator {

class listener {
 public:
  // Runs on the connection's thread; owns the exchange, not the socket's closing.
  using serve_connection = std::function<void(int socket, const std::stop_token& stop)>;

  listener(serve_connection serve, std::size_t limit) : serve_(std::move(serve)), limit_(limit) {}
  ~listener() { stop(); }
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  // "127.0.0.1:0": an IPv4 literal and a port. An error text, or nothing.
  [[nodiscard]] std::optional<std::string> start(const std::string& address);
  [[nodiscard]] int port() const { return port_; }
  void stop();

 private:
  struct connection {
    std::jthread thread;
    bool done = false;  // under mutex_
  };
  void accept_loop(const std::stop_token& stop);
  void open_connection(int socket);
  void remove_finished();

  serve_connection serve_;
  std::size_t limit_;
  int socket_ = -1;
  int port_ = 0;
  std::mutex mutex_;
  std::set<int> sockets_;
  std::vector<std::unique_ptr<connection>> connections_;
  std::jthread acceptor_;
};

// The next close sends a reset instead of a goodbye.
void arm_reset(int socket);

}  // namespace simulator
