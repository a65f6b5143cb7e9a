// What the delivery machine counts, for the metrics of interfaces.md §5. Plain values of the machine's thread; the engine
// publishes copies of them.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "delivery/circuit.hpp"
#include "delivery/retry_reason.hpp"

namespace snap::delivery {

// N upper bounds and the bucket above them all.
template <std::size_t N>
class histogram {
 public:
  explicit constexpr histogram(const std::array<double, N>& bounds) noexcept : bounds_(&bounds) {}
  void add(double value, std::uint64_t times = 1) noexcept {
    const auto at = static_cast<std::size_t>(std::lower_bound(bounds_->begin(), bounds_->end(), value) - bounds_->begin());
    counts_[at] += times;
    sum_ += value * static_cast<double>(times);
  }
  [[nodiscard]] const std::array<double, N>& bounds() const noexcept { return *bounds_; }
  [[nodiscard]] const std::array<std::uint64_t, N + 1>& counts() const noexcept { return counts_; }
  [[nodiscard]] double sum() const noexcept { return sum_; }

 private:
  const std::array<double, N>* bounds_;  // static storage
  std::array<std::uint64_t, N + 1> counts_{};
  double sum_ = 0;
};

inline constexpr std::array request_bounds{0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0};  // seconds
inline constexpr std::array age_bounds{1.0,    5.0,     30.0,    60.0,     300.0,    900.0,
                                       3600.0, 21600.0, 86400.0, 604800.0, 3196800.0};                   // to 37 d
inline constexpr std::array batch_bounds{1.0, 10.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 1500.0, 2000.0};  // events

struct counters {
  std::uint64_t events_delivered = 0;
  std::vector<std::pair<int, std::uint64_t>> answers;             // by HTTP status; few
  std::array<std::uint64_t, retry_reason_count> link_failures{};  // requests without an answer; the rows of link failures
  std::array<std::uint64_t, retry_reason_count> retries{};
  std::uint64_t bisections = 0;
  std::size_t in_flight = 0, waiting = 0;  // requests
  circuit::state worst_circuit = circuit::state::closed;
  double rate_limited_seconds = 0;
  double rate_limit = 0;       // requests a second that the slowest token may send; 0: none is limited
  double retry_budget = 1;     // what is left of it
  double failing_seconds = 0;  // since the first of an unbroken run of failures
  histogram<request_bounds.size()> request_seconds{request_bounds};
  histogram<age_bounds.size()> event_age{age_bounds};
  histogram<batch_bounds.size()> batch_events{batch_bounds};
};

}  // namespace snap::delivery
