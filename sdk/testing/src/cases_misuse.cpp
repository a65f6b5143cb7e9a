// A host that breaks the contract is answered with a status; nothing crashes, and the sink is finished.
#include <array>
#include <string>

#include "session.hpp"

namespace sca::testing {

namespace {

void guard(session& s) {
  if (s.subject.traits.misuse == misuse_checks::absent) skip("this sink does not check its host (--unchecked)");
  s.load();
}

void answered(sca_status status, const std::string& what) { expect(status != SCA_OK, what + " was answered SCA_OK"); }

sca_status open_raw(running_sink& sink, std::uint64_t id) {
  sca_error error = SCA_ERROR_INIT;
  const sca_assignment a{.struct_size = sizeof a, .partition = 0, .id = id, .topic = SCA_STR("orders")};
  return sink.sink->open(sink.sink, &a, &error);
}
void refused_put(running_sink& sink, const std::vector<record_spec>& records, const std::string& what) {
  std::size_t accepted = 0;
  answered(sink.try_put(records, accepted), what);
}

void start_twice(session& s) {
  guard(s);
  auto sink = s.started();
  sca_error error = SCA_ERROR_INIT;
  answered(sink->sink->start(sink->sink, &error), "a second start");
}
void start_after_stop(session& s) {
  guard(s);
  auto sink = s.started();
  sink->stop();
  sca_error error = SCA_ERROR_INIT;
  answered(sink->sink->start(sink->sink, &error), "start after stop");
}
void open_before_start(session& s) {
  guard(s);
  auto sink = s.created();
  answered(open_raw(*sink, 1), "open before start");
}
void put_before_start(session& s) {
  guard(s);
  auto sink = s.created();
  std::size_t accepted = 0;
  answered(sink->try_put({s.good(1, 0)}, accepted), "put before start");
  expect(accepted == 0, "put before start took records");
}
void put_after_stop(session& s) {
  guard(s);
  auto sink = s.started();
  sink->stop();
  refused_put(*sink, {s.good(1, 0)}, "put after stop");
}
void put_unknown_assignment(session& s) {
  guard(s);
  auto sink = s.started();
  refused_put(*sink, {s.good(4711, 0)}, "a record of an assignment that was never opened");
}
void put_closed_assignment(session& s) {
  guard(s);
  auto sink = s.started();
  (void)sink->put({s.good(1, 0)});
  sink->close(1);
  refused_put(*sink, {s.good(1, 1)}, "a record of a closed assignment");
}
void put_offset_not_growing(session& s) {
  guard(s);
  auto sink = s.started();
  sink->put_all({s.good(1, 5)});
  refused_put(*sink, {s.good(1, 5)}, "the same offset again within its assignment");
}
void open_twice(session& s) {
  guard(s);
  auto sink = s.started();
  answered(open_raw(*sink, 1), "open of an assignment that is open");
}
void failed_says_so(session& s) {
  guard(s);
  auto sink = s.started();
  std::size_t accepted = 0;
  answered(sink->try_put({s.good(4711, 0)}, accepted), "a record of an assignment that was never opened");
  for (int i = 0; i < 3; ++i) {
    positions at;
    expect(sink->try_progress(at) != SCA_OK, "the sink has failed, but progress answered SCA_OK");
  }
}

constexpr auto cases = std::to_array<conformance_case>({
    {"misuse-start-twice", "A second start is refused.", start_twice},
    {"misuse-start-after-stop", "A stopped sink cannot be started again.", start_after_stop},
    {"misuse-open-before-start", "open before start is refused.", open_before_start},
    {"misuse-put-before-start", "put before start is refused and takes nothing.", put_before_start},
    {"misuse-put-after-stop", "put after stop is refused.", put_after_stop},
    {"misuse-put-unknown-assignment", "A record of an unknown assignment is refused.", put_unknown_assignment},
    {"misuse-put-closed-assignment", "A record of a closed assignment is refused.", put_closed_assignment},
    {"misuse-put-offset-not-growing", "An offset that does not grow within its assignment is refused.", put_offset_not_growing},
    {"misuse-open-twice", "An assignment that is open cannot be opened again.", open_twice},
    {"failed-says-so", "After a status other than SCA_OK the sink says so from now on.", failed_says_so},
});

}  // namespace

std::span<const conformance_case> misuse_cases() { return cases; }

}  // namespace sca::testing
