#include <catch2/catch.hpp>

#include "dead_letters.hpp"
#include "kafka_handles.hpp"
#include "runtime_support.hpp"

// after rdkafka.h, which it needs and does not include
#include <librdkafka/rdkafka_mock.h>

using namespace sinkhost;
using namespace sinkhost::testing;

namespace {

constexpr std::int16_t produce_request = 0;

const std::vector<message> two_good_one_bad = {
    {.key = "1", .value = "good"},
    {.key = "2", .value = "reject me", .headers = {{"trace", "77"}}, .timestamp_ms = 1650625078000},
    {.key = "3", .value = "good"}};

const sca::rejection refused{.assignment = 0, .offset = 0, .stage = SCA_STAGE_MAP, .code = "test.refused", .message = "so"};

class record_of_size final : public sca::held_record {
 public:
  explicit record_of_size(std::size_t bytes) : text_(bytes, 'x') {
    record.topic = sca::str("orders");
    record.value = {reinterpret_cast<const std::uint8_t*>(text_.data()), text_.size()};
  }

 private:
  std::string text_;
};

}  // namespace

TEST_CASE("large records that wait to be set aside stop the reading by their bytes, long before their number does") {
  const sink_script sink;
  const auto connector =
      connector_of(sink, {{"topics", "orders"}, {"errors.tolerance", "all"}, {"errors.deadletterqueue.topic.name", "dead"}});
  const auto log = task_log::of_task("shop", 0);
  const environment nobody_there{"127.0.0.1:1", "127.0.0.1:8083", broker_kind::real};
  const auto letters = dead_letters::open(connector, nobody_there, log);
  REQUIRE(letters.has_value());
  const record_of_size large{1 << 20};
  for (sca::dead_letter_ticket t = 1; t <= 8; ++t) (*letters)->send(t, large, refused);
  CHECK_FALSE((*letters)->full());
  for (sca::dead_letter_ticket t = 9; t <= 40; ++t) (*letters)->send(t, large, refused);
  CHECK((*letters)->full());
}

TEST_CASE("why a dead letter was not taken is known after others were") {
  const kafka broker;
  broker.create("dead", 1);
  const sink_script sink;
  const auto connector = connector_of(sink, {{"topics", "orders"},
                                             {"errors.tolerance", "all"},
                                             {"errors.deadletterqueue.topic.name", "dead"},
                                             {"producer.override.message.max.bytes", "2000"}});
  const auto log = task_log::of_task("shop", 0);
  const auto letters = dead_letters::open(connector, broker.env(), log);
  REQUIRE(letters.has_value());
  const record_of_size small{10};
  const record_of_size large{3000};
  const auto now = [] { return dead_letters::clock::now(); };
  (*letters)->send(1, small, refused);
  CHECK((*letters)->serve(now()).empty());
  CHECK(remains([&] { return (*letters)->pending() == 1; }, 2s));  // written meanwhile, and its report not served yet
  (*letters)->send(2, large, refused);
  const auto done = (*letters)->serve(now());
  REQUIRE(done.size() == 2);
  CHECK_THAT((*letters)->failure(),
             Catch::Contains("dead") && Catch::Contains("too large") && Catch::Contains("max.message.bytes"));
}

TEST_CASE("a rejected record becomes a dead letter with its bytes, its headers and Kafka Connect's, and is committed") {
  const kafka broker;
  sink_script sink;
  broker.create("orders", 1);
  broker.create("dead", 1);
  broker.produce("orders", two_good_one_bad);
  const auto connector = connector_of(sink, {{"topics", "orders"},
                                             {"errors.tolerance", "all"},
                                             {"errors.deadletterqueue.topic.name", "dead"},
                                             {"errors.deadletterqueue.topic.replication.factor", "1"},
                                             {"errors.deadletterqueue.context.headers.enable", "true"}});
  task t{connector, broker.env(), initial_state::running};
  REQUIRE(eventually([&] { return t.counts().committed == 3; }));
  CHECK(t.counts().dead_letters == 1);
  CHECK(t.status().state == task_state::running);
  const auto letters = broker.read_all("dead", 1);
  REQUIRE(letters.size() == 1);
  const auto& letter = letters.front();
  CHECK(letter.key == "2");
  CHECK(letter.value == "reject me");
  CHECK(letter.timestamp_ms == 1650625078000);
  CHECK(header_of(letter, "trace") == "77");
  CHECK(header_of(letter, "__connect.errors.topic") == "orders");
  CHECK(header_of(letter, "__connect.errors.partition") == "0");
  CHECK(header_of(letter, "__connect.errors.offset") == "1");
  CHECK(header_of(letter, "__connect.errors.connector.name") == "shop");
  CHECK(header_of(letter, "__connect.errors.task.id") == "0");
  CHECK(header_of(letter, "__connect.errors.exception.message") == "test.refused: its value says so");
  CHECK(letter.headers.size() == 11);
}

