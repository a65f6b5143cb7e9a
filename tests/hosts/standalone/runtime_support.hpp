// What the tests of the runtime share: a broker of their own, producing and reading back, waiting with a limit.
#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "embedded_broker.hpp"
#include "runtime_test_sink.hpp"
#include "task.hpp"

namespace sinkhost::testing {

using namespace std::chrono_literals;
using text_headers = std::vector<std::pair<std::string, std::optional<std::string>>>;

// Looks every few milliseconds until it holds or the time is up. What a test waits for takes seconds only because the mock
// cluster's groups do.
[[nodiscard]] bool eventually(const std::function<bool()>& holds, std::chrono::milliseconds limit = 30s);
// It holds all the time.
[[nodiscard]] bool remains(const std::function<bool()>& holds, std::chrono::milliseconds time);

struct message {
  std::optional<std::string> key, value;
  text_headers headers = {};
  std::int32_t partition = 0;
  std::int64_t timestamp_ms = 0;  // 0: now
};

class kafka {
 public:
  kafka();
  [[nodiscard]] const environment& env() const noexcept { return env_; }
  [[nodiscard]] rd_kafka_mock_cluster_s* cluster() const noexcept { return broker_->cluster(); }

  void create(const std::string& topic, int partitions) const;
  void produce(const std::string& topic, const std::vector<message>& messages) const;
  void produce_numbers(const std::string& topic, int count, int partitions) const;  // values "0", "1", ... round robin
  [[nodiscard]] std::vector<message> read_all(const std::string& topic, std::size_t count) const;  // from partition 0
  [[nodiscard]] std::map<std::int32_t, std::int64_t> committed(const task_config& connector) const;
  [[nodiscard]] std::int64_t committed_sum(const task_config& connector) const;

 private:
  std::unique_ptr<embedded_broker> broker_;
  environment env_;
};

[[nodiscard]] task_config connector_of(const sink_script& script, string_map config);
// A header's value; "" with no such header.
[[nodiscard]] std::string header_of(const message& m, const std::string& name);
[[nodiscard]] double metric_of(const task& t, const std::string& name);  // sum of its samples

}  // namespace sinkhost::testing
