// The delivery machine: payloads and answers in, actions out. It batches by lane, keeps what is in flight, judges answers, waits,
// splits, gives up - and does no I/O, starts no thread, reads no clock. The engine owns one and calls it on its network thread.
//
// Each event keeps its bytes, and so its event_id, through every retry and split. Work per event is O(1): items are moved as
// arrays.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "delivery/action.hpp"
#include "delivery/backoff.hpp"
#include "delivery/circuit.hpp"
#include "delivery/counters.hpp"
#include "delivery/hint_trust.hpp"
#include "delivery/lane_activity.hpp"
#include "delivery/lane_queue.hpp"
#include "delivery/rate_limit.hpp"
#include "delivery/retry_budget.hpp"
#include "delivery/token_watch.hpp"
#include "delivery/trouble.hpp"
#include "delivery/verdict.hpp"

namespace snap::delivery {

struct lane_options {
  std::string asset_id, alias;
  std::uint32_t token = 0;
};

struct machine_options {
  payload_limits batch;
  milliseconds linger{500};
  std::uint32_t max_in_flight = 4;
  backoff_options backoff;
  milliseconds retry_timeout{-1};                 // -1: for ever
  config::too_old old = config::too_old::reject;  // send: items come without a last moment
  double requests_per_second = 0;                 // per token; 0: no limit
  std::vector<lane_options> lanes;
  std::vector<token_origin> tokens;
};
[[nodiscard]] machine_options options_from(const config::settings& s);

class machine {
 public:
  using random = std::function<double()>;  // 0 ≤ x < 1; passed in so that tests know it and tasks do not march in step

  machine(machine_options options, random unit);

  void take(std::uint32_t lane, payload&& more, instant now, actions& out);
  void answered(const net::answer& a, instant now, actions& out);
  void tick(instant now, actions& out);   // at wake_at(), or earlier
  void flush(instant now, actions& out);  // what lingers goes now; cuts no delay short
  void forget(std::uint64_t assignment, instant now, actions& out);
  void token_changed(std::uint32_t token, instant now, actions& out);

  [[nodiscard]] steady_time wake_at() const noexcept;
  [[nodiscard]] const delivery::counters& counts(instant now) noexcept;
  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] std::uint32_t token_generation(std::uint32_t token) const noexcept { return tokens_[token].watch.generation(); }
  // Buffers of bodies that are done with, for the put thread's next payloads.
  [[nodiscard]] std::vector<std::string>& spare_buffers() noexcept { return spare_; }

 private:
  struct lane_state {
    lane_queue queue;
    delivery::circuit circuit;
    std::size_t in_flight = 0, retries_in_flight = 0;
  };
  struct token_state {
    token_watch watch;
    rate_limit rate;
    unsigned throttled = 0;  // bursts of 429 in a row
    std::size_t in_flight = 0;
    std::string refusal;  // what Snapchat said of it
  };
  struct flight {
    std::uint64_t id;
    std::uint32_t lane;
    batch what;
  };

  void pump(instant now, actions& out);
  [[nodiscard]] bool send_one(std::uint32_t lane, instant now, actions& out);
  void send_batch(std::uint32_t lane, batch&& b, instant now, actions& out);
  [[nodiscard]] steady_time turn_at(std::uint32_t lane) const noexcept;
  [[nodiscard]] lane_queue::scope scope_of(const lane_state& l) const noexcept;
  void drop_unsendable(batch& b, instant now, actions& out);
  void give_up_overdue(instant now, actions& out);
  void watch_tokens(instant now, actions& out);
  void apply(std::uint32_t lane, batch&& b, const verdict& v, instant now, actions& out);
  void delivered(batch&& b, instant now, actions& out);
  static void drop_forgotten(batch& b);
  void retry(std::uint32_t lane, batch&& b, const verdict& v, instant now, actions& out);
  void split(std::uint32_t lane, batch&& b, const verdict& v, actions& out);
  void token_refused(std::uint32_t lane, batch&& b, const verdict& v, instant now, actions& out);
  void follow(token_watch::step s, std::uint32_t token, actions& out);
  void succeeded(std::uint32_t lane, std::uint32_t generation, instant now, actions& out);
  void stop(sca_status status, std::string message, actions& out);
  void keep(std::string buffer);
  void settle_all(payload&& p, fate what, event::code why, std::string message, actions& out);
  [[nodiscard]] steady_time lane_wake_at(std::uint32_t lane) const noexcept;
  [[nodiscard]] std::optional<steady_time> blocked_since(const lane_state& l) const noexcept;
  [[nodiscard]] token_state& token_of(std::uint32_t lane) noexcept { return tokens_[options_.lanes[lane].token]; }
  [[nodiscard]] const token_state& token_of(std::uint32_t lane) const noexcept { return tokens_[options_.lanes[lane].token]; }

  machine_options options_;
  random unit_;
  std::vector<lane_state> lanes_;
  std::vector<token_state> tokens_;
  std::vector<flight> in_flight_;  // at most max_in_flight
  delivery::counters counts_;
  delivery::trouble trouble_;
  hint_trust hints_;
  retry_budget budget_;
  lane_activity activity_;
  std::vector<std::string> spare_;
  std::uint64_t next_id_ = 1;
  std::size_t turn_ = 0;  // the lane that is asked first next time: one lane cannot starve the others
  bool failed_ = false;
};

}  // namespace snap::delivery
