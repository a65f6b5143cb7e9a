// Handlers below /connectors.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>

#include "json_slice.hpp"
#include "rest_api.hpp"
#include "rest_bodies.hpp"
#include "sca/config_spec.hpp"

namespace sinkhost::rest {
namespace {

rest_response ok(std::string body) { return {.status = 200, .body = std::move(body)}; }
rest_response bad_request(const sca::error& why) { return error_response(400, why.message); }

std::string info(const rest_context& context, const connector_view& c) {
  return connector_info_body(c, context.connectors.plugin_of(c.config));
}

// Runs f on the connector that the route names, or answers 404.
rest_response with_connector(const rest_context& context, const rest_call& call, auto&& f) {
  const auto found = context.connectors.view(call.names.front());
  return found ? f(*found) : error_response(found.error());
}

rest_response set_target(const rest_context& context, const rest_call& call, target_state wanted, int status) {
  const auto done = context.connectors.set_target(call.names.front(), wanted);
  return done ? no_content(status) : error_response(done.error());
}

std::optional<std::uint32_t> task_number(const std::string& text) noexcept {
  std::uint32_t out = 0;
  const auto [end, why] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (why != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::string escaped_segment(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-_.~").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

const json_member* member(const std::vector<json_member>& members, std::string_view name) noexcept {
  const auto found = std::ranges::find(members, name, &json_member::name);
  return found == members.end() ? nullptr : &*found;
}

template <class Number>
std::optional<Number> number(const json_member* m) noexcept {
  Number out = 0;
  if (m == nullptr || m->value.kind != json_kind::number) return std::nullopt;
  const std::string_view raw = m->value.raw;
  const auto [end, why] = std::from_chars(raw.data(), raw.data() + raw.size(), out);
  if (why != std::errc{} || end != raw.data() + raw.size() || out < 0) return std::nullopt;
  return out;
}

constexpr std::string_view offsets_form =
    R"(each offset looks like {"partition":{"kafka_topic":"t","kafka_partition":0},"offset":{"kafka_offset":5}}, with "offset":null to forget it)";

std::optional<group_offset> read_offset(const json_item& item) {
  const auto members = slice_object(item.raw);
  const auto* const partition = members ? member(*members, "partition") : nullptr;
  const auto* const offset = members ? member(*members, "offset") : nullptr;
  if (partition == nullptr || offset == nullptr) return std::nullopt;
  const auto where = slice_object(partition->value.raw);
  if (!where) return std::nullopt;
  const auto* const topic = member(*where, "kafka_topic");
  const auto number_of = number<std::int32_t>(member(*where, "kafka_partition"));
  if (topic == nullptr || topic->value.kind != json_kind::string || !number_of) return std::nullopt;
  auto name = unquote(topic->value.raw);
  if (!name) return std::nullopt;
  group_offset out{std::move(*name), *number_of, std::nullopt};
  if (offset->value.kind == json_kind::null) return out;
  const auto at = slice_object(offset->value.raw);
  if (!at) return std::nullopt;
  out.offset = number<std::int64_t>(member(*at, "kafka_offset"));
  if (!out.offset) return std::nullopt;
  return out;
}

std::optional<std::vector<group_offset>> read_offsets(std::string_view body) {
  const auto members = slice_object(body);
  const auto* const list = members ? member(*members, "offsets") : nullptr;
  if (list == nullptr) return std::nullopt;
  const auto items = slice_array(list->value.raw);
  if (!items || items->empty()) return std::nullopt;
  std::vector<group_offset> out;
  for (const json_item& item : *items) {
    auto one = read_offset(item);
    if (!one) return std::nullopt;
    out.push_back(std::move(*one));
  }
  return out;
}

}  // namespace

rest_response list_connectors(const rest_context& context, const rest_call& call) {
  const bool with_status = call.target.has("expand", "status");
  const bool with_info = call.target.has("expand", "info");
  if (!with_status && !with_info) return ok(names_body(context.connectors.names()));
  std::string body = "{";
  for (const connector_view& c : context.connectors.views()) {
    body += fmt::format("{}{}:{{", body.size() > 1 ? "," : "", json_quoted(c.name));
    if (with_status) body += fmt::format(R"("status":{})", status_body(c, context.facts.worker_id));
    if (with_info) body += fmt::format(R"({}"info":{})", with_status ? "," : "", info(context, c));
    body += "}";
  }
  return ok(body + "}");
}

rest_response create_connector(const rest_context& context, const rest_call& call) {
  const auto document = parse_connector(call.body);
  if (!document) return bad_request(document.error());
  const auto created = context.connectors.create(*document);
  if (!created) return error_response(created.error());
  rest_response out{.status = 201, .body = info(context, *created)};
  out.headers.emplace_back("Location", "/connectors/" + escaped_segment(created->name));
  return out;
}

rest_response connector_info(const rest_context& context, const rest_call& call) {
  return with_connector(context, call, [&](const connector_view& c) { return ok(info(context, c)); });
}

rest_response delete_connector(const rest_context& context, const rest_call& call) {
  const auto removed = context.connectors.remove(call.names.front());
  return removed ? no_content() : error_response(removed.error());
}

rest_response connector_config(const rest_context& context, const rest_call& call) {
  return with_connector(context, call,
                        [&](const connector_view& c) { return ok(config_body(c, context.connectors.plugin_of(c.config))); });
}

rest_response put_config(const rest_context& context, const rest_call& call) {
  auto config = parse_config(call.body);
  if (!config) return bad_request(config.error());
  const auto put = context.connectors.put_config(call.names.front(), std::move(*config));
  if (!put) return error_response(put.error());
  rest_response out{.status = put->created ? 201 : 200, .body = info(context, put->connector)};
  if (put->created) out.headers.emplace_back("Location", "/connectors/" + escaped_segment(put->connector.name));
  return out;
}

rest_response patch_config(const rest_context& context, const rest_call& call) {
  const auto patch = parse_config_patch(call.body);
  if (!patch) return bad_request(patch.error());
  const auto patched = context.connectors.patch_config(call.names.front(), *patch);
  return patched ? ok(info(context, *patched)) : error_response(patched.error());
}

rest_response connector_status(const rest_context& context, const rest_call& call) {
  return with_connector(context, call, [&](const connector_view& c) { return ok(status_body(c, context.facts.worker_id)); });
}

// Kafka Connect lists the topics seen since the last reset. Here: those configured; with a regex those that metrics name.
rest_response connector_topics(const rest_context& context, const rest_call& call) {
  return with_connector(context, call, [&](const connector_view& c) {
    const auto listed = c.config.find("topics");
    const auto topics = listed == c.config.end() ? std::vector<std::string>{} : sca::split_list(listed->second);
    std::set<std::string> seen(topics.begin(), topics.end());
    for (const metric_sample& sample : context.connectors.metrics()) {
      const auto label = [&](std::string_view name) {
        return std::ranges::find(sample.labels, name, &std::pair<std::string, std::string>::first);
      };
      if (const auto of = label("connector"); of == sample.labels.end() || of->second != c.name) continue;
      if (const auto topic = label("topic"); topic != sample.labels.end()) seen.insert(topic->second);
    }
    return ok(topics_body(c.name, {seen.begin(), seen.end()}));
  });
}

rest_response reset_topics(const rest_context& context, const rest_call& call) {
  return with_connector(context, call, [](const connector_view&) { return no_content(200); });
}

rest_response pause(const rest_context& context, const rest_call& call) {
  return set_target(context, call, target_state::paused, 202);
}
rest_response resume(const rest_context& context, const rest_call& call) {
  return set_target(context, call, target_state::running, 202);
}
rest_response stop(const rest_context& context, const rest_call& call) {
  return set_target(context, call, target_state::stopped, 204);
}

rest_response restart(const rest_context& context, const rest_call& call) {
  const bool with_tasks = call.target.flag("includeTasks");
  const bool only_failed = call.target.flag("onlyFailed");
  const restart_scope scope = with_tasks
                                  ? (only_failed ? restart_scope::failed_connector_and_tasks : restart_scope::connector_and_tasks)
                                  : (only_failed ? restart_scope::failed_connector : restart_scope::connector);
  const auto view = context.connectors.restart(call.names.front(), scope);
  if (!view) return error_response(view.error());
  if (scope == restart_scope::connector) return no_content();
  return {.status = 202, .body = status_body(*view, context.facts.worker_id)};
}

rest_response list_tasks(const rest_context& context, const rest_call& call) {
  return with_connector(context, call,
                        [&](const connector_view& c) { return ok(tasks_body(c, context.connectors.plugin_of(c.config))); });
}

rest_response task_status(const rest_context& context, const rest_call& call) {
  return with_connector(context, call, [&](const connector_view& c) {
    const auto id = task_number(call.names.at(1));
    const auto found = id ? std::ranges::find(c.tasks, *id, &task_view::id) : c.tasks.end();
    if (found == c.tasks.end())
      return error_response(404, fmt::format("No status found for task {}-{}", c.name, call.names.at(1)));
    return ok(task_status_body(*found, context.facts.worker_id));
  });
}

rest_response restart_task(const rest_context& context, const rest_call& call) {
  const auto id = task_number(call.names.at(1));
  if (!id) return error_response(404, fmt::format("Unknown task: {}-{}", call.names.front(), call.names.at(1)));
  const auto done = context.connectors.restart_task(call.names.front(), *id);
  return done ? no_content() : error_response(done.error());
}

rest_response list_offsets(const rest_context& context, const rest_call& call) {
  const auto listed = context.connectors.offsets(call.names.front());
  return listed ? ok(offsets_body(*listed)) : error_response(listed.error());
}

rest_response alter_offsets(const rest_context& context, const rest_call& call) {
  const auto wanted = read_offsets(call.body);
  if (!wanted)
    return error_response(400, fmt::format(R"(the body must be {{"offsets":[…]}} with at least one; {})", offsets_form));
  const auto done = context.connectors.alter_offsets(call.names.front(), *wanted);
  return done ? ok(R"({"message":"The offsets for this connector have been altered successfully"})")
              : error_response(done.error());
}

rest_response reset_offsets(const rest_context& context, const rest_call& call) {
  const auto done = context.connectors.reset_offsets(call.names.front());
  return done ? ok(R"({"message":"The offsets for this connector have been reset successfully"})") : error_response(done.error());
}

}  // namespace sinkhost::rest
