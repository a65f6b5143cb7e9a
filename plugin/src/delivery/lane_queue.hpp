// What one lane (asset and token) has to send, in the order in which it goes: retries whose time has come, then sealed batches,
// then the open one when it has lingered long enough. The open batch keeps growing until it is full or a request is free for it,
// so a busy lane sends few large requests. Value type; now is passed in.
#pragma once
#include <deque>
#include <optional>
#include <vector>

#include "delivery/instant.hpp"
#include "delivery/payload.hpp"
#include "delivery/rate_limit.hpp"
#include "delivery/retry_reason.hpp"

namespace snap::delivery {

// One request's worth of events with its history.
struct batch {
  payload content;
  unsigned failures = 0;                     // transient ones; 0 again for the parts of a split
  std::optional<steady_time> failing_since;  // of the first one; parts inherit it: retry.timeout.ms is a deadline of the events
  steady_time ready_at{};                    // sealed, or the end of its delay
  retry_reason last = retry_reason::answer_unknown;
  rate_limit::ticket sent;             // of its last request
  std::uint32_t token_generation = 0;  // of the token it was sent with
  bool asked_to_wait = false;          // by Retry-After: recovery of others does not cut the delay short
  bool hint_window = false;            // the events that an `event` index may have meant
  bool has_forgotten = false;          // an assignment was closed while it was being sent
};

class lane_queue {
 public:
  // Adds to the open batch and seals what is full.
  void take(payload&& more, const payload_limits& limits, steady_time now);
  void put_first(batch&& b) { sealed_.push_front(std::move(b)); }
  void put_waiting(batch&& b) { waiting_.push_back(std::move(b)); }

  // What may go now: first attempts alone or retries too.
  enum class scope : std::uint8_t { all, first_attempts };
  // When the next batch is due: min() for at once, never when there is none.
  [[nodiscard]] steady_time due_at(milliseconds linger, scope what) const noexcept;
  [[nodiscard]] std::optional<batch> pop(steady_time now, milliseconds linger, scope what);
  // A small batch to ask with whether Snapchat is back: the smallest one that is due, cut down to so many events. The rest stays.
  [[nodiscard]] std::optional<batch> pop_probe(steady_time now, milliseconds linger, std::size_t max_events);

  void ripen() noexcept { ripe_ = !open_.empty(); }  // flush: the open batch is due now
  void cut_delays(steady_time now) noexcept;         // Snapchat is back: waiting batches go now, but for those asked to wait
  // Batches whose events failed, or stood before an open circuit, for longer than timeout.
  [[nodiscard]] std::vector<batch> take_overdue(steady_time now, milliseconds timeout, std::optional<steady_time> blocked_since);
  [[nodiscard]] steady_time overdue_at(milliseconds timeout, std::optional<steady_time> blocked_since) const noexcept;
  [[nodiscard]] payload forget(std::uint64_t assignment);  // takes its events out
  [[nodiscard]] const std::vector<batch>& waiting() const noexcept { return waiting_; }

 private:
  void seal(steady_time now);
  [[nodiscard]] batch take_out(std::vector<batch>::const_iterator which);  // of waiting_

  payload open_;
  steady_time opened_at_{};
  bool ripe_ = false;
  std::deque<batch> sealed_;
  std::vector<batch> waiting_;  // few: the circuit keeps further batches from failing
};

}  // namespace snap::delivery
