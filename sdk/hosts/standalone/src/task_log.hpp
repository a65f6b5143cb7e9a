// Log lines of one task, each beginning with "[connector|task-0]" as in Kafka Connect. Any thread; spdlog's default logger.
#pragma once
#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "sca/sink_connector.h"

namespace sinkhost {

class task_log {
 public:
  explicit task_log(std::string name) : prefix_("[" + std::move(name) + "] ") {}
  [[nodiscard]] static task_log of_task(std::string_view connector, std::uint32_t task) {
    return task_log{std::string{connector} + "|task-" + std::to_string(task)};
  }

  void debug(std::string_view text) const noexcept { write(SCA_LOG_DEBUG, text); }
  void info(std::string_view text) const noexcept { write(SCA_LOG_INFO, text); }
  void warn(std::string_view text) const noexcept { write(SCA_LOG_WARN, text); }
  void error(std::string_view text) const noexcept { write(SCA_LOG_ERROR, text); }
  void write(std::int32_t level, std::string_view text) const noexcept;
  void write(const sca_log_line& line) const noexcept;  // the sink's own lines
  [[nodiscard]] static std::int32_t level() noexcept;   // below it a line is wasted

 private:
  std::string prefix_;
};

// log_cb of a client whose opaque is a client_opaque (below): librdkafka's own lines, which never hold credentials.
struct client_opaque {
  const task_log* log = nullptr;
  void* owner = nullptr;  // consumer or dead_letters
};
void log_of_client(const rd_kafka_t* rk, int level, const char* facility, const char* text) noexcept;

}  // namespace sinkhost
