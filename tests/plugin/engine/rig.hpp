// An engine over a fake transport, and what it told its host. Events are written by hand: the engine knows no mapper.
#pragma once
#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "fake_transport.hpp"

namespace snap::engine::testing {

config::settings one_lane();  // "p-1" with the token "a-fixed-token", small limits

class rig {
 public:
  explicit rig(config::settings s = one_lane());
  ~rig() { engine_->stop(); }

  void start() { engine_->start(); }
  // n events of a lane through intake, not published yet; each is {"event_id":"eN"}.
  void write(std::size_t n, std::uint32_t lane = 0, std::uint64_t assignment = 1);
  void put(std::size_t n, std::uint32_t lane = 0, std::uint64_t assignment = 1) {
    write(n, lane, assignment);
    engine_->publish();
  }

  [[nodiscard]] class engine& engine() { return *engine_; }
  [[nodiscard]] class wire& wire() { return wire_; }
  [[nodiscard]] std::size_t wakes() const { return wakes_.load(); }
  [[nodiscard]] std::vector<std::string> log() const {
    const std::lock_guard lock{log_mutex_};
    return log_;
  }
  [[nodiscard]] std::size_t settled_events();  // of one take_settled()

 private:
  config::settings settings_;
  class wire wire_;
  std::atomic<std::size_t> wakes_{0};
  mutable std::mutex log_mutex_;
  std::vector<std::string> log_;
  std::uint64_t written_ = 0;
  std::unique_ptr<class engine> engine_;
};

}  // namespace snap::engine::testing
