#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "sca/config_spec.hpp"

namespace {

constexpr sca_str modes[] = {SCA_STR("fast"), SCA_STR("safe")};
constexpr auto table = sca::config_keys({
    {.name = "file.path", .flags = SCA_KEY_REQUIRED, .doc = "Where to."},
    {.name = "file.token", .type = SCA_TYPE_SECRET, .valid_values = {}, .doc = "A secret."},
    {.name = "file.mode", .default_value = "fast", .valid_values = modes, .doc = "How."},
    {.name = "file.append", .type = SCA_TYPE_BOOL, .default_value = "true", .doc = "Whether."},
    {.name = "file.limit", .type = SCA_TYPE_INT, .default_value = "100", .min_value = 1, .max_value = 2000, .doc = "How many."},
    {.name = "file.wait.ms", .type = SCA_TYPE_INT, .default_value = "500", .doc = "How long."},
    {.name = "file.ratio", .type = SCA_TYPE_DOUBLE, .default_value = "0.5", .min_value = 0, .max_value = 1, .doc = "How much."},
    {.name = "file.names", .type = SCA_TYPE_LIST, .doc = "Which."},
    {.name = "file.modes", .type = SCA_TYPE_LIST, .valid_values = modes, .doc = "Which modes."},
    {.name = "file.old", .flags = SCA_KEY_DEPRECATED, .replaced_by = "file.path", .doc = "Former."},
    {.name = "map.*", .doc = "A family."},
    {.name = "map.user.*", .type = SCA_TYPE_INT, .doc = "A narrower family."},
    {.name = "map.user.name", .doc = "An exact name within both."},
    {.name = "route.*.token", .type = SCA_TYPE_SECRET, .doc = "A family with a tail."},
});
constexpr auto pointers = sca::config_pointers(table);
constexpr std::string_view prefixes[] = {"file.", "map."};
const sca::config_spec spec{pointers, {.own_prefixes = prefixes}};

struct parsed {
  sca::config_values values;
  std::vector<sca::config_issue> issues;

  [[nodiscard]] const sca::config_issue* issue(std::string_view key) const {
    const auto at = std::find_if(issues.begin(), issues.end(), [&](const auto& i) { return i.key == key; });
    return at == issues.end() ? nullptr : &*at;
  }
  [[nodiscard]] std::string code(std::string_view key) const { return issue(key) == nullptr ? "" : issue(key)->code; }
};

parsed parse(std::vector<std::pair<std::string_view, std::string_view>> config) {
  std::vector<sca_pair> pairs;
  for (const auto& [key, value] : config) pairs.push_back({sca::str(key), sca::str(value)});
  parsed out;
  out.values = spec.parse(pairs, out.issues);
  return out;
}

using names = std::vector<std::string>;

}  // namespace

TEST_CASE("a complete configuration has no issues, and defaults are filled in") {
  const auto p = parse({{"file.path", "/tmp/x"}});
  CHECK(p.issues.empty());
  CHECK(p.values.text("file.path") == "/tmp/x");
  CHECK(p.values.configured("file.path"));
  CHECK_FALSE(p.values.configured("file.mode"));
  CHECK(p.values.text("file.mode") == "fast");
  CHECK(p.values.flag("file.append"));
  CHECK(p.values.integer("file.limit") == 100);
  CHECK(p.values.number("file.ratio") == 0.5);
  CHECK(p.values.duration("file.wait.ms") == std::chrono::milliseconds(500));
  CHECK(p.values.find("file.token") == nullptr);
  CHECK(p.values.text("file.token").empty());
}

TEST_CASE("every issue is reported at once") {
  const auto p =
      parse({{"file.limit", "many"}, {"file.mode", "quick"}, {"file.ratio", "2"}, {"file.append", "yes"}, {"file.lmit", "3"}});
  CHECK(sca::has_error(p.issues));
  CHECK(p.code("file.path") == "required");
  CHECK(p.code("file.limit") == "type");
  CHECK(p.code("file.mode") == "choice");
  CHECK(p.code("file.ratio") == "range");
  CHECK(p.code("file.append") == "type");
  CHECK(p.code("file.lmit") == "unknown");
  CHECK(p.issues.size() == 6);
}

TEST_CASE("a value that failed its check reads as the default, and still counts as configured") {
  const auto p = parse({{"file.path", "x"}, {"file.limit", "2001"}});
  CHECK(p.code("file.limit") == "range");
  CHECK(p.values.integer("file.limit") == 100);
  CHECK(p.values.configured("file.limit"));
}

