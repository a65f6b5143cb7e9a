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

TEST_CASE("a partition that left a paused task is read again when it comes back after the task was resumed") {
  const auto strategy = GENERATE(as<std::string>{}, "cooperative-sticky", "range");
  const kafka broker;
  sink_script sink;
  broker.create("orders", 2);
  auto connector = connector_of(sink, {{"topics", "orders"},
                                       {"consumer.override.partition.assignment.strategy", strategy},
                                       {"consumer.override.heartbeat.interval.ms", "500"},
                                       {"consumer.override.session.timeout.ms", "6000"}});
  const auto distinct = [&] {  // the mock cluster refuses some commits while members come and go: those records come twice
    std::set<std::pair<std::int32_t, std::int64_t>> out;
    for (const auto& r : sink.seen()) out.emplace(r.partition, r.offset);
    return out.size();
  };
  broker.produce_numbers("orders", 2, 2);
  task first{connector, broker.env(), initial_state::running};
  REQUIRE(eventually([&] { return distinct() == 2; }));
  first.pause();
  REQUIRE(eventually([&] { return metric_of(first, "sink_host_paused") == 1; }, 5s));
  connector.task = 1;
  auto second = std::make_unique<task>(connector, broker.env(), initial_state::running);
  broker.produce_numbers("orders", 2, 2);
  REQUIRE(eventually([&] { return distinct() == 3; }, 60s));  // the second reads one of the partitions, the first rests
  first.resume();
  REQUIRE(eventually([&] { return distinct() == 4; }));
  second->stop(5s);
  second.reset();
  broker.produce_numbers("orders", 2, 2);
  CHECK(eventually([&] { return distinct() == 6; }, 40s));
}
