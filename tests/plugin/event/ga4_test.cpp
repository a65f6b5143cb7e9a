// Google Analytics 4 in its three forms: the same event means the same, wherever it was taken from (source-formats.md §1).
#include <set>

#include "event/preset/preset.hpp"
#include "support.hpp"

using namespace event_test;
using snap::event::table_of;

namespace {

enum class form : std::uint8_t { tag_manager, protocol, export_row };

// A parameter as each form writes it; `text` is JSON.
std::string exported(std::string_view text) {
  if (text.starts_with('"')) return R"({"string_value":)" + std::string(text) + R"(,"int_value":null})";
  if (text.find('.') != std::string_view::npos) return R"({"double_value":)" + std::string(text) + "}";
  return R"({"string_value":null,"int_value":")" + std::string(text) + R"("})";
}

using parameters = std::vector<std::pair<std::string_view, std::string_view>>;

std::string ga4(form f, std::string_view name, const parameters& given, std::string_view more = {}) {
  std::string params, rest = more.empty() ? "" : "," + std::string(more);
  for (const auto& [key, text] : given) {
    if (!params.empty()) params += ",";
    params += f == form::export_row ? R"({"key":")" + std::string(key) + R"(","value":)" + exported(text) + "}"
                                    : "\"" + std::string(key) + "\":" + std::string(text);
  }
  const std::string n = "\"" + std::string(name) + "\"";
  switch (f) {
    case form::tag_manager:
      return R"({"event_name":)" + n + R"(,"timestamp":1650625078123)" + (params.empty() ? "" : "," + params) + rest + "}";
    case form::protocol:
      return R"({"client_id":"1.2","timestamp_micros":1650625078123456,"events":[{"name":)" + n + R"(,"params":{)" + params +
             "}}]" + rest + "}";
    case form::export_row:
      return R"({"event_name":)" + n + R"(,"event_timestamp":"1650625078123456","platform":"WEB","event_params":[)" + params +
             "]" + rest + "}";
  }
  return "";
}

const std::string known = R"("user_data":{"email_address":"jane@example.com"})";

outcome one(std::string_view name, const parameters& p = {}, std::string_view more = known, form f = form::tag_manager,
            const change& c = {}) {
  return map(preset::ga4, ga4(f, name, p, more), c);
}

}  // namespace

TEST_CASE("ga4: each name of its table has its target in each form") {
  const auto f = GENERATE(form::tag_manager, form::protocol, form::export_row);
  for (const auto& row : table_of(preset::ga4).names) {
    INFO(row.from);
    CHECK(one(row.from, {{"value", "1.5"}, {"currency", "\"EUR\""}}, known, f).at("/event_name") == row.to);
  }
}

TEST_CASE("ga4: what would count twice, or is a publisher's own, stays unmapped") {
  const auto* name = GENERATE("view_search_results", "in_app_purchase", "session_start", "first_visit", "screen_view", "refund",
                              "user_engagement", "scroll", "ad_click", "ad_impression", "remove_from_cart", "view_cart");
  CHECK(one(name).code == "event.name.unknown");
}

TEST_CASE("ga4: ad_click is a conversion where the user says so") {
  CHECK(one("ad_click", {}, known, form::tag_manager, [](auto& s) {
          s.mapping.event_names = {{"ad_click", "AD_CLICK"}};
        }).at("/event_name") == "AD_CLICK");
}

