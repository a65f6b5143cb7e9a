// How much of the traffic may be repetition. Successes earn, failures spend; while the budget is low, an asset's retries go one
// at a time. The circuit breaker sees failures in a row only: this one sees the outage in which every other request fails, and
// the first moments after an outage, when everything that waited would come at once. It slows retries and never ends one: nothing
// is lost. One for a sink's session with Snapchat. Value type.
#pragma once
#include <algorithm>

namespace snap::delivery {

class retry_budget {
 public:
  static constexpr double full = 10, earned = 0.1;  // a retry for ten successes, ten in advance

  void failed() noexcept { left_ = std::max(0.0, left_ - 1); }
  void succeeded() noexcept { left_ = std::min(full, left_ + earned); }
  [[nodiscard]] bool low() const noexcept { return left_ <= full / 2; }
  [[nodiscard]] double share() const noexcept { return left_ / full; }

 private:
  double left_ = full;
};

}  // namespace snap::delivery
