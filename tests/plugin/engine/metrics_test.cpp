#include "engine/metrics.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>

#include "sca/views.hpp"

using namespace snap;
using namespace snap::engine;

namespace {

// name{label=value,…} -> value; of a histogram the number of observations.
std::map<std::string, double> collected(const measurements& m) {
  std::map<std::string, double> out;
  collect(m, [&](const sca_metric& each) {
    std::string name{sca::view(each.name)};
    for (std::size_t i = 0; i < each.label_count; ++i) {
      name +=
          (i == 0 ? "{" : ",") + std::string{sca::view(each.labels[i].key)} + "=" + std::string{sca::view(each.labels[i].value)};
    }
    if (each.label_count > 0) name += "}";
    double value = each.value;
    if (each.kind == SCA_METRIC_HISTOGRAM) {
      value = 0;
      for (std::size_t i = 0; i <= each.bound_count; ++i) value += static_cast<double>(each.counts[i]);
    }
    CHECK(out.emplace(name, value).second);
    CHECK_FALSE(sca::view(each.help).empty());
  });
  return out;
}

struct filled {
  delivery::record_counts records;
  delivery::counters delivery;
  std::vector<event::key_count> keys{{.key = "em", .outcome = "sent", .count = 6}};
  filled() {
    records.delivered = 5;
    records.rejected[0] = 2;
    records.skipped[1] = 3;
    delivery.events_delivered = 7;
    delivery.answers = {{200, 4}};
    delivery.link_failures[0] = 1;
    delivery.retries[1] = 9;
    delivery.request_seconds.add(0.2);
    delivery.event_age.add(2, 5);
    delivery.batch_events.add(100);
    delivery.worst_circuit = delivery::circuit::state::open;
  }
  std::vector<event::member_count> skipped{{event::code::event_name_unknown, 4}};
  [[nodiscard]] measurements all() const {
    return {.records = &records,
            .delivery = &delivery,
            .match_keys = keys,
            .skipped_members = skipped,
            .buffered_records = 11,
            .buffered_bytes = 12,
            .unresolved_records = 13,
            .token_expiry_seconds = 14,
            .link = {.sessions_opened = 3, .sessions_resumed = 1, .resends = 2}};
  }
};

}  // namespace

TEST_CASE("every row of the metrics table is collected, and nothing else") {
  const filled f;
  std::set<std::string> names, table;
  collect(f.all(), [&](const sca_metric& m) { names.emplace(sca::view(m.name)); });
  for (const metric_row& r : metric_table) {
    table.emplace(r.name);
    CHECK(r.name.starts_with("snapchat_sink_"));
    CHECK(r.name.ends_with("_total") == (r.kind == SCA_METRIC_COUNTER));
  }
  CHECK(names == table);
  CHECK(table.size() == metric_table.size());
}

TEST_CASE("values carry the labels of the table") {
  const filled f;
  const auto got = collected(f.all());
  CHECK(got.at("snapchat_sink_records_total{outcome=delivered,code=}") == 5);
  CHECK(got.at("snapchat_sink_records_total{outcome=rejected,code=record.tombstone}") == 2);
  CHECK(got.at("snapchat_sink_records_total{outcome=skipped,code=record.not.json}") == 3);
  CHECK(got.at("snapchat_sink_events_total") == 7);
  CHECK(got.at("snapchat_sink_requests_total{status=200}") == 4);
  CHECK(got.at("snapchat_sink_requests_total{status=resolve}") == 1);
  CHECK(got.at("snapchat_sink_retries_total{reason=connect}") == 9);
  CHECK(got.at("snapchat_sink_event_age_seconds") == 5);
  CHECK(got.at("snapchat_sink_match_keys_total{key=em,outcome=sent}") == 6);
  CHECK(got.at("snapchat_sink_members_skipped_total{code=event.name.unknown}") == 4);
  CHECK(got.at("snapchat_sink_circuit_state") == 2);
  CHECK(got.at("snapchat_sink_sessions_total{resumed=no}") == 2);
}

TEST_CASE("the time to a token's expiry is absent when no token says") {
  const filled f;
  measurements m = f.all();
  m.token_expiry_seconds.reset();
  CHECK(collected(m).count("snapchat_sink_token_expiry_seconds") == 0);
}

TEST_CASE("a histogram counts a value in the bucket whose bound it does not exceed") {
  static constexpr std::array bounds{1.0, 2.0};
  delivery::histogram<2> h{bounds};
  for (const double v : {0.5, 1.0, 1.5, 2.0, 2.5}) h.add(v);
  CHECK(h.counts() == std::array<std::uint64_t, 3>{2, 2, 1});
  CHECK(h.sum() == 7.5);
}
