#include "engine/intake.hpp"

#include <catch2/catch.hpp>

#include "rig.hpp"

using namespace snap;
using namespace snap::engine;
using snap::engine::testing::one_lane;

namespace {

struct desk {
  config::settings settings;
  channel out;
  buffer_gauge gauge;
  intake in;
  explicit desk(config::settings s) : settings(std::move(s)), gauge(settings.buffer), in(settings, out, gauge) {}

  // A record whose events are for these lanes.
  void record(std::initializer_list<std::uint32_t> lanes, std::uint64_t ticket) {
    std::string& body = in.begin();
    std::vector<event::output> outputs;
    for (const std::uint32_t lane : lanes) {
      const std::string text = "{" + std::to_string(ticket) + "@" + std::to_string(lane) + "}";
      outputs.push_back({.lane = lane, .at = body.size(), .size = text.size(), .event_id = {}, .time = {}, .max_age = {}});
      body += text;
    }
    in.keep(outputs, 1, ticket);
  }
  std::vector<std::pair<std::uint32_t, std::string>> published() {
    in.publish();
    std::vector<std::pair<std::uint32_t, std::string>> all;
    for (const chunk& c : out.take().chunks) all.emplace_back(c.lane, c.content.body() + "]}");
    return all;
  }
};

config::settings three_lanes() {
  config::settings s = one_lane();
  s.lanes.push_back({.asset_id = "p-2", .token = 0, .alias = "b"});
  s.lanes.push_back({.asset_id = "p-3", .token = 0, .alias = "c"});
  return s;
}

using bodies = std::vector<std::pair<std::uint32_t, std::string>>;

}  // namespace

TEST_CASE("records of one lane become one body") {
  desk d{three_lanes()};
  d.record({0}, 0);
  d.record({0}, 1);
  CHECK(d.published() == bodies{{0, R"({"data":[{0@0},{1@0}]})"}});
  CHECK(d.gauge.events() == 2);
  CHECK(d.published().empty());
}

TEST_CASE("records of several lanes, and one that fans out, land in the right bodies") {
  desk d{three_lanes()};
  d.record({0}, 0);
  d.record({2}, 1);
  d.record({0, 2, 0}, 2);
  d.record({1}, 3);
  d.record({1}, 4);
  CHECK(d.published() ==
        bodies{{0, R"({"data":[{0@0},{2@0},{2@0}]})"}, {1, R"({"data":[{3@1},{4@1}]})"}, {2, R"({"data":[{1@2},{2@2}]})"}});
  CHECK(d.gauge.events() == 7);
}

TEST_CASE("a record that is rejected or skipped leaves no trace") {
  desk d{three_lanes()};
  d.in.begin() += "half a rec";
  d.in.drop();
  d.record({0}, 0);
  (void)d.in.begin();
  d.in.drop();
  CHECK(d.published() == bodies{{0, R"({"data":[{0@0}]})"}});
}

TEST_CASE("a body that is full is handed on, so that the network thread need not cut it") {
  config::settings s = one_lane();
  s.batch.max_events = 2;
  desk d{s};
  for (std::uint64_t i = 0; i < 5; ++i) d.record({0}, i);
  CHECK(d.published() == bodies{{0, R"({"data":[{0@0},{1@0}]})"}, {0, R"({"data":[{2@0},{3@0}]})"}, {0, R"({"data":[{4@0}]})"}});
}

TEST_CASE("the last moment of an event is its time and its age limit, unless age does not matter") {
  for (const config::too_old old : {config::too_old::reject, config::too_old::send}) {
    config::settings s = one_lane();
    s.mapping.old = old;
    desk d{s};
    std::string& body = d.in.begin();
    const delivery::wall_time t{std::chrono::seconds{100}};
    const event::output o{.lane = 0, .at = body.size(), .size = 2, .event_id = {}, .time = t, .max_age = std::chrono::seconds{7}};
    body += "{}";
    d.in.keep({&o, 1}, 1, 0);
    d.in.publish();
    const auto item = d.out.take().chunks.at(0).content.items().at(0);
    CHECK(item.time == t);
    CHECK(item.last_moment == (old == config::too_old::send ? delivery::wall_time::max() : t + std::chrono::seconds{7}));
  }
}

TEST_CASE("used buffers come back for the next body") {
  desk d{one_lane()};
  std::vector<std::string> used(1);
  used[0].reserve(100'000);
  const void* const memory = used[0].data();
  d.out.give_back(used);
  d.record({0}, 0);
  d.in.publish();
  CHECK(d.out.take().chunks.at(0).content.body().data() == memory);
}
