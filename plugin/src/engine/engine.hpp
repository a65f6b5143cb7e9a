// The sink's network side: one thread that owns the delivery machine and turns its actions into requests, timers and log lines.
// The put thread writes into intake and asks for what has been settled; nothing else is shared but the buffer gauge and two
// flags. Events come mapped: the engine knows no records, mappers or positions.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string_view>
#include <thread>
#include <vector>

#include "config/settings.hpp"
#include "delivery/machine.hpp"
#include "engine/buffer_gauge.hpp"
#include "engine/channel.hpp"
#include "engine/intake.hpp"
#include "engine/token_store.hpp"
#include "net/transport.hpp"
#include "sca/status.hpp"

namespace snap::engine {

struct engine_options {
  std::function<void()> wake;                                     // any thread
  std::function<void(std::int32_t level, std::string_view)> log;  // any thread
  std::function<delivery::wall_time()> wall;                      // tests have a clock of their own
  std::uint64_t seed = 0;                                         // of the jitter; 0: from the system
};

class engine final : private net::transport_handler {
 public:
  // settings must outlive the engine.
  engine(const config::settings& settings, engine_options options, token_store tokens, std::unique_ptr<net::transport> way);
  ~engine() override;

  // All of these on the host's thread, one at a time.
  void start();
  void stop() noexcept;                  // cancels and joins; also twice, also without start()
  [[nodiscard]] bool admits() noexcept;  // may put take another record?
  [[nodiscard]] intake& records() noexcept { return intake_; }
  void publish();  // the end of a put: what intake holds goes to the network thread
  void close(std::uint64_t assignment);
  void flush(std::chrono::milliseconds timeout);  // sends what lingers, waits until all is settled or time is up
  [[nodiscard]] std::vector<delivery::settle> take_settled();
  void wake_host() noexcept;  // coalesced: once until take_settled() was called

  [[nodiscard]] net::link_stats link_stats() const noexcept { return way_ != nullptr ? way_->stats() : last_stats_; }

  // Any thread.
  [[nodiscard]] std::optional<sca::error> failure() const;
  [[nodiscard]] delivery::counters counts() const;  // as of the last turn of the network thread
  [[nodiscard]] const buffer_gauge& gauge() const noexcept { return gauge_; }
  [[nodiscard]] std::optional<std::chrono::sys_seconds> token_expiry() const;

 private:
  void on_notify(net::clock::time_point now) override;
  void on_timer(net::clock::time_point now) override;
  void on_answer(net::answer a, net::clock::time_point now) override;

  template <class F>
  void contain(F f) noexcept;
  template <class Inputs>
  void turn(net::clock::time_point now, Inputs give) noexcept;
  void carry_out(delivery::actions& todo, delivery::instant now);
  void send(const delivery::send& s);
  void token_changed(std::uint32_t token, delivery::instant now, delivery::actions& todo);
  void fail(sca_status status, std::string_view message) noexcept;
  void end_turn(delivery::instant now);
  void notify() noexcept;  // host's thread
  [[nodiscard]] delivery::instant at(net::clock::time_point now) const { return {.at = now, .wall = options_.wall()}; }

  const config::settings& settings_;
  engine_options options_;
  std::string end_;                 // of every body
  std::vector<std::string> paths_;  // by lane
  channel channel_;
  buffer_gauge gauge_;
  intake intake_;  // put thread

  // Network thread.
  std::mt19937_64 jitter_;
  delivery::machine machine_;
  token_store tokens_;
  net::clock::time_point armed_ = net::clock::time_point::max();
  std::vector<delivery::settle> done_;   // of this turn
  std::unique_ptr<net::transport> way_;  // until stop()
  net::link_stats last_stats_;

  mutable std::mutex shared_mutex_;  // guards the members down to the condition
  std::vector<delivery::settle> settled_;
  delivery::counters counts_;
  std::optional<sca::error> failure_;
  std::optional<std::chrono::sys_seconds> token_expiry_;
  bool stopped_ = false;
  std::condition_variable quiet_;  // all settled, failed or stopped

  std::atomic<bool> woken_{false};
  std::thread thread_;
};

}  // namespace snap::engine
