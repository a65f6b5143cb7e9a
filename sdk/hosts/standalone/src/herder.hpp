// The connectors of this process: their configurations, what is wanted of them, and the tasks that make it so. Kafka Connect's
// word for the part that creates, changes and restarts connectors. Every change is judged, then stored, then applied. Any thread.
// Changes come one at a time and return once stored; the tasks follow. Reads never wait for a change.
#pragma once
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "herder_connector.hpp"
#include "herder_types.hpp"
#include "state_store.hpp"
#include "validation.hpp"

namespace sinkhost {

struct herder_options {
  task_factory make_task;
  offset_admin offsets;
  reference_source references = system_references();
};

class herder {
 public:
  herder(const plugins& known, state_store& store, herder_options options);  // all outlive it
  ~herder();                                                                 // stop()
  herder(const herder&) = delete;
  herder& operator=(const herder&) = delete;

  // Loads the stored connectors and starts them. Returns what could not be loaded.
  [[nodiscard]] std::vector<std::string> restore();

  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] api_result<connector_view> view(const std::string& name) const;
  [[nodiscard]] std::vector<connector_view> views() const;
  [[nodiscard]] const sca_connector* plugin_of(const string_map& config) const noexcept;  // null: not loaded

  [[nodiscard]] api_result<connector_view> create(const connector_document& document);
  struct put_outcome {
    connector_view connector;
    bool created = false;
  };
  [[nodiscard]] api_result<put_outcome> put_config(const std::string& name, string_map config,
                                                   std::optional<target_state> initial = {});
  [[nodiscard]] api_result<connector_view> patch_config(const std::string& name,
                                                        const std::map<std::string, std::optional<std::string>>& patch);
  [[nodiscard]] api_result<void> remove(const std::string& name);
  [[nodiscard]] api_result<void> set_target(const std::string& name, target_state wanted);
  [[nodiscard]] api_result<connector_view> restart(const std::string& name, restart_scope scope);
  [[nodiscard]] api_result<void> restart_task(const std::string& name, std::uint32_t id);

  // The judgement of a configuration that may bring masks back; name "" or unknown: nothing is stored for it.
  [[nodiscard]] validation judge(string_map config) const;

  [[nodiscard]] api_result<std::vector<group_offset>> offsets(const std::string& name) const;
  [[nodiscard]] api_result<void> alter_offsets(const std::string& name, const std::vector<group_offset>& to);  // needs STOPPED
  [[nodiscard]] api_result<void> reset_offsets(const std::string& name);                                       // needs STOPPED

  [[nodiscard]] std::vector<metric_sample> metrics() const;
  [[nodiscard]] task::traffic counts() const;

  // Waits until every connector is as wanted; false: not in time.
  [[nodiscard]] bool settled_within(std::chrono::milliseconds timeout) const;
  // Drains all connectors in parallel. No change is accepted from then on.
  void stop(std::chrono::milliseconds deadline);

 private:
  using connector = std::shared_ptr<herder_connector>;
  [[nodiscard]] connector find(const std::string& name) const;
  [[nodiscard]] std::vector<connector> all() const;
  [[nodiscard]] validation judge_unmasked(string_map& config, const string_map& stored) const;
  [[nodiscard]] api_result<void> check(const std::string& name, string_map& config, const string_map& stored) const;
  [[nodiscard]] api_result<connector_view> save_and_apply(const std::string& name, string_map config, target_state target);
  void start(const stored_connector& one);
  [[nodiscard]] api_result<void> on_stopped(const std::string& name,
                                            const std::function<sca::result<void>(const task_config&)>& change);
  [[nodiscard]] api_result<task_config> offsets_of(const connector_view& view) const;

  const connector_context context_;
  state_store& store_;
  const offset_admin offsets_;
  std::mutex change_mutex_;  // one change at a time; taken before mutex_
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;  // connectors_ and retired_; held for a moment only
  std::map<std::string, connector> connectors_;
  std::map<std::string, connector> retired_;  // removed, perhaps still stopping: the last one of each name
};

}  // namespace sinkhost
