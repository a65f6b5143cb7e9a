// Kafka Connect's REST as a function from request to answer: one table of routes (rest_api.cpp), handlers beside it. No sockets:
// those are rest_server's. Any thread, several at once.
#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "herder.hpp"
#include "plugins.hpp"
#include "rest_http.hpp"

namespace sinkhost {

struct rest_facts {
  std::string version;
  std::string worker_id;                           // "127.0.0.1:8083"
  std::vector<std::string> problems;               // that start-up met and went on: state files, plugin libraries
  std::chrono::milliseconds stuck_after{600'000};  // --stuck-after-ms
};

// What handlers work with.
struct rest_context {
  herder& connectors;
  const plugins& known;
  rest_facts facts;
};
struct rest_call {
  rest_target target;
  std::vector<std::string> names;  // what the {…} of the route matched
  std::string_view body;
};

class rest_api {
 public:
  explicit rest_api(rest_context context) : context_(std::move(context)) {}
  // Never throws: what goes wrong inside is a 500 without details.
  [[nodiscard]] rest_response handle(const rest_request& request) const noexcept;
  // Largest body this target takes, in bytes.
  [[nodiscard]] static std::size_t body_limit(std::string_view target) noexcept;

 private:
  rest_context context_;
};

// The handlers, in rest_connectors.cpp, rest_plugins.cpp and rest_admin.cpp.
namespace rest {
using handler = rest_response (*)(const rest_context&, const rest_call&);
rest_response list_connectors(const rest_context&, const rest_call&);
rest_response create_connector(const rest_context&, const rest_call&);
rest_response connector_info(const rest_context&, const rest_call&);
rest_response delete_connector(const rest_context&, const rest_call&);
rest_response connector_config(const rest_context&, const rest_call&);
rest_response put_config(const rest_context&, const rest_call&);
rest_response patch_config(const rest_context&, const rest_call&);
rest_response connector_status(const rest_context&, const rest_call&);
rest_response connector_topics(const rest_context&, const rest_call&);
rest_response reset_topics(const rest_context&, const rest_call&);
rest_response pause(const rest_context&, const rest_call&);
rest_response resume(const rest_context&, const rest_call&);
rest_response stop(const rest_context&, const rest_call&);
rest_response restart(const rest_context&, const rest_call&);
rest_response list_tasks(const rest_context&, const rest_call&);
rest_response task_status(const rest_context&, const rest_call&);
rest_response restart_task(const rest_context&, const rest_call&);
rest_response list_offsets(const rest_context&, const rest_call&);
rest_response alter_offsets(const rest_context&, const rest_call&);
rest_response reset_offsets(const rest_context&, const rest_call&);
rest_response list_plugins(const rest_context&, const rest_call&);
rest_response plugin_keys(const rest_context&, const rest_call&);
rest_response validate_config(const rest_context&, const rest_call&);
rest_response preview_records(const rest_context&, const rest_call&);
rest_response server_info(const rest_context&, const rest_call&);
rest_response health(const rest_context&, const rest_call&);
rest_response list_loggers(const rest_context&, const rest_call&);
rest_response one_logger(const rest_context&, const rest_call&);
rest_response set_logger(const rest_context&, const rest_call&);
rest_response metrics(const rest_context&, const rest_call&);
}  // namespace rest

}  // namespace sinkhost
