// Times and ages (interfaces.md §6 "Time").
#include "event/time.hpp"
#include "support.hpp"

using namespace event_test;
using snap::config::too_old;

namespace {

std::string read(std::string_view json) {
  const outcome o =
      map(preset::snap,
          R"({"event_name":"SAVE","action_source":"WEB","user_data":{"em":"a@b.co"},"event_time":)" + std::string(json) + "}",
          [](auto& s) {
            s.mapping.precision = snap::config::time_precision::ms;
            s.mapping.old = too_old::send;
          });
  return o.fate == "send" ? o.at("/event_time") : o.code;
}
std::string at_age(std::int64_t age_ms, std::string_view source, too_old old = too_old::reject) {
  const outcome o = map(preset::snap,
                        R"({"event_name":"SAVE","action_source":")" + std::string(source) +
                            R"(","user_data":{"em":"a@b.co"},"event_time":)" + std::to_string(noon - age_ms) + "}",
                        [&](auto& s) { s.mapping.old = old; });
  return o.fate == "send" ? "send" : o.fate + " " + o.code;
}
constexpr std::int64_t day = 86'400'000;

struct reading {
  std::string_view json, ms;
};

}  // namespace

TEST_CASE("a time is read in seconds, milliseconds, microseconds and RFC 3339") {
  const auto r = GENERATE(values<reading>({
      {"1650625078", "1650625078000"},
      {"1650625078.5", "1650625078500"},
      {"1.650625078e9", "1650625078000"},
      {"1650625078123", "1650625078123"},
      {"1650625078123456", "1650625078123"},
      {"\"1650625078\"", "1650625078000"},
      {"\" 1650625078123 \"", "1650625078123"},
      {"\"1650625078.1239\"", "1650625078123"},
      {R"("2022-04-22T10:57:58Z")", "1650625078000"},
      {R"("2022-04-22t10:57:58.1z")", "1650625078100"},
      {R"("2022-04-22 10:57:58.123456789Z")", "1650625078123"},
      {R"("2022-04-22T12:57:58+02:00")", "1650625078000"},
      {R"("2022-04-22T12:57:58+0200")", "1650625078000"},
      {R"("2022-04-22T05:27:58.25-05:30")", "1650625078250"},
      {R"("2022-04-21T23:59:60Z")", "1650585600000"},
      {R"("2020-02-29T00:00:00Z")", "1582934400000"},
      {"946684800", "946684800000"},
  }));
  CAPTURE(r.json);
  CHECK(read(r.json) == r.ms);
}

TEST_CASE("a time that cannot be read, has no zone or lies before 2000 is invalid") {
  const auto json = GENERATE(values<std::string_view>({"\"yesterday\"",
                                                       "\"2022-04-22\"",
                                                       "\"2022-04-22T10:57:58\"",
                                                       "\"2022-04-22T10:57Z\"",
                                                       "\"2022-13-01T00:00:00Z\"",
                                                       "\"2021-02-29T00:00:00Z\"",
                                                       "\"2022-04-22T24:00:00Z\"",
                                                       "\"2022-04-22T10:60:00Z\"",
                                                       "\"2022-04-22T10:57:58.Z\"",
                                                       "\"2022-04-22T10:57:58Zx\"",
                                                       "\"2022-04-22T10:57:58+24:00\"",
                                                       "\"1999-12-31T23:59:59Z\"",
                                                       "946684799",
                                                       "19104",
                                                       "-1650625078",
                                                       "100000000000000000",
                                                       "1e30",
                                                       "1e400",
                                                       "true",
                                                       "{}",
                                                       "[1650625078]",
                                                       "\"1,650,625,078\"",
                                                       "\"NaN\""}));
  CAPTURE(json);
  CHECK(read(json) == "event.time.invalid");
}

TEST_CASE("no time at all is event.time.missing, until a source is named") {
  CHECK(read("null") == "event.time.missing");
  CHECK(read("\"\"") == "event.time.missing");
  given g;
  g.value = R"({"event_name":"SAVE","action_source":"WEB","user_data":{"em":"a@b.co"}})";
  CHECK(map(preset::snap, g).code == "event.time.missing");
  g.timestamp = 1650625078000;
  CHECK(map(preset::snap, g, over("event_time", "$.t | $timestamp")).at("/event_time") == "1650625078");
}

TEST_CASE("the time is sent in whole seconds, or in milliseconds if so configured") {
  CHECK(map(preset::segment, segment("Signed Up", "{}", R"("timestamp":"2022-04-22T10:57:58.999Z")"))
            .has(R"("event_time":1650625078,)"));
  CHECK(read("1650625078999") == "1650625078999");
}

TEST_CASE("age limits are inclusive and depend on the action source") {
  CHECK(at_age(7 * day, "WEB") == "send");
  CHECK(at_age(7 * day + 1, "WEB") == "reject event.too.old");
  CHECK(at_age(7 * day + 1, "MOBILE_APP") == "reject event.too.old");
  CHECK(at_age(37 * day, "OFFLINE") == "send");
  CHECK(at_age(37 * day + 1, "OFFLINE") == "reject event.too.old");
  CHECK(at_age(8 * day, "WEB", too_old::skip) == "skip event.too.old");
  CHECK(at_age(400 * day, "WEB", too_old::send) == "send");
}

TEST_CASE("an event may lie a little in the future, not more") {
  CHECK(at_age(-300'000, "WEB") == "send");
  CHECK(at_age(-300'001, "WEB") == "reject event.in.future");
}

TEST_CASE("the rest of the sink learns the time and the age limit of what it sends") {
  snap::config::settings s = defaults(preset::snap);
  snap::event::mapper m(s);
  const std::string value = snap_event();
  const sca_record r{.struct_size = sizeof(sca_record),
                     .partition = 0,
                     .offset = 0,
                     .assignment = 1,
                     .timestamp_ms = -1,
                     .timestamp_type = 0,
                     .reserved = 0,
                     .topic = {"t", 1},
                     .routed_topic = {"t", 1},
                     .key = {nullptr, 0},
                     .value = {reinterpret_cast<const std::uint8_t*>(value.data()), value.size()},
                     .headers = nullptr,
                     .header_count = 0};
  std::string out;
  const auto& mapped = m.map(r, snap::event::time_point{std::chrono::milliseconds{noon}}, out);
  REQUIRE(mapped.outputs.size() == 1);
  CHECK(mapped.outputs[0].time.time_since_epoch().count() == 1650625078000);
  CHECK(mapped.outputs[0].max_age == std::chrono::hours{24 * 7});
}
