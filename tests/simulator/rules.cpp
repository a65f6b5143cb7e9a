#include "rules.hpp"

#include <algorithm>
#include <charconv>

#include "field_checks.hpp"

namespace simulator {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::minutes;

// 507 is the only code whose meaning is known (§2.3). 517 is the one Snapchat shows for a rejected event.
constexpr std::string_view code_identity = "507";
constexpr std::string_view code_field = "517";
constexpr milliseconds online_age = days{7};
constexpr milliseconds offline_age = days{37};
constexpr milliseconds future_limit = minutes{5};
constexpr long long first_millisecond_value = 100'000'000'000;  // below it a number is seconds until the year 5138

// What to do with a member that is in no table.
enum class strangers { refuse, warn };

refusal refuse(std::string_view rule, std::string message) {
  return {.code = std::string{code_field}, .rule = std::string{rule}, .message = std::move(message)};
}

std::string_view text_member(const json& object, std::string_view name) {
  const json* found = object.find(name);
  return found != nullptr && found->is(json_kind::text) ? std::string_view{found->text} : std::string_view{};
}

void check_members(const json& object, const std::string& path, std::span<const field_rule> rules, strangers unknown,
                   finding& out) {
  for (std::size_t index = 0; index < object.items.size() && !out.refused; ++index) {
    const auto& name = object.names[index];
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const field_rule& row) { return row.name == name; });
    if (rule == rules.end()) {
      if (unknown == strangers::refuse) out.refused = refuse("field.unknown", path + ": a member is not known");
      if (unknown == strangers::warn) out.warnings.push_back(path + "unknown");
    } else if (const auto wrong = rule->check(object.items[index])) {
      out.refused = refuse(wrong->rule, path + name + ": " + std::string{wrong->text});
    }
  }
}

std::optional<refusal> check_required(const json& event) {
  for (const std::string_view name : {"event_name", "event_time", "action_source", "user_data"})
    if (event.find(name) == nullptr) return refuse("field.missing", "missing required field " + std::string{name});
  return {};
}

std::optional<refusal> check_time(const json& event, const rule_context& context) {
  const std::string& text = event.find("event_time")->text;
  long long number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{} || number <= 0)
    return refuse("time.invalid", "event_time: timestamp invalid or out of range");
  const milliseconds time{number < first_millisecond_value ? number * 1000 : number};
  const bool offline = text_member(event, "action_source") == "OFFLINE";
  if (time > context.now + future_limit) return refuse("time.future", "event_time: timestamp lies in the future");
  if (context.now - time > (offline ? offline_age : online_age))
    return refuse("time.too.old", "event_time: timestamp is too old");
  return {};
}

std::optional<refusal> check_asset(const json& event, const rule_context& context) {
  const bool app = text_member(event, "action_source") == "MOBILE_APP";
  if (context.asset == asset_kind::pixel && app) return refuse("asset.kind", "action_source: MOBILE_APP needs a Snap App id");
  if (context.asset == asset_kind::app && !app) return refuse("asset.kind", "action_source: WEB and OFFLINE need a Pixel id");
  return {};
}

// One of em, ph, madid (apps only), or address and user agent together (§1.8).
std::optional<refusal> check_identity(const json& event) {
  const json& user = *event.find("user_data");
  const bool app = text_member(event, "action_source") == "MOBILE_APP";
  const auto has = [&](std::string_view name) { return user.find(name) != nullptr; };
  const bool enough = has("em") || has("ph") || (app && (has("madid") || has("mobile_ad_id"))) ||
                      (has("client_ip_address") && has("client_user_agent"));
  if (enough) return {};
  return refusal{.code = std::string{code_identity}, .rule = "identity", .message = "Insufficient customer information."};
}

std::optional<refusal> check_purchase(const json& event) {
  if (text_member(event, "event_name") != "PURCHASE") return {};
  const json* custom = event.find("custom_data");
  for (const std::string_view name : {"value", "currency"})
    if (custom == nullptr || custom->find(name) == nullptr)
      return refuse("purchase.incomplete", "custom_data." + std::string{name} + ": required on a purchase");
  return {};
}

std::optional<refusal> check_app(const json& event, std::vector<std::string>& warnings) {
  if (text_member(event, "action_source") != "MOBILE_APP") return {};
  const json* app = event.find("app_data");
  for (const std::string_view name : {"extinfo", "advertiser_tracking_enabled"})
    if (app == nullptr || app->find(name) == nullptr)
      return refuse("app_data.incomplete", "app_data." + std::string{name} + ": required on app events");
  if (app->find("app_id") == nullptr) warnings.emplace_back("app_data.app_id.missing");
  if (app->find("extinfo")->items[4].text.empty()) warnings.emplace_back("app_data.os_version.missing");
  return {};
}

void add_doubts(const json& event, std::vector<std::string>& warnings) {
  const json& user = *event.find("user_data");
  if (text_member(event, "action_source") == "WEB" && event.find("event_source_url") == nullptr)
    warnings.emplace_back("event_source_url.missing");
  if (event.find("event_id") == nullptr) warnings.emplace_back("event_id.missing");
  if (user.find("db") != nullptr) warnings.emplace_back("user_data.db.uncertain");
  if (user.find("mobile_ad_id") != nullptr) warnings.emplace_back("user_data.mobile_ad_id.uncertain");
  const json* time = event.find("event_time");
  if (time->text.size() >= 12) warnings.emplace_back("event_time.milliseconds");
}

}  // namespace

finding check_event(const json& event, const rule_context& context) {
  finding out;
  const auto settle = [&](std::optional<refusal> verdict) {
    if (!out.refused) out.refused = std::move(verdict);
    return out.refused.has_value();
  };
  if (!event.is(json_kind::object)) settle(refuse("type.object", "data: each event must be an object"));
  // A null makes the parser give up (§1.5); a repeated name has no defined meaning.
  else if (holds_null(event))
    settle(refuse("null", "Request parsing failed"));
  else if (!repeated_name(event).empty())
    settle(refuse("name.repeated", "a member name occurs twice"));
  if (out.refused || settle(check_required(event))) return out;
  check_members(event, "", event_fields(), strangers::refuse, out);
  if (out.refused) return out;
  check_members(*event.find("user_data"), "user_data.", user_data_fields(), strangers::refuse, out);
  if (const json* custom = event.find("custom_data"); custom != nullptr && !out.refused)
    check_members(*custom, "custom_data.", custom_data_fields(), strangers::warn, out);
  if (const json* app = event.find("app_data"); app != nullptr && !out.refused)
    check_members(*app, "app_data.", app_data_fields(), strangers::warn, out);
  if (out.refused || settle(check_time(event, context)) || settle(check_asset(event, context)) || settle(check_identity(event)) ||
      settle(check_purchase(event)) || settle(check_app(event, out.warnings)))
    return out;
  add_doubts(event, out.warnings);
  return out;
}

}  // namespace simulator
