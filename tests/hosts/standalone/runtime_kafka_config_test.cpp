#include "kafka_config.hpp"

#include <catch2/catch.hpp>

using namespace sinkhost;

namespace {

const environment env{.bootstrap_servers = "kafka:9092", .worker_id = "w"};

task_config connector(string_map config) {
  return {.connector = "shop", .task = 1, .config = std::move(config), .plugin = nullptr};
}

std::string consumer_error(const std::string& key, const std::string& value) {
  const auto settings = consumer_settings(connector({{key, value}}), env);
  return settings ? "" : settings.error().message;
}

std::string producer_error(const std::string& key, const std::string& value) {
  const auto settings = producer_settings(connector({{key, value}}), env);
  return settings ? "" : settings.error().message;
}

}  // namespace

TEST_CASE("a consumer's settings are those of a sink in Kafka Connect") {
  const auto settings = consumer_settings(connector({}), env);
  REQUIRE(settings.has_value());
  auto s = *settings;
  CHECK(s["bootstrap.servers"] == "kafka:9092");
  CHECK(s["group.id"] == "connect-shop");
  CHECK(s["client.id"] == "connector-consumer-shop-1");
  CHECK(s["auto.offset.reset"] == "earliest");
  CHECK(s["partition.assignment.strategy"] == "cooperative-sticky");
  CHECK(s["enable.auto.commit"] == "false");
  CHECK(s["enable.auto.offset.store"] == "false");
  CHECK(make_conf(client_kind::consumer, s).has_value());
}

TEST_CASE("overrides win over defaults and environment") {
  const auto c = connector({{"consumer.override.bootstrap.servers", "other:9092"},
                            {"consumer.override.group.id", "mine"},
                            {"consumer.override.auto.offset.reset", "latest"},
                            {"consumer.override.sasl.username", "u"},
                            {"consumer.override.security.protocol", "SASL_SSL"},
                            {"producer.override.compression.type", "zstd"},
                            {"batch.max.events", "5"}});
  auto consumer = consumer_settings(c, env);
  REQUIRE(consumer.has_value());
  CHECK((*consumer)["bootstrap.servers"] == "other:9092");
  CHECK((*consumer)["group.id"] == "mine");
  CHECK(group_of(c) == "mine");
  CHECK((*consumer)["auto.offset.reset"] == "latest");
  CHECK((*consumer)["sasl.username"] == "u");
  CHECK_FALSE(consumer->contains("compression.type"));
  CHECK_FALSE(consumer->contains("batch.max.events"));
  auto producer = producer_settings(c, env);
  REQUIRE(producer.has_value());
  CHECK((*producer)["bootstrap.servers"] == "kafka:9092");
  CHECK((*producer)["compression.type"] == "zstd");
  CHECK_FALSE(producer->contains("sasl.username"));
}

TEST_CASE("dead letters are written by an idempotent producer with all acknowledgements") {
  auto settings = producer_settings(connector({}), env);
  REQUIRE(settings.has_value());
  CHECK((*settings)["enable.idempotence"] == "true");
  CHECK((*settings)["acks"] == "all");
  CHECK((*settings)["client.id"] == "connector-dlq-producer-shop-1");
  CHECK(make_conf(client_kind::producer, *settings).has_value());
}

TEST_CASE("a dead letter may be as large as the records that are read") {
  auto settings = producer_settings(connector({}), env);
  REQUIRE(settings.has_value());
  const auto largest = std::stoul((*settings)["message.max.bytes"]);
  CHECK(largest > 5'000'000);
  CHECK(std::stoul((*settings)["queue.buffering.max.kbytes"]) * 1024 > largest);
}

TEST_CASE("what this host settles itself cannot be overridden, unless to the same") {
  const auto* const key = GENERATE("consumer.override.enable.auto.commit", "consumer.override.enable.auto.offset.store",
                                   "consumer.override.max.poll.records");
  CHECK_THAT(consumer_error(key, "true"), Catch::StartsWith(std::string{key} + ": cannot be changed"));
  CHECK(consumer_error("consumer.override.enable.auto.commit", "false").empty());
  CHECK_THAT(producer_error("producer.override.acks", "1"), Catch::StartsWith("producer.override.acks: cannot be changed"));
  CHECK(producer_error("producer.override.acks", "all").empty());
}

