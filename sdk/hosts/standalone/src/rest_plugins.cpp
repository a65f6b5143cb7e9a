// Handlers below /connector-plugins.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "json_slice.hpp"
#include "preview.hpp"
#include "rest_api.hpp"
#include "rest_bodies.hpp"
#include "sca/views.hpp"

namespace sinkhost::rest {
namespace {

constexpr std::size_t most_records = 10'000;  // of a preview: each may cost kilobytes in the answer, however short it is

rest_response ok(std::string body) { return {.status = 200, .body = std::move(body)}; }

rest_response with_plugin(const rest_context& context, const rest_call& call, auto&& f) {
  const sca_connector* const found = context.known.find(call.names.front());
  if (found != nullptr) return f(*found);
  return error_response(404, fmt::format("Unknown plugin {}; there is: {}", call.names.front(), context.known.known_classes()));
}

// The class may be left out of the configuration: the path names it. nullopt-like "": fine, else what is wrong.
std::string class_problem(const rest_context& context, const sca_connector& plugin, string_map& config) {
  const auto [entry, added] = config.emplace("connector.class", sca::view(plugin.id));
  if (added || context.known.find(entry->second) == &plugin) return {};
  return fmt::format("Included connector type {} does not match request type {}", entry->second, sca::view(plugin.id));
}

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

struct preview_request {
  string_map config;
  std::vector<preview_record> records;
  preview_want want = preview_want::results;
  preview_detail detail = preview_detail::what;
  std::int64_t now_ms = 0;
};

sca::error invalid(std::string message) { return sca::fail(SCA_INVALID_CONFIG, std::move(message)); }

sca::result<std::vector<preview_record>> read_records(std::string_view raw, const std::string& topic) {
  const auto items = slice_array(raw);
  if (!items) return invalid("\"records\" must be an array");
  if (items->size() > most_records) {
    return invalid(
        fmt::format("\"records\" has {} records, and at most {} are taken here; the command sink-host preview takes any number",
                    items->size(), most_records));
  }
  std::vector<preview_record> out;
  for (const json_item& item : *items) {
    auto record = parse_record(item.raw, {.topic = topic, .offset = static_cast<std::int64_t>(out.size())});
    if (!record) return invalid(fmt::format("records[{}]: {}", out.size(), record.error().message));
    out.push_back(std::move(*record));
  }
  return out;
}

// {"config":{…},"records":[…],"batches":true,"explain":true,"now":"2024-05-01T12:00:00Z"}
sca::result<preview_request> read_preview(std::string_view body) {
  const auto members = slice_object(body);
  if (!members) return members.error();
  preview_request out;
  out.now_ms = now_ms();
  std::string_view records = "[]";
  for (const json_member& m : *members) {
    if (m.name == "config") {
      auto config = parse_config(m.value.raw);
      if (!config) return invalid("config: " + config.error().message);
      out.config = std::move(*config);
    } else if (m.name == "records") {
      records = m.value.raw;
    } else if (m.name == "batches" && m.value.kind == json_kind::boolean) {
      out.want = m.value.raw == "true" ? preview_want::results_and_requests : preview_want::results;
    } else if (m.name == "explain" && m.value.kind == json_kind::boolean) {
      out.detail = m.value.raw == "true" ? preview_detail::what_and_why : preview_detail::what;
    } else if (m.name == "now" && m.value.kind == json_kind::string) {
      const auto now = parse_rfc3339(m.value.raw.substr(1, m.value.raw.size() - 2));
      if (!now) return invalid("\"now\" must be an RFC 3339 time such as 2024-05-01T12:00:00Z");
      out.now_ms = *now;
    } else {
      return invalid(
          fmt::format(R"(member {} is unknown or of the wrong type; there is "config", "records", "batches", "explain", "now")",
                      json_quoted(m.name)));
    }
  }
  auto read = read_records(records, default_topic(out.config));
  if (!read) return read.error();
  out.records = std::move(*read);
  return out;
}

std::string joined(const std::vector<std::string>& objects) {
  std::string out = "[";
  for (const std::string& one : objects) out += (out.size() > 1 ? "," : "") + one;
  return out + "]";
}

}  // namespace

rest_response list_plugins(const rest_context& context, const rest_call&) { return ok(plugins_body(context.known)); }

rest_response plugin_keys(const rest_context& context, const rest_call& call) {
  return with_plugin(context, call, [](const sca_connector& plugin) { return ok(plugin_keys_body(plugin)); });
}

rest_response validate_config(const rest_context& context, const rest_call& call) {
  return with_plugin(context, call, [&](const sca_connector& plugin) {
    auto config = parse_config(call.body);
    if (!config) return error_response(400, config.error().message);
    if (auto problem = class_problem(context, plugin, *config); !problem.empty()) return error_response(400, problem);
    return ok(config_infos_body(plugin, *config, context.connectors.judge(*config)));
  });
}

rest_response preview_records(const rest_context& context, const rest_call& call) {
  return with_plugin(context, call, [&](const sca_connector& plugin) {
    auto request = read_preview(call.body);
    if (!request) return error_response(400, request.error().message);
    if (auto problem = class_problem(context, plugin, request->config); !problem.empty()) return error_response(400, problem);
    const validation verdict = judge_for_preview(context.known, request->config, request->now_ms);
    if (verdict.error_count() > 0) return error_response(400, verdict.message());
    if (call.target.flag("explain")) request->detail = preview_detail::what_and_why;
    const auto answer = preview(plugin, request->config, request->records, request->now_ms, request->want, request->detail);
    if (!answer) return error_response(500, answer.error().message);
    std::string body = fmt::format(R"({{"results":{})", joined(answer->results));
    if (request->want == preview_want::results_and_requests) body += fmt::format(R"(,"requests":{})", joined(answer->requests));
    return ok(body + "}");
  });
}

}  // namespace sinkhost::rest
