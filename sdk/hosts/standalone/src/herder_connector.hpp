// One connector of the herder: what is wanted of it, and a thread that makes its tasks so, one step after the other. The callers
// only write down what they want and return, so that a slow stop holds up nobody who reads.
#pragma once
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "config_providers.hpp"
#include "herder_types.hpp"
#include "plugins.hpp"
#include "worker_task.hpp"

namespace sinkhost {

// Shared by all connectors of a herder; outlives them.
struct connector_context {
  const plugins& known;
  task_factory make_task;
  reference_source references;
  std::chrono::milliseconds task_stop{4'000};  // for one task to drain; together with herder::stop's it stays below 10 s
};

class herder_connector {
 public:
  // before: an earlier connector of that name which may still be stopping (same consumer group); it is awaited first. May be
  // null.
  herder_connector(std::string name, string_map config, target_state target, const connector_context& context,
                   std::shared_ptr<herder_connector> before);
  ~herder_connector();  // finish(), then waits
  herder_connector(const herder_connector&) = delete;
  herder_connector& operator=(const herder_connector&) = delete;

  // All return at once; any thread.
  void configure(string_map config);
  void target(target_state wanted);
  std::set<std::uint32_t> restart(restart_scope scope);  // the tasks that will start anew
  void restart_task(std::uint32_t id);
  void finish(std::chrono::milliseconds deadline);  // stops the tasks, for good

  void wait_finished() const;
  [[nodiscard]] bool finished() const;
  // Waits until what is wanted is so; false: not in time.
  [[nodiscard]] bool settled_within(std::chrono::milliseconds timeout) const;

  [[nodiscard]] connector_view view() const;
  [[nodiscard]] std::vector<metric_sample> metrics() const;
  [[nodiscard]] task::traffic counts() const;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace sinkhost
