// Whether a lane is alone. While others are in use too, a lane leaves them one of the requests that may be in flight: one whose
// requests are all waiting for a silent server would otherwise stop the others for request.timeout.ms. Value type; now is passed
// in.
#pragma once
#include <cstdint>

#include "delivery/instant.hpp"

namespace snap::delivery {

class lane_activity {
 public:
  static constexpr milliseconds recent{60'000};

  void used(std::uint32_t lane, steady_time now) noexcept {  // events came for it
    if (lane != last_) others_ = at_;
    last_ = lane;
    at_ = now;
  }
  // Until then the lane is not alone: events came for another one not long ago. min(): it always was.
  [[nodiscard]] steady_time company_until(std::uint32_t lane) const noexcept {
    const steady_time other = lane == last_ ? others_ : at_;
    return other == steady_time::min() ? other : other + recent;
  }

 private:
  std::uint32_t last_ = 0;                                             // the lane that was used last
  steady_time at_ = steady_time::min(), others_ = steady_time::min();  // then; and when any other was
};

}  // namespace snap::delivery