TEST_CASE("a rejected record without a key keeps its null, and no context headers come unasked") {
  const kafka broker;
  sink_script sink;
  broker.create("orders", 1);
  broker.create("dead", 1);
  broker.produce("orders", {{.key = std::nullopt, .value = "reject"}});
  task t{connector_of(sink, {{"topics", "orders"}, {"errors.tolerance", "all"}, {"errors.deadletterqueue.topic.name", "dead"}}),
         broker.env(), initial_state::running};
  const auto letters = broker.read_all("dead", 1);
  REQUIRE(letters.size() == 1);
  CHECK(letters.front().key == std::nullopt);
  CHECK(letters.front().headers.empty());
}

TEST_CASE("a dead letter that is refused fails the task, and nothing from its record on is committed") {
  const kafka broker;
  sink_script sink;
  broker.create("orders", 1);
  broker.create("dead", 1);
  broker.produce("orders", two_good_one_bad);
  rd_kafka_mock_push_request_errors(broker.cluster(), produce_request, 3, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
                                    RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
  const auto connector =
      connector_of(sink, {{"topics", "orders"}, {"errors.tolerance", "all"}, {"errors.deadletterqueue.topic.name", "dead"}});
  task t{connector, broker.env(), initial_state::running};
  REQUIRE(eventually([&] { return t.status().state == task_state::failed; }));
  CHECK_THAT(t.status().trace, Catch::Contains("orders-0") && Catch::Contains("dead letter"));
  t.stop(5s);
  const auto committed = broker.committed(connector);
  CHECK((committed.empty() || committed.at(0) == 1));
}

TEST_CASE("a commit waits for the delivery report of the dead letter below it") {
  const kafka broker;
  sink_script sink;
  broker.create("orders", 1);
  broker.create("dead", 1);
  broker.produce("orders", two_good_one_bad);
  // Three refusals that the producer retries, each after 300 ms: for so long nothing past the record may be committed.
  rd_kafka_mock_push_request_errors(broker.cluster(), produce_request, 3, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
                                    RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS);
  const auto connector = connector_of(sink, {{"topics", "orders"},
                                             {"errors.tolerance", "all"},
                                             {"errors.deadletterqueue.topic.name", "dead"},
                                             {"producer.override.retry.backoff.ms", "300"}});
  task t{connector, broker.env(), initial_state::running};
  REQUIRE(eventually([&] { return sink.seen_count() == 3; }));
  CHECK(remains([&] { return t.counts().committed <= 1 || t.counts().dead_letters == 1; }, 700ms));
  CHECK(eventually([&] { return t.counts().committed == 3 && t.counts().dead_letters == 1; }));
  CHECK(broker.read_all("dead", 1).size() == 1);
}

TEST_CASE("records that cannot be set aside for now stop the reading instead of filling the memory") {
  const kafka broker;
  sink_script sink;
  broker.create("orders", 1);
  broker.create("dead", 1);
  std::vector<message> bad(12'000, {.key = {}, .value = "reject"});
  broker.produce("orders", bad);
  for (int i = 0; i < 200; ++i) {
    rd_kafka_mock_push_request_errors(broker.cluster(), produce_request, 1, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS);
  }
  const auto connector = connector_of(sink, {{"topics", "orders"},
                                             {"errors.tolerance", "all"},
                                             {"errors.deadletterqueue.topic.name", "dead"},
                                             {"producer.override.retry.backoff.ms", "100"}});
  task t{connector, broker.env(), initial_state::running};
  REQUIRE(eventually([&] { return metric_of(t, "sink_host_paused") == 1; }));
  CHECK(t.counts().consumed < 8000);
  CHECK(metric_of(t, "sink_host_dead_letters_pending") >= 2000);
  CHECK(t.counts().committed == 0);
  rd_kafka_mock_clear_request_errors(broker.cluster(), produce_request);
  CHECK(eventually([&] { return t.counts().committed == 12'000; }));
  CHECK(t.counts().dead_letters == 12'000);
}

TEST_CASE("without tolerance a rejected record fails the task, which names it and commits up to it") {
  const kafka broker;
  sink_script sink;
  broker.create("orders", 1);
  broker.produce("orders", two_good_one_bad);
  const auto connector = connector_of(sink, {{"topics", "orders"}});
  task t{connector, broker.env(), initial_state::running};
  REQUIRE(eventually([&] { return t.status().state == task_state::failed; }));
  CHECK_THAT(t.status().trace, Catch::Contains("orders-0") && Catch::Contains("offset 1") && Catch::Contains("test.refused") &&
                                   Catch::Contains("errors.tolerance=all"));
  t.stop(5s);
  CHECK(broker.committed(connector) == std::map<std::int32_t, std::int64_t>{{0, 1}});
}

TEST_CASE("tolerated errors without a dead letter topic are counted and left behind") {
  const kafka broker;
  sink_script sink;
  broker.create("orders", 1);
  broker.produce("orders", two_good_one_bad);
  const auto connector = connector_of(sink, {{"topics", "orders"}, {"errors.tolerance", "all"}, {"errors.log.enable", "true"}});
  task t{connector, broker.env(), initial_state::running};
  CHECK(eventually([&] { return t.counts().committed == 3; }));
  CHECK(t.counts().dead_letters == 1);
  CHECK(t.status().state == task_state::running);
}
