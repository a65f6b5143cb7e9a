#include "support.hpp"

#include <boost/json.hpp>

#include "event/hash.hpp"

namespace event_test {

namespace config = snap::config;
namespace event = snap::event;

snap::config::settings defaults(preset from) {
  using std::chrono::hours;
  config::settings s;
  s.mapping.from = from;
  s.mapping.max_age_online = hours{7 * 24};
  s.mapping.max_age_offline = hours{37 * 24};
  s.mapping.future_max = std::chrono::minutes{5};
  s.mapping.consent_granted = {"granted", "true", "yes", "1"};
  s.mapping.limited_use_values = {"true", "1", "yes"};
  s.mapping.limited_use_token = "LDU";
  s.tokens.resize(1);
  s.lanes = {{.asset_id = std::string(pixel), .token = 0, .alias = ""},
             {.asset_id = std::string(snap_app), .token = 0, .alias = ""}};
  s.routes = {{.alias = "", .pixel_lane = 0, .app_lane = 1, .app_id = "123456789"}};
  return s;
}

event::expression expr(std::string_view text) { return event::parse_expression(text).value(); }

std::string sha256(std::string_view text) {
  event::sha256_hex h;
  const auto d = h(text);
  return {d.begin(), d.end()};
}

change over(std::string_view field, std::string_view expression) {
  return [=](config::settings& s) { s.mapping.fields.emplace_back(field, expr(expression)); };
}

namespace {

config::settings changed(preset from, const change& c) {
  config::settings s = defaults(from);
  if (c) c(s);
  return s;
}

sca_str view(std::string_view s) { return {s.data(), s.size()}; }
sca_bytes bytes(std::string_view s) { return {reinterpret_cast<const std::uint8_t*>(s.data()), s.size()}; }

std::string_view word(event::fate f) { return f == event::fate::send ? "send" : f == event::fate::skip ? "skip" : "reject"; }

}  // namespace

mapping::mapping(preset from, const change& c) : settings_(changed(from, c)), mapper_(settings_) {}

outcome mapping::operator()(const given& g) {
  std::vector<sca_header> headers;
  for (const auto& [k, v] : g.headers) headers.push_back({view(k), bytes(v)});
  // exactly as long as it is, on the heap: a sanitizer sees every byte read too far
  const std::vector<char> value(g.value.begin(), g.value.end());
  const sca_record r{
      .struct_size = sizeof(sca_record),
      .partition = g.partition,
      .offset = g.offset,
      .assignment = 1,
      .timestamp_ms = g.timestamp.value_or(-1),
      .timestamp_type = g.timestamp ? SCA_TIMESTAMP_CREATE : SCA_TIMESTAMP_NONE,
      .reserved = 0,
      .topic = view(g.topic),
      .routed_topic = view(g.routed_topic),
      .key = g.key ? bytes(*g.key) : sca_bytes{nullptr, 0},
      .value = g.null_value ? sca_bytes{nullptr, 0} : bytes({value.data() == nullptr ? "" : value.data(), value.size()}),
      .headers = headers.data(),
      .header_count = headers.size()};
  std::string out = "before";
  const event::mapped& m = mapper_.map(r, std::chrono::sys_time<std::chrono::milliseconds>{std::chrono::milliseconds{noon}}, out);
  outcome o;
  o.fate = word(m.what);
  if (m.what != event::fate::send) {
    o.stage = m.where == event::stage::decode ? "decode" : "map";
    o.code = event::name(m.why);
    o.message = m.message;
    CHECK(out == "before");
    CHECK(m.outputs.empty());
    CHECK_FALSE(o.message.empty());
  }
  for (const event::output& e : m.outputs) {
    o.events.push_back(out.substr(e.at, e.size));
    o.lanes.push_back(e.lane);
    o.ids.emplace_back(e.event_id);
    CHECK(fault_of(o.events.back()) == "");
  }
  return o;
}

std::uint64_t mapping::count(std::string_view key, std::string_view what) const {
  for (const event::key_count& k : mapper_.key_counts()) {
    if (k.key == key && k.outcome == what) return k.count;
  }
  return static_cast<std::uint64_t>(-1);
}

std::string outcome::at(std::string_view pointer, std::size_t n) const {
  if (n >= events.size()) return fate + " " + code;
  const auto root = boost::json::parse(events[n]);
  boost::system::error_code failed;
  const auto* v = root.find_pointer({pointer.data(), pointer.size()}, failed);
  if (v == nullptr) return "-";
  return v->is_string() ? std::string(v->get_string().data(), v->get_string().size()) : boost::json::serialize(*v);
}

namespace {

std::string member(std::string_view more) { return more.empty() ? "" : "," + std::string(more); }

std::string fault_in(const boost::json::value& v, const std::string& where) {
  if (v.is_null()) return where + " is null";
  if (v.is_array()) {
    for (std::size_t i = 0; i < v.get_array().size(); ++i) {
      if (auto f = fault_in(v.get_array()[i], where + "/" + std::to_string(i)); !f.empty()) return f;
    }
  }
  if (v.is_object()) {
    for (const auto& [k, child] : v.get_object()) {
      if (auto f = fault_in(child, where + "/" + std::string(k)); !f.empty()) return f;
    }
  }
  const std::string empty_hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  if (v.is_string() && where.starts_with("/user_data") && (v.get_string().empty() || v.get_string() == empty_hash))
    return where + " is empty";
  return "";
}

}  // namespace

std::string fault_of(std::string_view json) {
  boost::system::error_code failed;
  const auto v = boost::json::parse({json.data(), json.size()}, failed);
  if (failed) return "not JSON: " + failed.message();
  if (!v.is_object()) return "not an object";
  return fault_in(v, "");
}

std::string snap_event(std::string_view more, std::string_view name) {
  return R"({"event_name":")" + std::string(name) + R"(","event_time":1650625078,"action_source":"WEB","event_id":"e1")" +
         member(more) +
         (more.find("\"user_data\"") == std::string_view::npos ? R"(,"user_data":{"em":"jane@example.com"}})" : "}");
}

std::string segment(std::string_view name, std::string_view properties, std::string_view more) {
  // a later member of the same name replaces what stands here
  return R"({"type":"track","event":")" + std::string(name) +
         R"(","messageId":"m1","timestamp":"2022-04-22T10:57:58.000Z","traits":{"email":"jane@example.com"},"properties":)" +
         std::string(properties) + member(more) + "}";
}

std::string rudder(std::string_view name, std::string_view properties, std::string_view more) {
  return segment(name, properties, more);
}

}  // namespace event_test
