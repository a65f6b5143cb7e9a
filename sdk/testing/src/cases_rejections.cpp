// reject(): the way of a record to the dead letters.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

#include "session.hpp"

namespace sca::testing {

namespace {

using namespace std::chrono_literals;

// Hands over values that sinks tend to reject, each three times; ends when none is.
struct rejecting {
  std::unique_ptr<running_sink> sink;
  std::vector<std::int64_t> offsets;

  explicit rejecting(session& s) {
    s.load();
    sink = s.started();
    std::int64_t offset = 0;
    for (int round = 0; round < 3; ++round)
      for (const auto& value : s.bad_values()) {
        record_spec r = s.good(1, offset);
        r.value = value;
        sink->put_all({r});
        offsets.push_back(offset++);
      }
  }
  void wait_for_one() {
    const auto until = clock::now() + 2s;
    while (sink->host.rejections().empty() && clock::now() < until) {
      (void)sink->progress();
      pause_for(5ms);
    }
    if (sink->host.rejections().empty()) skip("the sink rejects none of the suite's values; give one (--rejected-value)");
  }
};

void reject_before_position(session& s) {
  rejecting r(s);
  r.wait_for_one();
  (void)r.sink->settle(s.subject.traits.to == delivery::unreachable ? 300ms : 3000ms);
  // Which of the values are rejected is known now; a second sink shows in which order it is told.
  std::set<std::int64_t> rejected;
  for (const auto& x : r.sink->host.rejections()) rejected.insert(x.offset);
  r.sink->stop();
  auto again = s.started();
  std::int64_t offset = 0;
  for (int round = 0; round < 3; ++round)
    for (const auto& value : s.bad_values()) {
      record_spec spec = s.good(1, offset++);
      spec.value = value;
      again->put_all({spec});
      const std::int64_t at = again->progress().at(1);
      const auto told = again->host.rejections();
      for (const std::int64_t o : rejected)
        if (o < at)
          expect(std::any_of(told.begin(), told.end(), [&](const auto& x) { return x.offset == o; }),
                 "the position passed offset " + std::to_string(o) + " before it was rejected");
    }
}

void reject_once(session& s) {
  rejecting r(s);
  r.wait_for_one();
  (void)r.sink->settle(500ms);
  for (int i = 0; i < 5; ++i) (void)r.sink->progress();
  std::map<std::int64_t, int> times;
  for (const auto& x : r.sink->host.rejections())
    expect(++times[x.offset] == 1, "offset " + std::to_string(x.offset) + " was rejected twice");
}

void reject_well_formed(session& s) {
  rejecting r(s);
  r.wait_for_one();
  for (const auto& x : r.sink->host.rejections()) {
    expect(x.assignment == 1,
           "a rejection names assignment " + std::to_string(x.assignment) + ", which was never given a record");
    expect(std::find(r.offsets.begin(), r.offsets.end(), x.offset) != r.offsets.end(),
           "a rejection names offset " + std::to_string(x.offset) + ", which was never handed over");
    expect(!x.code.empty() && x.code.size() <= 64 && x.code.find_first_of(" \t\n\"") == std::string::npos,
           "the code of a rejection is to be short, without blanks: '" + x.code + "'");
    expect(!x.message.empty(), "a rejection has no message for people");
  }
}

void reject_only_inside(session& s) {
  rejecting r(s);  // every call watches that no rejection comes outside of it
  r.wait_for_one();
  pause_for(300ms);
  (void)r.sink->progress();
  r.sink->stop();
  expect(r.sink->host.stray_rejections() == 0, "reject() was called outside of put, progress and flush, or on another thread");
}

void reject_not_after_close(session& s) {
  s.load();
  auto sink = s.started();
  std::int64_t offset = 0;
  for (const auto& value : s.bad_values()) {
    record_spec spec = s.good(1, offset++);
    spec.value = value;
    sink->put_all({spec});
  }
  sink->close(1);
  sink->host.forget_rejections();
  for (int i = 0; i < 10; ++i) {
    (void)sink->progress();
    pause_for(10ms);
  }
  if (!sink->host.rejections().empty()) warn("a record of a closed assignment was rejected; hosts ignore that");
}

void rejected_is_resolved(session& s) {
  rejecting r(s);
  r.wait_for_one();
  const auto until = clock::now() + 3s;
  for (;;) {
    const std::int64_t at = r.sink->progress().at(1);
    const auto told = r.sink->host.rejections();
    // As long as the first records are all rejected ones, the position must get past them.
    std::int64_t run = 0;
    while (std::any_of(told.begin(), told.end(), [&](const auto& x) { return x.offset == run; })) ++run;
    if (at >= run) return;
    expect(clock::now() < until,
           "the first " + std::to_string(run) + " records are rejected, but the position is " + std::to_string(at));
    pause_for(5ms);
  }
}

constexpr auto cases = std::to_array<conformance_case>({
    {"reject-before-position", "A record is rejected before the position passes it.", reject_before_position},
    {"reject-once", "A record is rejected at most once per assignment.", reject_once},
    {"reject-well-formed", "A rejection names a record that was handed over, a short code and a message.", reject_well_formed},
    {"reject-only-inside", "reject is only called inside put, progress and flush, on their thread.", reject_only_inside},
    {"reject-not-after-close", "Records of a closed assignment are not rejected any more.", reject_not_after_close},
    {"rejected-is-resolved", "A rejected record does not hold the position back.", rejected_is_resolved},
});

}  // namespace

std::span<const conformance_case> rejection_cases() { return cases; }

}  // namespace sca::testing
