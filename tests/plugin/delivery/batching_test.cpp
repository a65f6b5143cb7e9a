// When requests go out, and with what.
#include <catch2/catch.hpp>

#include "machine_world.hpp"

using namespace snap::delivery;
using namespace snap::delivery::testing;

TEST_CASE("a batch that is full by count goes at once, the rest lingers") {
  machine_options o = one_lane();
  o.batch.max_events = 2;
  world w{o};
  w.take(3);
  CHECK(w.fresh() == std::vector<sent>{{1, 0, {"e0", "e1"}}});
  CHECK(w.next() == 500ms);
  w.pass(499ms);
  CHECK(w.fresh().empty());
  w.pass(1ms);
  CHECK(w.fresh() == std::vector<sent>{{2, 0, {"e2"}}});
}

TEST_CASE("a batch is full by bytes, envelope included") {
  machine_options o = one_lane();
  const std::string two = R"({"data":[{"event_id":"e0"},{"event_id":"e1"}]})";
  o.batch.max_bytes = two.size();
  world w{o};
  w.take(3);
  CHECK(w.fresh() == std::vector<sent>{{1, 0, {"e0", "e1"}}});
  o.batch.max_bytes = two.size() - 1;
  world tight{o};
  tight.take(2);
  CHECK(tight.fresh() == std::vector<sent>{{1, 0, {"e0"}}});
}

TEST_CASE("the linger time counts from the first event of a batch") {
  world w;
  w.take(1);
  w.pass(300ms);
  w.take(1);
  CHECK(w.next() == 200ms);
  w.wake();
  CHECK(w.fresh() == std::vector<sent>{{1, 0, {"e0", "e1"}}});
}

TEST_CASE("with no request free the open batch goes on growing") {
  machine_options o = one_lane();
  o.max_in_flight = 1;
  world w{o};
  w.take(1);
  w.pass(500ms);
  CHECK(w.fresh().size() == 1);
  w.take(1);
  w.pass(600ms);
  w.take(1);
  CHECK(w.fresh().empty());
  w.answer(1, 200);
  CHECK(w.fresh() == std::vector<sent>{{2, 0, {"e1", "e2"}}});
}

TEST_CASE("no more than max.in.flight.requests are out at once, and an untried token gets four") {
  machine_options o = one_lane();
  o.batch.max_events = 1;
  o.max_in_flight = 6;
  world w{o};
  w.take(20);
  CHECK(w.open().size() == 4);
  w.answer(1, 200);
  CHECK(w.open().size() == 6);
  w.serve([](const sent&) { return http(200); });
  CHECK(w.most_in_flight() == 6);
  CHECK(w.with(fate::delivered).size() == 20);
}

TEST_CASE("lanes are never mixed and take turns") {
  machine_options o = one_lane();
  o.lanes.push_back({.asset_id = "p-2", .alias = "b", .token = 0});
  o.batch.max_events = 1;
  o.max_in_flight = 2;
  world w{o};
  w.take(4, 0);
  w.take(2, 1);
  w.answer(1, 200);
  w.answer(2, 200);
  CHECK(w.fresh() == std::vector<sent>{{1, 0, {"e0"}}, {2, 0, {"e1"}}, {3, 1, {"e4"}}, {4, 0, {"e2"}}});
}

TEST_CASE("a flush sends what lingers and cuts no retry delay short") {
  world w;
  w.take(1);
  w.flush();
  CHECK(w.fresh() == std::vector<sent>{{1, 0, {"e0"}}});
  w.break_link(1);
  w.flush();
  CHECK(w.fresh().empty());
  CHECK(w.next() == 100ms);
  w.wake();
  CHECK(w.fresh() == std::vector<sent>{{2, 0, {"e0"}}});
}

TEST_CASE("requests are spaced by the rate limit of their token, and the time it cost is counted") {
  machine_options o = one_lane();
  o.lanes.push_back({.asset_id = "p-2", .alias = "b", .token = 0});
  o.lanes.push_back({.asset_id = "p-3", .alias = "c", .token = 1});
  o.tokens.push_back(token_origin::fixed);
  o.batch.max_events = 1;
  o.requests_per_second = 4;
  world w{o};
  w.take(1, 0);
  w.take(1, 1);
  w.take(1, 2);
  CHECK(w.fresh() == std::vector<sent>{{1, 0, {"e0"}}, {2, 2, {"e2"}}});
  CHECK(w.next() == 250ms);
  w.wake();
  CHECK(w.fresh() == std::vector<sent>{{3, 1, {"e1"}}});
  CHECK(w.counts().rate_limited_seconds == Approx(0.25));
}

