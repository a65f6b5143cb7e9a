#include "endpoint.hpp"

#include <algorithm>

namespace simulator {
namespace {

constexpr std::string_view valid_body = R"({"status":"VALID","reason":"Events have been processed successfully."})";

judgement refuse(int status, std::string_view rule, std::string_view reason) {
  judgement out;
  out.reply.status = status;
  out.reply.body = R"({"status":"INVALID","reason":)" + quoted(reason) + "}";
  out.refused_by = rule;
  return out;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
    if (dash ? text[at] != '-' : std::string_view{"0123456789abcdefABCDEF"}.find(text[at]) == std::string_view::npos)
      return false;
  }
  return true;
}

// "/v3/{asset}{rest}" taken apart; an empty asset when the path is another one.
std::pair<std::string, std::string_view> split_path(std::string_view path) {
  constexpr std::string_view root = "/v3/";
  if (!path.starts_with(root)) return {};
  path.remove_prefix(root.size());
  const auto slash = path.find('/');
  if (slash == std::string_view::npos || !is_uuid(path.substr(0, slash))) return {};
  return {std::string{path.substr(0, slash)}, path.substr(slash)};
}

std::string event_log(std::size_t index, const refusal& why) {
  return "{\"event\":" + std::to_string(index) + R"(,"status":"INVALID","errors":{"codes":[)" + quoted(why.code) +
         R"(],"error_msgs":[)" + quoted(why.message) + R"(]},"warnings":[]})";
}

// /events/validate tells every bad event (§2.1), /events only the first.
void answer_validation(judgement& out, const std::vector<std::pair<std::size_t, refusal>>& refused) {
  const bool valid = refused.empty();
  out.reply.status = valid ? 200 : 400;
  std::string logs;
  for (const auto& [index, why] : refused) logs += (logs.empty() ? "" : ",") + event_log(index, why);
  out.reply.body = std::string{R"({"status":)"} + (valid ? "\"VALID\"" : "\"INVALID\"") + R"(,"test_event":true,"reason":)" +
                   quoted(valid ? "Events have been validated." : "Some events are not valid.") + R"(,"event_logs":[)" + logs +
                   "]}";
}

// 507 was seen inside a 200, refusals of fields are documented as 400 (§2.3): senders must understand both.
void answer_events(judgement& out, const std::vector<std::pair<std::size_t, refusal>>& refused) {
  if (refused.empty()) {
    out.reply.body = valid_body;
    return;
  }
  const auto& [index, why] = refused.front();
  out.reply.status = why.code == "507" ? 200 : 400;
  out.reply.body = invalid_body(static_cast<long>(index), why.code, why.message);
}

judgement answer_statistics(std::string_view rest) {
  judgement out;
  out.reply.body =
      rest == "/events/validate/logs"
          ? R"({"status":"SUCCESS","reason":"","logs":[]})"
          : R"({"status":"SUCCESS","reason":"","stats":{"test":{"event_count_past_hour":0},"live":{"event_count_past_hour":0}}})";
  return out;
}

const json* find_events(const json& envelope, std::string& wrong) {
  const json* data = envelope.find("data");
  if (!envelope.is(json_kind::object) || data == nullptr || !data->is(json_kind::array) || data->items.empty())
    wrong = "Request parsing failed: \"data\" must be a list of at least one event";
  else if (envelope.names.size() > 2 || (envelope.names.size() == 2 && envelope.find("test_event_code") == nullptr))
    wrong = "Request parsing failed: unknown or repeated member beside \"data\"";
  else if (const json* code = envelope.find("test_event_code"); code != nullptr && !code->is(json_kind::text))
    wrong = "Request parsing failed: \"test_event_code\" must be a string";
  return data;
}

}  // namespace

std::string invalid_body(long event_index, std::string_view code, std::string_view message) {
  const std::string event = event_index < 0 ? "" : "\"event\":" + std::to_string(event_index) + ",";
  return R"({"status":"INVALID",)" + event + R"("errors":{"codes":[)" + quoted(code) + R"(],"error_msgs":[)" + quoted(message) +
         "]}}";
}

