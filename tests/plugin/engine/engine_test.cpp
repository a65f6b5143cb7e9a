#include "engine/engine.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <new>

#include "rig.hpp"

using namespace snap;
using namespace snap::engine::testing;

TEST_CASE("events go out after the linger time, to the asset's path, with its token and envelope") {
  config::settings s = one_lane();
  s.net.to.path = "/capi";
  s.batch.test_event_code = "T1";
  rig r{s};
  r.start();
  r.put(2);
  r.wire().step();
  CHECK(r.wire().requests().empty());
  r.wire().pass(500ms);
  REQUIRE(r.wire().requests().size() == 1);
  const net::request& sent = r.wire().requests()[0];
  CHECK(sent.path == "/capi/v3/p-1/events");
  CHECK(sent.token.reveal() == "a-fixed-token");
  CHECK(sent.body.text() == R"({"data":[{"event_id":"e0"},{"event_id":"e1"}],"test_event_code":"T1"})");
}

TEST_CASE("test mode posts to the validate path") {
  config::settings s = one_lane();
  s.net.validate_only = true;
  rig r{s};
  r.start();
  r.put(1);
  r.wire().step();
  r.wire().pass(500ms);
  CHECK(r.wire().requests().at(0).path == "/v3/p-1/events/validate");
}

TEST_CASE("an answer settles events, frees the buffer and wakes the host once until it looks") {
  config::settings s = one_lane();
  s.batch.max_events = 1;
  rig r{s};
  r.start();
  r.put(3);
  r.wire().step();
  CHECK(r.engine().gauge().events() == 3);
  r.wire().answer(1, 200);
  r.wire().answer(2, 200);
  CHECK(r.wakes() == 1);
  CHECK(r.engine().gauge().events() == 1);
  CHECK(r.settled_events() == 2);
  r.wire().answer(3, 200);
  CHECK(r.wakes() == 2);
  CHECK(r.settled_events() == 1);
  CHECK(r.engine().gauge().bytes() == 0);
}

TEST_CASE("the buffer holds above its limit and admits again below half of it, with a wake-up") {
  config::settings s = one_lane();
  s.buffer.max_records = 10;
  s.batch.max_events = 1;
  s.net.max_in_flight = 10;
  rig r{s};
  r.start();
  while (r.engine().admits()) r.write(1);
  r.engine().publish();
  CHECK(r.engine().gauge().events() == 10);
  r.wire().step();
  for (std::uint64_t id = 1; id <= 4; ++id) r.wire().answer(id, 200);
  (void)r.settled_events();
  CHECK_FALSE(r.engine().admits());
  const std::size_t before = r.wakes();
  r.wire().answer(5, 200);
  CHECK(r.wakes() == before + 1);
  CHECK(r.engine().admits());
}

TEST_CASE("the buffer counts bytes too, and one record always finds room in an empty one") {
  config::settings s = one_lane();
  s.buffer.max_bytes = 1;
  rig r{s};
  CHECK(r.engine().admits());
  r.write(1);
  CHECK_FALSE(r.engine().admits());
}

TEST_CASE("flush waits until everything is settled") {
  rig r;
  r.wire().hold_timers();
  r.wire().serve([](const net::request&) {
    net::answer a;
    a.status = 200;
    return a;
  });
  r.start();
  r.put(5);
  r.engine().flush(60s);
  CHECK(r.settled_events() == 5);
}

TEST_CASE("flush does not wait longer than it may, and not at all when it may not") {
  rig r;
  r.wire().hold_timers();
  r.wire().serve([](const net::request&) {
    net::answer a;
    a.status = 503;
    return a;
  });
  r.start();
  r.put(5);
  const auto start = std::chrono::steady_clock::now();
  r.engine().flush(0ms);
  r.engine().flush(30ms);
  CHECK(std::chrono::steady_clock::now() - start < 10s);
  CHECK(r.settled_events() == 0);
}

TEST_CASE("a fatal answer is told, ends a flush and wakes the host") {
  rig r;
  r.wire().hold_timers();
  r.wire().serve([](const net::request&) {
    net::answer a;
    a.status = 403;
    return a;
  });
  r.start();
  r.put(5);
  r.engine().flush(60s);
  const auto failure = r.engine().failure();
  REQUIRE(failure);
  CHECK(failure->code == SCA_UNAUTHENTICATED);
  CHECK_THAT(failure->message, Catch::Contains("asset p-1"));
  r.engine().stop();  // the wake-up may come after the end of the flush
  CHECK(r.wakes() >= 1);
  CHECK(r.settled_events() == 0);
}

TEST_CASE("an event that grows too old while Snapchat is away is rejected, a younger one is delivered") {
  rig r;
  r.start();
  r.put(1);  // may be 24 hours old
  r.wire().step();
  r.wire().pass(500ms);
  r.wire().answer(1, 503);
  r.wire().pass(23h);
  r.wire().answer(2, 503);  // within its age it is tried again
  r.put(1);
  r.wire().step();
  r.wire().pass(2h);
  REQUIRE(r.wire().requests().size() == 3);
  CHECK(r.wire().requests()[2].body.text() == R"({"data":[{"event_id":"e1"}]})");
  r.wire().answer(3, 200);
  const auto settled = r.engine().take_settled();
  REQUIRE(settled.size() == 2);
  CHECK(settled[0].what == delivery::fate::rejected);
  CHECK(settled[0].why == event::code::event_too_old);
  CHECK(settled[0].items.at(0).ticket == 0);
  CHECK(settled[1].what == delivery::fate::delivered);
  CHECK(r.engine().gauge().events() == 0);
}

