// When a consumer asks librdkafka to look again whether it should fetch. Pure.
// With its queue full, librdkafka before 2.2 looks again only once a second (issue 2879: "Consumer fetching once a second"), so a
// small queue would bound throughput to its own size a second, and a large one costs memory. Asked for after every quarter of the
// queue that was taken, at most every `interval`.
#pragma once
#include <chrono>
#include <cstddef>

namespace sinkhost {

class fetch_pace {
 public:
  using clock = std::chrono::steady_clock;
  struct options {
    std::size_t messages = 1000, bytes = 512 * 1024;
    std::chrono::milliseconds interval{5};
  };
  constexpr fetch_pace() noexcept = default;
  explicit constexpr fetch_pace(options o) noexcept : options_(o) {}

  constexpr void took(std::size_t bytes) noexcept {
    ++messages_;
    bytes_ += bytes;
  }
  // True: ask now; counting begins anew.
  [[nodiscard]] constexpr bool due(clock::time_point now) noexcept {
    if (messages_ < options_.messages && bytes_ < options_.bytes) return false;
    if (now < not_before_) return false;
    messages_ = 0;
    bytes_ = 0;
    not_before_ = now + options_.interval;
    return true;
  }

 private:
  options options_{};
  std::size_t messages_ = 0, bytes_ = 0;
  clock::time_point not_before_{};
};

}  // namespace sinkhost
