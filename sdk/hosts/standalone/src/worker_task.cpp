#include "worker_task.hpp"

namespace sinkhost {
namespace {

constexpr std::chrono::seconds offsets_timeout{15};

class kafka_task final : public worker_task {
 public:
  kafka_task(task_config config, const environment& env, initial_state start) : task_(std::move(config), env, start) {}
  void pause() override { task_.pause(); }
  void resume() override { task_.resume(); }
  void stop(std::chrono::milliseconds deadline) override { task_.stop(deadline); }
  [[nodiscard]] task_status status() const override { return task_.status(); }
  [[nodiscard]] std::vector<metric_sample> metrics() const override { return task_.metrics(); }
  [[nodiscard]] task::traffic counts() const override { return task_.counts(); }

 private:
  task task_;
};

}  // namespace

task_factory kafka_tasks(const environment& env) {
  // shared_ptr: the factory is copied, and a task keeps a reference to its environment.
  return [shared = std::make_shared<const environment>(env)](task_config config,
                                                             initial_state start) -> std::unique_ptr<worker_task> {
    return std::make_unique<kafka_task>(std::move(config), *shared, start);
  };
}

offset_admin kafka_offsets(const environment& env) {
  const auto shared = std::make_shared<const environment>(env);
  return {.list = [shared](const task_config& c) { return list_offsets(c, *shared, offsets_timeout); },
          .alter = [shared](const task_config& c,
                            const std::vector<group_offset>& to) { return alter_offsets(c, *shared, to, offsets_timeout); },
          .reset = [shared](const task_config& c) { return reset_offsets(c, *shared, offsets_timeout); }};
}

}  // namespace sinkhost
