#include "rest_api.hpp"

#include <fmt/format.h>

#include <array>
#include <exception>
#include <optional>

#include "logging.hpp"

namespace sinkhost {
namespace {

struct route {
  std::string_view method, path;
  rest::handler handle;
};

constexpr std::array routes = {
    route{"GET", "/", rest::server_info},
    route{"GET", "/health", rest::health},
    route{"GET", "/metrics", rest::metrics},
    route{"GET", "/connectors", rest::list_connectors},
    route{"POST", "/connectors", rest::create_connector},
    route{"GET", "/connectors/{connector}", rest::connector_info},
    route{"DELETE", "/connectors/{connector}", rest::delete_connector},
    route{"GET", "/connectors/{connector}/config", rest::connector_config},
    route{"PUT", "/connectors/{connector}/config", rest::put_config},
    route{"PATCH", "/connectors/{connector}/config", rest::patch_config},
    route{"GET", "/connectors/{connector}/status", rest::connector_status},
    route{"GET", "/connectors/{connector}/topics", rest::connector_topics},
    route{"PUT", "/connectors/{connector}/topics/reset", rest::reset_topics},
    route{"PUT", "/connectors/{connector}/pause", rest::pause},
    route{"PUT", "/connectors/{connector}/resume", rest::resume},
    route{"PUT", "/connectors/{connector}/stop", rest::stop},
    route{"POST", "/connectors/{connector}/restart", rest::restart},
    route{"GET", "/connectors/{connector}/tasks", rest::list_tasks},
    route{"GET", "/connectors/{connector}/tasks/{task}/status", rest::task_status},
    route{"POST", "/connectors/{connector}/tasks/{task}/restart", rest::restart_task},
    route{"GET", "/connectors/{connector}/offsets", rest::list_offsets},
    route{"PATCH", "/connectors/{connector}/offsets", rest::alter_offsets},
    route{"DELETE", "/connectors/{connector}/offsets", rest::reset_offsets},
    route{"GET", "/connector-plugins", rest::list_plugins},
    route{"GET", "/connector-plugins/{plugin}/config", rest::plugin_keys},
    route{"PUT", "/connector-plugins/{plugin}/config/validate", rest::validate_config},
    route{"POST", "/connector-plugins/{plugin}/preview", rest::preview_records},
    route{"GET", "/admin/loggers", rest::list_loggers},
    route{"GET", "/admin/loggers/{logger}", rest::one_logger},
    route{"PUT", "/admin/loggers/{logger}", rest::set_logger},
};

// What the {…} of the path matched; nullopt: another path.
std::optional<std::vector<std::string>> match(std::string_view path, const std::vector<std::string>& segments) {
  std::vector<std::string> names;
  std::size_t at = 0;
  path.remove_prefix(1);
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view expected = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (at == segments.size()) return std::nullopt;
    if (expected.starts_with('{')) {
      if (segments[at].empty()) return std::nullopt;
      names.push_back(segments[at]);
    } else if (expected != segments[at]) {
      return std::nullopt;
    }
    ++at;
  }
  if (at != segments.size()) return std::nullopt;
  return names;
}

rest_response dispatch(const rest_context& context, const rest_request& request) {
  auto target = parse_target(request.target);
  if (!target) return error_response(400, "the request's path or query is malformed");
  const std::string_view method = request.method == "HEAD" ? "GET" : std::string_view{request.method};
  std::string allowed;
  for (const route& r : routes) {
    auto names = match(r.path, target->segments);
    if (!names) continue;
    if (r.method == method) return r.handle(context, {std::move(*target), std::move(*names), request.body});
    allowed += fmt::format("{}{}", allowed.empty() ? "" : ", ", r.method);
  }
  if (allowed.empty()) return error_response(404, "HTTP 404 Not Found");
  rest_response out = error_response(405, "HTTP 405 Method Not Allowed");
  out.headers.emplace_back("Allow", allowed);
  return out;
}

}  // namespace

rest_response rest_api::handle(const rest_request& request) const noexcept {
  try {
    return dispatch(context_, request);
  } catch (const std::exception& e) {
    log(log_level::error, "rest", fmt::format("{} {}: {}", request.method, request.target.substr(0, 200), e.what()));
    return error_response(500, "internal error; the log of sink-host says more");
  }
}

std::size_t rest_api::body_limit(std::string_view target) noexcept {
  constexpr std::size_t mebibyte = std::size_t{1} << 20;
  const std::string_view path = target.substr(0, target.find_first_of("?#"));
  return path.ends_with("/preview") ? 16 * mebibyte : mebibyte;
}

}  // namespace sinkhost
