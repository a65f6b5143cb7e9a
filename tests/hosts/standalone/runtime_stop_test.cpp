#include <catch2/catch.hpp>
#include <thread>

#include "runtime_support.hpp"

using namespace sinkhost;
using namespace sinkhost::testing;

namespace {

std::chrono::milliseconds time_of(const std::function<void()>& call) {
  const auto before = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - before);
}

}  // namespace

TEST_CASE("stop ends within its deadline while the sink resolves nothing, and commits nothing of it") {
  const kafka broker;
  sink_script sink;
  sink.hold();
  broker.create("orders", 2);
  broker.produce_numbers("orders", 100, 2);
  const auto connector = connector_of(sink, {{"topics", "orders"}});
  task t{connector, broker.env(), initial_state::running};
  REQUIRE(eventually([&] { return sink.seen_count() == 100; }));
  CHECK(time_of([&] { t.stop(4s); }) < 4500ms);
  CHECK(t.status().state == task_state::stopped);
  CHECK(sink.sinks() == 0);
  CHECK(broker.committed(connector).empty());
}

TEST_CASE("stop leaves the group in good order while fetched messages wait for a full sink") {
  const kafka broker;
  sink_script sink;
  sink.hold();
  sink.limit(10);
  broker.create("orders", 2);
  broker.produce_numbers("orders", 5000, 2);
  const auto connector = connector_of(sink, {{"topics", "orders"}});
  {
    task t{connector, broker.env(), initial_state::running};
    REQUIRE(eventually([&] { return sink.short_puts() > 0; }));
    t.stop(3s);
    CHECK(t.status().state == task_state::stopped);
  }
  CHECK(broker.committed(connector).empty());
  sink.limit(1'000'000);
  sink.release();
  task again{connector, broker.env(), initial_state::running};
  CHECK(eventually([&] { return again.counts().committed == 5000; }));
}

TEST_CASE("stop gives the sink time to resolve what it has and commits it") {
  const kafka broker;
  sink_script sink;
  sink.hold();
  broker.create("orders", 2);
  broker.produce_numbers("orders", 100, 2);
  const auto connector = connector_of(sink, {{"topics", "orders"}});
  task t{connector, broker.env(), initial_state::running};
  REQUIRE(eventually([&] { return sink.seen_count() == 100; }));
  std::thread answer{[&] {
    CHECK(eventually([&] { return sink.flushes() == 1; }));
    sink.release();
  }};
  CHECK(time_of([&] { t.stop(8s); }) < 4s);  // as soon as it is done, not at the deadline
  answer.join();
  CHECK(broker.committed_sum(connector) == 100);
}

TEST_CASE("stop returns in time even when a call into the sink does not") {
  const kafka broker;
  sink_script sink;
  sink.block_put();
  broker.create("orders", 1);
  broker.produce_numbers("orders", 1, 1);
  auto t = std::make_unique<task>(connector_of(sink, {{"topics", "orders"}}), broker.env(), initial_state::running);
  REQUIRE(eventually([&] { return sink.put_is_blocked(); }));
  CHECK(time_of([&] { t->stop(500ms); }) < 1500ms);
  t.reset();
  sink.unblock_put();  // the thread that was left behind ends by itself
  CHECK(eventually([&] { return sink.sinks() == 0; }, 10s));
}

TEST_CASE("a task that never reached a broker stops and is destroyed at once") {
  sink_script sink;
  CHECK(time_of([&] {
          task t{connector_of(sink, {{"topics", "orders"}}),
                 {.bootstrap_servers = "127.0.0.1:1", .worker_id = ""},
                 initial_state::running};
          REQUIRE(eventually([&] { return sink.sinks() == 1; }));
          t.stop(5s);
        }) < 3s);
  CHECK(sink.sinks() == 0);
}

TEST_CASE("a configuration that Kafka's client refuses fails the task and names the key") {
  sink_script sink;
  const environment env{.bootstrap_servers = "127.0.0.1:1", .worker_id = ""};
  const auto trace_with = [&](const std::string& key, const std::string& value) {
    string_map config{{"topics", "orders"}, {"consumer.override.security.protocol", "ssl"}};
    config[key] = value;
    task t{connector_of(sink, config), env, initial_state::running};
    CHECK(eventually([&] { return t.status().state == task_state::failed; }, 5s));
    return t.status().trace;
  };
  CHECK_THAT(trace_with("consumer.override.enable.auto.commit", "true"),
             Catch::StartsWith("consumer.override.enable.auto.commit: "));
  CHECK_THAT(trace_with("consumer.override.no.such", "1"), Catch::StartsWith("consumer.override.no.such: "));
  CHECK_THAT(trace_with("consumer.override.session.timeout.ms", "x"),
             Catch::StartsWith("consumer.override.session.timeout.ms: "));
  CHECK_THAT(trace_with("topics.regex", "x"), Catch::Contains("topics.regex"));
  CHECK_THAT(trace_with("errors.tolerance", "some"), Catch::StartsWith("errors.tolerance: "));
  CHECK_THAT(trace_with("consumer.override.ssl.ca.location", "/nowhere"),
             Catch::Contains("ssl.ca.location") && Catch::Contains("Correct the connector's configuration"));
}
