#include "metrics_text.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace sinkhost {
namespace {

bool is_metric_name(std::string_view name, bool colon) noexcept {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::ranges::all_of(name, [colon](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (colon && c == ':');
  });
}

prometheus::MetricType type_of(std::int32_t kind) noexcept {
  if (kind == SCA_METRIC_COUNTER) return prometheus::MetricType::Counter;
  return kind == SCA_METRIC_HISTOGRAM ? prometheus::MetricType::Histogram : prometheus::MetricType::Gauge;
}

prometheus::ClientMetric::Histogram histogram_of(const metric_sample& sample) {
  prometheus::ClientMetric::Histogram out;
  out.sample_sum = sample.value;
  for (std::size_t i = 0; i < sample.counts.size(); ++i) {
    out.sample_count += sample.counts[i];  // the format's buckets contain the smaller ones
    if (i < sample.bounds.size()) out.bucket.push_back({out.sample_count, sample.bounds[i]});
  }
  return out;
}

prometheus::ClientMetric metric_of(const metric_sample& sample, prometheus::MetricType type) {
  prometheus::ClientMetric out;
  for (const auto& [name, value] : sample.labels) {
    if (is_metric_name(name, false)) out.label.push_back({name, value});
  }
  if (type == prometheus::MetricType::Counter) out.counter.value = sample.value;
  if (type == prometheus::MetricType::Gauge) out.gauge.value = sample.value;
  if (type == prometheus::MetricType::Histogram) out.histogram = histogram_of(sample);
  return out;
}

metric_sample number(std::string name, std::string help, std::int32_t kind, double value) {
  metric_sample out;
  out.name = std::move(name);
  out.help = std::move(help);
  out.kind = kind;
  out.value = value;
  return out;
}

double cpu_seconds() noexcept {
  rusage used{};
  if (getrusage(RUSAGE_SELF, &used) != 0) return 0;
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double resident_bytes() {
  std::ifstream in("/proc/self/statm");
  double pages_total = 0;
  double pages_resident = 0;
  in >> pages_total >> pages_resident;
  return pages_resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double open_files() {
  std::error_code failed;
  const std::filesystem::directory_iterator files("/proc/self/fd", failed);
  return failed ? 0 : static_cast<double>(std::distance(begin(files), end(files)));
}

void append_states(std::vector<metric_sample>& samples, const std::string& name, const std::string& help,
                   const std::map<std::string, int>& states) {
  for (const auto& [state, count] : states) {
    samples.push_back(number(name, help, SCA_METRIC_GAUGE, count));
    samples.back().labels.emplace_back("state", state);
  }
}

}  // namespace

std::string metrics_text(const std::vector<metric_sample>& samples) {
  std::vector<prometheus::MetricFamily> families;
  std::map<std::string_view, std::size_t> index;
  for (const metric_sample& sample : samples) {
    if (!is_metric_name(sample.name, true)) continue;
    const auto [at, fresh] = index.emplace(sample.name, families.size());
    if (fresh) {
      families.emplace_back();
      families.back().name = sample.name;
      families.back().help = sample.help;
      families.back().type = type_of(sample.kind);
    }
    prometheus::MetricFamily& family = families[at->second];
    if (family.type == type_of(sample.kind)) family.metric.push_back(metric_of(sample, family.type));
  }
  std::ostringstream out;
  prometheus::TextSerializer{}.Serialize(out, families);
  return out.str();
}

void append_host_metrics(std::vector<metric_sample>& samples, const std::vector<connector_view>& connectors,
                         std::string_view version) {
  // States that exist are always there, with 0: an alert on FAILED must not lack its series.
  std::map<std::string, int> connector_states = {{"RUNNING", 0}, {"PAUSED", 0}, {"STOPPED", 0}, {"FAILED", 0}};
  std::map<std::string, int> task_states = {{"RUNNING", 0}, {"PAUSED", 0}, {"FAILED", 0}};
  for (const connector_view& c : connectors) {
    ++connector_states[c.state];
    for (const task_view& t : c.tasks) ++task_states[t.state];
  }
  append_states(samples, "sink_host_connectors", "Connectors by state.", connector_states);
  append_states(samples, "sink_host_tasks", "Tasks by state.", task_states);
  samples.push_back(number("sink_host_build_info", "1; the label says which version runs.", SCA_METRIC_GAUGE, 1));
  samples.back().labels.emplace_back("version", version);
  samples.push_back(
      number("process_cpu_seconds_total", "User and system CPU time of the process.", SCA_METRIC_COUNTER, cpu_seconds()));
  samples.push_back(
      number("process_resident_memory_bytes", "Resident memory of the process.", SCA_METRIC_GAUGE, resident_bytes()));
  samples.push_back(number("process_open_fds", "Open file descriptors of the process.", SCA_METRIC_GAUGE, open_files()));
}

}  // namespace sinkhost
