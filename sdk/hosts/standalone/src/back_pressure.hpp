// When a task stops reading, and how. Pure: a state machine with `now`.
// A pause makes librdkafka throw away what it has fetched ahead and fetch it again, so a sink that is full for a moment is waited
// for with the messages left where they are; only one that stays full gets its partitions paused, and then polling goes on.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace sinkhost {

enum class gate : std::uint8_t {
  open,   // poll and offer
  held,   // do not poll; wait for the sink
  paused  // partitions paused; poll, for rebalances and for max.poll.interval.ms
};

class back_pressure {
 public:
  using clock = std::chrono::steady_clock;
  explicit constexpr back_pressure(std::chrono::milliseconds patience = std::chrono::milliseconds{300}) noexcept
      : patience_(patience) {}

  enum class wish : std::uint8_t { read, rest };  // of the user: resumed or paused

  [[nodiscard]] constexpr gate next(clock::time_point now, std::size_t backlog, wish user) noexcept {
    if (backlog == 0) {
      state_ = user == wish::rest ? gate::paused : gate::open;
      return state_;
    }
    if (state_ == gate::open) {
      state_ = gate::held;
      since_ = now;
    }
    if (user == wish::rest || (state_ == gate::held && now - since_ >= patience_)) state_ = gate::paused;
    return state_;
  }
  // How long a held task may wait before it has to pause.
  [[nodiscard]] constexpr std::chrono::milliseconds rest_of_patience(clock::time_point now) const noexcept {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(since_ + patience_ - now);
    return left.count() < 0 ? std::chrono::milliseconds{0} : left;
  }

 private:
  std::chrono::milliseconds patience_;
  gate state_ = gate::open;
  clock::time_point since_{};
};

}  // namespace sinkhost
