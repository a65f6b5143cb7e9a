#include <algorithm>
#include <sstream>
#include "front_catch.hpp"

#include "front_support.hpp"
#include "preview.hpp"
#include "preview_command.hpp"

using namespace sinkhost;
using namespace sinkhost::testing;

namespace {

struct outcome {
  int status = 0;
  std::string out, err;
};

outcome run(const std::string& input, preview_form form = preview_form::per_record, const string_map& changes = {},
            const std::string& left_out = "echo.token") {
  const plugins known({echo_plugin(), bare_plugin()});
  string_map config = good_config(changes);
  config.erase(left_out);
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  const int status = run_preview({.config = config, .now_ms = 1000, .form = form}, known, in, out, err);
  return {status, out.str(), err.str()};
}

preview_record record(std::string_view json) {
  auto out = parse_record(json, {.topic = "t", .offset = 9});
  INFO(json);
  REQUIRE(out);
  return *out;
}
std::string problem(std::string_view json) {
  const auto out = parse_record(json, {.topic = "t", .offset = 0});
  INFO(json);
  REQUIRE_FALSE(out);
  return out.error().message;
}

}  // namespace

TEST_CASE("a record's value is the text of a string and the unchanged bytes of other JSON") {
  CHECK(record(R"({"value":"a\n\u00e9"})").value == "a\n\xC3\xA9");
  CHECK(record(R"({"value": { "x" : 25.10,"x":1e400 } })").value == R"({ "x" : 25.10,"x":1e400 })");
  CHECK(record(R"({"value":1.50})").value == "1.50");
  CHECK(record(R"({"value":null})").value == std::nullopt);
  CHECK(record(R"({"value":""})").value == "");
}

TEST_CASE("keys and headers are read as values are") {
  const auto r = record(R"({"value":1,"key":{"id":7.0},"headers":{"a":"x","b":null,"c":[1, 2],"a":"again"}})");
  CHECK(r.key == R"({"id":7.0})");
  REQUIRE(r.headers.size() == 4);
  CHECK(r.headers[0] == std::pair<std::string, std::optional<std::string>>("a", "x"));
  CHECK(r.headers[1].second == std::nullopt);
  CHECK(r.headers[2].second == "[1, 2]");
  CHECK(r.headers[3].second == "again");
  CHECK(record(R"({"value":1})").key == std::nullopt);
}

TEST_CASE("base64 gives arbitrary bytes") {
  CHECK(record(R"({"value_base64":"AP9h"})").value == std::string("\0\xFF"
                                                                  "a",
                                                                  3));
  CHECK(record(R"({"value_base64":"YQ=="})").value == "a");
  CHECK(record(R"({"value_base64":"YWI="})").value == "ab");
  CHECK(record(R"({"value_base64":""})").value == "");
  CHECK(record(R"({"value":1,"key_base64":"YQ=="})").key == "a");
  for (const char* bad : {"YQ", "YQ=", "Y===", "Y!==", "YQ==YQ==", "YQ=a"})
    CHECK_THAT(problem(std::string(R"({"value_base64":")") + bad + "\"}"), Catch::Contains("base64"));
}

TEST_CASE("position and time have defaults and bounds") {
  const auto plain = record(R"({"value":1})");
  CHECK(plain.topic == "t");
  CHECK(plain.partition == 0);
  CHECK(plain.offset == 9);
  CHECK(plain.timestamp == std::nullopt);
  const auto full = record(R"({"topic":"o","partition":3,"offset":8,"timestamp":1650625078000,"value":1})");
  CHECK(full.topic == "o");
  CHECK(full.partition == 3);
  CHECK(full.offset == 8);
  CHECK(full.timestamp == 1650625078000);
  for (const char* bad : {R"({"value":1,"partition":-1})", R"({"value":1,"partition":2147483648})", R"({"value":1,"offset":1.5})",
                          R"({"value":1,"offset":"7"})", R"({"value":1,"timestamp":"now"})", R"({"value":1,"topic":7})",
                          R"({"value":1,"headers":[1]})"}) {
    CHECK_FALSE(problem(bad).empty());
  }
}

TEST_CASE("a record without value says what is missing") {
  CHECK_THAT(problem(R"({"key":"k"})"), Catch::Contains("\"value\" is missing"));
}

TEST_CASE("each record gives one line in the exact form") {
  const auto o =
      run(R"({"topic":"orders","partition":0,"offset":7,"timestamp":1,"key":null,"value":{"price":25.10},"headers":{"k":"v"}})"
          "\n"
          R"({"topic":"o","partition":1,"offset":8,"value":null})"
          "\n"
          R"({"value":"!no"})");
  CHECK(o.status == 0);
  CHECK(o.err.empty());
  CHECK(
      o.out ==
      R"({"topic":"orders","partition":0,"offset":7,"outcome":"send","outputs":[{"method":"POST","url":"https://x?now=1000","event":{"raw":{"price":25.10}}}]})"
      "\n"
      R"({"topic":"o","partition":1,"offset":8,"outcome":"skip","stage":"decode","code":"record.tombstone","message":"null value"})"
      "\n"
      R"({"topic":"orders","partition":0,"offset":2,"outcome":"reject","stage":"map","code":"echo.refused","message":"it said \"no\"\n"})"
      "\n");
}

