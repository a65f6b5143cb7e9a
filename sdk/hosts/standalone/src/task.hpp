// One task of a connector in this process: a librdkafka consumer in group connect-<name>, a sink over the C ABI (sca::sink_task),
// and a dead letter producer, on one thread of its own. The herder starts, pauses and stops tasks; the REST server only reads
// status().
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sca/sink_connector.h"

namespace sinkhost {

using string_map = std::map<std::string, std::string>;

struct task_config {
  std::string connector;  // the user's name of it
  std::uint32_t task = 0;
  string_map config;                      // whole, references resolved: the host's keys and the sink's
  const sca_connector* plugin = nullptr;  // its library outlives the task
};

enum class broker_kind : std::uint8_t { real, embedded };

// What all tasks of a process share.
struct environment {
  std::string bootstrap_servers;
  std::string worker_id;  // "127.0.0.1:8083", as Kafka Connect reports it
  broker_kind brokers = broker_kind::real;
};

enum class task_state : std::uint8_t { running, paused, failed, stopped };

enum class initial_state : std::uint8_t { running, paused };

struct task_status {
  task_state state = task_state::running;
  std::string trace;                     // of failed: the whole text; of running: what it waits for at the moment, "" nothing
  std::chrono::milliseconds stalled{0};  // how long something has been waiting without anything getting done
  std::chrono::milliseconds silent{0};   // since its thread last came round: more than seconds is a call that does not return
};

// A metric as Prometheus wants it, copied from the plugin or made by the host.
struct metric_sample {
  std::string name, help;
  int32_t kind = SCA_METRIC_GAUGE;
  std::vector<std::pair<std::string, std::string>> labels;  // connector and task included
  double value = 0;                                         // of a histogram: the sum
  std::vector<double> bounds;
  std::vector<std::uint64_t> counts;  // one more than bounds, each bucket for itself
};

class task {
 public:
  // Starts the thread. Failures of start-up show in status(), they do not throw.
  task(task_config config, const environment& env, initial_state start);
  ~task();  // stop(10 s), then destroys everything
  task(const task&) = delete;
  task& operator=(const task&) = delete;

  // All [any], all return at once except stop().
  void pause();
  void resume();
  void stop(std::chrono::milliseconds deadline);  // drains: flush, commit, close; waits until the thread has ended
  [[nodiscard]] task_status status() const;
  [[nodiscard]] std::vector<metric_sample> metrics() const;  // the last copy, at most about a second old

  struct traffic {
    std::uint64_t consumed = 0, committed = 0, dead_letters = 0;
  };
  [[nodiscard]] traffic counts() const;  // for the summary line every 10 s

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

// Which of a connector's keys are the host's and are kept from the plugin: name, connector.class, topics*, tasks.max,
// *.converter*, transforms*, predicates*, errors.*, consumer.*, producer.*, admin.*, config.action.reload (sink_connector.h,
// sca_connector::validate).
[[nodiscard]] bool is_host_key(const std::string& key);

}  // namespace sinkhost
