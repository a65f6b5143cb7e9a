#include "commit_schedule.hpp"

#include <catch2/catch.hpp>

using namespace sinkhost;
using namespace std::chrono_literals;

namespace {
constexpr commit_schedule::clock::time_point start{1h};
constexpr commit_schedule::options options{.interval = 250ms, .after_failure = 1000ms, .answer = 60s};
}  // namespace

TEST_CASE("the first commit is due at once, the next one after the interval") {
  commit_schedule s{options};
  CHECK(s.due(start));
  s.started(start);
  s.succeeded();
  CHECK_FALSE(s.due(start + 249ms));
  CHECK(s.due(start + 250ms));
}

TEST_CASE("one commit at a time is in flight") {
  commit_schedule s{options};
  s.started(start);
  CHECK_FALSE(s.due(start + 59s));
  s.succeeded();
  CHECK(s.due(start + 59s));
}

TEST_CASE("an answer that never comes does not stop commits for ever") {
  commit_schedule s{options};
  s.started(start);
  CHECK(s.due(start + 60s));
}

TEST_CASE("after a failure the next commit waits longer") {
  commit_schedule s{options};
  s.started(start);
  s.failed(start + 100ms);
  CHECK_FALSE(s.due(start + 1099ms));
  CHECK(s.due(start + 1100ms));
}

TEST_CASE("the rest of the wait is known, so that a poll can end in time") {
  commit_schedule s{options};
  CHECK(s.rest(start) == 0ms);
  s.started(start);
  CHECK(s.rest(start + 1s) == 59s);  // its answer comes as an event
  s.succeeded();
  CHECK(s.rest(start + 100ms) == 150ms);
  CHECK(s.rest(start + 300ms) == 0ms);
}
