// Samples of one task for /metrics: the plugin's, copied with connector and task added, and the host's own. Task thread.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sca/sink_task.hpp"
#include "task.hpp"
#include "topic_partition.hpp"

namespace sinkhost {

struct host_counters {
  std::uint64_t commits = 0, failed_commits = 0, rebalances = 0;
};

struct partition_lag {
  topic_partition of;
  std::int64_t lag = 0;
};

struct host_figures {
  host_counters counters;
  std::uint64_t consumed = 0, dead_letters = 0;
  std::size_t held = 0, backlog = 0, dead_letters_pending = 0;
  bool paused = false;  // by the user or by a full sink
  std::vector<partition_lag> lags;
};

[[nodiscard]] std::vector<metric_sample> host_metrics(const task_config& task, const host_figures& figures);
void append_sink_metrics(std::vector<metric_sample>& to, const task_config& task, sca::sink_task& sink);

}  // namespace sinkhost
