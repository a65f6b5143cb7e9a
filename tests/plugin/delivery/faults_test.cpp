// What happens when Snapchat, the way to it or the token fails.
#include <catch2/catch.hpp>

#include "machine_world.hpp"

using namespace snap::delivery;
using namespace snap::delivery::testing;
using snap::net::link_failure;

TEST_CASE("a failed request is tried again after a growing, jittered delay") {
  world w;
  w.random = 0.99;
  w.take(1);
  w.pass(500ms);
  for (const milliseconds delay : {198ms, 396ms, 792ms, 1584ms}) {
    w.break_link(w.open().front().id);
    CHECK(w.next() == delay);
    w.wake();
    REQUIRE(w.open().size() == 1);
  }
  w.answer(w.open().front().id, 200);
  CHECK(w.with(fate::delivered) == std::multiset<std::string>{"e0"});
  CHECK(w.counts().retries[static_cast<std::size_t>(retry_reason::reset)] == 4);
}

TEST_CASE("the delay never exceeds retry.backoff.max.ms, nor does a Retry-After that nobody can wait for") {
  machine_options o = one_lane();
  o.backoff.max = 10s;
  world w{o};
  w.random = 0.999;
  w.take(1);
  w.pass(500ms);
  for (int i = 0; i < 50; ++i) {
    w.answer(w.open().front().id, 503, "", i % 2 == 0 ? "63072000" : "");
    CHECK(w.next() <= 10s);
    w.wake();
    REQUIRE(w.open().size() == 1);
  }
}

TEST_CASE("Retry-After is waited for") {
  world w;
  w.take(1);
  w.pass(500ms);
  w.answer(1, 503, "", "7");
  CHECK(w.next() == 7s);
}

TEST_CASE("Retry-After is waited for also beyond retry.backoff.max.ms") {
  machine_options o = one_lane();
  o.backoff.max = 10s;
  world w{o};
  w.take(1);
  w.pass(500ms);
  w.answer(1, 503, "", "120");
  CHECK(w.next() == 120s);
}

TEST_CASE("a retry does not hold up other batches of its lane or other lanes") {
  machine_options o = one_lane();
  o.lanes.push_back({.asset_id = "p-2", .alias = "b", .token = 0});
  o.batch.max_events = 1;
  world w{o};
  w.take(1, 0);
  w.break_link(1);
  w.take(1, 0);
  w.take(1, 1);
  CHECK(w.fresh() == std::vector<sent>{{1, 0, {"e0"}}, {2, 0, {"e1"}}, {3, 1, {"e2"}}});
}

TEST_CASE("after five failures in a row one probe at a time goes out, and success lets everything through") {
  machine_options o = one_lane();
  o.batch.max_events = 1;
  world w{o};
  w.take(30);
  for (int i = 0; i < 5; ++i) w.break_link(w.open().front().id);
  CHECK(w.counts().worst_circuit == circuit::state::open);
  while (!w.open().empty()) w.break_link(w.open().front().id);
  for (int i = 0; i < 3; ++i) {
    w.wake();
    REQUIRE(w.open().size() == 1);  // the probe
    CHECK(w.counts().worst_circuit == circuit::state::half_open);
    w.break_link(w.open().front().id);
    CHECK(w.open().empty());
  }
  w.wake();
  w.answer(w.open().front().id, 200);
  CHECK(w.counts().worst_circuit == circuit::state::closed);
  CHECK(w.open().size() == 4);  // at once, whatever delays they had
  w.serve([](const sent&) { return http(200); });
  CHECK(w.with(fate::delivered).size() == 30);
}

TEST_CASE("a probe that is answered 429, refused or split does not leave the circuit half open") {
  struct row {
    int status;
    const char* body;
  };
  for (const row& r : {row{429, ""}, row{200, R"({"status":"INVALID"})"}, row{413, ""}}) {
    machine_options o = one_lane();
    o.batch.max_events = 2;
    o.max_in_flight = 1;
    world w{o};
    w.take(20);
    for (int i = 0; i < 5; ++i) {
      if (w.open().empty()) w.wake();
      w.break_link(w.open().front().id);
    }
    w.wake();
    REQUIRE(w.counts().worst_circuit == circuit::state::half_open);
    w.answer(w.open().front().id, r.status, r.body);
    CHECK(w.counts().worst_circuit == circuit::state::closed);
    w.serve([](const sent&) { return http(200); });
    CHECK(w.with(fate::delivered).size() == 20);
  }
}