TEST_CASE("ga4: each parameter reaches its field in each form") {
  struct row {
    std::string_view event, parameter, text, pointer, expected;
  };
  const auto f = GENERATE(form::tag_manager, form::protocol, form::export_row);
  const auto r = GENERATE(values<row>({
      {"page_view", "page_location", R"("https://shop.example/a?x=1")", "/event_source_url", "https://shop.example/a?x=1"},
      {"page_view", "event_id", R"("e-7")", "/event_id", "e-7"},
      {"purchase", "transaction_id", R"("T-1")", "/event_id", "T-1"},
      {"purchase", "transaction_id", R"("T-1")", "/custom_data/order_id", "T-1"},
      {"page_view", "user_id", R"("U-42")", "/user_data/external_id/0", "@u-42"},
      {"page_view", "external_id", R"("X-1")", "/user_data/external_id/0", "@x-1"},
      {"page_view", "page_location", R"("https://shop.example/?sCcId=AbC-1&y=2")", "/user_data/sc_click_id", "AbC-1"},
      {"page_view", "page_location", R"("https://shop.example/?a=b&ScCid=5d7C#ScCid=no")", "/user_data/sc_click_id", "5d7C"},
      {"page_view", "click_id", R"("K-1")", "/user_data/sc_click_id", "K-1"},
      {"page_view", "_scclid", R"("K-2")", "/user_data/sc_click_id", "K-2"},
      {"page_view", "scclid", R"("K-3")", "/user_data/sc_click_id", "K-3"},
      {"page_view", "_scid", R"("c-1")", "/user_data/sc_cookie1", "c-1"},
      {"page_view", "scid", R"("c-2")", "/user_data/sc_cookie1", "c-2"},
      {"page_view", "subscription_id", R"("s-1")", "/user_data/subscription_id", "s-1"},
      {"page_view", "lead_id", R"("l-1")", "/user_data/lead_id", "l-1"},
      {"page_view", "anon_id", R"("a-1")", "/user_data/anon_id", R"(["a-1"])"},
      {"page_view", "predicted_ltv", "12.5", "/custom_data/predicted_ltv", "1.25E1"},
      {"add_to_cart", "value", "12", "/custom_data/value", "12"},
      {"add_to_cart", "value", R"("12.50")", "/custom_data/value", "1.25E1"},
      {"add_to_cart", "currency", R"("eur")", "/custom_data/currency", "EUR"},
      {"search", "search_term", R"("red shoes")", "/custom_data/search_string", "red shoes"},
      {"sign_up", "method", R"("email")", "/custom_data/sign_up_method", "email"},
      {"level_up", "level", "5", "/custom_data/level", "5"},
      {"share", "method", R"("mail")", "/custom_data/sign_up_method", "-"},
  }));
  const std::string expected = r.expected.starts_with('@') ? sha256(r.expected.substr(1)) : std::string(r.expected);
  parameters p{{r.parameter, r.text}};
  if (r.event == "purchase") p.insert(p.end(), {{"value", "1"}, {"currency", "\"EUR\""}});
  INFO(r.event << " " << r.parameter);
  CHECK(one(r.event, p, known, f).at(r.pointer) == expected);
}

TEST_CASE("ga4: the example of a tag manager's purchase becomes the documented event") {
  const auto o = map(
      preset::ga4,
      R"({"event_name":"purchase","client_id":"1712345678.1699000000","user_id":"U-42","timestamp":1650625078123,"page_location":"https://shop.example/thanks?ScCid=5d7C9ac3-3840","ip_override":"203.0.113.9, 10.0.0.1","user_agent":"Mozilla/5.0 X11","x-ga-gcs":"G111","currency":"EUR","value":138.0,"transaction_id":"T-1024",
 "user_data":{"email_address":" Jane.Doe@Example.com ","sha256_phone_number":"4bd2a8a27a1a2d1a9a1a2d1a9a1a2d1a9a1a2d1a9a1a2d1a9a1a2d1a9a1a2d1a","address":{"first_name":"Jane","last_name":"O'Neil","city":"New York","region":"NY","postal_code":"10001","country":"US"}},
 "items":[{"item_id":"A1","item_brand":"Acme","item_category":"Shoes","price":50,"quantity":2},{"item_id":"B2","item_category":"Socks","price":38}]})");
  CHECK(o.at("/event_name") == "PURCHASE");
  CHECK(o.at("/event_time") == "1650625078");
  CHECK(o.at("/event_id") == "T-1024");
  CHECK(o.at("/action_source") == "WEB");
  CHECK(o.at("/event_source_url") == "https://shop.example/thanks?ScCid=5d7C9ac3-3840");
  CHECK(o.at("/user_data/em/0") == sha256("jane.doe@example.com"));
  CHECK(o.at("/user_data/ph") == "-");
  CHECK(o.at("/user_data/fn") == sha256("jane"));
  CHECK(o.at("/user_data/ln") == sha256("oneil"));
  CHECK(o.at("/user_data/ct") == sha256("newyork"));
  CHECK(o.at("/user_data/st") == sha256("ny"));
  CHECK(o.at("/user_data/zp") == sha256("10001"));
  CHECK(o.at("/user_data/country") == sha256("us"));
  CHECK(o.at("/user_data/external_id/0") == sha256("u-42"));
  CHECK(o.at("/user_data/client_ip_address") == "203.0.113.9");
  CHECK(o.at("/user_data/client_user_agent") == "Mozilla/5.0 X11");
  CHECK(o.at("/user_data/sc_click_id") == "5d7C9ac3-3840");
  CHECK(o.has(
      R"("custom_data":{"value":138.0,"currency":"EUR","order_id":"T-1024","num_items":3,"content_ids":["A1","B2"],"content_category":["Shoes","Socks"],"contents":[{"id":"A1","quantity":2,"item_price":50,"brand":"Acme"},{"id":"B2","quantity":1,"item_price":38}],"brands":["Acme"]})"));
}

TEST_CASE("ga4: items and a value from them, in each form") {
  const std::string items = R"([{"item_name":"Sock","price":1.10,"quantity":3},{"item_id":"B2","price":"2"}])";
  const std::string_view more = known;
  const auto purchase = [&](const std::string& value) { return map(preset::ga4, value); };
  const auto check = [](const outcome& o) {
    CHECK(o.at("/custom_data/value") == "5.3E0");
    CHECK(o.at("/custom_data/num_items") == "4");
    CHECK(o.at("/custom_data/content_ids") == R"(["Sock","B2"])");
  };
  const std::string event = R"("currency":"EUR","transaction_id":"T","items":)" + items;
  check(purchase(R"({"event_name":"purchase","timestamp":1650625078123,)" + event + "," + std::string(more) + "}"));
  check(purchase(R"({"timestamp_micros":1650625078123456,"events":[{"name":"purchase","params":{)" + event + "}}]," +
                 std::string(more) + "}"));
  check(purchase(
      R"({"event_name":"purchase","event_timestamp":1650625078123456,"event_params":[{"key":"currency","value":{"string_value":"EUR"}}],"items":)" +
      items + "," + std::string(more) + "}"));
  check(purchase(R"({"event_name":"purchase","timestamp":1650625078123,"currency":"EUR","ecommerce":{"items":)" + items + "}," +
                 std::string(more) + "}"));
}

TEST_CASE("ga4: an order of nothing keeps its value of 0") {
  CHECK(one("purchase", {{"value", "0"}, {"currency", "\"EUR\""}, {"items", R"([{"item_id":"a","price":5}])"}})
            .at("/custom_data/value") == "0");
}

TEST_CASE("ga4: a purchase's value is the export's revenue when there is no parameter, never the amount in dollars") {
  const std::string more =
      known + R"(,"ecommerce":{"purchase_revenue":9.5,"purchase_revenue_in_usd":10.1,"transaction_id":"T-9"})";
  const auto o = one("purchase", {{"currency", "\"EUR\""}}, more, form::export_row);
  CHECK(o.at("/custom_data/value") == "9.5E0");
  CHECK(o.at("/custom_data/order_id") == "T-9");
  CHECK(o.at("/event_id") == "T-9");
}

TEST_CASE("ga4: a product's (not set) is absent too") {
  constexpr std::string_view items = R"x(,"items":[{"item_id":"(not set)","item_name":"Sock","item_brand":"(not set)"}])x";
  const outcome o = one("view_item", {}, known + std::string(items));
  CHECK(o.at("/custom_data/contents") == R"([{"id":"Sock","quantity":1}])");
  CHECK(o.at("/custom_data/brands") == "-");
}

TEST_CASE("ga4: (not set) and empty texts are absent") {
  const auto* blank = GENERATE("\"(not set)\"", "\"\"", "\" \"");
  const parameters p{{"transaction_id", blank}, {"event_id", blank}, {"value", "1"}, {"currency", "\"EUR\""}};
  const auto o = one("purchase", p, known + R"(,"ecommerce":{"transaction_id":"T-2"})");
  CHECK(o.at("/event_id") == "T-2");
  CHECK(o.at("/custom_data/order_id") == "T-2");
}

TEST_CASE("ga4: (not set) says nothing about the device either, and the next source is asked") {
  const auto* blank = GENERATE("\"(not set)\"", "\"\"", "\" \"");
  const std::string device = R"(,"platform":"IOS","device":{"model":"iPhone 13","mobile_model_name":)" + std::string(blank) +
                             R"(,"operating_system_version":)" + blank + R"(},"app_info":{"id":)" + blank + "}";
  CHECK(one("app_open", {}, known + device).at("/app_data/extinfo") ==
        R"(["i2","","","","","iPhone 13","","","","","","","","","",""])");
}

TEST_CASE("ga4: an app's instance id that is (not set) makes no app of a site") {
  CHECK(one("page_view", {}, known + R"x(,"app_instance_id":"(not set)")x").at("/action_source") == "WEB");
}

TEST_CASE("ga4: the export's own count of units stands in for lines that tell none") {
  const auto counted = [](const std::string& items) {
    return one("view_item", {}, known + R"(,"ecommerce":{"total_item_quantity":"5"})" + items, form::export_row)
        .at("/custom_data/num_items");
  };
  CHECK(counted("") == "5");
  CHECK(counted(R"(,"items":[{"item_id":"A","quantity":"x"}])") == "5");
  CHECK(counted(R"(,"items":[{"item_id":"A","quantity":"2"}])") == "2");
}

TEST_CASE("ga4: a quantity that cannot be read is not taken for one") {
  const auto* quantity = GENERATE("[3]", "{}", "true", "\"x\"");
  const auto o = one("view_item", {}, known + R"(,"items":[{"item_id":"A","price":2,"quantity":)" + quantity + "}]");
  CHECK(o.at("/custom_data") == R"({"content_ids":["A"],"contents":[{"id":"A","item_price":2}]})");
}

TEST_CASE("ga4: a list or an object is no value of a typed parameter") {
  const std::string params = R"("event_params":[{"key":"search_term","value":{"string_value":["a"],"int_value":"7"}},)"
                             R"({"key":"items","value":{"string_value":[{"item_id":"A"}]}}])";
  const auto o = map(preset::ga4, R"({"event_name":"search","event_timestamp":"1650625006000000",)" + params + "," + known + "}");
  CHECK(o.at("/custom_data") == R"({"search_string":"7"})");
}

TEST_CASE("ga4: currency of the first item stands in for the event's") {
  CHECK(one("purchase", {{"value", "1"}, {"items", R"([{"item_id":"a","currency":"gbp"}])"}}).at("/custom_data/currency") ==
        "GBP");
}

TEST_CASE("ga4: times of each form, in their order") {
  const auto at = [](const std::string& v) { return map(preset::ga4, v).at("/event_time"); };
  const std::string u = "," + known;
  CHECK(at(R"({"event_name":"page_view","event_time":1650625001,"timestamp":1650625002000)" + u + "}") == "1650625001");
  CHECK(at(R"({"event_name":"page_view","timestamp_micros":1650625003000000,"timestamp":1650625002000)" + u + "}") ==
        "1650625003");
  CHECK(
      at(R"({"events":[{"name":"page_view","params":{"timestamp_micros":"1650625004000000"}}],"timestamp_micros":1650625003000000)" +
         u + "}") == "1650625004");
  CHECK(at(R"({"events":[{"name":"page_view","timestamp_micros":1650625005000000}],"timestamp_micros":1650625003000000)" + u +
           "}") == "1650625005");
  CHECK(at(R"({"events":[{"name":"page_view","params":{"timestamp_micros":null}}],"timestamp_micros":1650625003000000)" + u +
           "}") == "1650625003");
  CHECK(at(R"({"event_name":"page_view","event_timestamp":"1650625006000000")" + u + "}") == "1650625006");
  CHECK(map(preset::ga4, R"({"event_name":"page_view","ga_session_id":"1650625006")" + u + "}").code == "event.time.missing");
}

TEST_CASE("ga4: where an event happened follows from the form") {
  struct row {
    std::string_view more, source;
  };
  const auto r = GENERATE(values<row>({{R"("app_instance_id":"f00")", "MOBILE_APP"},
                                       {R"("platform":"IOS")", "MOBILE_APP"},
                                       {R"("platform":"Android")", "MOBILE_APP"},
                                       {R"("platform":"WEB")", "WEB"},
                                       {R"("page_location":"https://a.example/")", "WEB"},
                                       {R"("client_id":"1.2")", "WEB"},
                                       {R"("user_id":"u")", "WEB"}}));
  CHECK(one("page_view", {}, known + "," + std::string(r.more)).at("/action_source") == r.source);
}

TEST_CASE("ga4: tracking is enabled by each word that says yes") {
  const auto* word = GENERATE("1", "true", "\"yes\"");
  const auto o = one("app_open", {}, known + R"(,"platform":"IOS","app_data":{"advertiser_tracking_enabled":)" + word + "}");
  CHECK(o.at("/app_data/advertiser_tracking_enabled") == "1");
}

TEST_CASE("ga4: an app's row has app_data with 16 positions") {
  const auto o = one(
      "first_open", {},
      R"("platform":"IOS","app_info":{"id":"com.example.shop","version":"7.7.1"},"device":{"advertising_id":"613FF528-AFD1-4C1B-9628-E6ED25ECE9C0","vendor_id":"8C61383F-2216-4713-8C1C-1CB0A5D7A4CC","operating_system":"iOS","operating_system_version":"15.4","mobile_model_name":"iPhone 13","language":"en-us","time_zone_offset_seconds":"-12600","is_limited_ad_tracking":"No"})",
      form::tag_manager);
  CHECK(o.at("/app_data/extinfo") ==
        R"(["i2","com.example.shop","","7.7.1","15.4","iPhone 13","en_us","GMT-3:30","","","","","","","",""])");
  CHECK(o.at("/app_data/advertiser_tracking_enabled") == "1");
  CHECK(o.at("/user_data/madid") == "613ff528-afd1-4c1b-9628-e6ed25ece9c0");
  CHECK(o.at("/user_data/idfv") == "8c61383f-2216-4713-8c1c-1cb0a5d7a4cc");
}

TEST_CASE("ga4: tracking is only enabled with a device id and without a limit") {
  struct row {
    std::string_view device, enabled;
  };
  const auto r =
      GENERATE(values<row>({{R"("advertising_id":"613FF528-AFD1-4C1B-9628-E6ED25ECE9C0","is_limited_ad_tracking":false)", "1"},
                            {R"("advertising_id":"613FF528-AFD1-4C1B-9628-E6ED25ECE9C0","is_limited_ad_tracking":"Yes")", "0"},
                            {R"("advertising_id":"613FF528-AFD1-4C1B-9628-E6ED25ECE9C0")", "0"},
                            {R"("advertising_id":"00000000-0000-0000-0000-000000000000","is_limited_ad_tracking":false)", "0"},
                            {R"x("advertising_id":"(not set)","is_limited_ad_tracking":false)x", "0"},
                            {R"("advertising_id":"","is_limited_ad_tracking":false)", "0"}}));
  const auto o = one("app_open", {}, known + R"(,"platform":"ANDROID","device":{)" + std::string(r.device) + "}");
  CHECK(o.at("/app_data/advertiser_tracking_enabled") == r.enabled);
}

TEST_CASE("ga4: digests of the source are kept, as hex or base64; what is no digest there is never hashed") {
  const std::string digest = sha256("jane@example.com");
  const auto em = [&](const std::string& text) {
    return map(preset::ga4,
               R"({"event_name":"page_view","timestamp":1650625078123,"ip_override":"203.0.113.9","user_agent":"M","user_data":{"sha256_email_address":)" +
                   text + "}}")
        .at("/user_data/em");
  };
  CHECK(em("\"" + digest + "\"") == R"([")" + digest + R"("])");
  CHECK(em("[\"" + digest + "\",\"" + sha256("b") + "\"]") == R"([")" + digest + R"(",")" + sha256("b") + R"("])");
  CHECK(em(R"("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")") == R"([")" + sha256("abc") + R"("])");
  CHECK(em(R"("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0")") == R"([")" + sha256("abc") + R"("])");
  CHECK(em(R"("jane@example.com")") == "-");
  CHECK(em(R"("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa1=")") == "-");
}

TEST_CASE("ga4: names and addresses may be one or a list, clear or hashed") {
  const std::string digest = sha256("jane");
  const auto field = [&](const std::string& address, const char* pointer) {
    return one("page_view", {}, R"("user_data":{"email_address":"a@b.co","address":)" + address + "}").at(pointer);
  };
  CHECK(field(R"([{"first_name":"Jane","city":"Bonn"},{"first_name":"Max"}])", "/user_data/fn") == digest);
  CHECK(field(R"([{"first_name":"Jane","city":"Bonn"}])", "/user_data/ct") == sha256("bonn"));
  CHECK(field("{\"sha256_first_name\":\"" + digest + "\"}", "/user_data/fn") == digest);
  CHECK(field("[{\"sha256_last_name\":\"" + digest + "\"}]", "/user_data/ln") == digest);
  CHECK(field(R"({"sha256_first_name":"Jane"})", "/user_data/fn") == "-");
}

TEST_CASE("ga4: Google's digest of a phone number is dropped, and counted under its own reason") {
  mapping m(preset::ga4);
  const std::string digest = sha256("+14155551234");
  const auto o =
      m(R"({"event_name":"page_view","timestamp":1650625078123,"user_data":{"sha256_phone_number":[")" + digest + "\"]}}");
  CHECK(o.code == "identity.not.hashed");
  CHECK(m.count("ph", "other_rules") == 1);
}

TEST_CASE("ga4: places that Google derives from an IP address are not the person's") {
  const auto o = one(
      "page_view", {},
      known +
          R"(,"geo":{"city":"Bonn","country":"Germany"},"event_location":{"city":"Bonn","country":"DE"},"user_location":{"city":"Bonn","country_id":"DE"})");
  CHECK(o.at("/user_data/ct") == "-");
  CHECK(o.at("/user_data/country") == "-");
}

TEST_CASE("ga4: data_processing_options are taken from a list only") {
  CHECK(one("page_view", {}, known + R"(,"data_processing_options":["LDU"])").at("/data_processing_options") == R"(["LDU"])");
  CHECK(one("page_view", {}, known + R"(,"data_processing_options":"LDU")").at("/data_processing_options") == "-");
}

TEST_CASE("ga4: Google's consent signals decide where they are named") {
  const auto with = [](std::string_view field, std::vector<std::string> granted, const std::string& more) {
    return one("page_view", {}, known + "," + more, form::tag_manager,
               [&](auto& s) {
                 s.mapping.consent = expr(field);
                 s.mapping.consent_granted = std::move(granted);
               })
        .fate;
  };
  CHECK(with("$['x-ga-gcs']", {"G111", "G110"}, R"("x-ga-gcs":"G110")") == "send");
  CHECK(with("$['x-ga-gcs']", {"G111", "G110"}, R"("x-ga-gcs":"G101")") == "skip");
  CHECK(with("$.consent.ad_user_data", {"granted"}, R"("consent":{"ad_user_data":"GRANTED"})") == "send");
  CHECK(with("$.consent.ad_user_data", {"granted"}, R"("consent":{"ad_user_data":"DENIED"})") == "skip");
  CHECK(with("$.privacy_info.ads_storage", {"yes"}, R"("privacy_info":{"ads_storage":"Yes"})") == "send");
  CHECK(with("$.privacy_info.ads_storage", {"yes"}, R"("privacy_info":{"ads_storage":"Unset"})") == "skip");
}

TEST_CASE("ga4: an override names parameters the same way in each form") {
  const auto f = GENERATE(form::tag_manager, form::protocol, form::export_row);
  CHECK(one("page_view", {{"tier", "\"gold\""}}, known, f, over("custom_data.status", "$.tier")).at("/custom_data/status") ==
        "gold");
}

TEST_CASE("ga4: a column of the export counts before a parameter of the same name") {
  const std::string row =
      R"({"event_name":"page_view","event_timestamp":"1650625078123456","platform":"WEB","user_id":"column","event_params":[{"key":"user_id","value":{"string_value":"parameter"}}],)" +
      known + "}";
  CHECK(map(preset::ga4, row).at("/user_data/external_id/0") == sha256("column"));
}
