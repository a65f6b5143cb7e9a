// put(): what it may do with the records it is shown.
#include <array>
#include <string>

#include "session.hpp"

namespace sca::testing {

namespace {

using namespace std::chrono_literals;

// running_sink::put() takes the memory of the records away when the call has returned: a sink that kept a pointer dies here.
void put_copies(session& s) {
  s.load();
  auto sink = s.started();
  std::vector<record_spec> records;
  for (std::int64_t i = 0; i < 20; ++i) {
    records.push_back(s.good(1, i));
    records.back().headers = {{"trace", "abc"}, {"trace", std::nullopt}};
  }
  (void)sink->put(records);
  const auto until = clock::now() + 500ms;
  while (clock::now() < until) {
    (void)sink->progress();
    pause_for(10ms);
  }
  sink->flush(100ms);
  sink->stop();
}

// Each record ends at a page that cannot be read, and no view is followed by a NUL.
void put_stays_inside_views(session& s) {
  s.load();
  auto sink = s.started();
  std::int64_t offset = 0;
  for (const auto& value : s.bad_values()) {
    record_spec r = s.good(1, offset++);
    r.value = value;
    sink->put_all({r});
  }
  sink->put_all({s.good(1, offset)});
  (void)sink->progress();
}

void put_takes_odd_records(session& s) {
  s.load();
  auto sink = s.started();
  std::vector<record_spec> records;
  const auto next = [&]() -> record_spec& {
    records.push_back(s.good(1, static_cast<std::int64_t>(records.size())));
    return records.back();
  };
  next().key = std::nullopt;
  next().key = "";
  next().value = std::nullopt;
  next().value = "";
  next().value = std::string("\0\xff\xfe\x80", 4);
  next().value = std::string(1 << 20, '[');
  next().headers = {{"", ""}, {"same", "1"}, {"same", std::nullopt}, {std::string("\0", 1), "\xff"}};
  next().timestamp_type = SCA_TIMESTAMP_NONE;
  next().timestamp_type = 99;  // a newer host's
  next().timestamp_ms = INT64_MIN;
  next().timestamp_ms = INT64_MAX;
  for (const record_spec& r : records) sink->put_all({r});
  (void)sink->progress();
  pause_for(100ms);
  (void)sink->progress();
}

void put_takes_at_least_one(session& s) {
  s.load();
  auto sink = s.started();
  expect(sink->put({s.good(1, 0), s.good(1, 1)}) >= 1, "a sink that holds nothing took no record");
}

void put_does_not_wait(session& s) {
  s.load();
  auto sink = s.started();
  std::int64_t offset = 0;
  for (int round = 0; round < 10; ++round) {
    std::vector<record_spec> records;
    for (int i = 0; i < 50; ++i) records.push_back(s.good(1, offset + i));
    const auto from = clock::now();
    const std::size_t taken = sink->put(records);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - from);
    expect(took < s.allowed(1s), "put of 50 records took " + std::to_string(took.count()) + " ms");
    offset += static_cast<std::int64_t>(taken);
  }
}

void put_when_full_is_cheap(session& s) {
  s.load();
  auto sink = s.started();
  std::int64_t offset = 0;
  std::vector<record_spec> records;
  for (int round = 0; round < 200 && records.empty(); ++round) {
    std::vector<record_spec> more;
    for (int i = 0; i < 500; ++i) more.push_back(s.good(1, offset + i));
    const std::size_t taken = sink->put(more);
    offset += static_cast<std::int64_t>(taken);
    if (taken < more.size()) records.assign(more.begin() + static_cast<std::ptrdiff_t>(taken), more.end());
  }
  if (records.empty()) skip("100000 records did not fill the sink");
  const auto from = clock::now();
  for (int i = 0; i < 20; ++i) {
    const std::size_t taken = sink->put(records);
    records.erase(records.begin(), records.begin() + static_cast<std::ptrdiff_t>(taken));
    if (records.empty()) return;
  }
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - from);
  expect(took < s.allowed(2s), "20 puts to a full sink took " + std::to_string(took.count()) + " ms");
}

void progress_does_not_wait(session& s) {
  s.load();
  auto sink = s.started();
  (void)sink->put({s.good(1, 0), s.good(1, 1), s.good(1, 2)});
  for (int i = 0; i < 50; ++i) {
    const auto from = clock::now();
    (void)sink->progress();
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - from);
    expect(took < s.allowed(250ms), "progress took " + std::to_string(took.count()) + " ms");
    pause_for(2ms);
  }
  sca_error error = SCA_ERROR_INIT;
  expect(sink->sink->progress(sink->sink, nullptr, 0, &error) == SCA_OK, "progress about no assignment failed");
}

void log_level_is_respected(session& s) {
  s.load();
  auto sink = s.fresh();
  sink->host.set_log_level(SCA_LOG_MISUSE + 1);
  const sca_status status = sink->create(s.subject.config);
  expect(status == SCA_OK, "create failed: " + sink->said());
  sink->start();
  (void)sink->open();
  (void)sink->put({s.good(1, 0)});
  (void)sink->progress();
  sink->stop();
  if (!sink->host.log().empty()) warn("logged a line below the host's level: " + sink->host.log().front().message);
}

constexpr auto cases = std::to_array<conformance_case>({
    {"put-copies", "put copies what it takes: the views may not be read once it has returned.", put_copies},
    {"put-stays-inside-views", "Views are read up to their size and not a byte further; nothing ends with NUL.",
     put_stays_inside_views},
    {"put-takes-odd-records",
     "Null, empty, huge and non-UTF-8 keys, values and headers, and unknown numbers, are records like any other.",
     put_takes_odd_records},
    {"put-takes-at-least-one", "A sink that holds nothing unresolved takes at least one record.", put_takes_at_least_one},
    {"put-does-not-wait", "put does not wait for anything.", put_does_not_wait},
    {"put-when-full-is-cheap", "Asking a full sink in vain is cheap.", put_when_full_is_cheap},
    {"progress-does-not-wait", "progress answers at once, also about no assignment at all.", progress_does_not_wait},
    {"log-level-is-respected", "Lines below the host's level are not logged.", log_level_is_respected},
});

}  // namespace

std::span<const conformance_case> record_cases() { return cases; }

}  // namespace sca::testing
