#include "sca/sink_task.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "sca/testing/catch_result.hpp"
#include "scripted_plugin.hpp"

using namespace std::chrono_literals;
using sca::settlement;
using sca::tolerance;
using sca::testing::recording_host;
using sca::testing::scripted_plugin;
using sca::testing::test_record;

namespace {

struct subject {
  explicit subject(tolerance errors = tolerance::all) {
    sca::sink_task_options options;
    options.errors = errors;
    task = std::move(sca::sink_task::create(plugin, {}, options, host).value());
    REQUIRE(task->start());
    REQUIRE(task->open("orders", 0));
  }

  sca::result<void> offer(std::vector<std::int64_t> offsets, std::int32_t partition = 0) {
    std::vector<std::unique_ptr<sca::held_record>> records;
    for (const auto offset : offsets) records.push_back(std::make_unique<test_record>("orders", partition, offset, alive));
    return task->offer(std::move(records), now);
  }
  sca::result<void> pump() { return task->pump(now); }
  // What take_committable() gives for partition 0, or -1.
  std::int64_t committable() {
    for (const auto& c : task->take_committable())
      if (c.partition == 0) return c.offset;
    return -1;
  }
  void resolve_to(std::int64_t position, std::uint64_t assignment = 1) { plugin.positions[assignment] = position; }
  void reject_later(std::int64_t offset, std::uint64_t assignment = 1) {
    sca_rejection r{};
    r.assignment = assignment;
    r.offset = offset;
    plugin.reject_in_progress.push_back(r);
  }
  [[nodiscard]] std::string failure() const { return task->failure() == nullptr ? "" : task->failure()->message; }

  int alive = 0;
  scripted_plugin plugin;
  recording_host host;
  std::unique_ptr<sca::sink_task> task;
  sca::sink_task::clock::time_point now{};
};

using taken = std::vector<std::pair<std::uint64_t, std::int64_t>>;

}  // namespace

TEST_CASE("records are handed over, and committable once the position has passed them") {
  subject s;
  REQUIRE(s.offer({10, 11, 15}));
  CHECK(s.plugin.taken == taken{{1, 10}, {1, 11}, {1, 15}});
  REQUIRE(s.pump());
  CHECK(s.committable() == -1);
  CHECK(s.task->held() == 3);
  s.resolve_to(12);
  REQUIRE(s.pump());
  CHECK(s.committable() == 12);
  CHECK(s.task->held() == 1);
  CHECK(s.alive == 1);
  CHECK_FALSE(s.task->idle("orders", 0));
  s.resolve_to(16);
  REQUIRE(s.pump());
  CHECK(s.committable() == 16);
  CHECK(s.task->idle("orders", 0));
  CHECK(s.alive == 0);
}

TEST_CASE("a position is reported once, and again after its commit failed") {
  subject s;
  REQUIRE(s.offer({0}));
  s.resolve_to(1);
  REQUIRE(s.pump());
  const auto first = s.task->take_committable();
  REQUIRE(first.size() == 1);
  CHECK(first[0].topic == "orders");
  CHECK(s.task->take_committable().empty());
  s.task->uncommitted(first);
  CHECK(s.committable() == 1);
}

TEST_CASE("what the sink would not take is kept and offered again after offer_again, not before") {
  subject s;
  s.plugin.room = 2;
  REQUIRE(s.offer({0, 1, 2, 3}));
  CHECK(s.task->backlog() == 2);
  CHECK(s.plugin.puts == 1);
  s.plugin.room = 10;
  s.now += 999ms;
  REQUIRE(s.pump());
  CHECK(s.plugin.puts == 1);
  s.now += 1ms;
  REQUIRE(s.pump());
  CHECK(s.plugin.puts == 2);
  CHECK(s.plugin.shown == 2);
  CHECK(s.task->backlog() == 0);
  CHECK(s.plugin.taken == taken{{1, 0}, {1, 1}, {1, 2}, {1, 3}});
}

TEST_CASE("a wake-up makes the backlog due at once") {
  subject s;
  s.plugin.room = 1;
  REQUIRE(s.offer({0, 1}));
  s.plugin.room = 1;
  SECTION("through the host's table") {
    s.plugin.host->wake(s.plugin.host);
    CHECK(s.host.wakes == 1);
  }
  SECTION("through the host itself") { s.task->woken(); }
  REQUIRE(s.pump());
  CHECK(s.task->backlog() == 0);
}

