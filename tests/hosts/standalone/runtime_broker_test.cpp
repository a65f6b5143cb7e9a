#include <catch2/catch.hpp>

#include "kafka_handles.hpp"
#include "runtime_support.hpp"

// after rdkafka.h, which it needs and does not include
#include <librdkafka/rdkafka_mock.h>

using namespace sinkhost;
using namespace sinkhost::testing;

TEST_CASE("a broker that goes away is said in the status, and the task goes on when it is back") {
  const kafka broker;
  sink_script sink;
  broker.create("orders", 2);
  broker.produce_numbers("orders", 10, 2);
  const auto connector = connector_of(sink, {{"topics", "orders"},
                                             {"consumer.override.statistics.interval.ms", "500"},
                                             {"consumer.override.reconnect.backoff.max.ms", "500"}});
  task t{connector, broker.env(), initial_state::running};
  REQUIRE(eventually([&] { return t.counts().committed == 10; }));
  REQUIRE(rd_kafka_mock_broker_set_down(broker.cluster(), -1) == RD_KAFKA_RESP_ERR_NO_ERROR);
  REQUIRE(eventually([&] { return !t.status().trace.empty(); }));
  CHECK(t.status().state == task_state::running);
  CHECK_THAT(t.status().trace, Catch::Contains("no Kafka broker can be reached"));
  REQUIRE(rd_kafka_mock_broker_set_up(broker.cluster(), -1) == RD_KAFKA_RESP_ERR_NO_ERROR);
  broker.produce_numbers("orders", 10, 2);
  CHECK(eventually([&] { return t.counts().committed == 20; }, 60s));
  CHECK(eventually([&] { return t.status().trace.empty(); }));
}

TEST_CASE("access to a topic that was refused for a while is no notice any more once its records come") {
  const kafka broker;
  sink_script sink;
  broker.create("orders", 1);
  broker.produce_numbers("orders", 10, 1);
  const auto connector = connector_of(sink, {{"topics", "orders"}});
  task t{connector, broker.env(), initial_state::running};
  REQUIRE(eventually([&] { return t.counts().committed == 10; }));
  constexpr std::int16_t fetch = 1;
  rd_kafka_mock_push_request_errors(broker.cluster(), fetch, 1, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
  REQUIRE(eventually([&] { return !t.status().trace.empty(); }));
  CHECK_THAT(t.status().trace, Catch::Contains("reading a topic is not allowed"));
  broker.produce_numbers("orders", 10, 1);
  CHECK(eventually([&] { return t.counts().committed == 20; }));
  CHECK(eventually([&] { return t.status().trace.empty(); }, 15s));
}

TEST_CASE("commits that fail are made again") {
  const kafka broker;
  sink_script sink;
  broker.create("orders", 1);
  broker.produce_numbers("orders", 10, 1);
  constexpr std::int16_t offset_commit = 8;
  rd_kafka_mock_push_request_errors(broker.cluster(), offset_commit, 1, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED);
  const auto connector = connector_of(sink, {{"topics", "orders"}});
  task t{connector, broker.env(), initial_state::running};
  CHECK(eventually([&] { return t.counts().committed == 10; }));
  CHECK(broker.committed_sum(connector) == 10);
  CHECK(t.status().state == task_state::running);
}

TEST_CASE("a topic that does not exist yet is read once it does") {
  const kafka broker;
  sink_script sink;
  task t{connector_of(sink, {{"topics", "later"}, {"consumer.override.topic.metadata.refresh.interval.ms", "500"}}), broker.env(),
         initial_state::running};
  CHECK(remains([&] { return t.status().state == task_state::running; }, 500ms));
  broker.produce("later", {{.key = {}, .value = "first"}});
  CHECK(eventually([&] { return sink.seen_count() == 1; }));
  CHECK(eventually([&] { return t.status().trace.empty(); }));
}
