// The sink as a host sees it: positions, rejections, back-pressure, health.
#include <catch2/catch.hpp>

#include "abi_world.hpp"

using namespace snap::abi::testing;
using snap::net::answer;

TEST_CASE("records are delivered and their position moves when Snapchat has answered") {
  world w;
  REQUIRE(w.start() == SCA_OK);
  w.open(1);
  CHECK(w.put(1, 40, {purchase(0), purchase(1)}) == 2);
  CHECK(w.position(1) == SCA_NO_POSITION);
  w.send();
  REQUIRE(w.wire().requests().size() == 1);
  CHECK(w.wire().requests()[0].path == "/v3/" + std::string{pixel} + "/events");
  CHECK_THAT(w.wire().requests()[0].body.text(),
             Catch::StartsWith(R"({"data":[{)") && Catch::Contains("id-0") && Catch::Contains("id-1") && Catch::EndsWith("}]}"));
  CHECK(w.position(1) == SCA_NO_POSITION);
  w.wire().answer(1, 200);
  CHECK(w.host().wakes() >= 1);
  CHECK(w.position(1) == 42);
  CHECK(w.position(7) == SCA_NO_POSITION);
}

TEST_CASE("a tombstone is skipped, a broken record rejected with its code, the others go through") {
  world w;
  REQUIRE(w.start() == SCA_OK);
  w.open(1);
  CHECK(w.put(1, 0, {std::nullopt, "not json", purchase(2), "[]"}) == 4);
  CHECK(w.position(1) == 2);
  auto rejected = w.host().rejections();
  REQUIRE(rejected.size() == 2);
  CHECK(rejected[0].offset == 1);
  CHECK(rejected[0].code == "record.not.json");
  CHECK(rejected[0].stage == SCA_STAGE_DECODE);
  CHECK(rejected[1].offset == 3);
  CHECK(rejected[1].code == "record.not.object");
  w.send();
  w.wire().answer(1, 200);
  CHECK(w.position(1) == 4);
  CHECK(w.host().rejections().size() == 2);
  const auto m = w.metrics();
  CHECK(m.at("snapchat_sink_records_total{outcome=delivered,code=}") == 1);
  CHECK(m.at("snapchat_sink_records_total{outcome=skipped,code=record.tombstone}") == 1);
  CHECK(m.at("snapchat_sink_records_total{outcome=rejected,code=record.not.json}") == 1);
}

TEST_CASE("what Snapchat refuses is rejected before its position passes, with Snapchat's words") {
  world w;
  REQUIRE(w.start() == SCA_OK);
  w.open(1);
  CHECK(w.put(1, 0, {purchase(0), purchase(1)}) == 2);
  w.send();
  const std::string invalid =
      R"({"status":"INVALID","event":1,"errors":{"codes":["507"],"error_msgs":["Insufficient customer information."]}})";
  w.wire().answer(1, 200, invalid);
  CHECK(w.position(1) == SCA_NO_POSITION);
  REQUIRE(w.wire().requests().size() == 3);
  w.wire().answer(3, 200, invalid);
  CHECK(w.position(1) == SCA_NO_POSITION);
  REQUIRE(w.host().rejections().size() == 1);
  CHECK(w.host().rejections()[0].code == "snap.invalid");
  CHECK(w.host().rejections()[0].message == "507 Insufficient customer information. (http 200, event_id id-1)");
  CHECK(w.host().rejections()[0].stage == SCA_STAGE_SEND);
  w.wire().answer(2, 200);
  CHECK(w.position(1) == 2);
}

TEST_CASE("a full sink takes a prefix, wakes the host when there is room, and takes one record when it holds nothing") {
  config_map c = plain_config();
  c["buffer.max.records"] = "4";
  c["batch.max.events"] = "1";
  world w{c};
  REQUIRE(w.start() == SCA_OK);
  w.open(1);
  const std::vector<std::optional<std::string>> six{purchase(0), purchase(1), purchase(2), purchase(3), purchase(4), purchase(5)};
  CHECK(w.put(1, 0, six) == 4);
  CHECK(w.put(1, 4, {six[4]}) == 0);
  w.wire().step();
  const auto before = w.host().wakes();
  w.wire().answer(1, 200);
  w.wire().answer(2, 200);
  CHECK(w.host().wakes() > before);
  CHECK(w.put(1, 4, {six[4], six[5]}) == 2);
}

TEST_CASE("a pull-only host that never looks at wake-ups sees everything too") {
  config_map c = plain_config();
  c["buffer.max.records"] = "3";
  world w{c};
  w.wire().serve([](const snap::net::request&) {
    answer a;
    a.status = 200;
    return a;
  });
  REQUIRE(w.start() == SCA_OK);
  w.open(1);
  std::int64_t next = 0;
  while (next < 50) next += static_cast<std::int64_t>(w.put(1, next, {purchase(static_cast<int>(next))}));
  while (w.position(1) < 50) REQUIRE(w.flush(1000) == SCA_OK);
  CHECK(w.metrics().at("snapchat_sink_events_total") == 50);
}

TEST_CASE("a sink with nothing but rejections to tell takes records until the host must look") {
  config_map c = plain_config();
  c["buffer.max.records"] = "5";
  world w{c};
  REQUIRE(w.start() == SCA_OK);
  w.open(1);
  const std::vector<std::optional<std::string>> bad(20, "no json");
  const std::size_t taken = w.put(1, 0, bad);
  CHECK(taken < 20);
  CHECK(taken >= 1);
  CHECK(w.host().wakes() >= 1);
  CHECK(w.position(1) == static_cast<std::int64_t>(taken));
  CHECK(w.put(1, static_cast<std::int64_t>(taken), {"no json"}) == 1);
}