TEST_CASE("a required key with an empty value is missing") { CHECK(parse({{"file.path", ""}}).code("file.path") == "required"); }

TEST_CASE("ranges are inclusive") {
  CHECK(parse({{"file.path", "x"}, {"file.limit", "1"}}).issues.empty());
  CHECK(parse({{"file.path", "x"}, {"file.limit", "2000"}}).issues.empty());
  CHECK(parse({{"file.path", "x"}, {"file.limit", "0"}}).code("file.limit") == "range");
  CHECK(parse({{"file.path", "x"}, {"file.limit", "2001"}}).code("file.limit") == "range");
}

TEST_CASE("whole numbers are decimal, of 64 bits, with blanks around allowed") {
  CHECK(parse({{"file.path", "x"}, {"file.wait.ms", " 9223372036854775807 "}}).values.integer("file.wait.ms") == INT64_MAX);
  CHECK(parse({{"file.path", "x"}, {"file.wait.ms", "-1"}}).values.integer("file.wait.ms") == -1);
  for (const char* bad : {"", "1.5", "0x10", "9223372036854775808", "1e3", "12 34", "+1"})
    CHECK(parse({{"file.path", "x"}, {"file.wait.ms", bad}}).code("file.wait.ms") == "type");
}

TEST_CASE("numbers are finite and whole strings") {
  CHECK(parse({{"file.path", "x"}, {"file.ratio", "2.5e-1"}}).values.number("file.ratio") == 0.25);
  for (const char* bad : {"", "nan", "inf", "0,5", "1/2", "0.5x"})
    CHECK(parse({{"file.path", "x"}, {"file.ratio", bad}}).code("file.ratio") == "type");
}

TEST_CASE("booleans are true or false in any case") {
  CHECK(parse({{"file.path", "x"}, {"file.append", "TRUE"}}).values.flag("file.append"));
  CHECK_FALSE(parse({{"file.path", "x"}, {"file.append", "False"}}).values.flag("file.append"));
  CHECK(parse({{"file.path", "x"}, {"file.append", "1"}}).code("file.append") == "type");
}

TEST_CASE("choices are compared exactly, in lists member by member") {
  CHECK(parse({{"file.path", "x"}, {"file.mode", "FAST"}}).code("file.mode") == "choice");
  CHECK(parse({{"file.path", "x"}, {"file.modes", "safe, fast"}}).issues.empty());
  const auto p = parse({{"file.path", "x"}, {"file.modes", "safe,slow"}});
  REQUIRE(p.issue("file.modes") != nullptr);
  CHECK(p.issue("file.modes")->message == "\"slow\" is not one of fast, safe");
}

TEST_CASE("lists are split at commas, trimmed, without empty members; a backslash keeps a comma") {
  CHECK(sca::split_list("a, b ,,c,") == names{"a", "b", "c"});
  CHECK(sca::split_list("a\\,b,c") == names{"a,b", "c"});
  CHECK(sca::split_list("a\\:b,c\\") == names{"a\\:b", "c\\"});
  CHECK(sca::split_list("a\\\\,b") == names{"a\\\\", "b"});
  CHECK(sca::split_list("").empty());
  CHECK(sca::split_list(" , ").empty());
  CHECK(parse({{"file.path", "x"}, {"file.names", "one,two"}}).values.list("file.names") == names{"one", "two"});
}

TEST_CASE("an unknown key under an own prefix is an error that suggests the nearest name") {
  const auto p = parse({{"file.path", "x"}, {"file.limt", "3"}, {"file.apend", "true"}});
  REQUIRE(p.issue("file.limt") != nullptr);
  CHECK(p.issue("file.limt")->severity == SCA_ISSUE_ERROR);
  CHECK_THAT(p.issue("file.limt")->message, Catch::Contains("did you mean file.limit?"));
  CHECK_THAT(p.issue("file.apend")->message, Catch::Contains("did you mean file.append?"));
}

TEST_CASE("neighbouring letters in the wrong order count as one slip") {
  CHECK_THAT(parse({{"file.path", "x"}, {"fiel.mode", "fast"}}).issue("fiel.mode")->message, Catch::Contains("file.mode"));
}