void endpoint::replace_tokens(std::map<std::string, std::set<std::string>> tokens) {
  const std::lock_guard lock{mutex_};
  tokens_ = std::move(tokens);
}

void endpoint::add_asset(std::string id, asset_kind kind) {
  const std::lock_guard lock{mutex_};
  assets_.insert_or_assign(std::move(id), kind);
}

asset_kind endpoint::kind_of(const std::string& asset) const {
  const std::lock_guard lock{mutex_};
  const auto found = assets_.find(asset);
  return found == assets_.end() ? asset_kind::unknown : found->second;
}

std::string endpoint::refused_access(const request& from, const std::string& asset, int& status) const {
  const std::lock_guard lock{mutex_};
  const auto sent = from.query.find("access_token");
  status = 401;
  if (sent == from.query.end() || sent->second.empty()) return "Missing access token";
  const auto known = tokens_.find(sent->second);
  if (!tokens_.empty() && known == tokens_.end()) return "Invalid access token";
  status = 403;
  if (!assets_.empty() && !assets_.contains(asset)) return "The access token is not permitted for this asset";
  if (known != tokens_.end() && !known->second.empty() && !known->second.contains(asset))
    return "The access token is not permitted for this asset";
  return {};
}

judgement endpoint::judge(const request& from, std::chrono::milliseconds now) const {
  if (!from.problem.empty()) return refuse(400, "http", "Bad request: " + from.problem);
  const auto [asset, rest] = split_path(from.path);
  const bool ingest = rest == "/events";
  const bool validate = rest == "/events/validate";
  const bool read_only = rest == "/events/validate/logs" || rest == "/events/validate/stats";
  if (!ingest && !validate && !read_only) return refuse(404, "path", "Not found");
  if (from.method != (read_only ? "GET" : "POST")) return refuse(405, "method", "Method not allowed");
  int status = 0;
  if (const auto why = refused_access(from, asset, status); !why.empty())
    return refuse(status, status == 401 ? "token" : "asset", why);
  if (read_only) return answer_statistics(rest);
  if (from.body_too_large) return refuse(413, "request.size", "Request too large");
  if (!from.header("content-type").starts_with("application/json") || !from.header("content-encoding").empty())
    return refuse(415, "content.type", "Content-Type must be application/json, without Content-Encoding");

  const auto read = parse_json(from.body);
  if (std::holds_alternative<parse_failure>(read)) return refuse(400, "json", "Request parsing failed");
  std::string wrong;
  const auto& envelope = std::get<json>(read);
  const json* data = find_events(envelope, wrong);
  if (!wrong.empty()) return refuse(400, "envelope", wrong);

  judgement out;
  out.asset = asset;
  for (const auto& event : data->items) out.ids.push_back(text_of(event, "event_id", ""));
  if (data->items.size() > limits_.events) {
    auto refused = refuse(400, "request.events", "Too many events: at most 2000 in a request");
    refused.ids = std::move(out.ids);
    return refused;
  }
  const rule_context context{.asset = kind_of(asset), .now = now};
  std::vector<std::pair<std::size_t, refusal>> refused;
  for (std::size_t index = 0; index < data->items.size(); ++index) {
    auto found = check_event(data->items[index], context);
    if (found.refused) refused.emplace_back(index, std::move(*found.refused));
    out.warnings.insert(out.warnings.end(), found.warnings.begin(), found.warnings.end());
  }
  if (!refused.empty()) out.refused_by = refused.front().second.rule;
  validate ? answer_validation(out, refused) : answer_events(out, refused);
  const bool counts = ingest && envelope.find("test_event_code") == nullptr;
  out.accepted = refused.empty() && counts;
  if (!counts && refused.empty()) out.validated = data->items.size();
  out.events = data->items;
  return out;
}

}  // namespace simulator
