// PostHog in its forms: what a destination gets (A), a line of a batch export (B), the pipeline's topic with JSON in texts (C), a
// body of the capture API (D) (source-formats.md §2).
#include <boost/json.hpp>

#include "event/preset/preset.hpp"
#include "support.hpp"

using namespace event_test;
using snap::event::table_of;

namespace {

enum class form : std::uint8_t { destination, line, topic, capture };

std::string json_text(std::string_view json) { return boost::json::serialize(boost::json::string(json.data(), json.size())); }

// `person` and `properties` are JSON objects.
std::string posthog(form f, std::string_view name, const std::string& properties,
                    const std::string& person = R"({"email":"jane@example.com"})") {
  const std::string head = R"("uuid":"u-1","event":")" + std::string(name) + R"(","distinct_id":"user_42",)";
  const std::string time = R"("timestamp":"2022-04-22T10:57:58.123Z")";
  switch (f) {
    case form::destination:
      return R"({"event":{)" + head + time + R"(,"properties":)" + properties + R"(},"person":{"id":"p","properties":)" + person +
             "}}";
    case form::line:
      return "{" + head + time + R"(,"person_id":"p","properties":)" + properties + R"(,"person_properties":)" + person + "}";
    case form::topic:
      return "{" + head + R"("timestamp":"2022-04-22 10:57:58.123000","team_id":7,"person_id":"p","properties":)" +
             json_text(properties) + R"(,"person_properties":)" + json_text(person) + "}";
    case form::capture: {
      auto p = boost::json::parse(properties).as_object();
      p["$set"] = boost::json::parse(person);
      return R"({"api_key":"k","batch":[{)" + head + time + R"(,"properties":)" + boost::json::serialize(p) + "}]}";
    }
  }
  return "";
}

outcome one(std::string_view name, const std::string& properties = "{}", form f = form::line) {
  return map(preset::posthog, posthog(f, name, properties));
}
std::string plus(const std::string& object, std::string_view members) {
  return object.substr(0, object.size() - 1) + (object == "{}" ? "" : ",") + std::string(members) + "}";
}

}  // namespace

TEST_CASE("posthog: each name of its table has its target in each form") {
  const auto f = GENERATE(form::destination, form::line, form::topic, form::capture);
  for (const auto& row : table_of(preset::posthog).names) {
    INFO(row.from);
    CHECK(one(row.from, R"({"value":1,"currency":"EUR"})", f).at("/event_name") == row.to);
  }
}

TEST_CASE("posthog: PostHog's own events have no mapping") {
  CHECK(one(GENERATE("$autocapture", "$pageleave", "$identify", "$screen", "$set", "Application Backgrounded")).code ==
        "event.name.unknown");
}

