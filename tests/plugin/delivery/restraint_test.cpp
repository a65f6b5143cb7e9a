// How the machine spares a Snapchat that is in difficulty, and the assets that are not concerned.
#include <algorithm>
#include <catch2/catch.hpp>

#include "machine_world.hpp"

using namespace snap::delivery;
using namespace snap::delivery::testing;

namespace {

machine_options two_assets() {
  machine_options o = one_lane();
  o.lanes.push_back({.asset_id = "p-2", .alias = "b", .token = 0});
  o.batch.max_events = 1;
  return o;
}

std::size_t of_lane(const world& w, std::uint32_t lane) {
  return static_cast<std::size_t>(std::count_if(w.open().begin(), w.open().end(), [&](const sent& s) { return s.lane == lane; }));
}

}  // namespace

TEST_CASE("the first 429 halves the rate of the refused request's contemporaries, further ones halve it again") {
  rate_limit r{0};
  const steady_time start = steady_time{} + 1h;
  std::vector<rate_limit::ticket> out;
  for (int i = 0; i < 100; ++i) out.push_back(r.sent(start + i * 10ms));
  CHECK(r.per_second(start + 1s) == 0);
  CHECK(r.refused(out[0], start + 1s));
  CHECK(r.per_second(start + 1s) == Approx(50));
  CHECK_FALSE(r.refused(out[1], start + 1s));  // was on its way: tells nothing new
  CHECK(r.per_second(start + 1s) == Approx(50));
  const auto next = r.sent(start + 1s);
  CHECK(r.next() == start + 1s + 20ms);
  CHECK(r.refused(next, start + 1s + 1ms));
  CHECK(r.per_second(start + 1s + 1ms) == Approx(25).epsilon(0.01));
}

TEST_CASE("a slowed rate comes back evenly, within a minute after the pause") {
  rate_limit r{0};
  const steady_time start = steady_time{} + 1h;
  const auto first = r.sent(start);
  for (int i = 0; i < 9; ++i) (void)r.sent(start);
  (void)r.refused(first, start + 100ms);
  r.pause(start + 10s);
  CHECK(r.next() == start + 10s);
  CHECK(r.per_second(start + 10s) == Approx(50));
  CHECK(r.per_second(start + 40s) == Approx(75));
  CHECK(r.per_second(start + 69s) > 98);
  CHECK(r.per_second(start + 70s) == 0);  // no limit again
}

TEST_CASE("a slowed rate stays below the configured one and above one request a second") {
  rate_limit r{10};
  steady_time now = steady_time{} + 1h;
  for (int i = 0; i < 20; ++i) {
    const auto t = r.sent(now);
    CHECK(r.per_second(now) <= 10);
    (void)r.refused(t, now + 1ms);
    now += 1s;
  }
  CHECK(r.per_second(now) >= rate_limit::slowest);
  CHECK(r.per_second(now) <= 1.2);
  CHECK(r.per_second(now + 1h) == 10);
}

TEST_CASE("a rate so low that its pause cannot be counted is a pause, not no limit") {
  rate_limit r{1e-12};
  const steady_time now = steady_time{} + 1h;
  (void)r.sent(now);
  CHECK_FALSE(r.allows(now + 24h));
}

TEST_CASE("after a 429 the token's requests are spaced, and the limit shows") {
  machine_options o = one_lane();
  o.batch.max_events = 1;
  world w{o};
  w.take(200);
  for (int i = 0; i < 20; ++i) {
    const auto id = w.open().front().id;
    w.pass(10ms);
    w.answer(id, 200);
  }
  CHECK(w.counts().rate_limit == 0);
  w.answer(w.open().front().id, 429, "", "1");
  while (!w.open().empty()) w.answer(w.open().front().id, 200);
  const double limit = w.counts().rate_limit;
  CHECK(limit > 20);
  CHECK(limit < 100);
  w.pass(1s);
  const steady_time start = w.now().at;
  const std::size_t left = w.unsettled();
  w.serve([](const sent&) { return http(200); });
  const double took = std::chrono::duration<double>(w.now().at - start).count();
  CHECK(took > 0.9 * static_cast<double>(left - 1) / limit);
  CHECK(w.counts().rate_limited_seconds >= took);
  CHECK(w.with(fate::delivered).size() == 200);
}

TEST_CASE("time in which nothing was left to send is no time of being held back") {
  machine_options o = one_lane();
  o.batch.max_events = 1;
  world w{o};
  w.take(1);
  w.answer(1, 429, "", "5");
  w.take(1);
  w.forget(1);  // the partition goes to another task
  REQUIRE(w.unsettled() == 0);
  w.pass(1h);
  w.take(1, 0, 2);
  w.answer(w.open().front().id, 200);
  CHECK(w.counts().rate_limited_seconds <= 5);
}

