#include <fmt/format.h>

#include <algorithm>
#include "front_catch.hpp"

#include "front_support.hpp"
#include "validation.hpp"

using namespace sinkhost;
using namespace sinkhost::testing;

namespace {

const reference_source no_references{
    .env = [](const std::string&) { return std::optional<std::string>(); },
    .file = [](const std::string& p) { return sca::result<std::string>(sca::fail(SCA_UNAVAILABLE, "cannot read " + p)); }};

validation judged(const string_map& changes, const std::string& left_out = "") {
  const plugins known({echo_plugin(), bare_plugin()});
  string_map config = good_config({{"name", "n"}});
  for (const auto& [key, value] : changes) config[key] = value;
  config.erase(left_out);
  return validate(known, config, no_references);
}

// "key: message" of the issues with that severity.
std::vector<std::string> texts(const validation& v, std::int32_t severity) {
  std::vector<std::string> out;
  for (const auto& i : v.issues) {
    if (i.severity == severity) out.push_back(i.key + ": " + i.message);
  }
  return out;
}
std::string only_error(const validation& v) {
  const auto all = texts(v, SCA_ISSUE_ERROR);
  INFO(v.message());
  REQUIRE(all.size() == 1);
  return all.front();
}

}  // namespace

TEST_CASE("a good configuration has no issues") {
  const auto v = judged({});
  CHECK(v.issues.empty());
  REQUIRE(v.connector != nullptr);
  CHECK(v.connector->keys != nullptr);
}

TEST_CASE("the full class name is accepted as the alias is") {
  CHECK(judged({{"connector.class", "test.EchoSink"}}).issues.empty());
}

TEST_CASE("a class that no plugin has is answered with those there are") {
  CHECK_THAT(only_error(judged({{"connector.class", "Nope"}})),
             Catch::Contains("no plugin 'Nope'") && Catch::Contains("test.EchoSink (alias Echo)"));
}

TEST_CASE("required host keys are missed by name") {
  CHECK_THAT(only_error(judged({}, "connector.class")), Catch::StartsWith("connector.class: "));
  CHECK_THAT(only_error(judged({}, "topics")), Catch::StartsWith("topics: "));
  CHECK_THAT(only_error(judged({}, "name")), Catch::StartsWith("name: "));
}

TEST_CASE("host keys are judged by type, range and choice") {
  CHECK_THAT(only_error(judged({{"tasks.max", "0"}})), Catch::StartsWith("tasks.max: "));
  CHECK_THAT(only_error(judged({{"tasks.max", "two"}})), Catch::StartsWith("tasks.max: "));
  CHECK_THAT(only_error(judged(
                 {{"errors.deadletterqueue.topic.replication.factor", "0"}, {"errors.deadletterqueue.topic.name", "dlq"}})),
             Catch::StartsWith("errors.deadletterqueue.topic.replication.factor: "));
  CHECK_THAT(only_error(judged({{"errors.tolerance", "some"}})), Catch::Contains("none, all"));
  CHECK_THAT(only_error(judged({{"errors.deadletterqueue.context.headers.enable", "yes"}})),
             Catch::StartsWith("errors.deadletterqueue.context.headers.enable: "));
  CHECK_THAT(only_error(judged({{"errors.tolerence", "all"}})), Catch::Contains("did you mean errors.tolerance?"));
}

TEST_CASE("topics and topics.regex exclude each other, and a regex must be one") {
  CHECK_THAT(only_error(judged({{"topics.regex", "a.*"}})), Catch::StartsWith("topics.regex: "));
  CHECK_THAT(only_error(judged({{"topics.regex", "a("}}, "topics")), Catch::Contains("not a regular expression"));
  CHECK(judged({{"topics.regex", "orders-[a-z]+"}}, "topics").issues.empty());
}

TEST_CASE("a topic's name must be one") {
  CHECK_THAT(only_error(judged({{"topics", "good,bad topic"}})), Catch::Contains("'bad topic'"));
  CHECK_THAT(only_error(judged({{"topics", std::string(250, 'x')}})), Catch::Contains("249"));
}

TEST_CASE("the dead letter topic must not be consumed") {
  const std::string key = "errors.deadletterqueue.topic.name";
  CHECK_THAT(only_error(judged({{key, "orders"}})), Catch::StartsWith(key));
  CHECK_THAT(only_error(judged({{key, "orders-dlq"}, {"topics.regex", "orders.*"}}, "topics")),
             Catch::Contains("matches topics.regex"));
  CHECK(judged({{key, "dlq"}, {"errors.tolerance", "all"}}).issues.empty());
}

