// Whether a task gets on, for GET /health: since when something waits and nothing gets done, and since when its thread has not
// come round. A task that has nothing to do does not stall. Value type; now is passed in; task_report guards it.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>

namespace sinkhost {

class progress_watch {
 public:
  using clock = std::chrono::steady_clock;
  using milliseconds = std::chrono::milliseconds;
  enum class load : std::uint8_t { none, some };  // records that are not resolved, or something that a task waits for

  explicit progress_watch(clock::time_point now) noexcept : turned_(now), good_(now) {}

  void turned(clock::time_point now) noexcept { turned_ = now; }
  void moved(clock::time_point now) noexcept { good_ = now; }  // a record was resolved
  void stands(load what, clock::time_point now) noexcept {
    load_ = what;
    if (what == load::none) good_ = now;
  }

  [[nodiscard]] milliseconds stalled(clock::time_point now) const noexcept {
    return load_ == load::none ? milliseconds{0} : since(good_, now);
  }
  [[nodiscard]] milliseconds silent(clock::time_point now) const noexcept { return since(turned_, now); }

 private:
  [[nodiscard]] static milliseconds since(clock::time_point then, clock::time_point now) noexcept {
    return std::max(milliseconds{0}, std::chrono::duration_cast<milliseconds>(now - then));
  }

  load load_ = load::none;
  clock::time_point turned_, good_;  // good: the last moment at which all was well
};

}  // namespace sinkhost