TEST_CASE("a wake-up that comes while put is running is not lost") {
  subject s;
  s.plugin.room = 1;
  s.plugin.during_put = [&] { s.plugin.host->wake(s.plugin.host); };
  REQUIRE(s.offer({0, 1}));
  CHECK(s.task->backlog() == 1);
  s.plugin.room = 1;
  REQUIRE(s.pump());
  CHECK(s.task->backlog() == 0);
}

TEST_CASE("records that come while the sink is full wait behind the backlog, in order") {
  subject s;
  s.plugin.room = 1;
  REQUIRE(s.offer({0, 1}));
  REQUIRE(s.offer({2}));
  CHECK(s.plugin.puts == 1);  // full a moment ago: not asked again
  s.plugin.room = 10;
  s.now += 1s;
  REQUIRE(s.pump());
  CHECK(s.plugin.taken == taken{{1, 0}, {1, 1}, {1, 2}});
}

TEST_CASE("an offset that does not grow closes the assignment and opens a new one") {
  subject s;
  REQUIRE(s.offer({5, 6, 7}));
  s.resolve_to(8);
  REQUIRE(s.pump());
  CHECK(s.committable() == 8);
  REQUIRE(s.offer({6}));
  CHECK(s.plugin.calls.end() != std::find(s.plugin.calls.begin(), s.plugin.calls.end(), "close 1"));
  CHECK(s.plugin.taken.back() == std::pair<std::uint64_t, std::int64_t>(2, 6));
  s.resolve_to(7, 2);
  REQUIRE(s.pump());
  CHECK(s.committable() == 7);  // the user went back: so does the group
}

TEST_CASE("a rewind inside one batch is seen too") {
  subject s;
  REQUIRE(s.offer({5, 6, 3, 4}));
  CHECK(s.plugin.taken == taken{{2, 3}, {2, 4}});  // 5 and 6 come again
}

TEST_CASE("a rewind does not lose unresolved records below its target: they are offered again in the new assignment") {
  subject s;
  REQUIRE(s.offer({5, 6, 7, 8}));
  REQUIRE(s.offer({7}));
  CHECK(s.plugin.taken == taken{{1, 5}, {1, 6}, {1, 7}, {1, 8}, {2, 5}, {2, 6}, {2, 7}});
  REQUIRE(s.pump());
  CHECK(s.committable() == -1);
  s.resolve_to(6, 2);
  REQUIRE(s.pump());
  CHECK(s.committable() == 6);
  CHECK(s.alive == 2);
}

TEST_CASE("a dead letter that is under way holds the position back; the sink's view does not matter") {
  subject s;
  REQUIRE(s.offer({0, 1, 2}));
  s.reject_later(1);
  s.resolve_to(3);
  REQUIRE(s.pump());
  REQUIRE(s.host.letters.size() == 1);
  CHECK(s.host.letters[0].offset == 1);
  CHECK(s.host.letters[0].code == "record.bad");
  CHECK(s.host.letters[0].record->record.offset == 1);
  CHECK(s.committable() == 1);
  CHECK_FALSE(s.task->idle("orders", 0));
  s.task->settled(s.host.letters[0].ticket, settlement::durable);
  CHECK(s.committable() == 3);
  CHECK(s.alive == 0);
}

TEST_CASE("a record may be rejected while it is being put, and its dead letter may be durable at once") {
  subject s;
  s.plugin.reject_in_put = {0, 2};
  s.host.on_letter = [&](sca::dead_letter_ticket t) { s.task->settled(t, settlement::durable); };
  REQUIRE(s.offer({0, 1, 2}));
  CHECK(s.host.letters.size() == 2);
  s.resolve_to(3);
  REQUIRE(s.pump());
  CHECK(s.committable() == 3);
}

TEST_CASE("without tolerance a rejection fails the task, names the record and is never passed") {
  subject s(tolerance::none);
  REQUIRE(s.offer({0, 1, 2}));
  s.reject_later(1);
  s.resolve_to(3);
  CHECK_FALSE(s.pump());
  CHECK(s.host.letters.empty());
  CHECK_THAT(s.failure(), Catch::Contains("errors.tolerance is none") && Catch::Contains("orders-0 offset 1") &&
                              Catch::Contains("record.bad"));
  CHECK(s.committable() == 1);
  CHECK_FALSE(s.pump());
  CHECK(s.committable() == -1);
}

