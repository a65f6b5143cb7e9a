// rate.limit.requests.per.second of one access token, evenly spaced: a bucket of one. A larger bucket would let a second see
// twice the limit after a pause. Zero means no limit. Value type; now is passed in.
#pragma once
#include <chrono>

#include "delivery/instant.hpp"

namespace snap::delivery {

class rate_limit {
 public:
  explicit rate_limit(double per_second) noexcept
      : gap_(per_second > 0 ? std::chrono::nanoseconds{static_cast<std::int64_t>(1e9 / per_second)}
                            : std::chrono::nanoseconds{0}) {}

  [[nodiscard]] bool allows(steady_time now) const noexcept { return now >= next_; }
  [[nodiscard]] steady_time next() const noexcept { return next_; }
  // Something could have gone out and had to wait for its turn: the clock of …_rate_limited_seconds_total.
  void held_back(steady_time now) noexcept {
    if (held_since_ == never) held_since_ = now;
  }
  void sent(steady_time now) noexcept {
    if (held_since_ != never) held_ += now - held_since_;
    held_since_ = never;
    if (gap_.count() > 0) next_ = now + std::chrono::duration_cast<steady_time::duration>(gap_);
  }
  [[nodiscard]] std::chrono::duration<double> held() const noexcept { return held_; }

 private:
  std::chrono::nanoseconds gap_;
  steady_time next_{};
  steady_time held_since_ = never;
  std::chrono::nanoseconds held_{0};
};

}  // namespace snap::delivery
