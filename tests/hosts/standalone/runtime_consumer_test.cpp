#include <catch2/catch.hpp>

#include "consumer.hpp"
#include "kafka_config.hpp"
#include "runtime_support.hpp"

// after rdkafka.h, which it needs and does not include
#include <librdkafka/rdkafka_mock.h>

using namespace sinkhost;
using namespace sinkhost::testing;

namespace {

class nobody final : public consumer_events {
 public:
  void assigned(const std::vector<topic_partition>&) override {}
  void ready(const std::vector<topic_partition>&) override {}
  void revoked(const std::vector<topic_partition>&) override {}
  void lost(const std::vector<topic_partition>&) override {}
  void committed(const std::vector<commit_outcome>&) override {}
  void trouble(const kafka_trouble&) override {}
  void broken(const kafka_trouble&) override {}
  void statistics(std::string_view) override {}
  void defect(std::string_view) noexcept override {}
};

}  // namespace

TEST_CASE("a consumer may end in its first rebalance, closed or not") {
  const auto closed = GENERATE(true, false);
  const kafka broker;
  const sink_script sink;
  broker.create("orders", 1);
  constexpr std::int16_t sync_group = 14;
  for (int i = 0; i < 200; ++i)  // it joins and joins again, and is never told of an assignment
    rd_kafka_mock_push_request_errors(broker.cluster(), sync_group, 1, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS);
  const auto settings = consumer_settings(connector_of(sink, {{"topics", "orders"}}), broker.env());
  REQUIRE(settings.has_value());
  nobody events;
  const auto log = task_log::of_task("orders", 0);
  auto made = consumer::open(*settings, events, log);
  REQUIRE(made.has_value());
  auto c = std::move(*made);
  REQUIRE(c->subscribe({"orders"}).has_value());
  REQUIRE(eventually([&] { return c->poll(20ms) == nullptr && c->in_first_rebalance(); }));
  if (closed) CHECK(c->close(5s));
  c.reset();  // librdkafka before 2.3.0 aborts when such a client is destroyed
}
