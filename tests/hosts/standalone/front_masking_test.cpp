#include "front_catch.hpp"

#include "front_support.hpp"
#include "masking.hpp"

using namespace sinkhost;
using namespace sinkhost::testing;

namespace {
const sca_connector* echo() { return echo_plugin()->connectors[0]; }
}  // namespace

TEST_CASE("secret keys are masked and others shown") {
  const string_map shown = masked(good_config({{"consumer.override.sasl.jaas.config", "user=\"u\" password=\"p\""},
                                               {"consumer.override.sasl.password", "p"},
                                               {"consumer.override.auto.offset.reset", "latest"},
                                               {"echo.field.x", "$.a"}}),
                                  echo());
  CHECK(shown.at("echo.token") == "********");
  CHECK(shown.at("echo.url") == "https://x");
  CHECK(shown.at("echo.field.x") == "$.a");
  CHECK(shown.at("consumer.override.sasl.jaas.config") == "********");
  CHECK(shown.at("consumer.override.sasl.password") == "********");
  CHECK(shown.at("consumer.override.auto.offset.reset") == "latest");
}

TEST_CASE("a reference is shown as it is, a secret around one is not") {
  CHECK(shown_value("echo.token", "${file:/a:b}", echo()) == "${file:/a:b}");
  CHECK(shown_value("echo.token", "x${env:A}", echo()) == "********");
  CHECK(shown_value("echo.token", "${vault:A}", echo()) == "********");
}

TEST_CASE("without its plugin every key of the sink is masked") {
  CHECK(shown_value("echo.url", "https://x", nullptr) == "********");
  CHECK(shown_value("topics", "t", nullptr) == "t");
}

TEST_CASE("a key that nobody describes is masked when its name speaks of credentials") {
  CHECK(is_secret_key("other.Password", echo()));
  CHECK(is_secret_key("other.access.token", echo()));
  CHECK_FALSE(is_secret_key("other.size", echo()));
}

TEST_CASE("the mask is replaced by what is stored, and is named where nothing is") {
  string_map config = {{"echo.token", "********"}, {"echo.url", "********"}, {"topics", "t"}};
  CHECK(unmask(config, {{"echo.token", "kept"}}) == std::vector<std::string>{"echo.url"});
  CHECK(config.at("echo.token") == "kept");
}
