// The circuit breaker of one lane. After a run of transient failures only one probe at a time goes out, at growing intervals,
// until one comes through: an outage costs a request now and then instead of every batch in turn. Value type; now is passed in.
#pragma once
#include <cstddef>
#include <cstdint>

#include "delivery/instant.hpp"

namespace snap::delivery {

class circuit {
 public:
  enum class state : std::uint8_t { closed, half_open, open };  // the values of …_circuit_state: 0, 1, 2
  static constexpr unsigned threshold = 5;                      // failures in a row that open it
  static constexpr std::size_t probe_events = 10;               // most that a probe risks: a question needs no 2 MB

  [[nodiscard]] circuit::state now_is() const noexcept { return state_; }
  [[nodiscard]] unsigned openings() const noexcept { return openings_; }  // in a row: the first, and one per failed probe
  [[nodiscard]] steady_time opened_at() const noexcept { return opened_at_; }
  // When the next request may go; never: a probe is under way, its answer decides.
  [[nodiscard]] steady_time free_at() const noexcept {
    switch (state_) {
      case state::closed: return steady_time::min();
      case state::open: return until_;
      case state::half_open: return never;
    }
    return never;
  }
  [[nodiscard]] bool allows(steady_time now) const noexcept { return now >= free_at(); }

  void sent() noexcept {
    if (state_ == state::open) state_ = state::half_open;
  }
  // Any answer that is not transient: Snapchat is there. True when that ended an open circuit.
  bool succeeded() noexcept {
    failures_ = openings_ = 0;
    const bool was_open = state_ != state::closed;
    state_ = state::closed;
    return was_open;
  }
  // next: the delay after this failure. Late answers to requests from before it opened do not push the probe further away.
  void failed(steady_time now, milliseconds next) noexcept {
    if (state_ == state::open) return;
    if (++failures_ < threshold) return;
    if (state_ == state::closed) opened_at_ = now;
    state_ = state::open;
    ++openings_;
    until_ = now + next;
  }

 private:
  circuit::state state_ = state::closed;
  unsigned failures_ = 0, openings_ = 0;
  steady_time opened_at_{}, until_{};
};

}  // namespace snap::delivery
