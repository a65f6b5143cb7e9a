#include "front_catch.hpp"

#include "connector_json.hpp"
#include "front_support.hpp"

using namespace sinkhost;
using sinkhost::testing::temporary_directory;

TEST_CASE("numbers and booleans of a configuration keep their text") {
  const string_map expected = {{"a", "25.10"}, {"b", "1e3"}, {"c", "true"}, {"d", "x\n"}};
  CHECK(*parse_config(R"({"a":25.10,"b":1e3,"c":true,"d":"x\n"})") == expected);
}

TEST_CASE("objects, arrays and null are refused by the name of their key") {
  CHECK_THAT(parse_config(R"({"topics":["a","b"]})").error().message, Catch::StartsWith("topics: "));
  CHECK_THAT(parse_config(R"({"x":{}})").error().message, Catch::StartsWith("x: "));
  CHECK_THAT(parse_config(R"({"x":null})").error().message, Catch::StartsWith("x: "));
  CHECK_FALSE(parse_config("[]"));
  CHECK_FALSE(parse_config("{\"x\":\"\xFF\"}"));
  CHECK_FALSE(parse_config(R"({"x":"a\u0000b"})"));
}

TEST_CASE("a patch may hold null") {
  const auto patch = parse_config_patch(R"({"a":null,"b":"1"})");
  REQUIRE(patch);
  CHECK_FALSE(patch->at("a").has_value());
  CHECK(patch->at("b") == "1");
}

TEST_CASE("a connector comes nested or flat") {
  const auto nested = parse_connector(R"({"name":"n","config":{"topics":"t"},"initial_state":"paused"})");
  REQUIRE(nested);
  CHECK(nested->name == "n");
  CHECK(nested->config == string_map{{"topics", "t"}});
  CHECK(nested->initial == target_state::paused);
  const auto flat = parse_connector(
      "\xEF\xBB\xBF"
      R"({"name":"n","topics":"t"})");
  REQUIRE(flat);
  CHECK(flat->config == string_map{{"name", "n"}, {"topics", "t"}});
}

TEST_CASE("a connector with an unknown member or state is refused") {
  CHECK_THAT(parse_connector(R"({"name":"n","config":{},"tasks":[]})").error().message, Catch::Contains("\"tasks\""));
  CHECK_THAT(parse_connector(R"({"config":{},"initial_state":"ASLEEP"})").error().message, Catch::Contains("ASLEEP"));
  CHECK_FALSE(parse_connector(R"({"name":7,"config":{}})"));
}

TEST_CASE("a file is read by its extension, else by its first character") {
  const temporary_directory dir;
  const string_map expected = {{"name", "n"}, {"topics", "t"}};
  for (const auto& file : {dir.write("c.properties", "name=n\ntopics=t\n"), dir.write("c.json", R"({"name":"n","topics":"t"})"),
                           dir.write("c1", "name=n\ntopics=t\n"), dir.write("c2", R"(  {"name":"n","topics":"t"})")}) {
    const auto out = load_connector_file(file);
    REQUIRE(out);
    CHECK(out->name == "n");
    CHECK(out->config == expected);
  }
}

TEST_CASE("a file that cannot be read or parsed is named") {
  const temporary_directory dir;
  CHECK_THAT(load_connector_file(dir.path() / "none.json").error().message, Catch::Contains("none.json"));
  const auto bad = dir.write("bad.json", "{");
  CHECK_THAT(load_connector_file(bad).error().message, Catch::Contains("bad.json") && Catch::Contains("ends early"));
}
