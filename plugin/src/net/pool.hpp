// How many sessions to open, and whether an idle one must go for it: the decision of the session pool, without I/O.
// Called by the client on the loop thread after each change. Example: two requests wait, nothing is open yet, four may be -> open
// two.
#pragma once
#include <algorithm>
#include <cstddef>

namespace snap::net {

struct pool_counts {
  std::size_t waiting = 0;  // requests that no open session can take
  std::size_t idle = 0, busy = 0, dialling = 0;
  std::size_t max_sessions = 1;  // all three together
  std::size_t max_dialling = 1;  // handshakes at once: a restart of the other side must not meet a burst of them
};

struct pool_decision {
  std::size_t open = 0;   // dials to start
  std::size_t evict = 0;  // idle sessions to close first
  friend bool operator==(const pool_decision&, const pool_decision&) = default;
};

[[nodiscard]] constexpr pool_decision decide(const pool_counts& now) noexcept {
  // a dial under way serves whoever waits when it is done
  const std::size_t unserved = now.waiting > now.dialling ? now.waiting - now.dialling : 0;
  const std::size_t hands = now.max_dialling > now.dialling ? now.max_dialling - now.dialling : 0;
  const std::size_t wanted = std::min(unserved, hands);
  const std::size_t taken = now.idle + now.busy + now.dialling;
  const std::size_t room = now.max_sessions > taken ? now.max_sessions - taken : 0;
  if (wanted <= room) return {wanted, 0};
  // Requests wait although sessions are idle only when they must have a fresh one: the idle ones may be stale too.
  const std::size_t evict = std::min(wanted - room, now.idle);
  return {room + evict, evict};
}

}  // namespace snap::net