TEST_CASE("a topics.regex that could be read in endless ways is judged at once") {
  const auto v = judged({{"errors.deadletterqueue.topic.name", "dead.letters.of.all.the.shops.in.the.world"},
                         {"topics.regex", "([a-z]+\\.?)+orders"}},
                        "topics");
  CHECK(v.error_count() == 0);
}

TEST_CASE("converters, transforms and client settings without override are warnings") {
  const auto v =
      judged({{"value.converter", "x"}, {"transforms", "a"}, {"transforms.a.type", "b"}, {"consumer.max.poll.records", "1"}});
  CHECK(v.error_count() == 0);
  const auto warnings = texts(v, SCA_ISSUE_WARNING);
  CHECK(warnings.size() == 4);
  CHECK(std::ranges::any_of(warnings,
                            [](const auto& w) { return w.find("consumer.override.max.poll.records") != std::string::npos; }));
}

TEST_CASE("admin settings are a warning: the dead letter producer creates the topic") {
  const auto v = judged({{"admin.override.sasl.username", "u"}});
  CHECK(v.error_count() == 0);
  const auto warnings = texts(v, SCA_ISSUE_WARNING);
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0],
             Catch::StartsWith("admin.override.sasl.username") && Catch::Contains("producer.override.sasl.username"));
}

TEST_CASE("tolerance without a dead letter queue is a warning") {
  const auto v = judged({{"errors.tolerance", "all"}});
  CHECK(v.error_count() == 0);
  CHECK(texts(v, SCA_ISSUE_WARNING).size() == 1);
}

TEST_CASE("the plugin judges its own keys and all issues come at once") {
  const auto v = judged({{"echo.batch", "11"}, {"echo.mode", "x"}, {"echo.tokn", "y"}, {"tasks.max", "-1"}}, "echo.url");
  CHECK(v.error_count() == 5);
  CHECK_THAT(v.message(), Catch::StartsWith("Connector configuration is invalid and contains the following 5 error(s):\n") &&
                              Catch::Contains("\necho.url: ") && Catch::Contains("\necho.batch: ") &&
                              Catch::Contains("did you mean echo.token?"));
}

TEST_CASE("an unresolved reference is the one issue of its key") {
  CHECK_THAT(only_error(judged({{"echo.url", "${env:NOWHERE}"}})), Catch::Contains("NOWHERE is not set"));
}

TEST_CASE("no issue shows what a reference stands for, also when it stands in the wrong key") {
  const reference_source references{.env = [](const std::string& name) -> std::optional<std::string> {
                                      return name == "SHORT" ? "q7" : "\"sE" + std::string(90, 'c') + "ret";
                                    },
                                    .file = no_references.file};
  const plugins known({echo_plugin(), bare_plugin()});
  for (const char* key : {"echo.batch", "echo.mode", "errors.tolerance", "errors.log.enable", "topics", "connector.class"}) {
    for (const char* name : {"TOKEN", "SHORT"}) {
      CAPTURE(key, name);
      string_map config = good_config({{"name", "n"}});
      config[key] = fmt::format("${{env:{}}}", name);
      const auto v = validate(known, config, references);
      if (std::string_view{key} != "topics" || std::string_view{name} != "SHORT") CHECK(v.error_count() == 1);
      for (const auto& issue : v.issues) {
        CHECK_THAT(issue.message, !Catch::Contains("cccccc") && !Catch::Contains("q7"));
        CHECK_THAT(issue.message, Catch::Contains("reference"));
      }
    }
  }
}

TEST_CASE("a plugin without validate is asked by create") {
  CHECK_THAT(only_error(judged({{"connector.class", "test.BareSink"}})), Catch::Contains("bare.ok is missing"));
  CHECK(judged({{"connector.class", "test.BareSink"}, {"bare.ok", "1"}}).error_count() == 0);
}

TEST_CASE("names that cannot be a file or hold control characters are refused") {
  CHECK(connector_name_problem("orders to snapchat/1").empty());
  CHECK_FALSE(connector_name_problem(std::string("a\nb")).empty());
  CHECK_FALSE(connector_name_problem(std::string(241, 'a')).empty());
  CHECK(connector_name_problem(std::string(240, 'a')).empty());
}

TEST_CASE("every key of the host's table is kept from the plugin") {
  for (const sca_config_key* key : host_keys()) CHECK(is_host_key(std::string(key->name.data, key->name.size)));
}
