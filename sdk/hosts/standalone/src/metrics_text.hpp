// GET /metrics: samples of tasks and of the process as Prometheus text. Pure but for the process's own numbers; any thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "herder_types.hpp"
#include "task.hpp"

namespace sinkhost {

// Samples of one name become one family; of a name with two kinds the first kind's samples stay. Names that Prometheus would
// refuse are left out: one bad name of a plugin must not lose the whole scrape.
[[nodiscard]] std::string metrics_text(const std::vector<metric_sample>& samples);

// Connectors and tasks by state, build, CPU, memory, files of this process.
void append_host_metrics(std::vector<metric_sample>& samples, const std::vector<connector_view>& connectors,
                         std::string_view version);

}  // namespace sinkhost
