// sink_task and the dead letters: what a rejection holds back, and what it fails.
#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>
#include <thread>

#include "sca/sink_task.hpp"
#include "task_subject.hpp"

using sca::settlement;
using sca::tolerance;
using task_subject = sca::testing::task_subject;

TEST_CASE("a dead letter that is under way holds the position back; the sink's view does not matter") {
  task_subject s;
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
  task_subject s;
  s.plugin.reject_in_put = {0, 2};
  s.host.on_letter = [&](sca::dead_letter_ticket t) { s.task->settled(t, settlement::durable); };
  REQUIRE(s.offer({0, 1, 2}));
  CHECK(s.host.letters.size() == 2);
  s.resolve_to(3);
  REQUIRE(s.pump());
  CHECK(s.committable() == 3);
}

TEST_CASE("without tolerance a rejection fails the task, names the record and is never passed") {
  task_subject s(tolerance::none);
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
  task_subject s;
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
  task_subject s;
  s.host.on_letter = [](sca::dead_letter_ticket) { throw std::runtime_error("producer gone"); };
  REQUIRE(s.offer({0}));
  s.reject_later(0);
  s.resolve_to(1);
  CHECK_FALSE(s.pump());
  CHECK_THAT(s.failure(), Catch::Contains("producer gone"));
  CHECK(s.committable() == -1);
}

TEST_CASE("a second rejection of a record, or one of a record not handed over, is the sink's misuse and no dead letter") {
  task_subject s;
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
  task_subject s;
  REQUIRE(s.offer({0}));
  s.task->close("orders", 0);
  s.reject_later(0);
  REQUIRE(s.pump());
  CHECK(s.host.letters.empty());
  CHECK(s.host.misuses() == 0);
}

TEST_CASE("a rejection from another thread, or outside the calls that allow it, fails the task and stops all commits") {
  task_subject s;
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

TEST_CASE("a record whose dead letter is under way outlives its assignment until it is settled") {
  for (const auto how : {settlement::durable, settlement::failed}) {
    task_subject s;
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
  task_subject s;
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
  task_subject s;
  s.task->settled(99, settlement::failed);
  CHECK(s.failure().empty());
}
