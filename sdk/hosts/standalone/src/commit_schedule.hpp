// When to commit: soon after progress, not more often than `interval`, one request at a time, and less eagerly after a failure.
// Pure. What is committed late is repeated after a kill; what is committed often is a request to the coordinator.
#pragma once
#include <chrono>
#include <cstdint>

namespace sinkhost {

class commit_schedule {
 public:
  using clock = std::chrono::steady_clock;
  struct options {
    std::chrono::milliseconds interval{250};
    std::chrono::milliseconds after_failure{1000};
    std::chrono::milliseconds answer{60'000};  // after it the answer is not waited for any more
  };
  constexpr commit_schedule() noexcept = default;
  explicit constexpr commit_schedule(options o) noexcept : options_(o) {}

  [[nodiscard]] constexpr bool due(clock::time_point now) const noexcept {
    return now >= not_before_ && (!in_flight_ || now - started_ >= options_.answer);
  }
  // How long until one may be due; the answer to one in flight may make it sooner.
  [[nodiscard]] constexpr clock::duration rest(clock::time_point now) const noexcept {
    const auto at = in_flight_ ? started_ + options_.answer : not_before_;
    return at > now ? at - now : clock::duration{0};
  }
  constexpr void started(clock::time_point now) noexcept {
    in_flight_ = true;
    started_ = now;
    not_before_ = now + options_.interval;
  }
  constexpr void succeeded() noexcept { in_flight_ = false; }
  constexpr void failed(clock::time_point now) noexcept {
    in_flight_ = false;
    not_before_ = now + options_.after_failure;
  }

 private:
  options options_{};
  bool in_flight_ = false;
  clock::time_point started_{};
  clock::time_point not_before_{};
};

}  // namespace sinkhost
