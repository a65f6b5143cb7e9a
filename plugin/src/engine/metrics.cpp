#include "engine/metrics.hpp"

#include <charconv>
#include <initializer_list>
#include <vector>

#include "sca/views.hpp"

namespace snap::engine {
namespace {

using visitor = std::function<void(const sca_metric&)>;

struct label {
  std::string_view name, value;
};

sca_metric head(metric m) {
  const metric_row& r = row(m);
  sca_metric out{};
  out.struct_size = sizeof out;
  out.kind = r.kind;
  out.name = sca::str(r.name);
  out.help = sca::str(r.help);
  return out;
}

void number(const visitor& visit, metric m, double value, std::initializer_list<label> labels = {}) {
  std::vector<sca_pair> pairs;
  for (const label& l : labels) pairs.push_back({sca::str(l.name), sca::str(l.value)});
  sca_metric out = head(m);
  out.value = value;
  out.labels = pairs.data();
  out.label_count = pairs.size();
  visit(out);
}

void number(const visitor& visit, metric m, std::uint64_t value, std::initializer_list<label> labels = {}) {
  number(visit, m, static_cast<double>(value), labels);
}

template <std::size_t N>
void distribution(const visitor& visit, metric m, const delivery::histogram<N>& h) {
  sca_metric out = head(m);
  out.value = h.sum();
  out.bounds = h.bounds().data();
  out.counts = h.counts().data();
  out.bound_count = static_cast<std::uint32_t>(N);
  visit(out);
}

void records(const visitor& visit, const delivery::record_counts& r) {
  number(visit, metric::records, r.delivered, {{"outcome", "delivered"}, {"code", ""}});
  for (std::size_t i = 0; i < event::code_table.size(); ++i) {
    const std::string_view code = event::code_table[i].name;
    if (r.rejected[i] > 0) number(visit, metric::records, r.rejected[i], {{"outcome", "rejected"}, {"code", code}});
    if (r.skipped[i] > 0) number(visit, metric::records, r.skipped[i], {{"outcome", "skipped"}, {"code", code}});
  }
}

void requests(const visitor& visit, const delivery::counters& c) {
  for (const auto& [status, count] : c.answers) {
    char text[12];
    const auto end = std::to_chars(text, text + sizeof text, status).ptr;
    number(visit, metric::requests, count, {{"status", std::string_view{text, static_cast<std::size_t>(end - text)}}});
  }
  for (std::size_t i = 0; i < delivery::retry_reason_count; ++i) {
    const std::string_view label = delivery::retry_reasons[i].label;
    if (c.link_failures[i] > 0) number(visit, metric::requests, c.link_failures[i], {{"status", label}});
    if (c.retries[i] > 0) number(visit, metric::retries, c.retries[i], {{"reason", label}});
  }
  distribution(visit, metric::request_seconds, c.request_seconds);
  number(visit, metric::bisections, c.bisections);
  number(visit, metric::in_flight_requests, std::uint64_t{c.in_flight});
  number(visit, metric::waiting_requests, std::uint64_t{c.waiting});
  number(visit, metric::failing_seconds, c.failing_seconds);
  distribution(visit, metric::batch_events, c.batch_events);
  number(visit, metric::circuit_state, static_cast<double>(c.worst_circuit));
  number(visit, metric::rate_limited_seconds, c.rate_limited_seconds);
  number(visit, metric::rate_limit, c.rate_limit);
  number(visit, metric::retry_budget, c.retry_budget);
}

}  // namespace

void collect(const measurements& m, const visitor& visit) {
  records(visit, *m.records);
  number(visit, metric::events, m.delivery->events_delivered);
  distribution(visit, metric::event_age_seconds, m.delivery->event_age);
  requests(visit, *m.delivery);
  number(visit, metric::buffered_records, m.buffered_records);
  number(visit, metric::buffered_bytes, m.buffered_bytes);
  number(visit, metric::unresolved_records, m.unresolved_records);
  for (const event::key_count& k : m.match_keys)
    number(visit, metric::match_keys, k.count, {{"key", k.key}, {"outcome", k.outcome}});
  for (const event::member_count& k : m.skipped_members)
    number(visit, metric::members_skipped, k.count, {{"code", event::name(k.why)}});
  if (m.token_expiry_seconds) number(visit, metric::token_expiry_seconds, *m.token_expiry_seconds);
  number(visit, metric::sessions, m.link.sessions_opened - m.link.sessions_resumed, {{"resumed", "no"}});
  number(visit, metric::sessions, m.link.sessions_resumed, {{"resumed", "yes"}});
  number(visit, metric::resends, m.link.resends);
}

}  // namespace snap::engine
