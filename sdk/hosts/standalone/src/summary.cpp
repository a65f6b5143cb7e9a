#include "summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace sinkhost {
namespace {

std::string_view label(const metric_sample& sample, std::string_view name) noexcept {
  const auto found = std::ranges::find(sample.labels, name, &std::pair<std::string, std::string>::first);
  return found == sample.labels.end() ? std::string_view{} : std::string_view{found->second};
}

std::uint64_t whole(double value) noexcept { return value > 0 ? static_cast<std::uint64_t>(value) : 0; }

}  // namespace

traffic_totals totals_of(const task::traffic& traffic, const std::vector<metric_sample>& samples) {
  traffic_totals out;
  out.consumed = traffic.consumed;
  for (const metric_sample& s : samples) {
    const std::string_view name = s.name;
    if (name.ends_with("_records_total")) {
      const std::string_view outcome = label(s, "outcome");
      if (outcome == "delivered") out.delivered += whole(s.value);
      if (outcome == "rejected") out.rejected += whole(s.value);
      if (outcome == "skipped") out.skipped += whole(s.value);
    } else if (name.ends_with("_requests_total")) {
      out.requests += whole(s.value);
    } else if (name.ends_with("_retries_total")) {
      out.retries += whole(s.value);
    } else if (name.ends_with("_in_flight_requests")) {
      out.in_flight += whole(s.value);
    } else if (name.ends_with("_consumer_lag")) {
      out.lag += whole(s.value);
    }
  }
  return out;
}

std::optional<std::string> summary::line(const traffic_totals& now, std::chrono::seconds since) {
  // A counter that fell belongs to a task that started anew: all it has is new.
  const auto grown = [](std::uint64_t before, std::uint64_t after) { return after >= before ? after - before : after; };
  const traffic_totals d{.consumed = grown(last_.consumed, now.consumed),
                         .delivered = grown(last_.delivered, now.delivered),
                         .rejected = grown(last_.rejected, now.rejected),
                         .skipped = grown(last_.skipped, now.skipped),
                         .requests = grown(last_.requests, now.requests),
                         .retries = grown(last_.retries, now.retries)};
  last_ = now;
  if (d.consumed + d.delivered + d.rejected + d.skipped + d.requests + d.retries + now.in_flight == 0) return std::nullopt;
  return fmt::format("in {} s: {} consumed, {} delivered, {} rejected, {} skipped, {} requests, {} retries; {} in flight, lag {}",
                     since.count(), d.consumed, d.delivered, d.rejected, d.skipped, d.requests, d.retries, now.in_flight,
                     now.lag);
}

}  // namespace sinkhost
