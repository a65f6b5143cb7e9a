// Positions: what may be committed. A position that is too high loses records, so most of the contract is here.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string>

#include "session.hpp"

namespace sca::testing {

namespace {

using namespace std::chrono_literals;

std::vector<record_spec> goods(const session& s, std::uint64_t assignment, std::vector<std::int64_t> offsets) {
  std::vector<record_spec> out;
  for (const auto o : offsets) out.push_back(s.good(assignment, o));
  return out;
}

// running_sink::progress() itself compares every position with the one before.
void positions_never_decrease(session& s) {
  s.load();
  auto sink = s.started();
  for (std::int64_t i = 0; i < 100; ++i) {
    (void)sink->put({s.good(1, i * 3)});
    (void)sink->progress();
    if (i % 10 == 0) pause_for(2ms);
    std::vector<std::int64_t>& taken = sink->handed.at(1);
    if (taken.empty() || taken.back() != i * 3) break;  // full: enough was seen
  }
  (void)sink->settle(500ms);
  for (int i = 0; i < 20; ++i) (void)sink->progress();  // also with nothing new under way
}

void position_not_past_handed_over(session& s) {
  s.load();
  auto sink = s.started();
  expect(sink->progress().at(1) == SCA_NO_POSITION, "there is a position before there was a record");
  for (int round = 0; round < 5; ++round) {
    std::vector<record_spec> records;
    const auto& taken = sink->handed.at(1);
    const std::int64_t from = taken.empty() ? 10 : taken.back() + 2;
    for (std::int64_t i = 0; i < 200; ++i) records.push_back(s.good(1, from + 2 * i));
    (void)sink->put(records);
    const std::int64_t limit = taken.empty() ? SCA_NO_POSITION : taken.back() + 1;
    for (int i = 0; i < 5; ++i) {
      const std::int64_t at = sink->progress().at(1);
      expect(at <= limit, "position " + std::to_string(at) + " is past the last record taken, " + std::to_string(limit - 1));
      pause_for(2ms);
    }
  }
}

void position_is_one_past_a_record(session& s) {
  s.load();
  auto sink = s.started();
  sink->put_all(goods(s, 1, {100, 200, 5000}));
  sink->must_settle();
  expect(sink->progress().at(1) == 5001, "all is resolved, but the position is not one past the last record");
}

std::string contents(const std::filesystem::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return std::move(out).str();
}

void position_not_past_unresolved(session& s) {
  s.load();
  auto sink = s.started();
  const traits& t = s.subject.traits;
  if (t.to == delivery::unreachable) {
    sink->put_all(goods(s, 1, {0, 1, 2}));
    const auto until = clock::now() + 1500ms;
    while (clock::now() < until) {
      const std::int64_t at = sink->progress().at(1);
      if (!sink->host.rejections().empty()) skip("the sink rejects the value; give one that it delivers (--value)");
      expect(at == SCA_NO_POSITION, "nothing can have been delivered, but the position is " + std::to_string(at));
      pause_for(10ms);
    }
    return;
  }
  if (t.delivered_to.empty()) skip("the suite cannot see what is delivered (--delivered-to FILE, or --unreachable)");
  const std::string run = "line-" + std::to_string(getpid()) + "-";  // the file may hold lines of earlier runs
  for (std::int64_t i = 0; i < 20; ++i) {
    record_spec r = s.good(1, i);
    r.value = run + std::to_string(i) + "-end";
    sink->put_all({r});
    const std::int64_t at = sink->progress().at(1);
    const std::string delivered = contents(t.delivered_to);
    for (std::int64_t k = 0; k < at; ++k)
      expect(delivered.find(run + std::to_string(k) + "-end") != std::string::npos,
             "the position is " + std::to_string(at) + ", but record " + std::to_string(k) + " was not delivered");
  }
}

void position_of_unknown_assignment(session& s) {
  s.load();
  auto sink = s.started();
  sink->put_all({s.good(1, 0)});
  (void)sink->settle(200ms);
  sca_position odd[] = {{4711, 5}, {1, 5}, {4712, 5}};
  sca_error error = SCA_ERROR_INIT;
  {
    const fake_host::allowing_rejections now(sink->host);
    expect(sink->sink->progress(sink->sink, odd, 3, &error) == SCA_OK, "progress failed");
  }
  expect(odd[0].offset == SCA_NO_POSITION && odd[2].offset == SCA_NO_POSITION, "an unknown assignment has a position");
  expect(odd[0].assignment == 4711 && odd[1].assignment == 1, "progress changed the assignments it was asked about");
  expect(odd[1].offset == sink->progress().at(1) || odd[1].offset == SCA_NO_POSITION,
         "the known one among unknown ones was answered wrong");
}

void positions_of_assignments_are_separate(session& s) {
  s.load();
  auto sink = s.started();
  const std::uint64_t other = sink->open("orders", 1), third = sink->open("returns", 0);
  std::vector<record_spec> mixed;
  for (std::int64_t i = 0; i < 5; ++i) {
    mixed.push_back(s.good(1, 100 + i));
    mixed.push_back(s.good(other, 7 + i));
  }
  sink->put_all(mixed);
  expect(sink->progress().at(third) == SCA_NO_POSITION, "an assignment without records has a position");
  sink->must_settle();
  const positions at = sink->progress();
  expect(at.at(1) == 105 && at.at(other) == 12 && at.at(third) == SCA_NO_POSITION, "positions of assignments are mixed up");
}

void close_forgets(session& s) {
  s.load();
  auto sink = s.started();
  (void)sink->put(goods(s, 1, {0, 1, 2, 3}));
  sink->close(1);
  const auto until = clock::now() + 300ms;
  while (clock::now() < until) {
    expect(sink->progress().at(1) == SCA_NO_POSITION, "a closed assignment has a position");
    pause_for(10ms);
  }
}

void reopened_starts_anew(session& s) {
  s.load();
  auto sink = s.started();
  sink->put_all(goods(s, 1, {50, 51, 52}));
  (void)sink->settle(300ms);
  sink->close(1);
  const std::uint64_t again = sink->open();
  expect(sink->progress().at(again) == SCA_NO_POSITION, "a new assignment of the same partition begins with a position");
  sink->put_all(goods(s, again, {10, 11}));  // a rewind: lower offsets than before
  const std::int64_t at = sink->progress().at(again);
  expect(at <= 12, "the new assignment has a position of the old one: " + std::to_string(at));
  sink->must_settle();
  expect(sink->progress().at(again) == 12, "after a rewind the position does not follow the new records");
}

void resolves_by_polling(session& s) {
  s.load();
  auto sink = s.started();  // its host counts wake-ups and does nothing else
  sink->put_all(goods(s, 1, {0, 1, 2, 3, 4}));
  sink->must_settle();
}

void wakes_when_done(session& s) {
  s.load();
  auto sink = s.started();
  const auto wakes = sink->host.wakes();
  const std::size_t threads = thread_count();
  sink->put_all(goods(s, 1, {0, 1, 2}));
  if (s.subject.traits.to == delivery::unreachable) skip("nothing can be delivered here");
  if (sink->progress().at(1) == 3 && threads <= 1) skip("resolved when put returned: there was nothing to wake for");
  const auto deadline = clock::now() + 5s;
  while (sink->host.wakes() == wakes && sink->progress().at(1) != 3 && clock::now() < deadline) pause_for(10ms);
  pause_for(50ms);
  if (sink->host.wakes() == wakes) warn("records were resolved without a wake-up; hosts will notice only within a second");
}

constexpr auto cases = std::to_array<conformance_case>({
    {"positions-never-decrease", "The position of an assignment never goes back.", positions_never_decrease},
    {"position-not-past-handed-over", "The position is never past the last record that the sink took.",
     position_not_past_handed_over},
    {"position-is-one-past-a-record",
     "When all is resolved the position is one more than the last record, whatever gaps lie between.",
     position_is_one_past_a_record},
    {"position-not-past-unresolved", "The position is never past a record that is not delivered.", position_not_past_unresolved},
    {"position-of-unknown-assignment", "An assignment that the sink does not know has SCA_NO_POSITION.",
     position_of_unknown_assignment},
    {"positions-are-separate", "Each assignment has its own position.", positions_of_assignments_are_separate},
    {"close-forgets", "A closed assignment is forgotten at once: late answers do not bring it back.", close_forgets},
    {"reopened-starts-anew", "A new assignment of the same partition starts without a position, also at lower offsets.",
     reopened_starts_anew},
    {"resolves-by-polling", "A host that never reacts to wake-ups gets everything by asking.", resolves_by_polling},
    {"wakes-when-done", "A sink that resolves records later wakes its host.", wakes_when_done},
});

}  // namespace

std::span<const conformance_case> position_cases() { return cases; }

}  // namespace sca::testing