TEST_CASE("an unknown key elsewhere is a warning") {
  const auto p = parse({{"file.path", "x"}, {"somebody.elses.setting", "3"}});
  REQUIRE(p.issue("somebody.elses.setting") != nullptr);
  CHECK(p.issue("somebody.elses.setting")->severity == SCA_ISSUE_WARNING);
  CHECK_FALSE(sca::has_error(p.issues));
  CHECK_THAT(p.issue("somebody.elses.setting")->message, !Catch::Contains("did you mean"));
}

TEST_CASE("a misspelt family is recognised") {
  CHECK_THAT(parse({{"file.path", "x"}, {"ruote.eu.token", "t"}}).issue("ruote.eu.token")->message,
             Catch::Contains("did you mean route.*.token?"));
}

TEST_CASE("an exact name beats a family, the longer family beats the shorter") {
  CHECK(sca::view(spec.find("map.a.b.c")->name) == "map.*");
  CHECK(sca::view(spec.find("map.user.age")->name) == "map.user.*");
  CHECK(sca::view(spec.find("map.user.name")->name) == "map.user.name");
  CHECK(sca::view(spec.find("route.eu.de.token")->name) == "route.*.token");
  CHECK(spec.find("map.") == nullptr);  // '*' stands for one character or more
  CHECK(spec.find("route..token") == nullptr);
}

TEST_CASE("members of a family come in configured order with what the star stood for") {
  const auto p = parse({{"map.z", "1"}, {"file.path", "x"}, {"map.a.b", "2"}, {"map.user.n", "3"}});
  const auto members = p.values.family("map.*");
  REQUIRE(members.size() == 2);
  CHECK(members[0] == std::pair<std::string_view, std::string_view>("z", "1"));
  CHECK(members[1] == std::pair<std::string_view, std::string_view>("a.b", "2"));
  REQUIRE(p.values.family("map.user.*").size() == 1);
}

TEST_CASE("a key that comes twice is an error, and the first one counts") {
  const auto p = parse({{"file.path", "x"}, {"file.limit", "3"}, {"file.limit", "4"}});
  CHECK(p.code("file.limit") == "duplicate");
  CHECK(p.values.integer("file.limit") == 3);
}

TEST_CASE("a deprecated key warns and names its successor") {
  const auto p = parse({{"file.path", "x"}, {"file.old", "y"}});
  REQUIRE(p.issue("file.old") != nullptr);
  CHECK(p.issue("file.old")->severity == SCA_ISSUE_WARNING);
  CHECK_THAT(p.issue("file.old")->message, Catch::Contains("file.path"));
}

TEST_CASE("messages show values bounded and escaped, and never those of secrets") {
  static constexpr auto secret_table = sca::config_keys({
      {.name = "s.a", .type = SCA_TYPE_SECRET, .valid_values = modes, .doc = "A secret with a choice."},
      {.name = "s.b", .type = 99, .valid_values = modes, .doc = "Of a type from the future."},
  });
  static constexpr auto secret_keys = sca::config_pointers(secret_table);
  const sca_pair config[] = {{SCA_STR("s.a"), SCA_STR("hunter2")}, {SCA_STR("s.b"), SCA_STR("hunter2")}};
  std::vector<sca::config_issue> issues;
  (void)sca::config_spec(secret_keys).parse(config, issues);
  REQUIRE(issues.size() == 2);
  for (const auto& i : issues) CHECK_THAT(i.message, !Catch::Contains("hunter2"));

  const auto p = parse({{"file.path", "x"}, {"file.limit", "a\nb\x1b"}, {"file.wait.ms", std::string(500, 'x')}});
  CHECK_THAT(p.issue("file.limit")->message, Catch::StartsWith("\"a\\x0ab\\x1b\" is not"));
  CHECK(p.issue("file.wait.ms")->message.size() < 150);
}

TEST_CASE("a required family wants at least one member") {
  static constexpr auto needs = sca::config_keys({{.name = "to.*", .flags = SCA_KEY_REQUIRED, .doc = "Where to."}});
  static constexpr auto keys = sca::config_pointers(needs);
  std::vector<sca::config_issue> issues;
  (void)sca::config_spec(keys).parse({}, issues);
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].code == "required");
  issues.clear();
  const sca_pair one{SCA_STR("to.x"), SCA_STR("y")};
  (void)sca::config_spec(keys).parse({&one, 1}, issues);
  CHECK(issues.empty());
}
