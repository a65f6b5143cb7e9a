#include "task_report.hpp"

#include <catch2/catch.hpp>

using namespace sinkhost;
using source = task_report::source;

TEST_CASE("what a running task waits for is the notices of all sources, and goes away with them") {
  task_report r;
  CHECK(r.status().trace.empty());
  r.notice(source::sink, "Snapchat: no answer");
  r.notice(source::broker, "Kafka: no broker");
  CHECK(r.status().trace == "Kafka: no broker\nSnapchat: no answer");
  r.notice(source::broker, "");
  CHECK(r.status().trace == "Snapchat: no answer");
  r.notice(source::sink, "");
  CHECK(r.status().trace.empty());
}

TEST_CASE("the first failure is the trace, and stays whatever comes later") {
  task_report r;
  r.failed("the cause");
  r.failed("a consequence");
  r.wish(task_state::paused);
  r.stopped();
  CHECK(r.status().state == task_state::failed);
  CHECK(r.status().trace == "the cause");
}

TEST_CASE("a task stalls while it holds something and gets nothing done, and only then") {
  using load = progress_watch::load;
  const auto start = progress_watch::clock::now() + std::chrono::hours{1};
  const std::chrono::seconds minute{60};
  task_report r;
  r.turned(start);
  r.stands(load::none, start);
  CHECK(r.status(start + 10 * minute).stalled.count() == 0);
  CHECK(r.status(start + 10 * minute).silent == 10 * minute);
  r.stands(load::some, start + minute);
  CHECK(r.status(start + 2 * minute).stalled == 2 * minute);
  r.moved(start + 2 * minute);
  r.stands(load::some, start + 2 * minute);
  CHECK(r.status(start + 3 * minute).stalled == minute);
  r.stands(load::none, start + 3 * minute);
  CHECK(r.status(start + 4 * minute).stalled.count() == 0);
  r.notice(source::broker, "Kafka: no broker");  // nothing is held, and yet it waits
  r.stands(load::none, start + 4 * minute);
  CHECK(r.status(start + 5 * minute).stalled == 2 * minute);
  CHECK(r.status(start + 5 * minute).trace == "Kafka: no broker");
  r.stopped();
  CHECK(r.status(start + 20 * minute).stalled.count() == 0);
}

TEST_CASE("a stopped task is neither paused nor resumed any more") {
  task_report r;
  r.wish(task_state::paused);
  CHECK(r.status().state == task_state::paused);
  r.stopped();
  r.wish(task_state::running);
  CHECK(r.status().state == task_state::stopped);
}
