// How fast one access token may send: rate.limit.requests.per.second, evenly spaced (a bucket of one: a larger one would let a
// second see twice the limit after a pause), and less for a while after a 429. The first 429 halves the rate at which the refused
// request's contemporaries went out, each further one halves it again; then it grows evenly back, within recovery. Requests that
// were on their way when it was halved tell nothing new. Value type; now is passed in.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>

#include "delivery/instant.hpp"

namespace snap::delivery {

class rate_limit {
 public:
  static constexpr double slowest = 1;                            // requests a second: never slowed below
  static constexpr std::chrono::seconds recovery{60};             // from half to the old rate
  static constexpr std::chrono::milliseconds shortest_flight{1};  // keeps the estimate of the rate finite

  // When a request went out, and as which one of its token.
  struct ticket {
    steady_time at{};
    std::uint64_t number = 0;
  };

  explicit rate_limit(double per_second) noexcept : configured_(per_second) {}  // 0: no limit

  [[nodiscard]] bool allows(steady_time now) const noexcept { return now >= next_; }
  [[nodiscard]] steady_time next() const noexcept { return next_; }
  // Something could have gone out and had to wait for its turn: the clock of …_rate_limited_seconds_total.
  void held_back(steady_time now) noexcept {
    if (held_since_ == never) held_since_ = now;
  }
  [[nodiscard]] ticket sent(steady_time now) noexcept {
    // What came after the turn was no holding back: there was nothing to send, or something else was in the way.
    if (held_since_ != never) held_ += std::max(steady_time::duration{0}, std::min(now, next_) - held_since_);
    held_since_ = never;
    if (const double rate = per_second(now); rate > 0) next_ = now + seconds(1 / rate);
    return {.at = now, .number = ++sent_};
  }
  // A 429 for that request; true when it is the first one of its burst.
  [[nodiscard]] bool refused(const ticket& t, steady_time now) noexcept {
    if (t.number <= known_) return false;
    known_ = sent_;
    const auto flight = std::max<steady_time::duration>(now - t.at, shortest_flight);
    const double contemporaries = static_cast<double>(sent_ - t.number + 1) / std::chrono::duration<double>(flight).count();
    const double now_allowed = per_second(now);
    const double rate = now_allowed > 0 ? std::min(now_allowed, contemporaries) : contemporaries;
    if (!slowed(now)) goal_ = std::max(rate, 2 * slowest);
    floor_ = std::max(rate / 2, slowest);
    slowed_at_ = now;
    return true;
  }
  void pause(steady_time until) noexcept {  // what the 429 asks for; recovery begins behind it
    next_ = std::max(next_, until);
    slowed_at_ = std::max(slowed_at_, until);
  }
  // What is allowed at that moment; 0: no limit.
  [[nodiscard]] double per_second(steady_time now) const noexcept {
    if (!slowed(now)) return configured_;
    const double share = std::max(0.0, std::chrono::duration<double>(now - slowed_at_) / recovery);
    const double rate = floor_ + (std::max(goal_, floor_) - floor_) * share;
    return configured_ > 0 ? std::min(rate, configured_) : rate;
  }
  [[nodiscard]] std::chrono::duration<double> held() const noexcept { return held_; }

 private:
  [[nodiscard]] bool slowed(steady_time now) const noexcept { return known_ > 0 && now < slowed_at_ + recovery; }
  [[nodiscard]] static steady_time::duration seconds(double s) noexcept {
    constexpr double longest = 1e9;  // 30 years; more would overflow into the past
    return std::chrono::duration_cast<steady_time::duration>(std::chrono::duration<double>{std::min(s, longest)});
  }

  double configured_, goal_ = 0, floor_ = 0;
  std::uint64_t sent_ = 0, known_ = 0;  // known: requests up to that one were sent before the last halving
  steady_time slowed_at_{}, next_{};
  steady_time held_since_ = never;
  steady_time::duration held_{0};
};

}  // namespace snap::delivery