TEST_CASE("posthog: each property reaches its field in each form") {
  struct row {
    std::string_view event, properties, pointer, expected;
  };
  const auto f = GENERATE(form::destination, form::line, form::topic, form::capture);
  const auto r = GENERATE(values<row>({
      {"$pageview", R"({"$current_url":"https://shop.example/a"})", "/event_source_url", "https://shop.example/a"},
      {"$pageview", R"({"$current_url":"https://shop.example/?ScCid=AbC-1"})", "/user_data/sc_click_id", "AbC-1"},
      {"$pageview", R"({"sccid":"K-1"})", "/user_data/sc_click_id", "K-1"},
      {"$pageview", R"({"_scid":"c-1"})", "/user_data/sc_cookie1", "c-1"},
      {"$pageview", R"({"$lib":"web","$ip":"203.0.113.9"})", "/user_data/client_ip_address", "203.0.113.9"},
      {"$pageview", R"({"$ip":"203.0.113.9"})", "/user_data/client_ip_address", "203.0.113.9"},
      {"$pageview", R"({"$lib":"posthog-node","$ip":"203.0.113.9"})", "/user_data/client_ip_address", "-"},
      {"$pageview", R"({"$raw_user_agent":"Mozilla/5.0"})", "/user_data/client_user_agent", "Mozilla/5.0"},
      {"$pageview", R"({"$is_identified":true})", "/user_data/external_id/0", "@user_42"},
      {"$pageview", "{}", "/event_id", "u-1"},
      {"$pageview", "{}", "/event_time", "1650625078"},
      {"$pageview", "{}", "/user_data/em/0", "@jane@example.com"},
      {"Order Completed", R"({"value":1,"currency":"usd"})", "/custom_data/currency", "USD"},
      {"Order Completed", R"({"revenue":90,"total":95,"value":1,"currency":"EUR"})", "/custom_data/value", "90"},
      {"Order Completed", R"({"total":95,"value":1,"currency":"EUR"})", "/custom_data/value", "95"},
      {"Order Completed", R"({"currency":"EUR","products":[{"sku":"a","price":30},{"sku":"b","price":30,"quantity":2}]})",
       "/custom_data/value", "90"},
      {"Checkout Started", R"({"revenue":90,"value":80})", "/custom_data/value", "80"},
      {"Product Added", R"({"product_id":"a","price":10,"quantity":3})", "/custom_data/value", "30"},
      {"Product Added", R"({"product_id":"a","price":10})", "/custom_data/value", "10"},
      {"Product List Viewed", R"({"products":[{"sku":"a","price":30}]})", "/custom_data/value", "-"},
      {"Product List Viewed", R"({"products":[{"sku":"a"},{"product_id":"b","sku":"c"}]})", "/custom_data/content_ids",
       R"(["a","b"])"},
      {"Product Viewed", R"({"sku":"a","category":"Shoes","brand":"Acme"})", "/custom_data/content_category", R"(["Shoes"])"},
      {"Product Viewed", R"({"sku":"a","category":"Shoes","brand":"Acme"})", "/custom_data/brands", R"(["Acme"])"},
      {"Product Viewed", R"({"sku":"a","price":2.5})", "/custom_data/contents",
       R"([{"id":"a","quantity":1,"item_price":2.5E0}])"},
      {"Product Viewed", R"({"sku":"a"})", "/custom_data/num_items", "1"},
      {"Order Completed", R"({"value":1,"currency":"EUR","products":[{"sku":"a","quantity":2},{"sku":"b"}]})",
       "/custom_data/num_items", "3"},
      {"Order Completed", R"({"value":1,"currency":"EUR","order_id":"3e94"})", "/custom_data/order_id", "3e94"},
      {"Order Completed", R"({"value":1,"currency":"EUR","transactionId":"t"})", "/custom_data/order_id", "t"},
      {"Products Searched", R"({"query":"shoes"})", "/custom_data/search_string", "shoes"},
      {"Products Searched", R"({"search_string":"socks"})", "/custom_data/search_string", "socks"},
      {"Products Searched", R"({"query":{"size":7},"search_string":"socks"})", "/custom_data/search_string", "socks"},
      {"Products Searched", R"({"query":true,"search_string":"socks"})", "/custom_data/search_string", "socks"},
      {"Products Searched", R"({"query":[false,{}],"search_string":"socks"})", "/custom_data/search_string", "socks"},
      {"Products Searched", R"({"query":[true,"shoes"],"search_string":"socks"})", "/custom_data/search_string", "shoes"},
      {"Products Searched", R"({"query":7,"search_string":"socks"})", "/custom_data/search_string", "7"},
      {"Products Searched", R"({"query":" ","search_string":"socks"})", "/custom_data/search_string", "socks"},
      {"Product Viewed", R"({"sku":"a","quantity":" "})", "/custom_data/num_items", "1"},
      {"Product Viewed", R"({"sku":"a","quantity":[2]})", "/custom_data/num_items", "-"},
      {"Product Viewed", R"({"products":[{"sku":"a","quantity":{}}]})", "/custom_data/num_items", "-"},
      {"Product Viewed", R"({"products":[{"sku":"a","quantity":""}]})", "/custom_data/num_items", "1"},
  }));
  const std::string expected = r.expected.starts_with('@') ? sha256(r.expected.substr(1)) : std::string(r.expected);
  INFO(r.event << " " << r.properties);
  CHECK(one(r.event, std::string(r.properties), f).at(r.pointer) == expected);
}

TEST_CASE("posthog: each person property reaches its field in each form") {
  struct row {
    std::string_view person, pointer, clear;
  };
  const auto f = GENERATE(form::destination, form::line, form::topic, form::capture);
  const auto r = GENERATE(values<row>({{R"({"email":" Jane@Example.com "})", "/user_data/em/0", "jane@example.com"},
                                       {R"({"phone":"+1 (415) 555-1234"})", "/user_data/ph/0", "14155551234"},
                                       {R"({"first_name":"Jane"})", "/user_data/fn", "jane"},
                                       {R"({"lastName":"O'Neil"})", "/user_data/ln", "oneil"},
                                       {R"({"city":"Bonn"})", "/user_data/ct", "bonn"},
                                       {R"({"country":"Germany"})", "/user_data/country", "de"},
                                       {R"({"country":"us","state":"California"})", "/user_data/st", "ca"},
                                       {R"({"postal_code":"53111"})", "/user_data/zp", "53111"}}));
  const auto o = map(preset::posthog, posthog(f, "$pageview", R"({"email":"other@example.com"})", std::string(r.person)));
  INFO(r.person);
  CHECK(o.at(r.pointer) == sha256(r.clear));
}

TEST_CASE("posthog: places derived from an IP address are not the person's") {
  const auto o = map(preset::posthog, posthog(form::line, "$pageview", R"({"$geoip_city_name":"Bonn","email":"a@b.co"})",
                                              R"({"$geoip_city_name":"Bonn"})"));
  CHECK(o.at("/user_data/ct") == "-");
}

TEST_CASE("posthog: distinct_id is the person's only when it is no device's") {
  const auto id = [](const std::string& p) { return one("$pageview", p).at("/user_data/external_id"); };
  CHECK(id(R"({"$device_id":"user_42"})") == "-");
  CHECK(id(R"({"$device_id":"d"})") != "-");
  CHECK(id(R"({"$device_id":"user_42","$is_identified":true})") != "-");
  CHECK(one("$pageview", R"({"$device_id":"d","$set":{"email":"a@b.co"}})", form::capture).at("/user_data/external_id") == "-");
}

TEST_CASE("posthog: an empty id of a person leaves the other one") {
  const auto o = map(
      preset::posthog,
      R"({"event":{"uuid":"u","event":"Signed Up","distinct_id":"d","timestamp":"2022-04-22T10:57:58Z","properties":{}},"person":{"id":"","uuid":"p","properties":{"email":"a@b.co"}}})");
  CHECK(o.at("/user_data/external_id/0") == sha256("d"));
}

TEST_CASE("posthog: where an event happened follows from the library") {
  struct row {
    std::string_view properties, source;
  };
  const auto r = GENERATE(values<row>({{R"({"$lib":"posthog-ios"})", "MOBILE_APP"},
                                       {R"({"$lib":"posthog-android"})", "MOBILE_APP"},
                                       {R"({"$app_namespace":"com.example"})", "MOBILE_APP"},
                                       {R"({"$lib":"web"})", "WEB"},
                                       {R"({"$current_url":"https://a.example/"})", "WEB"},
                                       {R"({"$lib":"posthog-python"})", "OFFLINE"},
                                       {"{}", "OFFLINE"}}));
  CHECK(one("$pageview", std::string(r.properties)).at("/action_source") == r.source);
}

TEST_CASE("posthog: an app's event has app_data with 16 positions") {
  const auto o = one(
      "Application Opened",
      R"({"$lib":"posthog-ios","$os_name":"iOS","$os_version":"15.4","$app_namespace":"com.example.shop","$app_build":771,"$app_version":"7.7.1","$device_model":"iPhone13,2","$locale":"en","$network_carrier":"Tele","$screen_width":390.0,"$screen_height":844.5,"$screen_density":2.5,"$timezone":"Europe/Berlin"})");
  CHECK(
      o.at("/app_data/extinfo") ==
      R"(["i2","com.example.shop","771","7.7.1","15.4","iPhone13,2","en","","Tele","390","844","2.5","","","","Europe/Berlin"])");
  CHECK(o.at("/app_data/advertiser_tracking_enabled") == "0");
}

TEST_CASE("posthog: an empty name of the operating system leaves its alias") {
  const auto o = one("Application Opened", R"({"$lib":"posthog-ios","$os_name":"","$os":"iOS"})");
  CHECK(o.at("/app_data/extinfo/0") == "i2");
}

TEST_CASE("posthog: of two events in one record the last counts, and what stands between them stays") {
  const std::string rest = R"("uuid":"u-1","timestamp":"2022-04-22T10:57:58Z","properties":{"email":"a@b.co"})";
  const auto line = map(preset::posthog, R"({"event":"$pageview",)" + rest + R"(,"event":"Signed Up"})");
  CHECK(line.at("/event_name") == "SIGN_UP");
  CHECK(line.at("/event_id") == "u-1");
  CHECK(line.at("/user_data/em/0") == sha256("a@b.co"));
  const auto destination =
      map(preset::posthog,
          R"({"event":{"event":"$pageview","distinct_id":"d","properties":{"revenue":1}},"event":{"event":"Signed Up",)" + rest +
              R"(},"person":{"id":"p"}})");
  CHECK(destination.at("/event_name") == "SIGN_UP");
  CHECK(destination.at("/user_data/external_id") == "-");
}

TEST_CASE("posthog: emulators and imports of history are skipped") {
  CHECK(one("$pageview", R"({"$is_emulator":true})").code == "event.left.out");
  CHECK(one("$pageview", R"({"$is_emulator":false})").fate == "send");
  CHECK(map(preset::posthog, plus(posthog(form::line, "$pageview", "{}"), R"("historical_migration":true)")).fate == "skip");
}

TEST_CASE("posthog: the pipeline's time without a zone is UTC, other forms are not guessed") {
  const auto at = [](std::string_view t) {
    const auto o = map(preset::posthog, plus(posthog(form::line, "$pageview", "{}"), R"("timestamp":")" + std::string(t) + "\""));
    return o.fate == "send" ? o.at("/event_time") : o.code;
  };
  CHECK(at("2022-04-22 10:57:58.123000") == "1650625078");
  CHECK(at("2022-04-22 10:57:58") == "1650625078");
  CHECK(at("2022-04-22T10:57:58") == "event.time.invalid");
  CHECK(at("2022-04-22") == "event.time.invalid");
}

TEST_CASE("posthog: text that should hold JSON and does not rejects the record") {
  CHECK(map(preset::posthog, R"({"event":"$pageview","uuid":"u","timestamp":"2022-04-22T10:57:58Z","properties":"{\"a\":"})")
            .code == "record.not.json");
  CHECK(
      map(preset::posthog,
          R"({"event":"$pageview","uuid":"u","timestamp":"2022-04-22T10:57:58Z","properties":"plain","person_properties":{"email":"a@b.co"}})")
          .fate == "send");
}

TEST_CASE("posthog: texts inside JSON inside a text are unescaped twice") {
  const auto o = one("Products Searched", R"({"query":"a \"b\" \\ \u00e9\n"})", form::topic);
  CHECK(o.at("/custom_data/search_string") == "a \"b\" \\ \u00e9\n");
}

TEST_CASE("posthog: the ingestion topic's event is read from its data") {
  const std::string inner =
      R"({"event":"$pageview","distinct_id":"user_42","timestamp":"2022-04-22T10:57:58Z","properties":{"$set":{"email":"a@b.co"}}})";
  const auto o =
      map(preset::posthog,
          R"({"uuid":"u-9","distinct_id":"user_42","ip":"203.0.113.9","now":"2022-04-22T10:57:59Z","token":"t","data":)" +
              json_text(inner) + "}");
  CHECK(o.at("/event_name") == "PAGE_VIEW");
  CHECK(o.at("/event_id") == "u-9");
  CHECK(o.at("/user_data/em/0") == sha256("a@b.co"));
}

TEST_CASE("posthog: every event of a capture batch is one of its own") {
  const auto member = [](std::string_view name, std::string_view uuid) {
    return R"({"event":")" + std::string(name) + R"(","uuid":")" + std::string(uuid) +
           R"(","timestamp":"2022-04-22T10:57:58Z","properties":{"$set":{"email":"a@b.co"}}})";
  };
  const auto o = map(preset::posthog, R"({"api_key":"k","batch":[)" + member("$autocapture", "1") + "," +
                                          member("$pageview", "2") + "," + member("Signed Up", "3") + "]}");
  CHECK(o.ids == std::vector<std::string>{"2", "3"});
}

