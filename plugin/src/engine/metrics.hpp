// The sink's metrics: one table of names, kinds, labels and help, from which METRICS.md is generated and collect() works. Names
// are fixed by interfaces.md §5. No label carries personal data, ids or text from a server.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "delivery/assignments.hpp"
#include "delivery/counters.hpp"
#include "event/mapper.hpp"
#include "net/transport.hpp"
#include "sca/sink_connector.h"

namespace snap::engine {

enum class metric : std::uint8_t {
  records,
  events,
  requests,
  request_seconds,
  retries,
  bisections,
  in_flight_requests,
  waiting_requests,
  failing_seconds,
  buffered_records,
  buffered_bytes,
  unresolved_records,
  event_age_seconds,
  batch_events,
  match_keys,
  members_skipped,
  circuit_state,
  rate_limited_seconds,
  rate_limit,
  retry_budget,
  token_expiry_seconds,
  sessions,
  resends,
  count_
};

struct metric_row {
  std::string_view name;
  std::int32_t kind;
  std::string_view labels;  // their names, for people
  std::string_view help;
};

inline constexpr std::array<metric_row, static_cast<std::size_t>(metric::count_)> metric_table{{
    {"snapchat_sink_records_total", SCA_METRIC_COUNTER, "outcome, code",
     "Records that are resolved: outcome is delivered, rejected or skipped; code says why (see CODES.md), empty when delivered."},
    {"snapchat_sink_events_total", SCA_METRIC_COUNTER, "", "Events that Snapchat has taken. A record may become several."},
    {"snapchat_sink_requests_total", SCA_METRIC_COUNTER, "status", "Requests by HTTP status, or by how the link failed."},
    {"snapchat_sink_request_seconds", SCA_METRIC_HISTOGRAM, "", "Time from sending a request to its answer or failure."},
    {"snapchat_sink_retries_total", SCA_METRIC_COUNTER, "reason", "Requests that will be sent again, by the reason."},
    {"snapchat_sink_bisections_total", SCA_METRIC_COUNTER, "",
     "Requests that were split because Snapchat refused an event of theirs, or their size."},
    {"snapchat_sink_in_flight_requests", SCA_METRIC_GAUGE, "", "Requests that wait for their answer."},
    {"snapchat_sink_waiting_requests", SCA_METRIC_GAUGE, "", "Requests that failed and wait for their next attempt."},
    {"snapchat_sink_failing_seconds", SCA_METRIC_GAUGE, "",
     "For how long no request has come through although some were sent; 0 when all is well."},
    {"snapchat_sink_buffered_records", SCA_METRIC_GAUGE, "", "Events taken and not settled yet; bounded by buffer.max.records."},
    {"snapchat_sink_buffered_bytes", SCA_METRIC_GAUGE, "", "Bytes of these events; bounded by buffer.max.bytes."},
    {"snapchat_sink_unresolved_records", SCA_METRIC_GAUGE, "",
     "Records from the committable positions to the last ones handed over."},
    {"snapchat_sink_event_age_seconds", SCA_METRIC_HISTOGRAM, "", "Age of events when Snapchat took them."},
    {"snapchat_sink_batch_events", SCA_METRIC_HISTOGRAM, "", "Events in a request."},
    {"snapchat_sink_match_keys_total", SCA_METRIC_COUNTER, "key, outcome",
     "Match keys found in events: sent, or why they were dropped."},
    {"snapchat_sink_members_skipped_total", SCA_METRIC_COUNTER, "code",
     "Events of batch records (ga4, posthog, mparticle) that were skipped beside others of their record; code says why."},
    {"snapchat_sink_circuit_state", SCA_METRIC_GAUGE, "",
     "Worst circuit breaker of all assets: 0 closed, 1 a probe is under way, 2 open."},
    {"snapchat_sink_rate_limited_seconds_total", SCA_METRIC_COUNTER, "",
     "Time for which rate.limit.requests.per.second or a 429 of Snapchat's held requests back."},
    {"snapchat_sink_rate_limit_requests_per_second", SCA_METRIC_GAUGE, "",
     "Requests a second that the slowest access token may send now: rate.limit.requests.per.second, or less for about a minute "
     "after a 429; 0 is no limit."},
    {"snapchat_sink_retry_budget_ratio", SCA_METRIC_GAUGE, "",
     "What is left of the retry budget, 1 is all: failures spend, successes earn; below one half an asset's retries go one at a "
     "time."},
    {"snapchat_sink_token_expiry_seconds", SCA_METRIC_GAUGE, "",
     "Time until the first access token expires; absent when no token says."},
    {"snapchat_sink_sessions_total", SCA_METRIC_COUNTER, "resumed", "TLS sessions opened."},
    {"snapchat_sink_resends_total", SCA_METRIC_COUNTER, "",
     "Requests sent once more because their keep-alive session was stale."},
}};

[[nodiscard]] constexpr const metric_row& row(metric m) noexcept { return metric_table[static_cast<std::size_t>(m)]; }

// Everything that is measured, at one moment.
struct measurements {
  const delivery::record_counts* records = nullptr;
  const delivery::counters* delivery = nullptr;
  std::span<const event::key_count> match_keys;
  std::span<const event::member_count> skipped_members;
  std::uint64_t buffered_records = 0, buffered_bytes = 0, unresolved_records = 0;
  std::optional<double> token_expiry_seconds;
  net::link_stats link;
};

void collect(const measurements& m, const std::function<void(const sca_metric&)>& visit);

}  // namespace snap::engine
