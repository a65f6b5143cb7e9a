// What passes between the herder and those who ask it: the REST server, `run`, tests. Values only.
#pragma once
#include <boost/system/result.hpp>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "connector_json.hpp"
#include "task.hpp"

namespace sinkhost {

// A refusal with the HTTP status that Kafka Connect gives it. The message is for people.
struct api_error {
  int status = 500;
  std::string message;
};
template <class T>
using api_result = boost::system::result<T, api_error>;
[[noreturn]] inline void throw_exception_from_error(const api_error& e, const boost::source_location&) {
  throw std::runtime_error(e.message);  // only result::value() on an error: a programmer's mistake
}

struct task_view {
  std::uint32_t id = 0;
  std::string state;                                // RUNNING, PAUSED, FAILED, RESTARTING, STOPPED
  std::string trace;                                // of FAILED the reason; of RUNNING what it waits for, often ""
  std::chrono::milliseconds stalled{0}, silent{0};  // as in task_status
};

struct connector_view {
  std::string name;
  string_map config;  // as stored: whoever shows it masks it
  target_state target = target_state::running;
  std::string state;  // RUNNING, PAUSED, STOPPED, FAILED
  std::string trace;  // of FAILED
  std::vector<task_view> tasks;
};

enum class restart_scope : std::uint8_t { connector, failed_connector, connector_and_tasks, failed_connector_and_tasks };

}  // namespace sinkhost
