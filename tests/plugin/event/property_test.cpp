// What holds for every record, tried on generated ones: any member may be of any type and odd content. A counterexample is made
// smaller, member by member, before it is shown; the seed is fixed, RC_PARAMS="seed=…" tries another.
#include <rapidcheck.h>
#include <boost/json.hpp>

#include <cstdlib>
#include <numeric>

#include "rules.hpp"
#include "support.hpp"

using namespace event_test;

namespace {

template <class Property>
void holds(const std::string& what, Property&& property) {
  ::setenv("RC_PARAMS", "seed=20220422 max_success=700", 0);
  CHECK(rc::check(what, std::forward<Property>(property)));
}

constexpr const char* odd_values[] = {"null",
                                      "\"\"",
                                      "\" \"",
                                      "true",
                                      "false",
                                      "0",
                                      "-1",
                                      "1.50",
                                      "25.10",
                                      "1e3",
                                      "1e400",
                                      "12345678901234567890",
                                      "\"1,299.00\"",
                                      "\"1e3\"",
                                      "\"NaN\"",
                                      "\"usd \"",
                                      "\"jane@example.com\"",
                                      "\"0844 412 4653\"",
                                      "\"\\u0000\"",
                                      "\"é\\\"\\\\\"",
                                      "[]",
                                      "{}",
                                      "[null]",
                                      "[\"a\",null,{}]",
                                      "{\"a\":null}",
                                      "{\"a\":{\"b\":[1,null,\"\"]}}",
                                      "[[[[1]]]]",
                                      "\"WEB\"",
                                      "\"app\"",
                                      "[\"x\",2,true]",
                                      "\"2022-04-22T10:57:58Z\"",
                                      "1650625078",
                                      "1650625078123",
                                      "\"PURCHASE\"",
                                      "[{\"product_id\":1,\"price\":\"x\"}]",
                                      "[{\"product_id\":\"p\",\"quantity\":\"2\"},7]",
                                      "[{\"id\":true,\"item_price\":\"$5\",\"brand\":\"\"}]",
                                      "\"9e26471d35a78862c17e467d87cddedf\"",

                                      "[\"a2\",1,2,3,4,5,6,7,8,9,10,11,12,13,14,null]"};

const char* const snap_base =
    R"({"event_name":"PURCHASE","event_time":1650625078,"action_source":"MOBILE_APP","event_id":"e1","event_source_url":"https://x.y",
  "opt_out":false,"integration":"i","data_processing_options":["LDU"],
  "user_data":{"em":["jane@example.com","a@b.co"],"ph":"+14155551234","fn":"Jane","ln":"Doe","ge":"f","ct":"Bonn","st":"CA","zp":"94025",
    "country":"US","external_id":["7"],"client_ip_address":"1.2.3.4","client_user_agent":"UA",
    "madid":"a1b2c3d4-0000-4000-8000-00000000000f","sc_click_id":"c"},
  "custom_data":{"value":25.10,"currency":"EUR","order_id":"o","num_items":2,"content_ids":["a","b"],
    "contents":[{"id":"a","quantity":1,"item_price":"2.50"}],"brands":["B"],"mine":{"x":[1,{"y":2}]}},
  "app_data":{"app_id":"1","advertiser_tracking_enabled":1,"extinfo":["i2","","","","","","","","","","","","","","",""]}})";
const char* const call_base =
    R"({"type":"track","event":"Order Completed","messageId":"m1","timestamp":"2022-04-22T10:57:58Z","userId":"u","anonymousId":"a",
  "channel":"web","traits":{"email":"jane@example.com","phone":"+14155551234","address":{"city":"Bonn"}},"integrations":{"All":true},
  "context":{"ip":"1.2.3.4","userAgent":"UA","page":{"url":"https://x.y"},
    "traits":{"first_name":"Jane","gender":"f","address":{"country":"US","state":"California","postalCode":"94025"}},
    "device":{"type":"ios","id":"x","advertisingId":"a1b2c3d4-0000-4000-8000-00000000000f"},"os":{"name":"iOS","version":"15"},
    "app":{"namespace":"n"},"screen":{"width":1}},
  "properties":{"order_id":"o","revenue":25.10,"value":"9.90","currency":"EUR","quantity":2,"query":"q","product_id":"p",
    "products":[{"product_id":"a","price":"1.10","quantity":2,"brand":"B","category":"C"},{"sku":"b","price":2}]}})";