TEST_CASE("posthog: a list of events where none is documented is rejected, not taken for an empty one") {
  const std::string body = R"({"batch":[{"event":"Signed Up","timestamp":"2022-04-22T10:57:58Z"}]})";
  CHECK(map(preset::posthog, R"({"uuid":"u","token":"t","data":)" + json_text(body) + "}").code == "event.name.missing");
  CHECK(map(preset::posthog, R"({"event":)" + body + "}").code == "event.name.missing");
}

TEST_CASE("posthog: an older destination's names are read too") {
  CHECK(
      map(preset::posthog,
          R"({"event":{"uuid":"u","name":"Signed Up","distinct_id":"d","timestamp":"2022-04-22T10:57:58Z","properties":{}},"person":{"uuid":"p","properties":{"email":"a@b.co"}}})")
          .at("/event_name") == "SIGN_UP");
}

TEST_CASE("posthog: what an event says of itself wins over what stands around it, before it or behind it") {
  const std::string own =
      R"({"event":"Signed Up","uuid":"own","distinct_id":"jane","timestamp":"2022-04-22T10:57:58Z","properties":{"$is_identified":true,"$set":{"email":"a@b.co"}}})";
  const std::string around = R"("uuid":"around","distinct_id":"nobody","timestamp":"2022-04-21T00:00:00Z")";
  const auto* name = GENERATE("event", "data", "batch");
  const std::string member = "\"" + std::string(name) + "\":" + (name == std::string_view("batch") ? "[" + own + "]" : own);
  const auto o = map(preset::posthog, GENERATE_COPY("{" + around + "," + member + "}", "{" + member + "," + around + "}"));
  INFO(name);
  CHECK(o.ids == std::vector<std::string>{"own"});
  CHECK(o.at("/event_time") == "1650625078");
  CHECK(o.at("/user_data/external_id/0") == sha256("jane"));
}

