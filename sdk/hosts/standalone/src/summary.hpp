// The line that `run` logs every 10 s when there was traffic: what all connectors of the process did since the last one. Value
// type; the caller's thread.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "task.hpp"

namespace sinkhost {

struct traffic_totals {
  std::uint64_t consumed = 0, delivered = 0, rejected = 0, skipped = 0, requests = 0,
                retries = 0;             // counters of the tasks that run now
  std::uint64_t in_flight = 0, lag = 0;  // at the moment
};

// Sums the sinks' metrics by the ends of their names (<sink>_records_total{outcome=…}, …_requests_total, …_retries_total,
// …_in_flight_requests), so that any sink that keeps to these names is summed, and the host's consumer lag.
[[nodiscard]] traffic_totals totals_of(const task::traffic& traffic, const std::vector<metric_sample>& samples);

class summary {
 public:
  // nullopt: nothing moved since the last call.
  [[nodiscard]] std::optional<std::string> line(const traffic_totals& now, std::chrono::seconds since);

 private:
  traffic_totals last_;
};

}  // namespace sinkhost