TEST_CASE("age is judged again before every send") {
  struct row {
    snap::config::too_old old;
    fate what;
  };
  for (const row& r : {row{snap::config::too_old::reject, fate::rejected}, row{snap::config::too_old::skip, fate::skipped},
                       row{snap::config::too_old::send, fate::delivered}}) {
    machine_options o = one_lane();
    o.old = r.old;
    world w{o};
    w.take_old(1, w.now().wall + 500ms);  // inclusive
    w.pass(500ms);
    w.break_link(1);
    w.take_old(1, w.now().wall + 1h);
    w.take(1);
    w.pass(500ms);
    w.serve([](const sent&) { return http(200); });
    CHECK(w.with(r.what).contains("e0"));
    CHECK(w.with(fate::delivered).contains("e1"));
    CHECK(w.with(fate::delivered).contains("e2"));
    if (r.what != fate::delivered) CHECK(w.outcomes().front().why == snap::event::code::event_too_old);
  }
}

TEST_CASE("whatever kept an event waiting, it is not sent again beyond its age, and its companions are") {
  const std::vector<std::pair<std::string_view, std::function<void(world&)>>> delays{
      {"a broken link", [](world& w) { w.break_link(1); }},
      {"a failing server", [](world& w) { w.answer(1, 503); }},
      {"a limit", [](world& w) { w.answer(1, 429, "", "3600"); }},
  };
  for (const auto& [name, delay] : delays) {
    CAPTURE(name);
    world w;
    w.take_old(1, w.now().wall + 1h);
    w.take(2);
    w.pass(500ms);
    REQUIRE(w.fresh().size() == 1);
    delay(w);
    w.pass(2h);
    std::size_t copies = 0;
    w.serve([&](const sent& s) {
      copies += static_cast<std::size_t>(std::count(s.events.begin(), s.events.end(), "e0"));
      return http(200);
    });
    CHECK(w.unsettled() == 0);
    CHECK(w.with(fate::delivered).contains("e2"));
    CHECK(copies == 0);
    CHECK(w.with(fate::rejected) == std::multiset<std::string>{"e0"});
    CHECK(w.outcomes().front().why == snap::event::code::event_too_old);
  }
}

TEST_CASE("closing an assignment takes its waiting events out and ignores its late answers") {
  world w;
  w.take(2, 0, 1);
  w.take(1, 0, 2);
  w.forget(1);
  CHECK(w.with(fate::forgotten) == std::multiset<std::string>{"e0", "e1"});
  w.pass(500ms);
  CHECK(w.fresh() == std::vector<sent>{{1, 0, {"e2"}}});
}

TEST_CASE("events of a closed assignment are not sent again after a failure, a split or a refusal") {
  using closing = std::function<void(world&)>;
  machine_options o = one_lane();
  o.tokens = {token_origin::file};
  for (const closing& bad_answer : {closing{[](world& w) { w.break_link(1); }}, closing{[](world& w) { w.refuse(1); }},
                                    closing{[](world& w) { w.answer(1, 413); }}, closing{[](world& w) {
                                      w.answer(1, 401);
                                      w.new_token(0);
                                    }}}) {
    world w{o};
    w.take(2, 0, 1);
    w.take(1, 0, 2);
    w.take(1, 0, 1);
    w.pass(500ms);
    (void)w.fresh();
    w.forget(1);
    bad_answer(w);
    w.serve([](const sent& s) {
      CHECK(s.events == names{"e2"});
      return http(200);
    });
    CHECK(w.with(fate::forgotten) == std::multiset<std::string>{"e0", "e1", "e3"});
    CHECK(w.with(fate::delivered) == std::multiset<std::string>{"e2"});
  }
}

TEST_CASE("when all events of a failed request belong to closed assignments nothing is left to do") {
  world w;
  w.take(2);
  w.pass(500ms);
  w.forget(1);
  w.break_link(1);
  CHECK(w.unsettled() == 0);
  CHECK(w.next() == milliseconds::max());
}
