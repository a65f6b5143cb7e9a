// The two clocks as one argument: steady for delays and time-outs, wall for the age of events. The delivery room reads neither;
// whoever calls it passes now.
#pragma once
#include <chrono>

namespace snap::delivery {

using std::chrono::milliseconds;
using steady_time = std::chrono::steady_clock::time_point;
using wall_time = std::chrono::sys_time<milliseconds>;

struct instant {
  steady_time at;
  wall_time wall;
};

inline constexpr steady_time never = steady_time::max();

}  // namespace snap::delivery
