// errors.* of a connector's configuration. Pure.
#pragma once
#include <string>

#include "sca/sink_task.hpp"
#include "sca/status.hpp"
#include "task.hpp"

namespace sinkhost {

// errors.*, as in Kafka Connect.
struct error_options {
  sca::tolerance tolerance = sca::tolerance::none;
  std::string topic;  // "": no dead letter queue
  int replication_factor = 3;
  bool context_headers = false;
  bool log = false;
  bool log_records = false;  // errors.log.include.messages: where the record stands, not what is in it
};
[[nodiscard]] sca::result<error_options> error_options_of(const task_config& task);

}  // namespace sinkhost