// What an event says of itself beside what the record around it says, and events of every form in one record.
const char* const posthog_base =
    R"({"uuid":"o","timestamp":"2022-04-22T09:00:00Z","distinct_id":"d","name":"$pageview","ip":"1.2.3.4","person_id":"p",
  "person":{"id":"q","properties":{"email":"jane@example.com","city":"Bonn"}},"person_properties":{"email":"a@b.co","country":"DE"},
  "event":{"uuid":"i","event":"Order Completed","timestamp":"2022-04-22T10:57:58Z","distinct_id":"e",
    "properties":{"$is_identified":true,"revenue":1.5,"currency":"EUR","products":[{"sku":"a","price":2}],"$current_url":"https://x.y"}},
  "data":{"uuid":"j","timestamp":"2022-04-22 10:00:00","event":"Signed Up","properties":{"$lib":"web","query":"q","revenue":2}},
  "properties":{"revenue":3,"$ip":"1.2.3.4","$raw_user_agent":"UA","products":[{"sku":"b"},{"sku":"c"}],"$set":{"phone":"+14155551234"}}})";
const char* const posthog_batch =
    R"({"uuid":"o","timestamp":"2022-04-22T09:00:00Z","distinct_id":"d","event":"$pageview","properties":{"$lib":"web","$ip":"1.2.3.4"},
  "person_properties":{"email":"a@b.co"},"batch":[
    {"event":"Signed Up","uuid":"i","properties":{"$set":{"email":"jane@example.com"}}},
    {"event":"Signed Up","properties":{"$raw_user_agent":"UA"}},
    {"event":"Products Searched","timestamp":"2022-04-22T10:57:58Z","properties":{"query":"q"}}]})";
const char* const ga4_base =
    R"({"client_id":"1.2","timestamp_micros":1650625078123456,"event_id":"o","event_name":"search","value":3,"page_location":"https://x.y",
  "user_data":{"email_address":"jane@example.com"},"event_params":[{"key":"value","value":{"int_value":4}},{"key":"method","value":{"string_value":"m"}}],
  "events":[{"name":"purchase","params":{"value":1.5,"currency":"EUR","transaction_id":"t","items":[{"item_id":"a","price":2}]}},
    {"name":"page_view","params":{"event_id":"i"}},{"name":"page_view"},{"name":"search","params":{"search_term":"q"},"timestamp_micros":1650625078123457}]})";
const char* const mparticle_base =
    R"({"environment":"production","batch_id":7,"mpid":8,"ip":"1.2.3.4","source_info":{"channel":"native"},"user_attributes":{"$city":["Bonn"]},
  "user_identities":[{"identity_type":"email","identity":"jane@example.com"},{"identity_type":"customer_id","identity":"c"}],
  "device_info":{"platform":"iOS","ios_advertising_id":"a1b2c3d4-0000-4000-8000-00000000000f","att_authorization_status":"authorized"},
  "application_info":{"package":"x"},"events":[{"event_type":"screen_view","message_id":"m","data":{"timestamp_unixtime_ms":1650625078123}},
    {"event_type":"commerce_event","data":{"timestamp_unixtime_ms":1650625078123,"source_message_id":"s","currency_code":"USD",
      "product_action":{"action":"purchase","transaction_id":"t","total_amount":"42.5","products":[{"id":"a","price":20,"quantity":2}]}}}]})";

struct format {
  preset p;
  const char* base;
};

// One change of a record: which member, and what it becomes. Past the odd values: the text itself.
struct edit {
  unsigned member = 0, value = 0;
  std::string text;
};

boost::json::value replacement(const edit& e) {
  const std::size_t n = e.value % (std::size(odd_values) + 3);
  if (n >= std::size(odd_values)) return boost::json::value(e.text);
  boost::system::error_code failed;
  auto v = boost::json::parse(odd_values[n], failed);
  return failed ? boost::json::value(1e300) : v;  // 1e400 is more than boost::json holds
}

// RapidCheck shows a counterexample with it.
void showValue(const edit& e, std::ostream& out) {
  out << "{member " << e.member << " becomes " << boost::json::serialize(replacement(e)) << "}";
}

void collect(boost::json::value& v, std::vector<boost::json::value*>& out) {
  const auto child = [&](boost::json::value& c) {
    out.push_back(&c);
    collect(c, out);
  };
  if (v.is_object())
    for (auto& m : v.get_object()) child(m.value());
  else if (v.is_array())
    for (auto& e : v.get_array()) child(e);
}

boost::json::value edited(const char* base, const std::vector<edit>& edits) {
  auto v = boost::json::parse(base);
  for (const edit& e : edits) {
    std::vector<boost::json::value*> members;
    collect(v, members);
    if (!members.empty()) *members[e.member % members.size()] = replacement(e);
  }
  return v;
}

