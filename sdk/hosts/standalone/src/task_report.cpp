#include "task_report.hpp"

namespace sinkhost {

void task_report::wish(task_state running_or_paused) {
  const std::lock_guard lock{mutex_};
  if (state_ == task_state::running || state_ == task_state::paused) state_ = running_or_paused;
}

void task_report::failed(std::string trace) {
  const std::lock_guard lock{mutex_};
  if (state_ == task_state::failed) return;  // the first failure is the cause
  state_ = task_state::failed;
  trace_ = std::move(trace);
}

void task_report::stopped() {
  const std::lock_guard lock{mutex_};
  if (state_ != task_state::failed) state_ = task_state::stopped;
}

task_status task_report::status() const {
  const std::lock_guard lock{mutex_};
  if (state_ == task_state::failed) return {state_, trace_};
  task_status out{state_, {}};
  if (state_ == task_state::stopped) return out;
  for (const auto& text : notices_) {
    if (text.empty()) continue;
    if (!out.trace.empty()) out.trace += '\n';
    out.trace += text;
  }
  return out;
}

void task_report::notice(source from, std::string text) {
  const std::lock_guard lock{mutex_};
  notices_[static_cast<std::size_t>(from)] = std::move(text);
}

bool task_report::has_notice(source from) const {
  const std::lock_guard lock{mutex_};
  return !notices_[static_cast<std::size_t>(from)].empty();
}

void task_report::publish(std::vector<metric_sample> metrics) {
  const std::lock_guard lock{mutex_};
  metrics_ = std::move(metrics);
}

std::vector<metric_sample> task_report::metrics() const {
  const std::lock_guard lock{mutex_};
  return metrics_;
}

}  // namespace sinkhost
