// What the herder needs of a task, so that tests can put fakes in its place. Threads as in task.hpp.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "offsets.hpp"
#include "task.hpp"

namespace sinkhost {

class worker_task {
 public:
  virtual ~worker_task() = default;
  virtual void pause() = 0;
  virtual void resume() = 0;
  virtual void stop(std::chrono::milliseconds deadline) = 0;
  [[nodiscard]] virtual task_status status() const = 0;
  [[nodiscard]] virtual std::vector<metric_sample> metrics() const = 0;
  [[nodiscard]] virtual task::traffic counts() const = 0;
};
using task_factory = std::function<std::unique_ptr<worker_task>(task_config, initial_state)>;

// The consumer group's offsets, as offsets.hpp has them.
struct offset_admin {
  std::function<sca::result<std::vector<group_offset>>(const task_config&)> list;
  std::function<sca::result<void>(const task_config&, const std::vector<group_offset>&)> alter;
  std::function<sca::result<void>(const task_config&)> reset;
};

// Production: sinkhost::task and librdkafka, against the brokers of env (copied).
[[nodiscard]] task_factory kafka_tasks(const environment& env);
[[nodiscard]] offset_admin kafka_offsets(const environment& env);

}  // namespace sinkhost