TEST_CASE("one asset's outage does not stop another's traffic") {
  machine_options o = one_lane();
  o.lanes.push_back({.asset_id = "p-2", .alias = "b", .token = 1});
  o.tokens.push_back(token_origin::fixed);
  o.batch.max_events = 1;
  world w{o};
  w.take(50, 0);
  w.take(50, 1);
  std::size_t served = 0;
  w.serve(
      [&](const sent& s) {
        return s.lane == 0 && (served += s.lane == 1) < 50 && w.with(fate::delivered).size() < 50 ? http(503) : http(200);
      },
      400);
  CHECK(w.with(fate::delivered).size() == 100);
}

TEST_CASE("429 stops every asset of the token, and only those") {
  machine_options o = one_lane();
  o.lanes.push_back({.asset_id = "p-2", .alias = "b", .token = 0});
  o.lanes.push_back({.asset_id = "p-3", .alias = "c", .token = 1});
  o.tokens.push_back(token_origin::fixed);
  o.batch.max_events = 1;
  world w{o};
  w.take(1, 0);
  w.answer(1, 429, "", "3");
  w.take(1, 1);
  w.take(1, 2);
  CHECK(w.fresh() == std::vector<sent>{{1, 0, {"e0"}}, {2, 2, {"e2"}}});
  CHECK(w.next() == 3s);
  w.wake();
  w.wake();  // the rate is halved
  CHECK(w.fresh() == std::vector<sent>{{3, 0, {"e0"}}, {4, 1, {"e1"}}});
}

TEST_CASE("retry.timeout.ms rejects what failed for that long, also what waited behind an open circuit") {
  machine_options o = one_lane();
  o.batch.max_events = 1;
  o.retry_timeout = 30s;
  world w{o};
  w.take(10);
  const steady_time start = w.now().at;
  w.serve([](const sent&) { return http(503); });
  CHECK(w.with(fate::rejected).size() == 10);
  CHECK(w.now().at - start >= 30s);
  CHECK(w.now().at - start <= 31s);
  for (const settled& s : w.outcomes()) {
    CHECK(s.why == snap::event::code::retry_timeout);
    CHECK_THAT(s.message, Catch::Contains("retry.timeout.ms"));
  }
}

TEST_CASE("retry.timeout.ms does not touch a backlog that only waits for its turn") {
  machine_options o = one_lane();
  o.batch.max_events = 1;
  o.max_in_flight = 1;
  o.retry_timeout = 1s;
  world w{o};
  w.take(5);
  for (int i = 0; i < 5; ++i) {
    w.pass(5s);
    w.answer(w.open().front().id, 200);
  }
  CHECK(w.with(fate::delivered).size() == 5);
}

TEST_CASE("a token of the configuration that is refused stops the task at once") {
  world w;
  w.take(3);
  w.pass(500ms);
  w.answer(1, 401, R"({"status":"INVALID","reason":"Invalid access token"})");
  REQUIRE(w.failures().size() == 1);
  CHECK(w.failures().front().status == SCA_UNAUTHENTICATED);
  CHECK_THAT(w.failures().front().message, Catch::Contains("Invalid access token"));
  CHECK(w.outcomes().empty());
  CHECK(w.next() == milliseconds::max());
  w.take(2000);
  CHECK(w.requests() == 1);
}

TEST_CASE("a token file that changed is read again and the task goes on") {
  machine_options o = one_lane();
  o.tokens = {token_origin::file};
  o.batch.max_events = 1;
  world w{o};
  w.take(10);
  w.answer(1, 401, "");
  CHECK(w.rereads().size() == 1);
  w.new_token(0);
  w.answer(2, 401, "");  // sent with the old token: does not count against the new one
  w.serve([](const sent&) { return http(200); });
  CHECK(w.failures().empty());
  CHECK(w.rereads().size() == 1);
  CHECK(w.with(fate::delivered).size() == 10);
}

