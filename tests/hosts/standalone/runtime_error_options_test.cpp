#include "error_options.hpp"

#include <catch2/catch.hpp>

using namespace sinkhost;

namespace {

sca::result<error_options> read(string_map config) {
  config.emplace("topics", "orders");
  return error_options_of({.connector = "shop", .task = 0, .config = std::move(config), .plugin = nullptr});
}

std::string error_with(const std::string& key, const std::string& value) {
  const auto options = read({{key, value}});
  return options ? "" : options.error().message;
}

}  // namespace

TEST_CASE("errors are neither tolerated nor written anywhere by default, as in Kafka Connect") {
  const auto options = read({});
  REQUIRE(options.has_value());
  CHECK(options->tolerance == sca::tolerance::none);
  CHECK(options->topic.empty());
  CHECK(options->replication_factor == 3);
  CHECK_FALSE(options->context_headers);
  CHECK_FALSE(options->log);
  CHECK_FALSE(options->log_records);
}

TEST_CASE("every key of errors is read") {
  const auto options = read({{"errors.tolerance", "all"},
                             {"errors.deadletterqueue.topic.name", "dead"},
                             {"errors.deadletterqueue.topic.replication.factor", "-1"},
                             {"errors.deadletterqueue.context.headers.enable", "true"},
                             {"errors.log.enable", "true"},
                             {"errors.log.include.messages", "true"}});
  REQUIRE(options.has_value());
  CHECK(options->tolerance == sca::tolerance::all);
  CHECK(options->topic == "dead");
  CHECK(options->replication_factor == -1);
  CHECK(options->context_headers);
  CHECK(options->log);
  CHECK(options->log_records);
}

TEST_CASE("a value that errors does not know is refused by its key") {
  const auto [key, value] =
      GENERATE(table<std::string, std::string>({{"errors.tolerance", "some"},
                                                {"errors.deadletterqueue.topic.replication.factor", "0"},
                                                {"errors.deadletterqueue.topic.replication.factor", "-2"},
                                                {"errors.deadletterqueue.topic.replication.factor", "3x"},
                                                {"errors.deadletterqueue.topic.replication.factor", "99999"},
                                                {"errors.deadletterqueue.context.headers.enable", "yes"},
                                                {"errors.log.enable", ""},
                                                {"errors.log.include.messages", "1"}}));
  CHECK_THAT(error_with(key, value), Catch::StartsWith(key + ": must be "));
}

TEST_CASE("a connector does not read its own dead letters") {
  CHECK_THAT(error_with("errors.deadletterqueue.topic.name", "orders"), Catch::Contains("reads this topic itself"));
}