TEST_CASE("a probe asks with a few events, and the same few ask again") {
  machine_options o = one_lane();
  o.batch.max_events = 2000;
  o.max_in_flight = 1;
  world w{o};
  w.take(6000);
  for (int i = 0; i < 5; ++i) {
    if (w.open().empty()) w.wake();
    CHECK(w.open().front().events.size() == 2000);
    w.break_link(w.open().front().id);
  }
  names asked;
  for (int i = 0; i < 10; ++i) {
    w.wake();
    REQUIRE(w.open().size() == 1);
    CHECK(w.open().front().events.size() == circuit::probe_events);
    if (!asked.empty()) CHECK(w.open().front().events == asked);
    asked = w.open().front().events;
    w.break_link(w.open().front().id);
  }
  const std::size_t before = w.requests();
  w.serve([](const sent&) { return http(200); });
  CHECK(w.with(fate::delivered).size() == 6000);
  CHECK(w.requests() - before <= 1 + 1 + 3);
}

TEST_CASE("while the budget is low an asset's retries go one at a time, first attempts as before") {
  machine_options o = one_lane();
  o.batch.max_events = 1;
  o.max_in_flight = 8;
  world w{o};
  w.take(400);
  std::size_t answers = 0;
  std::set<std::string> failed;
  while (w.counts().retry_budget > 0.5) {  // every other request fails: no circuit opens
    const sent request = w.open().front();
    if (answers++ % 2 == 0) {
      failed.insert(request.events.front());
      w.break_link(request.id);
    } else {
      w.answer(request.id, 200);
    }
  }
  REQUIRE(w.counts().worst_circuit == circuit::state::closed);
  w.pass(1s);  // all delays are over
  while (!w.open().empty() && w.counts().retry_budget <= 0.5) {
    CHECK(w.open().size() == 8);
    CHECK(std::count_if(w.open().begin(), w.open().end(), [&](const sent& s) { return failed.contains(s.events.front()); }) <= 1);
    w.answer(w.open().front().id, 200);
  }
  w.serve([](const sent&) { return http(200); });
  CHECK(w.with(fate::delivered).size() == 400);
}

TEST_CASE("a session in which most requests fail still delivers everything") {
  machine_options o = one_lane();
  o.batch.max_events = 1;
  world w{o};
  w.take(200);
  std::size_t n = 0;
  w.serve([&](const sent&) { return n++ % 4 == 0 ? http(200) : http(503); });
  CHECK(w.with(fate::delivered).size() == 200);
}

TEST_CASE("an asset whose requests hang leaves one of the requests in flight to the others") {
  world w{two_assets()};
  w.take(1, 1);
  w.answer(1, 200);
  w.take(50, 0);  // never answered
  CHECK(of_lane(w, 0) == 3);
  w.take(50, 1);
  for (int i = 0; i < 50; ++i) {
    const auto b = std::find_if(w.open().begin(), w.open().end(), [](const sent& s) { return s.lane == 1; });
    REQUIRE(b != w.open().end());
    w.answer(b->id, 200);
  }
  CHECK(w.with(fate::delivered).size() == 51);
  CHECK(of_lane(w, 0) == 3);
}

TEST_CASE("an asset that is alone has all requests in flight, a minute after the others' last event too") {
  world w{two_assets()};
  w.take(50, 0);
  CHECK(of_lane(w, 0) == 4);
  while (!w.open().empty()) w.answer(w.open().front().id, 200);
  w.take(1, 1);
  w.answer(w.open().front().id, 200);
  w.take(50, 0);
  CHECK(of_lane(w, 0) == 3);
  CHECK(w.next() == 60s);
  w.wake();
  CHECK(of_lane(w, 0) == 4);
}

TEST_CASE("parts of a split inherit how long their events have been failing") {
  machine_options o = one_lane();
  o.batch.max_events = 4;
  o.retry_timeout = 10s;
  o.backoff.max = 2s;
  world w{o};
  w.take(4);
  const steady_time start = w.now().at;
  bool split = false;
  w.serve([&](const sent& s) {
    if (w.now().at - start < 6s || s.events.size() < 4) return http(503);
    split = true;
    return invalid();
  });
  CHECK(split);
  CHECK(w.with(fate::rejected).size() == 4);
  CHECK(w.now().at - start <= 11s);
}

TEST_CASE("a retried or split event keeps its own last moment") {
  machine_options o = one_lane();
  o.batch.max_events = 4;
  world w{o};
  w.take_old(2, w.now().wall + 5s);
  w.take_old(2, w.now().wall + 1h);
  w.answer(1, 503, "", "3");
  w.wake();
  w.refuse(2);
  REQUIRE(w.open().size() == 2);
  w.answer(3, 503, "", "4");
  w.answer(4, 503, "", "4");
  w.wake();
  w.serve([](const sent&) { return http(200); });
  CHECK(w.with(fate::rejected) == std::multiset<std::string>{"e0", "e1"});
  CHECK(w.with(fate::delivered) == std::multiset<std::string>{"e2", "e3"});
  CHECK(w.outcomes().front().why == snap::event::code::event_too_old);
}
