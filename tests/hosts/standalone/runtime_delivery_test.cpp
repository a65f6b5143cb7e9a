#include <catch2/catch.hpp>
#include <set>

#include "runtime_support.hpp"

using namespace sinkhost;
using namespace sinkhost::testing;

namespace {

// Each partition's offsets as they came.
std::map<std::int32_t, std::vector<std::int64_t>> by_partition(const std::vector<seen_record>& seen) {
  std::map<std::int32_t, std::vector<std::int64_t>> out;
  for (const auto& r : seen) out[r.partition].push_back(r.offset);
  return out;
}

bool each_once_in_order(const std::vector<seen_record>& seen, std::int64_t each) {
  for (const auto& [partition, offsets] : by_partition(seen)) {
    if (std::ssize(offsets) != each) return false;
    for (std::int64_t i = 0; i < each; ++i) {
      if (offsets[static_cast<std::size_t>(i)] != i) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("records reach the sink once and in order, and are committed within a second of being resolved") {
  const kafka broker;
  sink_script sink;
  sink.hold();
  broker.create("orders", 4);
  broker.produce_numbers("orders", 400, 4);
  const auto connector = connector_of(sink, {{"topics", "orders"}});
  task t{connector, broker.env(), initial_state::running};
  REQUIRE(eventually([&] { return sink.seen_count() == 400; }));
  CHECK(each_once_in_order(sink.seen(), 100));
  CHECK(t.counts().consumed == 400);

  CHECK(remains([&] { return t.counts().committed == 0; }, 600ms));
  CHECK(broker.committed(connector).empty());
  sink.resolve_some(30);
  CHECK(eventually([&] { return t.counts().committed == 120; }, 1s));
  CHECK(broker.committed(connector) == std::map<std::int32_t, std::int64_t>{{0, 30}, {1, 30}, {2, 30}, {3, 30}});
  sink.release();
  CHECK(eventually([&] { return t.counts().committed == 400; }, 1s));
  CHECK(broker.committed_sum(connector) == 400);
  CHECK(t.status().state == task_state::running);
  CHECK(t.status().trace.empty());
  CHECK(eventually([&] { return metric_of(t, "sink_host_records_consumed_total") == 400; }, 3s));
  CHECK(eventually([&] { return metric_of(t, "sink_host_held_records") == 0; }, 3s));
  CHECK(metric_of(t, "sink_host_rebalances_total") >= 1);
}

TEST_CASE("key, null value, headers and timestamp reach the sink as they are in Kafka") {
  const kafka broker;
  sink_script sink;
  broker.create("orders", 1);
  broker.produce(
      "orders",
      {{.key = "k", .value = "v", .headers = {{"a", "1"}, {"b", ""}, {"a", std::nullopt}}, .timestamp_ms = 1650625078000},
       {.key = std::nullopt, .value = std::nullopt},
       {.key = "", .value = ""}});
  task t{connector_of(sink, {{"topics", "orders"}}), broker.env(), initial_state::running};
  REQUIRE(eventually([&] { return sink.seen_count() == 3; }));
  const auto seen = sink.seen();
  CHECK(seen[0].topic == "orders");
  CHECK(seen[0].key == "k");
  CHECK(seen[0].value == "v");
  CHECK(seen[0].timestamp_ms == 1650625078000);
  CHECK(seen[0].headers == text_headers{{"a", "1"}, {"b", ""}, {"a", std::nullopt}});
  CHECK(seen[1].key == std::nullopt);
  CHECK(seen[1].value == std::nullopt);
  CHECK(seen[1].headers.empty());
  CHECK(seen[2].key == "");
  CHECK(seen[2].value == "");
}

TEST_CASE("a sink that stays full gets its partitions paused and loses and repeats nothing") {
  const kafka broker;
  sink_script sink;
  sink.hold();
  sink.limit(200);
  broker.create("orders", 2);
  broker.produce_numbers("orders", 4000, 2);
  const auto connector = connector_of(sink, {{"topics", "orders"}});
  task t{connector, broker.env(), initial_state::running};
  REQUIRE(eventually([&] { return sink.seen_count() == 200; }));
  CHECK(eventually([&] { return metric_of(t, "sink_host_paused") == 1; }, 5s));
  CHECK(sink.seen_count() == 200);
  CHECK(t.counts().consumed < 2000);  // what is read ahead of a full sink is bounded

  int pauses = 0;
  REQUIRE(eventually(
      [&] {  // drained in bursts, sometimes after the partitions were paused, sometimes before
        if (++pauses % 4 == 0)
          CHECK(eventually([&] { return metric_of(t, "sink_host_paused") == 1 || sink.seen_count() == 4000; }, 5s));
        sink.resolve_some(150);
        return t.counts().committed == 4000;
      },
      60s));
  CHECK(each_once_in_order(sink.seen(), 2000));
  CHECK(sink.short_puts() > 0);
}

TEST_CASE("a paused task reads nothing and goes on after resume") {
  const kafka broker;
  sink_script sink;
  broker.create("orders", 2);
  broker.produce_numbers("orders", 20, 2);
  task t{connector_of(sink, {{"topics", "orders"}}), broker.env(), initial_state::paused};
  CHECK(t.status().state == task_state::paused);
  CHECK(eventually([&] { return metric_of(t, "sink_host_rebalances_total") >= 1; }));  // it is a member all the same
  CHECK(remains([&] { return sink.seen_count() == 0; }, 1s));
  t.resume();
  REQUIRE(eventually([&] { return sink.seen_count() == 20; }));
  CHECK(t.status().state == task_state::running);
  t.pause();
  REQUIRE(eventually([&] { return metric_of(t, "sink_host_paused") == 1; }, 5s));
  broker.produce_numbers("orders", 10, 2);
  CHECK(remains([&] { return sink.seen_count() == 20; }, 1s));
  t.resume();
  CHECK(eventually([&] { return sink.seen_count() == 30; }));
}

TEST_CASE("topics.regex reads every topic whose whole name matches") {
  const kafka broker;
  sink_script sink;
  for (const auto* topic : {"shop.orders", "shop.carts", "old.shop.orders"}) {
    broker.create(topic, 1);
    broker.produce_numbers(topic, 5, 1);
  }
  task t{connector_of(sink, {{"topics.regex", "shop\\..*"}}), broker.env(), initial_state::running};
  REQUIRE(eventually([&] { return sink.seen_count() == 10; }));
  CHECK(remains([&] { return sink.seen_count() == 10; }, 500ms));
}

TEST_CASE("a sink that fails fails its task with its words and what to do, and nothing unresolved is committed") {
  const kafka broker;
  sink_script sink;
  sink.hold();
  broker.create("orders", 1);
  broker.produce_numbers("orders", 50, 1);
  const auto connector = connector_of(sink, {{"topics", "orders"}});
  task t{connector, broker.env(), initial_state::running};
  REQUIRE(eventually([&] { return sink.seen_count() == 50; }));
  sink.resolve_some(7);
  sink.fail(SCA_UNAUTHENTICATED, "401: the token was revoked");
  REQUIRE(eventually([&] { return t.status().state == task_state::failed; }, 5s));
  CHECK_THAT(t.status().trace, Catch::Contains("the token was revoked") && Catch::Contains("restart the task"));
  t.stop(5s);
  CHECK(broker.committed(connector) == std::map<std::int32_t, std::int64_t>{{0, 7}});
}
