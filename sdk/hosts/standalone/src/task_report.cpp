#include "task_report.hpp"

#include <algorithm>

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

task_status task_report::status(progress_watch::clock::time_point now) const {
  const std::lock_guard lock{mutex_};
  task_status out;
  out.state = state_;
  if (state_ == task_state::failed) out.trace = trace_;
  if (state_ == task_state::failed || state_ == task_state::stopped) return out;
  out.stalled = watch_.stalled(now);
  out.silent = watch_.silent(now);
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

void task_report::turned(progress_watch::clock::time_point now) {
  const std::lock_guard lock{mutex_};
  watch_.turned(now);
}

void task_report::moved(progress_watch::clock::time_point now) {
  const std::lock_guard lock{mutex_};
  watch_.moved(now);
}

void task_report::stands(progress_watch::load what, progress_watch::clock::time_point now) {
  const std::lock_guard lock{mutex_};
  const bool waits = std::ranges::any_of(notices_, [](const std::string& n) { return !n.empty(); });
  watch_.stands(waits ? progress_watch::load::some : what, now);
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