TEST_CASE("a refused token finishes the sink, names what to do, and commits nothing past it") {
  world w;
  REQUIRE(w.start() == SCA_OK);
  w.open(1);
  CHECK(w.put(1, 0, {purchase(0), purchase(1)}) == 2);
  w.send();
  w.wire().answer(1, 401, R"({"status":"INVALID","reason":"Invalid access token"})");
  std::int64_t position = 0;
  CHECK(w.progress(1, position) == SCA_UNAUTHENTICATED);
  CHECK(position == SCA_NO_POSITION);
  CHECK_THAT(w.error(), Catch::Contains("Invalid access token") && Catch::Contains("snapchat.access.token") &&
                            !Catch::Contains(std::string{token}));
  CHECK(w.host().rejections().empty());
  w.close(1);
}

TEST_CASE("what was delivered before a failure is still told after it") {
  config_map c = plain_config();
  c["batch.max.events"] = "1";
  world w{c};
  REQUIRE(w.start() == SCA_OK);
  w.open(1);
  CHECK(w.put(1, 0, {purchase(0), purchase(1), purchase(2)}) == 3);
  w.wire().step();
  w.wire().answer(2, 403, "");
  w.wire().answer(1, 200);
  std::int64_t position = 0;
  CHECK(w.progress(1, position) == SCA_UNAUTHENTICATED);
  CHECK(position == 1);
}

TEST_CASE("closing an assignment forgets it at once, its late answers too") {
  world w;
  REQUIRE(w.start() == SCA_OK);
  w.open(1);
  w.open(2);
  CHECK(w.put(1, 0, {purchase(0)}) == 1);
  CHECK(w.put(2, 0, {purchase(1)}) == 1);
  w.send();
  w.close(1);
  w.wire().answer(1, 200);
  CHECK(w.position(1) == SCA_NO_POSITION);
  CHECK(w.position(2) == 1);
  w.open(3);
  CHECK(w.put(3, 0, {purchase(0)}) == 1);
  CHECK(w.position(3) == SCA_NO_POSITION);
}

TEST_CASE("a record that fans out is resolved once, when all of it is") {
  config_map c = plain_config();
  c["mapping.event.names"] = "order done:PURCHASE, Order_Done:CUSTOM_EVENT_1";
  c["batch.max.events"] = "1";
  world w{c};
  REQUIRE(w.start() == SCA_OK);
  w.open(1);
  std::string value = purchase(0);
  value.replace(value.find("PURCHASE"), 8, "order-done");
  CHECK(w.put(1, 0, {value}) == 1);
  w.wire().step();
  REQUIRE(w.wire().requests().size() == 2);
  w.wire().answer(1, 200);
  CHECK(w.position(1) == SCA_NO_POSITION);
  w.wire().answer(2, 200);
  CHECK(w.position(1) == 1);
  CHECK(w.metrics().at("snapchat_sink_records_total{outcome=delivered,code=}") == 1);
  CHECK(w.metrics().at("snapchat_sink_events_total") == 2);
}

TEST_CASE("flush sends what lingers and waits for it; with no time it only asks") {
  world w;
  w.wire().hold_timers();
  w.wire().serve([](const snap::net::request&) {
    answer a;
    a.status = 200;
    return a;
  });
  REQUIRE(w.start() == SCA_OK);
  w.open(1);
  CHECK(w.put(1, 0, {purchase(0)}) == 1);
  REQUIRE(w.flush(0) == SCA_OK);
  REQUIRE(w.flush(60'000) == SCA_OK);
  CHECK(w.position(1) == 1);
}

TEST_CASE("after stop progress tells what was settled, and nothing moves any more") {
  world w;
  REQUIRE(w.start() == SCA_OK);
  w.open(1);
  CHECK(w.put(1, 0, {purchase(0)}) == 1);
  w.send();
  w.wire().answer(1, 200);
  CHECK(w.put(1, 1, {purchase(1)}) == 1);
  w.stop();
  CHECK(w.position(1) == 1);
  CHECK(w.position(1) == 1);
  w.close(1);
  w.stop();
}

TEST_CASE("a start that fails says which file is unusable, and the sink can be destroyed") {
  config_map c = plain_config();
  c.erase("snapchat.access.token");
  c["snapchat.access.token.file"] = "/nonexistent/token";
  world w{c};
  CHECK(w.start() == SCA_INVALID_CONFIG);
  CHECK_THAT(w.error(), Catch::Contains("/nonexistent/token"));
}

TEST_CASE("nothing secret or personal is in any log line, rejection or metric") {
  world w;
  REQUIRE(w.start() == SCA_OK);
  w.open(1);
  CHECK(w.put(1, 0, {purchase(0), R"({"event_name":"PURCHASE","user_data":{"em":"ada@example.org"}})"}) == 2);
  w.send();
  w.wire().answer(1, 503, std::string{token} + " of ada0@example.org");
  w.wire().pass(60s);
  w.wire().answer(2, 400, R"({"status":"INVALID","reason":"em ada0@example.org of )" + std::string{token} + R"("})");
  (void)w.position(1);
  std::string all;
  for (const auto& line : w.host().log()) all += line.message;
  for (const auto& r : w.host().rejections()) all += r.code + r.message;
  for (const auto& [name, value] : w.metrics()) all += name;
  CHECK(w.host().rejections().size() == 2);
  CHECK_THAT(all, !Catch::Contains(std::string{token}) && !Catch::Contains("@example.org"));
}
