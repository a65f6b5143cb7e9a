// What others may know of a task: state, trace, numbers, metrics. Written by the task thread (and by sinks' threads: notices),
// read by REST threads. Every member function may be called from any thread.
#pragma once
#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "progress_watch.hpp"
#include "task.hpp"

namespace sinkhost {

class task_report {
 public:
  // running <-> paused by the user's wish; failed and stopped are final, failed wins.
  void wish(task_state running_or_paused);
  void failed(std::string trace);
  void stopped();
  [[nodiscard]] task_status status(progress_watch::clock::time_point now = progress_watch::clock::now()) const;

  // What a running task waits for; "" clears it. Each source has its own.
  enum class source : std::uint8_t { broker, dead_letters, sink };
  void notice(source from, std::string text);
  [[nodiscard]] bool has_notice(source from) const;

  // Whether it gets on: see progress_watch.
  void turned(progress_watch::clock::time_point now);
  void moved(progress_watch::clock::time_point now);
  void stands(progress_watch::load what, progress_watch::clock::time_point now);

  void publish(std::vector<metric_sample> metrics);
  [[nodiscard]] std::vector<metric_sample> metrics() const;

  std::atomic<std::uint64_t> consumed{0}, committed{0}, dead_letters{0};

 private:
  mutable std::mutex mutex_;
  task_state state_ = task_state::running;
  std::string trace_;
  std::string notices_[3];
  progress_watch watch_{progress_watch::clock::now()};
  std::vector<metric_sample> metrics_;
};

}  // namespace sinkhost