TEST_CASE("a token that was good is watched as long when many requests were under way with it") {
  machine_options o = one_lane();
  o.tokens = {token_origin::file};
  o.batch.max_events = 1;
  o.max_in_flight = 64;
  world w{o};
  w.take(200);
  while (w.open().size() < 64) w.answer(w.open().front().id, 200);
  while (!w.open().empty()) w.answer(w.open().front().id, 401, "");
  w.wake();
  w.wake();  // the file changes two seconds late
  CHECK(w.failures().empty());
  w.new_token(0);
  w.serve([](const sent&) { return http(200); });
  CHECK(w.failures().empty());
  CHECK(w.with(fate::delivered).size() == 200);
}

TEST_CASE("a refused token file is watched for a while, then the task stops, within 10 s and 20 requests") {
  machine_options o = one_lane();
  o.tokens = {token_origin::file};
  o.batch.max_events = 1;
  o.max_in_flight = 16;
  world w{o};
  w.take(100);
  const steady_time start = w.now().at;
  SECTION("the file stays as it is") {
    w.serve([](const sent&) { return http(401, ""); });
    CHECK(w.requests() == 4);
    CHECK(w.rereads().size() >= 5);
  }
  SECTION("the file changes each time, and each new token is refused") {
    std::size_t seen = 0;
    while (w.failures().empty()) {
      if (w.open().empty()) w.wake();
      if (!w.open().empty()) w.answer(w.open().front().id, 401, "");
      if (w.rereads().size() > seen) {
        seen = w.rereads().size();
        w.new_token(0);
      }
    }
    CHECK(w.requests() <= 20);
  }
  CHECK(w.failures().size() == 1);
  CHECK(w.now().at - start <= 10s);
  CHECK(w.with(fate::rejected).empty());
}

TEST_CASE("a fatal answer stops the task; answers that were on their way still count") {
  machine_options o = one_lane();
  o.batch.max_events = 1;
  world w{o};
  w.take(10);
  w.answer(2, 403, "");
  w.answer(1, 200);
  w.answer(3, 503, "");
  w.answer(4, 403, "");
  CHECK(w.failures().size() == 1);
  CHECK_THAT(w.failures().front().message, Catch::Contains("asset p-1"));
  CHECK(w.with(fate::delivered) == std::multiset<std::string>{"e0"});
  CHECK(w.requests() == 4);
}

TEST_CASE("people are told at once, then every ten seconds, and when it is over") {
  world w;
  w.random = 0.25;
  w.take(1);
  w.pass(500ms);
  const steady_time start = w.now().at;
  while (w.now().at - start < 35s) {
    if (w.open().empty()) w.wake();
    w.break_link(w.open().front().id, link_failure::tls);
  }
  CHECK(w.said().size() >= 3);
  CHECK(w.said().size() <= 5);
  CHECK(w.said().front().level == SCA_LOG_WARN);
  CHECK_THAT(w.said().front().text, Catch::Contains("no trusted TLS session (tr.snapchat.com: what happened)") &&
                                        Catch::Contains("1 failed request") && Catch::Contains("next attempt in 0.1 s"));
  CHECK(w.counts().failing_seconds > 30);
  if (w.open().empty()) w.wake();
  w.answer(w.open().front().id, 200);
  CHECK(w.said().back().level == SCA_LOG_INFO);
  CHECK_THAT(w.said().back().text, Catch::Contains("answers again"));
  CHECK(w.counts().failing_seconds == 0);
}

TEST_CASE("a Snapchat that fails every other request does not fill the log") {
  machine_options o = one_lane();
  o.batch.max_events = 1;
  o.max_in_flight = 1;
  world w{o};
  w.take(200);
  const steady_time start = w.now().at;
  std::size_t n = 0;
  w.serve([&](const sent&) { return n++ % 2 == 0 ? http(503) : http(200); });
  CHECK(w.with(fate::delivered).size() == 200);
  const auto tens = static_cast<std::size_t>((w.now().at - start) / 10s);
  CHECK(w.said().size() <= 2 * (tens + 1));
}
