#include "sca/sink_task.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "task_subject.hpp"

using namespace std::chrono_literals;
using sca::settlement;
using sca::testing::recording_host;
using sca::testing::scripted_plugin;
using sca::testing::taken;
using task_subject = sca::testing::task_subject;

TEST_CASE("records are handed over, and committable once the position has passed them") {
  task_subject s;
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
  task_subject s;
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
  task_subject s;
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
  task_subject s;
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
  task_subject s;
  s.plugin.room = 1;
  s.plugin.during_put = [&] { s.plugin.host->wake(s.plugin.host); };
  REQUIRE(s.offer({0, 1}));
  CHECK(s.task->backlog() == 1);
  s.plugin.room = 1;
  REQUIRE(s.pump());
  CHECK(s.task->backlog() == 0);
}

TEST_CASE("records that come while the sink is full wait behind the backlog, in order") {
  task_subject s;
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
  task_subject s;
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
  task_subject s;
  REQUIRE(s.offer({5, 6, 3, 4}));
  CHECK(s.plugin.taken == taken{{2, 3}, {2, 4}});  // 5 and 6 come again
}

TEST_CASE("a rewind does not lose unresolved records below its target: they are offered again in the new assignment") {
  task_subject s;
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

TEST_CASE("revoked: what was resolved by the flush is committable before the close, nothing after it") {
  task_subject s;
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
  task_subject s;
  REQUIRE(s.offer({0, 1}));
  s.task->close("orders", 0);
  s.plugin.positions[1] = 2;
  REQUIRE(s.pump());
  CHECK(s.committable() == -1);
  CHECK_FALSE(s.task->idle("orders", 0));
}

TEST_CASE("a partition that comes back gets a number that was never used") {
  task_subject s;
  s.task->close("orders", 0);
  REQUIRE(s.task->open("orders", 0));
  CHECK(std::count(s.plugin.calls.begin(), s.plugin.calls.end(), "open 2") == 1);
}

TEST_CASE("a position that goes back, or lies past what was handed over, fails the task") {
  task_subject s;
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
  task_subject s;
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
  task_subject s;
  s.plugin.room = 1;
  s.plugin.fail["put"] = SCA_UNAVAILABLE;
  CHECK_FALSE(s.offer({0, 1}));
  s.resolve_to(1);
  CHECK_FALSE(s.pump());
  CHECK(s.committable() == 1);
}

TEST_CASE("after stop the final word is asked once more and is committable") {
  task_subject s;
  REQUIRE(s.offer({0}));
  s.resolve_to(1);
  s.task->stop();
  REQUIRE(s.pump());
  CHECK(s.committable() == 1);
  CHECK_FALSE(s.offer({1}));
}

TEST_CASE("records of a partition that is not open are dropped") {
  task_subject s;
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
  auto task = sca::sink_task::create(plugin, {}, {}, host).value();
  CHECK_FALSE(task->start());
  CHECK_FALSE(task->pump({}));
  CHECK_FALSE(task->open("orders", 0));
  task.reset();
  CHECK(plugin.calls == std::vector<std::string>{"create", "start", "stop"});
}
