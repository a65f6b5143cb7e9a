#pragma once
// Bodies written by hand from Snapchat's API notes: one good event of each kind, and ways to spoil a copy of it.
#include <chrono>
#include <string>

#include "json.hpp"
#include "rules.hpp"

namespace simulator::test {

inline constexpr std::chrono::seconds now{1'705'508'777};  // the documentation's own example time
inline const std::string pixel = "11111111-2222-4333-8444-555555555555";
inline const std::string snap_app = "99999999-2222-4333-8444-555555555555";

inline const std::string purchase =
    R"({"event_name":"PURCHASE","event_time":1705508000,"action_source":"WEB","event_id":"order-1",)"
    R"("event_source_url":"https://shop.example/thanks?ScCid=abc",)"
    R"("user_data":{"em":["542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345"],)"
    R"("ph":["dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383"],)"
    R"("client_ip_address":"203.0.113.7","client_user_agent":"Mozilla/5.0"},)"
    R"("custom_data":{"currency":"USD","value":25.10,"order_id":"o1","content_ids":["a","b"],)"
    R"("contents":[{"id":"a","quantity":"1","item_price":"25.10"}],"num_items":2,"unlisted":"passes"}})";

inline const std::string app_open =
    R"({"event_name":"APP_OPEN","event_time":1705508000123,"action_source":"MOBILE_APP","event_id":"open-1",)"
    R"("user_data":{"madid":"38400000-8cf0-11bd-b23e-10b96e40000d"},)"
    R"("app_data":{"app_id":"com.some.app","advertiser_tracking_enabled":0,)"
    R"("extinfo":["a2","com.some.app","771","Version 7.7.1","10.1.1","OnePlus6","en_US","GMT-1","TMobile","1920","1080",)"
    R"("2.00","2","128","8","USA/New York"]}})";

inline const std::string offline =
    R"({"event_name":"SIGN_UP","event_time":1705508000,"action_source":"OFFLINE","event_id":"till-1",)"
    R"("user_data":{"ph":"dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383"}})";

inline std::string with(std::string body, const std::string& from, const std::string& to) {
  const auto at = body.find(from);
  if (at == std::string::npos) return "the sample does not hold what the test wants to replace";
  return body.replace(at, from.size(), to);
}

inline finding judge_event(const std::string& body, asset_kind asset = asset_kind::unknown) {
  const auto read = parse_json(body);
  if (!std::holds_alternative<json>(read)) return {.refused = refusal{"", "not json", ""}, .warnings = {}};
  return check_event(std::get<json>(read), {.asset = asset, .now = now});
}

// The rule that refuses it, or "" when it is accepted.
inline std::string rule_of(const std::string& body, asset_kind asset = asset_kind::unknown) {
  const auto found = judge_event(body, asset);
  return found.refused ? found.refused->rule : "";
}

}  // namespace simulator::test
