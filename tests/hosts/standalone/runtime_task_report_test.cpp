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

TEST_CASE("a stopped task is neither paused nor resumed any more") {
  task_report r;
  r.wish(task_state::paused);
  CHECK(r.status().state == task_state::paused);
  r.stopped();
  r.wish(task_state::running);
  CHECK(r.status().state == task_state::stopped);
}