TEST_CASE("Java's names and values are translated, or refused with what to write instead") {
  const auto settings = consumer_settings(
      connector({{"consumer.override.fetch.max.wait.ms", "77"},
                 {"consumer.override.auto.offset.reset", "none"},
                 {"consumer.override.partition.assignment.strategy", "org.apache.kafka.clients.consumer.RangeAssignor"}}),
      env);
  REQUIRE(settings.has_value());
  CHECK(settings->at("fetch.wait.max.ms") == "77");
  CHECK(settings->at("auto.offset.reset") == "error");
  CHECK(settings->at("partition.assignment.strategy") == "range");
  CHECK(make_conf(client_kind::consumer, *settings).has_value());
  const auto jaas = consumer_error("consumer.override.sasl.jaas.config", "x password=\"hunter2\"");
  CHECK_THAT(jaas, Catch::Contains("sasl.username") && !Catch::Contains("hunter2"));
  CHECK_THAT(consumer_error("consumer.override.ssl.truststore.location", "/t.jks"), Catch::Contains("ssl.ca.location"));
}

TEST_CASE("no broker at all is an error that says where to name one") {
  const auto settings = consumer_settings(connector({}), {});
  REQUIRE_FALSE(settings.has_value());
  CHECK_THAT(settings.error().message, Catch::Contains("--bootstrap.servers"));
}

TEST_CASE("a setting that librdkafka refuses is named, and no secret is repeated") {
  const auto unknown = make_conf(client_kind::consumer, {{"no.such", "1"}});
  REQUIRE_FALSE(unknown.has_value());
  CHECK_THAT(unknown.error().message, Catch::StartsWith("consumer.override.no.such: "));
  const auto invalid = make_conf(client_kind::producer, {{"linger.ms", "soon"}});
  REQUIRE_FALSE(invalid.has_value());
  CHECK_THAT(invalid.error().message, Catch::StartsWith("producer.override.linger.ms: "));
  const auto secret = make_conf(client_kind::consumer, {{"ssl.key.pem", "-----hunter2-----"}});
  if (!secret) CHECK_THAT(secret.error().message, !Catch::Contains("hunter2"));
}

TEST_CASE("topics are a list of names") {
  const auto names = subscription_of(connector({{"topics", " orders , carts,,"}}));
  REQUIRE(names.has_value());
  CHECK(*names == std::vector<std::string>{"orders", "carts"});
  CHECK(is_subscribed(*names, "carts"));
  CHECK_FALSE(is_subscribed(*names, "cart"));
}

TEST_CASE("topics.regex is anchored at both ends, alternatives too") {
  const auto [pattern, whole] = GENERATE(table<std::string, std::string>(
      {{"shop\\..*", "^(shop\\..*)$"}, {"^a|b", "^(a|b)$"}, {"^a|b$", "^(a|b)$"}, {"price\\$", "^(price\\$)$"}}));
  const auto names = subscription_of(connector({{"topics.regex", pattern}}));
  REQUIRE(names.has_value());
  CHECK(names->front() == whole);
  const auto alternatives = subscription_of(connector({{"topics.regex", "a|b"}}));
  CHECK(is_subscribed(*alternatives, "b"));
  CHECK_FALSE(is_subscribed(*alternatives, "ab"));
}

TEST_CASE("exactly one of topics and topics.regex is needed") {
  CHECK_FALSE(subscription_of(connector({})).has_value());
  CHECK_FALSE(subscription_of(connector({{"topics", ","}})).has_value());
  CHECK_FALSE(subscription_of(connector({{"topics", "a"}, {"topics.regex", "b"}})).has_value());
}

TEST_CASE("fetching is hastened every quarter of a small queue, and as often for a large one") {
  const auto small = fetch_pace_of({{"queued.min.messages", "100"}, {"queued.max.messages.kbytes", "64"}});
  CHECK(small.messages == 25);
  CHECK(small.bytes == 16 * 1024);
  const auto large = fetch_pace_of({{"queued.min.messages", "1000000"}, {"queued.max.messages.kbytes", "65536"}});
  CHECK(large.messages == fetch_pace::options{}.messages);
  CHECK(large.bytes == fetch_pace::options{}.bytes);
  CHECK(fetch_pace_of({}).messages == fetch_pace::options{}.messages);
}