TEST_CASE("a record that fans out has several outputs") {
  CHECK_THAT(run(R"({"value":["twice"]})").out,
             Catch::Contains(R"("outputs":[{"method":"POST","url":"https://x?now=1000","event":{"raw":["twice"]}},{"method")"));
}

TEST_CASE("with batches the requests are printed and nothing else") {
  const auto o = run("{\"value\":1}\n{\"value\":2}\n{\"value\":null}\n{\"value\":3}\n", preview_form::per_request);
  CHECK(o.status == 0);
  CHECK(o.out == R"({"method":"POST","url":"https://x?now=1000","body":{"events":[{"raw":1},{"raw":2}]}})"
                 "\n"
                 R"({"method":"POST","url":"https://x?now=1000","body":{"events":[{"raw":3}]}})"
                 "\n");
}

TEST_CASE("an unreadable line ends the preview, named, with the earlier lines printed") {
  const auto form = GENERATE(preview_form::per_record, preview_form::per_request);
  const auto o = run("{\"value\":1}\n\n  \n{\"value\":2}\n{\"value\":\n{\"value\":3}\n", form);
  CHECK(o.status == 2);
  CHECK_THAT(o.err, Catch::StartsWith("line 5: "));
  CHECK_THAT(o.out, Catch::Contains("\"raw\":2") && !Catch::Contains("\"raw\":3"));
}

TEST_CASE("blank lines, carriage returns and a byte order mark are skipped") {
  const auto o = run("\xEF\xBB\xBF{\"value\":1}\r\n\r\n{\"value\":2}");
  CHECK(o.status == 0);
  CHECK(std::count(o.out.begin(), o.out.end(), '\n') == 2);
}

TEST_CASE("more records than are handed over at once stay in order") {
  std::string input;
  for (int i = 0; i < 1000; ++i) input += "{\"value\":" + std::to_string(i) + "}\n";
  const auto o = run(input);
  std::istringstream lines(o.out);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count)
    CHECK(line.find("\"offset\":" + std::to_string(count) + ",") != std::string::npos);
  CHECK(count == 1000);
}

TEST_CASE("a bad configuration is answered with every issue before any line is read") {
  const auto o =
      run("{\"value\":1}\n", preview_form::per_record, {{"echo.batch", "0"}, {"echo.mode", "x"}, {"errors.tolerance", "q"}});
  CHECK(o.status == 2);
  CHECK(o.out.empty());
  CHECK_THAT(o.err, Catch::Contains("echo.batch: ") && Catch::Contains("echo.mode: ") && Catch::Contains("errors.tolerance: ") &&
                        !Catch::Contains("echo.token"));
}

TEST_CASE("a bad configuration is told for empty input too") {
  CHECK(run("", preview_form::per_record, {{"echo.batch", "0"}}).status == 2);
}

TEST_CASE("a preview needs no name, no topics, no secret, and resolves nothing") {
  CHECK(run("{\"value\":1}", preview_form::per_record, {}, "topics").status == 0);
  CHECK(run("{\"value\":1}", preview_form::per_record, {{"echo.token", "${file:/nowhere:x}"}}, "").status == 0);
}

TEST_CASE("a connector without preview says so") {
  const auto o = run("", preview_form::per_record, {{"connector.class", "test.BareSink"}, {"bare.ok", "1"}});
  CHECK(o.status == 2);
  CHECK_THAT(o.err, Catch::Contains("test.BareSink offers no preview"));
}

TEST_CASE("a member that means nothing is told once") {
  const auto o = run("{\"value\":1,\"timestmp\":5}\n{\"value\":1,\"timestmp\":5}\n");
  CHECK(o.status == 0);
  CHECK(o.err == "line 1: warning: member \"timestmp\" means nothing here and is ignored\n");
}

TEST_CASE("times are read as RFC 3339") {
  CHECK(parse_rfc3339("1970-01-01T00:00:00Z") == 0);
  CHECK(parse_rfc3339("2024-02-29T12:00:00.5+02:00") == 1709200800500);
  CHECK(parse_rfc3339("2024-02-29 12:00:00.123456-00:30") == 1709209800123);
  for (const char* bad : {"", "2024-02-30T00:00:00Z", "2024-02-29", "2024-02-29T12:00:00", "2024-02-29T24:00:00Z",
                          "2024-02-29T12:00:00.Z", "2024-02-29T12:00:00+2", "2024-02-29T12:00:00Zx", "-024-02-29T12:00:00Z"}) {
    CHECK(parse_rfc3339(bad) == std::nullopt);
  }
}
