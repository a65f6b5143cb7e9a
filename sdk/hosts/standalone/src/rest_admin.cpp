// Handlers of the host itself: /, /health, /metrics, /admin/loggers.
#include <fmt/format.h>

#include <algorithm>

#include "connector_json.hpp"
#include "health.hpp"
#include "json_slice.hpp"
#include "logging.hpp"
#include "metrics_text.hpp"
#include "rest_api.hpp"

namespace sinkhost::rest {
namespace {

rest_response ok(std::string body) { return {.status = 200, .body = std::move(body)}; }

// last_modified: only Kafka Connect keeps that.
std::string level_body(log_level level) { return fmt::format(R"({{"level":"{}","last_modified":null}})", to_text(level)); }

}  // namespace

rest_response server_info(const rest_context& context, const rest_call&) {
  return ok(fmt::format(R"({{"version":{},"commit":"sink-host","kafka_cluster_id":null}})", json_quoted(context.facts.version)));
}

// Answers as soon as the server listens, which is after start-up.
rest_response health(const rest_context& context, const rest_call&) {
  return health_answer(context.connectors.views(), context.facts.problems, context.facts.stuck_after);
}

rest_response metrics(const rest_context& context, const rest_call&) {
  std::vector<metric_sample> samples = context.connectors.metrics();
  append_host_metrics(samples, context.connectors.views(), context.facts.version);
  return {.status = 200, .body = metrics_text(samples), .content_type = "text/plain; version=0.0.4; charset=utf-8"};
}

rest_response list_loggers(const rest_context&, const rest_call&) {
  std::string body = "{";
  for (const logger_level& l : logger_levels())
    body += fmt::format("{}{}:{}", body.size() > 1 ? "," : "", json_quoted(l.name), level_body(l.level));
  return ok(body + "}");
}

rest_response one_logger(const rest_context&, const rest_call& call) {
  const auto all = logger_levels();
  const auto found = std::ranges::find(all, call.names.front(), &logger_level::name);
  return found == all.end() ? error_response(404, fmt::format("Logger {} not found.", call.names.front()))
                            : ok(level_body(found->level));
}

rest_response set_logger(const rest_context&, const rest_call& call) {
  const auto body = parse_config(call.body);
  if (!body) return error_response(400, body.error().message);
  const auto wanted = body->find("level");
  if (wanted == body->end()) return error_response(400, "Desired 'level' parameter was not specified in request.");
  const auto level = log_level_from(wanted->second);
  // 404 as Kafka Connect answers it.
  if (!level)
    return error_response(404,
                          fmt::format("invalid log level '{}'; there is TRACE, DEBUG, INFO, WARN, ERROR, OFF", wanted->second));
  const auto changed = set_logger_level(call.names.front(), *level);
  if (changed.empty()) return error_response(404, fmt::format("Logger {} not found.", call.names.front()));
  return call.target.has("scope", "cluster") ? no_content() : ok(json_list(changed));
}

}  // namespace sinkhost::rest