TEST_CASE("a dead letter that cannot be written fails the task and is never passed") {
  subject s;
  REQUIRE(s.offer({0, 1, 2}));
  s.reject_later(1);
  s.resolve_to(3);
  REQUIRE(s.pump());
  s.task->settled(s.host.letters[0].ticket, settlement::failed);
  CHECK_THAT(s.failure(), Catch::Contains("dead letter of orders-0 offset 1"));
  CHECK(s.committable() == 1);
  CHECK_FALSE(s.pump());
  CHECK(s.committable() == -1);
  CHECK_FALSE(s.offer({3}));
}

TEST_CASE("a host that throws from dead_letter has not written it") {
  subject s;
  s.host.on_letter = [](sca::dead_letter_ticket) { throw std::runtime_error("producer gone"); };
  REQUIRE(s.offer({0}));
  s.reject_later(0);
  s.resolve_to(1);
  CHECK_FALSE(s.pump());
  CHECK_THAT(s.failure(), Catch::Contains("producer gone"));
  CHECK(s.committable() == -1);
}

TEST_CASE("a second rejection of a record, or one of a record not handed over, is the sink's misuse and no dead letter") {
  subject s;
  s.plugin.room = 2;
  REQUIRE(s.offer({0, 1, 2}));
  s.reject_later(0);
  s.reject_later(0);
  s.reject_later(2);
  s.reject_later(77);
  REQUIRE(s.pump());
  CHECK(s.host.letters.size() == 1);
  CHECK(s.host.misuses() == 3);
}

TEST_CASE("a rejection for a closed assignment is ignored") {
  subject s;
  REQUIRE(s.offer({0}));
  s.task->close("orders", 0);
  s.reject_later(0);
  REQUIRE(s.pump());
  CHECK(s.host.letters.empty());
  CHECK(s.host.misuses() == 0);
}

TEST_CASE("a rejection from another thread, or outside the calls that allow it, fails the task and stops all commits") {
  subject s;
  REQUIRE(s.offer({0, 1}));
  s.resolve_to(1);
  SECTION("another thread") {
    std::thread([&] { s.plugin.reject(1, 1); }).join();
  }
  SECTION("no call at all") { s.plugin.reject(1, 1); }
  CHECK_FALSE(s.pump());
  CHECK(s.host.misuses() == 1);
  CHECK(s.committable() == -1);
}

TEST_CASE("revoked: what was resolved by the flush is committable before the close, nothing after it") {
  subject s;
  REQUIRE(s.offer({0, 1}));
  REQUIRE(s.task->flush(1500ms));
  CHECK(s.plugin.calls.back() == "flush 1500");
  s.resolve_to(1);
  REQUIRE(s.pump());
  CHECK(s.committable() == 1);
  s.resolve_to(2);
  REQUIRE(s.pump());
  s.task->close("orders", 0);
  CHECK(s.committable() == -1);
  CHECK(s.alive == 0);
  CHECK(s.plugin.calls.back() == "close 1");
}

TEST_CASE("lost: closed at once, nothing committable, and late positions find nothing") {
  subject s;
  REQUIRE(s.offer({0, 1}));
  s.task->close("orders", 0);
  s.plugin.positions[1] = 2;
  REQUIRE(s.pump());
  CHECK(s.committable() == -1);
  CHECK_FALSE(s.task->idle("orders", 0));
}

TEST_CASE("a partition that comes back gets a number that was never used") {
  subject s;
  s.task->close("orders", 0);
  REQUIRE(s.task->open("orders", 0));
  CHECK(std::count(s.plugin.calls.begin(), s.plugin.calls.end(), "open 2") == 1);
}

TEST_CASE("a record whose dead letter is under way outlives its assignment until it is settled") {
  for (const auto how : {settlement::durable, settlement::failed}) {
    subject s;
    REQUIRE(s.offer({0, 1}));
    s.reject_later(0);
    REQUIRE(s.pump());
    s.task->close("orders", 0);
    CHECK(s.alive == 1);
    s.task->settled(s.host.letters[0].ticket, how);
    CHECK(s.alive == 0);
    CHECK(s.failure().empty());  // it comes again for whoever has the partition now
  }
}

TEST_CASE("after a rewind a dead letter below it still gates, and is not offered again") {
  subject s;
  REQUIRE(s.offer({0, 1, 2}));
  s.reject_later(1);
  s.resolve_to(1);
  REQUIRE(s.pump());
  REQUIRE(s.offer({2}));
  CHECK(s.plugin.taken.back() == std::pair<std::uint64_t, std::int64_t>(2, 2));
  CHECK(s.plugin.taken.size() == 4);  // 0, 1, 2 and 2 again
  s.resolve_to(3, 2);
  REQUIRE(s.pump());
  CHECK(s.committable() == -1);
  s.task->settled(s.host.letters[0].ticket, settlement::durable);
  CHECK(s.committable() == 3);
}

