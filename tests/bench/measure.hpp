// Two pieces of work compared on a machine that may be busy: short rounds of both in turn, counted in processor time of this
// thread alone, and of all rounds the median. What other processes do to caches and clock rates meets both halves of a round
// alike, and a round that was hit by half does not count. For the benchmarks of one thread.
#pragma once
#include <time.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace bench {

[[nodiscard]] inline double cpu_ns() {
  timespec t{};
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

// Of one call.
template <class Work>
[[nodiscard]] double ns_of(Work& work, int times) {
  const double from = cpu_ns();
  for (int i = 0; i < times; ++i) work();
  return (cpu_ns() - from) / times;
}

[[nodiscard]] inline double median(std::vector<double> of) {
  const auto middle = of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2);
  std::nth_element(of.begin(), middle, of.end());
  return *middle;
}

struct pair_of_ns {
  double limit = 0, subject = 0;
};

// Who goes first changes from round to round.
template <class Limit, class Subject>
[[nodiscard]] std::vector<pair_of_ns> in_turn(Limit& limit, Subject& subject, int rounds, int times) {
  std::vector<pair_of_ns> out;
  for (int i = 0; i < rounds; ++i) {
    pair_of_ns& round = out.emplace_back();
    if (i % 2 == 0) round.limit = ns_of(limit, times);
    round.subject = ns_of(subject, times);
    if (i % 2 == 1) round.limit = ns_of(limit, times);
  }
  return out;
}

template <class Number>
[[nodiscard]] double median_of(const std::vector<pair_of_ns>& rounds, Number&& number) {
  std::vector<double> all;
  for (const pair_of_ns& round : rounds) all.push_back(number(round));
  return median(std::move(all));
}

}  // namespace bench
