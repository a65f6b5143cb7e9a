#include <catch2/catch.hpp>
#include <set>

#include "runtime_support.hpp"

using namespace sinkhost;
using namespace sinkhost::testing;

// The one long test with two members: the mock cluster takes 5 to 10 seconds for each round.
TEST_CASE("a second task takes over partitions whose records are in flight, and nothing is lost or committed early") {
  const auto strategy = GENERATE(as<std::string>{}, "cooperative-sticky", "range");
  const kafka broker;
  sink_script sink;
  sink.hold();
  broker.create("orders", 4);
  broker.produce_numbers("orders", 40, 4);
  auto connector = connector_of(sink, {{"topics", "orders"},
                                       {"consumer.override.partition.assignment.strategy", strategy},
                                       {"consumer.override.heartbeat.interval.ms", "500"},
                                       {"consumer.override.session.timeout.ms", "6000"}});
  task first{connector, broker.env(), initial_state::running};
  REQUIRE(eventually([&] { return sink.seen_count() == 40; }));
  connector.task = 1;
  task second{connector, broker.env(), initial_state::running};
  const auto shared = [&] {
    std::map<std::uint32_t, std::set<std::int32_t>> who;
    for (const auto& r : sink.seen()) who[r.task].insert(r.partition);
    return who[1].size() == 2;  // records that the first one had in flight came again, to the second
  };
  REQUIRE(eventually(shared, 60s));
  CHECK(sink.flushes() >= 1);
  CHECK(broker.committed(connector).empty());  // nothing was resolved yet
  sink.release();
  CHECK(eventually([&] { return broker.committed_sum(connector) == 40; }));
  CHECK(first.status().state == task_state::running);
  CHECK(second.status().state == task_state::running);
  second.stop(5s);
  first.stop(5s);
  std::set<std::pair<std::int32_t, std::int64_t>> distinct;
  for (const auto& r : sink.seen()) distinct.emplace(r.partition, r.offset);
  CHECK(distinct.size() == 40);
}
