// A delivery machine in a world of its own: a clock that stands still until it is moved, events that carry their name, and a
// record of every action. Tests answer requests one by one, or let a server function answer until nothing is left to do.
#pragma once
#include <functional>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "delivery/machine.hpp"

namespace snap::delivery::testing {

using namespace std::chrono_literals;
using names = std::vector<std::string>;  // of events, "e0", "e1", …

struct sent {
  std::uint64_t id = 0;
  std::uint32_t lane = 0;
  names events;
  friend bool operator==(const sent&, const sent&) = default;
};

struct settled {
  fate what = fate::delivered;
  event::code why = event::code::snap_invalid;  // of rejected and skipped
  names events;
  std::string message;
};

machine_options one_lane();

class world {
 public:
  explicit world(machine_options o = one_lane());

  // The next n events of a lane come in, all at once; their tickets number them through.
  void take(std::size_t n, std::uint32_t lane = 0, std::uint64_t assignment = 1);
  void take_old(std::size_t n, wall_time last_moment);
  void pass(milliseconds d);  // moves the clock and ticks
  void wake();                // moves the clock to wake_at() and ticks
  void answer(std::uint64_t id, int status, std::string body = R"({"status":"VALID"})", std::string retry_after = {});
  void refuse(std::uint64_t id, std::string event = {});  // 200 INVALID, with that index if given
  void break_link(std::uint64_t id, net::link_failure f = net::link_failure::reset);
  void flush();
  void forget(std::uint64_t assignment);
  void new_token(std::uint32_t token);

  // Requests without an answer, oldest first; the sent ones since the last look.
  [[nodiscard]] const std::vector<sent>& open() const { return open_; }
  [[nodiscard]] std::vector<sent> fresh() { return std::exchange(fresh_, {}); }
  [[nodiscard]] std::size_t requests() const { return requests_; }
  [[nodiscard]] const std::vector<settled>& outcomes() const { return settled_; }
  [[nodiscard]] std::multiset<std::string> with(fate f) const;
  [[nodiscard]] const std::vector<fail>& failures() const { return failures_; }
  [[nodiscard]] const std::vector<say>& said() const { return said_; }
  [[nodiscard]] const std::vector<reread_token>& rereads() const { return rereads_; }
  [[nodiscard]] const counters& counts() { return machine_.counts(now_); }
  [[nodiscard]] milliseconds next() const;  // until wake_at(); max() when it never wakes
  [[nodiscard]] instant now() const { return now_; }
  [[nodiscard]] std::size_t most_in_flight() const { return most_in_flight_; }

  // Answers everything by that function (an answer without id), oldest first, moving the clock on, until all is settled, the
  // machine failed or the requests are used up.
  using server = std::function<net::answer(const sent&)>;
  void serve(const server& s, std::size_t max_requests = 10'000);
  [[nodiscard]] std::size_t unsettled() const { return taken_ - settled_events_; }

  // The wall clock moves alone: the age of events.
  void grow_old(milliseconds d) { now_.wall += d; }

  double random = 0.5;  // what the jitter gets

 private:
  void note(actions& out);

  instant now_{.at = steady_time{} + 1h, .wall = wall_time{1'700'000'000s}};
  machine machine_;
  std::vector<sent> open_, fresh_;
  std::vector<settled> settled_;
  std::vector<fail> failures_;
  std::vector<say> said_;
  std::vector<reread_token> rereads_;
  std::size_t taken_ = 0, settled_events_ = 0, requests_ = 0, most_in_flight_ = 0;
};

net::answer http(int status, std::string body = R"({"status":"VALID"})");
net::answer invalid(std::string event = {}, int status = 200);
net::answer broken(net::link_failure f);

std::ostream& operator<<(std::ostream& out, const sent& s);

}  // namespace snap::delivery::testing
