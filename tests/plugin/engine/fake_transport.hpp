// A transport without a network, with a clock that only tests move. Two ways to use it:
//   by hand      run() sleeps on the engine's thread; the test takes the loop's part: step(), answer(), pass().
//   by a server  a function answers every request on the engine's thread; when nothing else is left the clock jumps to the timer.
// The engine owns the transport, the test keeps the wire that both share.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "net/transport.hpp"

namespace snap::engine::testing {

using namespace std::chrono_literals;

class wire {
 public:
  using server = std::function<net::answer(const net::request&)>;

  [[nodiscard]] std::unique_ptr<net::transport> transport();
  void serve(server s) { server_ = std::move(s); }  // before the engine starts
  void hold_timers() { timers_held_ = true; }       // by a server: the clock does not jump

  // By hand, on the test's thread.
  void step();                             // what notify() asked for
  void pass(std::chrono::milliseconds d);  // moves the clock; the timer fires if its time has come
  void answer(std::uint64_t id, int status, std::string body = R"({"status":"VALID"})");
  void answer(net::answer a);

  [[nodiscard]] const std::vector<net::request>& requests() const { return requests_; }
  [[nodiscard]] net::clock::time_point armed() const { return armed_; }
  [[nodiscard]] std::chrono::sys_time<std::chrono::milliseconds> wall() const;
  [[nodiscard]] bool running() const { return handler_.load() != nullptr; }
  [[nodiscard]] std::size_t served() const { return served_.load(); }

 private:
  friend class fake_transport;
  void run(net::transport_handler& h);
  void run_server(net::transport_handler& h);
  [[nodiscard]] net::clock::time_point now() const { return net::clock::time_point{std::chrono::milliseconds{clock_ms_.load()}}; }
  [[nodiscard]] net::transport_handler& loop();  // waits until run() is there

  server server_;
  std::vector<net::request> requests_;
  net::clock::time_point armed_ = net::clock::time_point::max();
  std::atomic<std::int64_t> clock_ms_{3'600'000};
  std::atomic<std::size_t> served_{0};
  bool timers_held_ = false;

  std::mutex signal_mutex_;  // guards the two flags
  bool notified_ = false, stopped_ = false;
  std::condition_variable signal_;
  std::atomic<net::transport_handler*> handler_{nullptr};
};

}  // namespace snap::engine::testing