TEST_CASE("posthog: what an event leaves open, what stands around it says") {
  const std::string own = R"("event":{"event":"Signed Up","uuid":null,"properties":{"$set":{"email":"a@b.co"}}})";
  const std::string around = R"("uuid":"around","timestamp":"2022-04-21T12:00:00Z")";
  const auto o = map(preset::posthog, GENERATE_COPY("{" + around + "," + own + "}", "{" + own + "," + around + "}"));
  CHECK(o.ids == std::vector<std::string>{"around"});
  CHECK(o.at("/event_time") == "1650542400");
}

TEST_CASE("posthog: properties as a text inside of data as a text are read") {
  const std::string inner = R"({"event":"Products Searched","timestamp":"2022-04-22T10:57:58Z","properties":)" +
                            json_text(R"({"query":"tea","$set":{"email":"a@b.co"}})") + "}";
  const auto o = map(preset::posthog, R"({"uuid":"u","data":)" + json_text(inner) + R"(,"properties":"{\"query\":\"coffee\"}"})");
  CHECK(o.at("/custom_data/search_string") == "tea");
}

TEST_CASE("posthog: events of a capture batch without a uuid do not share the one around them") {
  const std::string event =
      R"({"event":"$pageview","timestamp":"2022-04-22T10:57:58Z","properties":{"$set":{"email":"a@b.co"}}})";
  const auto o = map(preset::posthog, R"({"uuid":"X","batch":[)" + event + "," + event + "]}");
  CHECK(o.ids == std::vector<std::string>{"X", "X-1"});
}