TEST_CASE("closing an assignment takes its events out of the queue") {
  rig r;
  r.start();
  r.put(2, 0, 1);
  r.put(1, 0, 2);
  r.engine().close(1);
  r.wire().step();
  r.wire().pass(500ms);
  REQUIRE(r.wire().requests().size() == 1);
  CHECK(r.wire().requests()[0].body.text() == R"({"data":[{"event_id":"e2"}]})");
  CHECK(r.engine().gauge().events() == 1);
}

TEST_CASE("a closed assignment's requests under way take no room, hold no flush up and are not counted again when answered") {
  config::settings s = one_lane();
  s.batch.max_events = 1;
  s.buffer.max_records = 2;
  rig r{s};
  r.start();
  r.put(2, 0, 1);
  r.wire().step();
  REQUIRE(r.wire().requests().size() == 2);
  REQUIRE_FALSE(r.engine().admits());
  r.engine().close(1);
  r.wire().step();
  CHECK(r.engine().gauge().events() == 0);
  CHECK(r.engine().gauge().bytes() == 0);
  CHECK(r.wakes() == 1);
  CHECK(r.engine().admits());
  r.put(1, 0, 2);
  r.wire().step();
  r.wire().answer(1, 200);
  r.wire().answer(2, 503);
  CHECK(r.engine().gauge().events() == 1);
  r.wire().answer(3, 200);
  r.wire().pass(60s);
  CHECK(r.engine().gauge().events() == 0);
  CHECK(r.engine().gauge().bytes() == 0);
  CHECK(r.wire().requests().size() == 3);
  CHECK(r.settled_events() == 3);
}

TEST_CASE("stop is prompt, may come twice, without a start, and with requests under way") {
  {
    rig idle;
    idle.engine().stop();
  }
  rig r;
  r.start();
  r.put(1);
  r.wire().step();
  r.wire().pass(500ms);
  const auto start = std::chrono::steady_clock::now();
  r.engine().stop();
  r.engine().stop();
  CHECK(std::chrono::steady_clock::now() - start < 1s);
  CHECK_FALSE(r.wire().running());
  CHECK(r.settled_events() == 0);
}

TEST_CASE("what the transport throws ends the task, not the process") {
  rig r;
  r.wire().serve([](const net::request&) -> net::answer { throw std::bad_alloc(); });
  r.start();
  r.put(1);
  r.engine().flush(60s);
  REQUIRE(r.engine().failure());
  CHECK(r.engine().failure()->code == SCA_OUT_OF_MEMORY);
  r.engine().stop();  // the wake-up may come after the end of the flush
  CHECK(r.wakes() >= 1);
  CHECK(r.settled_events() == 0);
}

TEST_CASE("counts reach the host's side") {
  rig r;
  r.start();
  r.put(3);
  r.wire().step();
  r.wire().pass(500ms);
  CHECK(r.engine().counts().in_flight == 1);
  r.wire().answer(1, 200);
  CHECK(r.engine().counts().in_flight == 0);
  CHECK(r.engine().counts().events_delivered == 3);
  CHECK(r.engine().counts().answers == std::vector<std::pair<int, std::uint64_t>>{{200, 1}});
}

TEST_CASE("with a server that fails at random every event is settled once, whatever the threads do") {
  config::settings s = one_lane();
  s.lanes.push_back({.asset_id = "p-2", .token = 0, .alias = "b"});
  s.batch.max_events = 16;
  rig r{s};
  std::uint64_t dice = 1;
  r.wire().serve([&dice](const net::request&) {
    dice = dice * 6364136223846793005ULL + 1442695040888963407ULL;
    net::answer a;
    a.status = dice >> 61 == 0 ? 503 : dice >> 61 == 1 ? 429 : 200;
    if (dice >> 61 == 2) a.failure = net::link_failure::reset;
    return a;
  });
  r.start();
  constexpr std::size_t events = 20'000;
  std::vector<int> seen(events, 0);
  std::size_t put = 0, settled = 0;
  while (settled < events) {
    std::size_t n = 0;
    while (n < 50 && put < events && r.engine().admits()) {
      r.write(1, static_cast<std::uint32_t>(put % 2));
      ++put, ++n;
    }
    r.engine().publish();
    if (n == 0) r.engine().flush(100ms);
    for (const delivery::settle& each : r.engine().take_settled()) {
      REQUIRE(each.what == delivery::fate::delivered);
      for (const delivery::item& i : each.items) ++seen.at(i.ticket);
      settled += each.items.size();
    }
  }
  CHECK(std::all_of(seen.begin(), seen.end(), [](int times) { return times == 1; }));
  CHECK(r.engine().gauge().events() == 0);
  CHECK(r.engine().gauge().bytes() == 0);
  CHECK_FALSE(r.engine().failure());
}
