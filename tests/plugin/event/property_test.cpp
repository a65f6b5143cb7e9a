// What holds for every record, tried on generated ones: every value of every wanted member may be of any type and odd content.
// The generator is seeded with constants, so a failure repeats itself.
#include <boost/json.hpp>
#include <random>

#include "support.hpp"

using namespace event_test;

namespace {

class generator {
 public:
  explicit generator(unsigned seed) : random_(seed) {}

  // A record of the preset with some members spoiled.
  std::string record(preset p) {
    const std::string base = p == preset::snap ? snap_record() : peer_record(p);
    auto v = boost::json::parse(base);
    for (int i = below(6); i > 0; --i) spoil(v);
    return boost::json::serialize(v);
  }
  // The same members in another order.
  boost::json::value shuffled(const boost::json::value& v) {
    if (v.is_array()) {
      boost::json::array out;
      for (const auto& e : v.get_array()) out.push_back(shuffled(e));
      return out;
    }
    if (!v.is_object()) return v;
    std::vector<std::pair<std::string, boost::json::value>> members;
    for (const auto& [k, child] : v.get_object()) members.emplace_back(k, shuffled(child));
    std::shuffle(members.begin(), members.end(), random_);
    boost::json::object out;
    for (auto& [k, child] : members) out[k] = std::move(child);
    return out;
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  template <class T, std::size_t N>
  const T& one_of(const T (&list)[N]) {
    return list[static_cast<std::size_t>(below(static_cast<int>(N)))];
  }
  boost::json::value anything() {
    static const char* const texts[] = {"null",
                                        "",
                                        " ",
                                        "\"",
                                        "true",
                                        "false",
                                        "0",
                                        "-1",
                                        "1.50",
                                        "25.10",
                                        "18446744073709551616",
                                        "\"1,299.00\"",
                                        "\"NaN\"",
                                        "\"\"",
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
                                        "{\"a\":{\"b\":[1,null]}}",
                                        "[[[[1]]]]",
                                        "\"WEB\"",
                                        "\"app\"",
                                        "\"2022-04-22T10:57:58Z\"",
                                        "1650625078",
                                        "1650625078123",
                                        "\"PURCHASE\"",
                                        "[{\"product_id\":1,\"price\":\"x\"}]",
                                        "[{\"product_id\":\"p\",\"quantity\":\"2\"}, 7]",
                                        "\"9e26471d35a78862c17e467d87cddedf\"",
                                        "[\"a2\",1,2,3,4,5,6,7,8,9,10,11,12,13,14,null]"};
    boost::system::error_code failed;
    auto v = boost::json::parse(one_of(texts), failed);
    return failed ? boost::json::value("odd") : v;
  }
  void spoil(boost::json::value& v) {
    if (v.is_object() && !v.get_object().empty()) {
      auto& o = v.get_object();
      auto it = o.begin() + below(static_cast<int>(o.size()));
      if (below(3) != 0 && (it->value().is_object() || it->value().is_array())) return spoil(it->value());
      it->value() = anything();
    } else if (v.is_array() && !v.get_array().empty()) {
      spoil(v.get_array()[static_cast<std::size_t>(below(static_cast<int>(v.get_array().size())))]);
    } else {
      v = anything();
    }
  }
  std::string snap_record() {
    static const char* const names[] = {"PURCHASE", "SEARCH", "APP_OPEN", "add cart"};
    static const char* const sources[] = {"WEB", "app", "offline"};
    return R"({"event_name":")" + std::string(one_of(names)) + R"(","event_time":1650625078,"action_source":")" +
           one_of(sources) +
           R"(","event_id":"e1","event_source_url":"https://x.y","opt_out":false,"integration":"i","data_processing_options":["LDU"],"user_data":{"em":["jane@example.com","a@b.co"],"ph":"+14155551234","fn":"Jane","ln":"Doe","ge":"f","ct":"Bonn",
      "st":"CA","zp":"94025","country":"US","external_id":["7"],"client_ip_address":"1.2.3.4","client_user_agent":"UA","madid":"a1b2c3d4-0000-4000-8000-00000000000f","sc_click_id":"c"},"custom_data":{"value":25.10,"currency":"EUR","order_id":"o","num_items":2,
      "content_ids":["a","b"],"contents":[{"id":"a","quantity":1}],"brands":["B"],"mine":{"x":[1,{"y":2}]}},"app_data":{"app_id":"1","advertiser_tracking_enabled":1,"extinfo":["i2","","","","","","","","","","","","","","",""]}})";
  }
  std::string peer_record(preset) {
    static const char* const names[] = {"Order Completed", "Product Added", "Products Searched", "Checkout Started", "login"};
    return R"({"type":"track","event":")" + std::string(one_of(names)) +
           R"(","messageId":"m1","timestamp":"2022-04-22T10:57:58Z","userId":"u","anonymousId":"a","channel":"web","traits":{"email":"jane@example.com","phone":"+14155551234","address":{"city":"Bonn"}},
      "integrations":{"All":true},"context":{"ip":"1.2.3.4","userAgent":"UA","page":{"url":"https://x.y"},"traits":{"first_name":"Jane","gender":"f","address":{"country":"US","state":"California","postalCode":"94025"}},"device":{"type":"ios","id":"x","advertisingId":"a1b2c3d4-0000-4000-8000-00000000000f"},"os":{"name":"iOS","version":"15"},"app":{"namespace":"n"},"screen":{"width":1}},
      "properties":{"order_id":"o","revenue":25.10,"value":"9.90","currency":"EUR","quantity":2,"query":"q","product_id":"p","products":[{"product_id":"a","price":"1.10","quantity":2,"brand":"B","category":"C"},{"sku":"b","price":2}]}})";
  }
  std::mt19937 random_;
};

}  // namespace

// map() itself checks each event: it reads as JSON, holds no null and nothing empty in user_data.
TEST_CASE("whatever the types of the members, an event is sound or the record is refused with a code") {
  const auto p = GENERATE(preset::snap, preset::segment, preset::rudder);
  generator g(20220422);
  mapping m(p, [](auto& s) { s.mapping.limited_use = expr("$.context.gpc | $.gpc"); });
  std::size_t sent = 0;
  for (int i = 0; i < 1500; ++i) {
    const std::string record = g.record(p);
    CAPTURE(record);
    const outcome o = m(record);
    sent += o.fate == "send" ? 1 : 0;
  }
  CHECK(sent > 300);
  CHECK(sent < 1500);
}

TEST_CASE("mapping its own output gives the same event") {
  const auto p = GENERATE(preset::snap, preset::segment, preset::rudder);
  generator g(7);
  mapping m(p), again(preset::snap);
  for (int i = 0; i < 700; ++i) {
    const outcome o = m(g.record(p));
    if (o.fate != "send") continue;
    CAPTURE(o.json());
    const outcome second = again(o.json());
    REQUIRE(second.fate == "send");
    REQUIRE(second.json() == o.json());
  }
}

TEST_CASE("the order of a record's members does not matter") {
  const auto p = GENERATE(preset::segment, preset::rudder);
  generator g(11);
  mapping m(p);
  for (int i = 0; i < 500; ++i) {
    const std::string record = g.record(p);
    CAPTURE(record);
    const auto v = boost::json::parse(record);
    const outcome one = m(boost::json::serialize(v)), other = m(boost::json::serialize(g.shuffled(v)));
    REQUIRE(one.fate == other.fate);
    REQUIRE(one.code == other.code);
  }
}
