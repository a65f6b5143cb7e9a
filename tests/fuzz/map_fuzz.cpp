// Any bytes as a record: decode, map, hash, render. Beside crashes it looks for events that are not JSON, hold a null, or change
// when they are mapped again. FUZZ_PRESET names the preset.
#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "event/mapper.hpp"
#include "record.hpp"

namespace {

namespace config = snap::config;
namespace event = snap::event;

constexpr event::fate sent = event::fate::send;
constexpr std::chrono::sys_time<std::chrono::milliseconds> now{std::chrono::milliseconds{1650628800000}};

config::settings settings_for(config::preset p) {
  config::settings s;
  s.mapping.from = p;
  s.mapping.max_age_online = s.mapping.max_age_offline = std::chrono::hours{24 * 37};
  s.mapping.future_max = std::chrono::minutes{5};
  s.mapping.identity = config::no_identity::send;
  s.mapping.old = config::too_old::send;
  s.tokens.resize(1);
  s.lanes = {{.asset_id = "pixel", .token = 0, .alias = ""}, {.asset_id = "app", .token = 0, .alias = ""}};
  s.routes = {{.alias = "", .pixel_lane = 0, .app_lane = 1, .app_id = "1"}};
  s.mapping.fields.emplace_back("custom_data.probe", event::parse_expression("$.probe[k='v'].x | $key.a | $.list[*].y").value());
  return s;
}

struct subject {
  explicit subject(config::preset p) : settings(settings_for(p)), mapper(settings) {}
  const event::mapped& operator()(std::string_view value, std::string_view key, std::string& out) {
    return mapper.map(test_support::record_of(value, key), now, out);
  }
  config::settings settings;
  event::mapper mapper;
};

bool has_null(const boost::json::value& v) {
  if (v.is_null()) return true;
  if (v.is_array()) return std::any_of(v.get_array().begin(), v.get_array().end(), has_null);
  if (!v.is_object()) return false;
  return std::any_of(v.get_object().begin(), v.get_object().end(), [](const auto& m) { return has_null(m.value()); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static subject first(config::preset::FUZZ_PRESET), again(config::preset::snap);
  const std::string_view value(reinterpret_cast<const char*>(data), size);
  std::string out, second;
  const event::mapped& m = first(value, value.substr(0, 40), out);
  if (m.what != sent) {
    if (!out.empty() || m.message.empty()) std::abort();
    return 0;
  }
  boost::json::parse_options deep;
  deep.max_depth = 128;
  for (const event::output& each : m.outputs) {  // several of a record that is a batch
    const std::string_view event(out.data() + each.at, each.size);
    boost::system::error_code failed;
    const auto parsed = boost::json::parse(event, failed, {}, deep);
    if (failed || has_null(parsed)) std::abort();
    second.clear();
    if (again(event, "", second).what != sent || event != second) std::abort();
  }
  return 0;
}
