#include "offsets.hpp"

#include <catch2/catch.hpp>

#include "runtime_support.hpp"

using namespace sinkhost;
using namespace sinkhost::testing;

TEST_CASE("a task started again goes on where it stopped") {
  const kafka broker;
  sink_script sink;
  broker.create("orders", 2);
  broker.produce_numbers("orders", 20, 2);
  const auto connector = connector_of(sink, {{"topics", "orders"}});
  {
    task first{connector, broker.env(), initial_state::running};
    REQUIRE(eventually([&] { return sink.seen_count() == 20; }));
    first.stop(5s);
    CHECK(first.status().state == task_state::stopped);
  }
  CHECK(broker.committed_sum(connector) == 20);
  broker.produce_numbers("orders", 10, 2);
  task second{connector, broker.env(), initial_state::running};
  REQUIRE(eventually([&] { return sink.seen_count() >= 30; }));
  CHECK(remains([&] { return sink.seen_count() == 30; }, 300ms));
}

TEST_CASE("offsets are listed, altered and reset, and the next start goes by them") {
  const kafka broker;
  sink_script sink;
  broker.create("orders", 1);
  broker.create("others", 1);
  broker.produce_numbers("orders", 20, 1);
  const auto connector = connector_of(sink, {{"topics", "orders"}});
  const auto run_until = [&](std::size_t count) {
    task t{connector, broker.env(), initial_state::running};
    const bool reached = eventually([&] { return sink.seen_count() >= count; });
    t.stop(5s);
    return reached && sink.seen_count() == count;
  };
  CHECK(broker.committed(connector).empty());
  REQUIRE(run_until(20));
  const auto listed = list_offsets(connector, broker.env(), 10s);
  REQUIRE(listed.has_value());
  REQUIRE(listed->size() == 1);
  CHECK(listed->front().topic == "orders");
  CHECK(listed->front().offset == 20);

  const auto altered = alter_offsets(connector, broker.env(), {{"orders", 0, 15}}, 10s);
  INFO((altered ? "" : altered.error().message));
  REQUIRE(altered.has_value());
  REQUIRE(run_until(25));
  CHECK(sink.seen()[20].offset == 15);

  const auto reset = reset_offsets(connector, broker.env(), 10s);
  INFO((reset ? "" : reset.error().message));
  REQUIRE(reset.has_value());
  REQUIRE(run_until(45));
  CHECK(sink.seen()[25].offset == 0);

  const auto forgotten = alter_offsets(connector, broker.env(), {{"orders", 0, std::nullopt}}, 10s);
  REQUIRE(forgotten.has_value());
  REQUIRE(run_until(65));

  const auto unknown = alter_offsets(connector, broker.env(), {{"others", 0, 1}}, 10s);
  REQUIRE_FALSE(unknown.has_value());
  CHECK_THAT(unknown.error().message, Catch::Contains("others-0"));
  const auto negative = alter_offsets(connector, broker.env(), {{"orders", 0, -5}}, 10s);
  REQUIRE_FALSE(negative.has_value());
  CHECK_THAT(negative.error().message, Catch::Contains("orders-0"));
}

TEST_CASE("offsets of a broker that cannot be reached are an error in time") {
  sink_script sink;
  const auto connector = connector_of(sink, {{"topics", "orders"}});
  const auto before = std::chrono::steady_clock::now();
  const auto listed = list_offsets(connector, {.bootstrap_servers = "127.0.0.1:1", .worker_id = ""}, 500ms);
  CHECK_FALSE(listed.has_value());
  CHECK(std::chrono::steady_clock::now() - before < 3s);
}