TEST_CASE("a settlement nobody waits for is ignored") {
  subject s;
  s.task->settled(99, settlement::failed);
  CHECK(s.failure().empty());
}

TEST_CASE("a position that goes back, or lies past what was handed over, fails the task") {
  subject s;
  s.plugin.room = 2;
  REQUIRE(s.offer({0, 1, 2}));
  SECTION("goes back") {
    s.resolve_to(2);
    REQUIRE(s.pump());
    s.resolve_to(1);
  }
  SECTION("past the last accepted record") { s.resolve_to(3); }
  SECTION("before anything was handed over") {
    REQUIRE(s.task->open("orders", 1));
    s.resolve_to(1, 2);
  }
  CHECK_FALSE(s.pump());
  CHECK_THAT(s.failure(), Catch::Contains("the sink reported position"));
  CHECK(s.host.misuses() == 1);
}

TEST_CASE("a sink that failed is no longer given records, but what it resolved is committable") {
  subject s;
  REQUIRE(s.offer({0, 1}));
  s.plugin.fail["progress"] = SCA_UNAUTHENTICATED;
  s.resolve_to(1);
  const auto health = s.pump();
  REQUIRE_FALSE(health);
  CHECK(health.error().code == SCA_UNAUTHENTICATED);
  CHECK(s.committable() == 1);
  const auto puts = s.plugin.puts;
  CHECK_FALSE(s.offer({2}));
  s.now += 2s;
  CHECK_FALSE(s.pump());
  CHECK(s.plugin.puts == puts);
  CHECK_FALSE(s.task->flush(0ms));
  CHECK_FALSE(s.task->open("orders", 1));
}

TEST_CASE("records that a failing put had taken count as handed over") {
  subject s;
  s.plugin.room = 1;
  s.plugin.fail["put"] = SCA_UNAVAILABLE;
  CHECK_FALSE(s.offer({0, 1}));
  s.resolve_to(1);
  CHECK_FALSE(s.pump());
  CHECK(s.committable() == 1);
}

TEST_CASE("after stop the final word is asked once more and is committable") {
  subject s;
  REQUIRE(s.offer({0}));
  s.resolve_to(1);
  s.task->stop();
  REQUIRE(s.pump());
  CHECK(s.committable() == 1);
  CHECK_FALSE(s.offer({1}));
}

TEST_CASE("records of a partition that is not open are dropped") {
  subject s;
  REQUIRE(s.offer({0}, 9));
  CHECK(s.alive == 0);
  CHECK(s.plugin.puts == 0);
}

TEST_CASE("the sink is stopped and destroyed with its task, also when it never started") {
  scripted_plugin plugin;
  recording_host host;
  {
    const auto task = sca::sink_task::create(plugin, {}, {}, host);
    REQUIRE(task);
  }
  CHECK(plugin.calls.back() == "stop");
  CHECK(plugin.destroyed == 1);
}

TEST_CASE("a create that fails gives its status and text, and one without a text gets one") {
  scripted_plugin plugin;
  recording_host host;
  plugin.fail["create"] = SCA_INVALID_CONFIG;
  const auto task = sca::sink_task::create(plugin, {}, {}, host);
  REQUIRE_FALSE(task);
  CHECK(task.error().code == SCA_INVALID_CONFIG);
  CHECK(task.error().message == "create failed");
  plugin.sca_connector::create = [](const sca_connector*, const sca_host*, const sca_pair*, size_t, sca_sink**,
                                    sca_error*) noexcept { return static_cast<sca_status>(SCA_UNAVAILABLE); };
  CHECK_FALSE(sca::sink_task::create(plugin, {}, {}, host).error().message.empty());
}

TEST_CASE("a start that fails is told, and then only stop and destroy follow") {
  scripted_plugin plugin;
  recording_host host;
  plugin.fail["start"] = SCA_UNAVAILABLE;
  auto task = std::move(sca::sink_task::create(plugin, {}, {}, host).value());
  CHECK_FALSE(task->start());
  CHECK_FALSE(task->pump({}));
  CHECK_FALSE(task->open("orders", 0));
  task.reset();
  CHECK(plugin.calls == std::vector<std::string>{"create", "start", "stop"});
}