boost::json::value any_record(const char* base) {
  const auto one = rc::gen::build<edit>(rc::gen::set(&edit::member, rc::gen::inRange(0U, 200U)),
                                        rc::gen::set(&edit::value, rc::gen::inRange(0U, 200U)),
                                        rc::gen::set(&edit::text, rc::gen::string<std::string>()));
  return edited(base, *rc::gen::container<std::vector<edit>>(one).as("changes of the record"));
}
boost::json::value any_record(preset p) { return any_record(p == preset::snap ? snap_base : call_base); }

// The same members in another order.
boost::json::value reordered(const boost::json::value& v) {
  if (v.is_array()) {
    boost::json::array out;
    for (const auto& e : v.get_array()) out.push_back(reordered(e));
    return out;
  }
  if (!v.is_object()) return v;
  std::vector<std::pair<std::string, boost::json::value>> members;
  for (const auto& [k, child] : v.get_object()) members.emplace_back(k, reordered(child));
  std::vector<std::size_t> order(members.size());
  std::iota(order.begin(), order.end(), 0U);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[*rc::gen::inRange<std::size_t>(0, i)]);
  boost::json::object out;
  for (const std::size_t i : order) out[members[i].first] = members[i].second;
  return out;
}

std::string canonical(const std::string& json) {
  const auto v = simulator::parse_json(json);
  return std::holds_alternative<simulator::json>(v) ? simulator::canonical(std::get<simulator::json>(v)) : json;
}

}  // namespace

namespace rc {
template <>
struct Arbitrary<edit> {
  static Gen<edit> arbitrary() { return gen::construct<edit>(); }
};
}  // namespace rc

TEST_CASE("whatever the types of the members, Snapchat's rules find nothing wrong with the form of an event") {
  const auto p = GENERATE(preset::snap, preset::segment, preset::rudder);
  mapping m(p, [](auto& s) { s.mapping.limited_use = expr("$.context.gpc | $.gpc"); });
  std::size_t sent = 0, all = 0;
  holds("no event is refused by the simulator's rules", [&] {
    const outcome o = m(boost::json::serialize(any_record(p)));
    ++all;
    if (o.fate != "send") {
      RC_ASSERT(!o.code.empty() && !o.message.empty());
      return;
    }
    ++sent;
    const auto event = simulator::parse_json(o.json());
    RC_ASSERT(std::holds_alternative<simulator::json>(event));
    const auto kind = o.lanes.at(0) == 0 ? simulator::asset_kind::pixel : simulator::asset_kind::app;
    const auto judged = simulator::check_event(std::get<simulator::json>(event), {kind, std::chrono::milliseconds{noon}});
    if (judged.refused) RC_FAIL(judged.refused->rule + ": " + judged.refused->message + " in " + o.json());
    RC_ASSERT(fault_of(o.json()).empty());
    RC_ASSERT(o.json().find(sha256("")) == std::string::npos);  // the digest of nothing identifies nobody
  });
  CHECK(sent > all / 10);
  CHECK(sent < all);
}

TEST_CASE("mapping its own output gives the same event") {
  const auto p = GENERATE(preset::snap, preset::segment, preset::rudder);
  mapping m(p), again(preset::snap);
  holds("preset snap leaves an event of ours as it is", [&] {
    const outcome o = m(boost::json::serialize(any_record(p)));
    if (o.fate != "send") return;
    const outcome second = again(o.json());
    RC_ASSERT(second.fate == "send");
    RC_ASSERT(second.json() == o.json());
  });
}

TEST_CASE("the order of a record's members does not matter") {
  const auto f = GENERATE(values<format>({{preset::snap, snap_base},
                                          {preset::segment, call_base},
                                          {preset::rudder, call_base},
                                          {preset::posthog, posthog_base},
                                          {preset::posthog, posthog_batch},
                                          {preset::ga4, ga4_base},
                                          {preset::mparticle, mparticle_base}}));
  mapping m(f.p);
  holds("two orders, one outcome", [&] {
    const auto v = any_record(f.base);
    const outcome one = m(boost::json::serialize(v)), other = m(boost::json::serialize(reordered(v)));
    RC_ASSERT(one.fate == other.fate);
    RC_ASSERT(one.code == other.code);
    RC_ASSERT(one.events.size() == other.events.size());
    for (std::size_t i = 0; i < one.events.size(); ++i) RC_ASSERT(canonical(one.events[i]) == canonical(other.events[i]));
  });
}
