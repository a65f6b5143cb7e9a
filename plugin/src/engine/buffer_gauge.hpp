// How much of the buffer is taken (buffer.max.records, buffer.max.bytes), and whether the put thread may take more. Held above
// the limit, admitting again below half of it: a host that pauses partitions should not do so for every record. Two threads: put
// adds and asks, the network thread removes. Each counter has one writer, so none needs a locked instruction.
#pragma once
#include <atomic>
#include <cstdint>

#include "config/settings.hpp"

namespace snap::engine {

class buffer_gauge {
 public:
  explicit buffer_gauge(const config::buffer_settings& limits) noexcept : limits_(limits) {}

  // Put thread.
  void add(std::uint64_t events, std::uint64_t bytes) noexcept {
    events_in_.store(events_in_.load(std::memory_order_relaxed) + events, std::memory_order_release);
    bytes_in_.store(bytes_in_.load(std::memory_order_relaxed) + bytes, std::memory_order_release);
  }
  // May another record come? One always may when nothing is held.
  [[nodiscard]] bool admits() noexcept {
    if (!holding_.load(std::memory_order_relaxed)) {
      if (events() < limits_.max_records && bytes() < limits_.max_bytes) return true;
      holding_.store(true);  // sequentially consistent with the look below: either we see the room, or freed() sees us waiting
    }
    if (!has_room()) return false;
    holding_.store(false);
    return true;
  }

  // Network thread.
  void remove(std::uint64_t events, std::uint64_t bytes) noexcept {
    events_out_.store(events_out_.load(std::memory_order_relaxed) + events);
    bytes_out_.store(bytes_out_.load(std::memory_order_relaxed) + bytes);
  }
  [[nodiscard]] bool freed() const noexcept { return holding_.load() && has_room(); }

  // Any thread.
  [[nodiscard]] std::uint64_t events() const noexcept { return difference(events_in_, events_out_); }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return difference(bytes_in_, bytes_out_); }

 private:
  // out first: what goes out has come in before, so the difference is never negative.
  static std::uint64_t difference(const std::atomic<std::uint64_t>& in, const std::atomic<std::uint64_t>& out) noexcept {
    const std::uint64_t gone = out.load();
    return in.load(std::memory_order_acquire) - gone;
  }
  [[nodiscard]] bool has_room() const noexcept { return 2 * events() <= limits_.max_records && 2 * bytes() <= limits_.max_bytes; }

  config::buffer_settings limits_;
  std::atomic<std::uint64_t> events_in_{0}, bytes_in_{0}, events_out_{0}, bytes_out_{0};
  std::atomic<bool> holding_{false};
};

}  // namespace snap::engine
