#include "stats.hpp"

#include <catch2/catch.hpp>

using sinkhost::read_statistics;

TEST_CASE("brokers that are up are counted, without those that are no connections of their own") {
  const auto read = read_statistics(R"({"name":"x","brokers":{
    "a:9092/bootstrap":{"nodeid":-1,"source":"configured","state":"DOWN"},
    "a:9092/1":{"nodeid":1,"source":"learned","state":"UP"},
    ":0/internal":{"nodeid":-1,"source":"internal","state":"UP"},
    "GroupCoordinator":{"nodeid":1,"source":"logical","state":"UP"}}})");
  REQUIRE(read.has_value());
  CHECK(read->brokers == 2);
  CHECK(read->brokers_up == 1);
}

TEST_CASE("text that is not librdkafka's statistics is nothing") {
  const auto* const text = GENERATE("", "{", "[]", "{}", R"({"brokers":1})");
  CHECK_FALSE(read_statistics(text).has_value());
}
