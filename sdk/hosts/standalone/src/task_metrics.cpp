#include "task_metrics.hpp"

#include "sca/views.hpp"

namespace sinkhost {
namespace {

using label_list = std::vector<std::pair<std::string, std::string>>;

label_list labels_of(const task_config& task) { return {{"connector", task.connector}, {"task", std::to_string(task.task)}}; }

struct collection {
  std::vector<metric_sample>* to = nullptr;
  const task_config* task = nullptr;
};

metric_sample copy_of(const sca_metric& metric, const task_config& task) {
  metric_sample out{.name = std::string{sca::view(metric.name)},
                    .help = std::string{sca::view(metric.help)},
                    .kind = metric.kind,
                    .labels = labels_of(task),
                    .value = metric.value,
                    .bounds = {},
                    .counts = {}};
  for (std::size_t i = 0; i < metric.label_count; ++i) {
    out.labels.emplace_back(sca::view(metric.labels[i].key), sca::view(metric.labels[i].value));
  }
  if (metric.kind == SCA_METRIC_HISTOGRAM) {
    out.bounds.assign(metric.bounds, metric.bounds + metric.bound_count);
    out.counts.assign(metric.counts, metric.counts + metric.bound_count + 1);
  }
  return out;
}

void visit(void* ctx, const sca_metric* metric) noexcept {
  const auto* into = static_cast<const collection*>(ctx);
  try {
    into->to->push_back(copy_of(*metric, *into->task));
  } catch (...) {  // out of memory: a sample is missing once
  }
}

}  // namespace

std::vector<metric_sample> host_metrics(const task_config& task, const host_figures& figures) {
  std::vector<metric_sample> out;
  const auto add = [&](std::int32_t kind, const char* name, const char* help, auto value, const label_list& more) {
    auto labels = labels_of(task);
    labels.insert(labels.end(), more.begin(), more.end());
    out.push_back({name, help, kind, std::move(labels), static_cast<double>(value), {}, {}});
  };
  add(SCA_METRIC_COUNTER, "sink_host_records_consumed_total", "Records read from Kafka.", figures.consumed, {});
  add(SCA_METRIC_COUNTER, "sink_host_commits_total", "Offset commits, by outcome.", figures.counters.commits,
      {{"outcome", "done"}});
  add(SCA_METRIC_COUNTER, "sink_host_commits_total", "Offset commits, by outcome.", figures.counters.failed_commits,
      {{"outcome", "failed"}});
  add(SCA_METRIC_COUNTER, "sink_host_rebalances_total", "Assignments, revocations and losses of partitions.",
      figures.counters.rebalances, {});
  add(SCA_METRIC_COUNTER, "sink_host_dead_letters_total",
      "Records set aside: written to the dead letter topic, or left behind "
      "without one.",
      figures.dead_letters, {});
  add(SCA_METRIC_GAUGE, "sink_host_dead_letters_pending", "Dead letters without a delivery report yet.",
      figures.dead_letters_pending, {});
  add(SCA_METRIC_GAUGE, "sink_host_held_records", "Records read and not yet resolved.", figures.held, {});
  add(SCA_METRIC_GAUGE, "sink_host_backlog_records", "Of them, those the sink would not take yet.", figures.backlog, {});
  add(SCA_METRIC_GAUGE, "sink_host_paused", "1 while partitions are paused.", figures.paused ? 1 : 0, {});
  for (const auto& one : figures.lags) {
    add(SCA_METRIC_GAUGE, "sink_host_consumer_lag", "Records in the partition that are not committed yet.", one.lag,
        {{"topic", one.of.topic}, {"partition", std::to_string(one.of.partition)}});
  }
  return out;
}

void append_sink_metrics(std::vector<metric_sample>& to, const task_config& task, sca::sink_task& sink) {
  collection into{&to, &task};
  sink.collect_metrics(&visit, &into);
}

}  // namespace sinkhost
