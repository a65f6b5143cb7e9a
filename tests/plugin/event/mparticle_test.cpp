// mParticle batches: names of typed events, what the batch says of the person, product lists (source-formats.md §3).
#include "support.hpp"

using namespace event_test;

namespace {

// A batch with this person and these events.
std::string batch(std::string_view events, std::string_view more = {}) {
  return R"({"schema_version":2,"environment":"production","batch_id":-7346244611012968789,"mpid":7346244611012968789,"timestamp_unixtime_ms":1650628000000,"ip":"203.0.113.9","user_identities":[{"identity_type":"email","identity":"Ann@Example.com"}],"device_info":{"platform":"web","http_header_user_agent":"M"},"events":[)" +
         std::string(events) + "]" + (more.empty() ? "" : "," + std::string(more)) + "}";
}
std::string event(std::string_view type, std::string_view data = {}) {
  return R"({"event_type":")" + std::string(type) + R"(","data":{"timestamp_unixtime_ms":1650625078123)" +
         (data.empty() ? "" : "," + std::string(data)) + "}}";
}
outcome one(std::string_view type, std::string_view data = {}, std::string_view more = {}, const change& c = {}) {
  return map(preset::mparticle, batch(event(type, data), more), c);
}
std::string bought(std::string_view products, std::string_view more = R"("total_amount":"42.50")") {
  return R"("currency_code":"USD","product_action":{"action":"purchase","transaction_id":"O-77",)" + std::string(more) +
         R"(,"products":)" + std::string(products) + "}";
}
const std::string two =
    R"([{"id":"P1","price":"20","quantity":2,"brand":"Acme","category":"Shoes"},{"id":"P2","price":2.5,"quantity":1}])";

}  // namespace

TEST_CASE("mparticle: each typed event has its target") {
  struct row {
    std::string_view type, data, name;
  };
  const auto r = GENERATE(values<row>({
      {"commerce_event", R"("currency_code":"USD","product_action":{"action":"purchase","total_amount":1})", "PURCHASE"},
      {"commerce_event", R"("product_action":{"action":"checkout"})", "START_CHECKOUT"},
      {"commerce_event", R"("product_action":{"action":"add_to_cart"})", "ADD_CART"},
      {"commerce_event", R"("product_action":{"action":"add_to_wishlist"})", "ADD_TO_WISHLIST"},
      {"commerce_event", R"("product_action":{"action":"view_detail"})", "VIEW_CONTENT"},
      {"commerce_event", R"("promotion_action":{"action":"click"})", "AD_CLICK"},
      {"commerce_event", R"("promotion_action":{"action":"view"})", "AD_VIEW"},
      {"commerce_event", R"("product_action":null,"product_impressions":[{"products":[{"id":"a"}]}])", "LIST_VIEW"},
      {"application_state_transition", R"("application_transition_type":"application_initialized","is_first_run":true)",
       "APP_INSTALL"},
      {"application_state_transition",
       R"("application_transition_type":"application_initialized","is_first_run":true,"is_upgrade":false)", "APP_INSTALL"},
      {"application_state_transition", R"("application_transition_type":"application_foreground")", "APP_OPEN"},
      {"first_run", "", "APP_INSTALL"},
      {"screen_view", R"("screen_name":"Home")", "PAGE_VIEW"},
      {"custom_event", R"("event_name":"Sign Up")", "SIGN_UP"},
  }));
  INFO(r.type << " " << r.data);
  CHECK(one(r.type, r.data).at("/event_name") == r.name);
}

TEST_CASE("mparticle: other typed events have no mapping") {
  struct row {
    std::string_view type, data;
  };
  const auto r = GENERATE(values<row>({
      {"commerce_event", R"("product_action":{"action":"refund"})"},
      {"commerce_event", R"("product_action":{"action":"remove_from_cart"})"},
      {"commerce_event", R"("product_action":{"action":"click"})"},
      {"commerce_event", R"("product_action":{"action":"checkout_option"})"},
      {"commerce_event", R"("product_impressions":[])"},
      {"application_state_transition", R"("application_transition_type":"application_initialized")"},
      {"application_state_transition",
       R"("application_transition_type":"application_initialized","is_first_run":true,"is_upgrade":true)"},
      {"application_state_transition", R"("application_transition_type":"application_background")"},
      {"session_start", ""},
      {"opt_out", R"("is_opted_out":true)"},
      {"push_message", ""},
      {"custom_event", R"("event_name":"screen_view")"},
      {"custom_event", ""},
  }));
  INFO(r.type << " " << r.data);
  CHECK(one(r.type, r.data).code == "event.name.unknown");
}

TEST_CASE("mparticle: typed events can be named in mapping.event.names") {
  const change rules = [](auto& s) {
    s.mapping.event_names = {{"commerce.refund", "CUSTOM_EVENT_1"}, {"Level Up", "LEVEL_COMPLETE"}};
  };
  CHECK(one("commerce_event", R"("product_action":{"action":"refund"})", {}, rules).at("/event_name") == "CUSTOM_EVENT_1");
  CHECK(one("custom_event", R"("event_name":"level_up")", {}, rules).at("/event_name") == "LEVEL_COMPLETE");
}

TEST_CASE("mparticle: a purchase of several products is one purchase") {
  const auto o = one("commerce_event", bought(two));
  REQUIRE(o.events.size() == 1);
  CHECK(o.has(
      R"("custom_data":{"value":42.50,"currency":"USD","order_id":"O-77","num_items":3,"content_ids":["P1","P2"],"content_category":["Shoes"],"contents":[{"id":"P1","quantity":2,"item_price":20,"brand":"Acme"},{"id":"P2","quantity":1,"item_price":2.5}],"brands":["Acme"]})"));
}

TEST_CASE("mparticle: a value comes from the lines' own totals, else from price and quantity") {
  const auto value = [](std::string_view products) {
    return one("commerce_event", bought(products, R"("tax_amount":"1")")).at("/custom_data/value");
  };
  CHECK(value(R"([{"id":"a","price":5,"quantity":2,"total_product_amount":"9.5"},{"id":"b","price":1,"quantity":3}])") ==
        "1.25E1");
  CHECK(value(R"([{"id":"a","price":5,"quantity":2}])") == "10");
}

TEST_CASE("mparticle: units are counted, goods by weight as lines") {
  const auto items = [](std::string_view products) {
    return one("commerce_event", bought(products)).at("/custom_data/num_items");
  };
  CHECK(items(R"([{"id":"a","quantity":"2.0"},{"id":"b"}])") == "3");
  CHECK(items(R"([{"id":"a","quantity":0.5},{"id":"b","quantity":4}])") == "2");
  CHECK(items(R"([{"id":"a","quantity":0.5},{"id":"b","quantity":"x"}])") == "-");
  CHECK(items(R"([{"id":"a","quantity":12345678901234567890},{"id":"b"}])") == "-");
  CHECK(items(R"([{"id":"a","quantity":-1},{"id":"b","quantity":0.5}])") == "-");
}

TEST_CASE("mparticle: all lists of impressions are joined") {
  const auto o = one(
      "commerce_event",
      R"("product_impressions":[{"product_impression_list":"x","products":[{"id":"a","brand":"A"},{"id":"b"}]},{"products":null},{"products":[{"id":"c","brand":"C"}]}])");
  CHECK(o.at("/custom_data/content_ids") == R"(["a","b","c"])");
  CHECK(o.at("/custom_data/brands") == R"(["A","C"])");
}

TEST_CASE("mparticle: impressions count whichever of the lists they stand in") {
  const auto name = [](std::string_view lists) {
    return one("commerce_event", R"("product_impressions":)" + std::string(lists)).at("/event_name");
  };
  CHECK(name(R"([{"products":null},{"products":[{"id":"a"}]}])") == "LIST_VIEW");
  CHECK(name(R"([{"products":[]},{"products":[{"id":""},{"id":"a"}]}])") == "LIST_VIEW");
}

TEST_CASE("mparticle: each of the person's values reaches its field, outgoing and inbound") {
  struct row {
    std::string_view batch, pointer, expected;
  };
  const auto r = GENERATE(values<row>({
      {R"("user_identities":[{"identity_type":"customer_id","identity":"C-9"}])", "/user_data/external_id/0", "@c-9"},
      {R"("user_identities":{"customer_id":"C-9"})", "/user_data/external_id/0", "@c-9"},
      {R"("user_identities":[{"identity_type":"email","identity":"A@B.co"},{"identity_type":"other","identity":"x"}])",
       "/user_data/em/0", "@a@b.co"},
      {R"("user_identities":{"email":"A@B.co"})", "/user_data/em/0", "@a@b.co"},
      {R"("user_attributes":{"$firstname":"Ann"})", "/user_data/fn", "@ann"},
      {R"("user_attributes":{"$firstname":["Ann","Mary"]})", "/user_data/fn", "@ann"},
      {R"("user_attributes":{"$lastname":"O'Neil"})", "/user_data/ln", "@oneil"},
      {R"("user_attributes":{"$gender":"female"})", "/user_data/ge", "@f"},
      {R"("user_attributes":{"$country":"USA","$state":"California"})", "/user_data/st", "@ca"},
      {R"("user_attributes":{"$city":"New York"})", "/user_data/ct", "@newyork"},
      {R"("user_attributes":{"$zip":"10016","$country":"USA"})", "/user_data/zp", "@10016"},
      {R"("ip":"198.51.100.7")", "/user_data/client_ip_address", "198.51.100.7"},
      {R"("device_info":{"platform":"web","http_header_user_agent":"A/1"})", "/user_data/client_user_agent", "A/1"},
      {R"("device_info":{"platform":"Android","http_header_user_agent":"A/1","ios_idfv":"8C61383F-2216-4713-8C1C-1CB0A5D7A4CC"})",
       "/user_data/idfv", "8c61383f-2216-4713-8c1c-1cb0a5d7a4cc"},
  }));
  const std::string expected = r.expected.starts_with('@') ? sha256(r.expected.substr(1)) : std::string(r.expected);
  INFO(r.batch);
  CHECK(one("screen_view", "", r.batch).at(r.pointer) == expected);
}

TEST_CASE("mparticle: of several countries the first says which state is meant") {
  CHECK(one("screen_view", "", R"("user_attributes":{"$country":["","USA","GB"],"$state":"California"})").at("/user_data/st") ==
        sha256("ca"));
}

TEST_CASE("mparticle: every phone number of a person is sent, each once") {
  const auto o = one(
      "screen_view", "",
      R"("user_identities":[{"identity_type":"mobile_number","identity":"+14155551234"},{"identity_type":"phone_number_2","identity":"+442079460958"},{"identity_type":"phone_number_3","identity":"+1 415 555 1234"}],"user_attributes":{"$mobile":"no number"})");
  CHECK(o.at("/user_data/ph") == R"([")" + sha256("14155551234") + R"(",")" + sha256("442079460958") + R"("])");
  CHECK(one("screen_view", "", R"("user_identities":{"mobile_number":"+14155551234"})", over("user_data.ph", "'+442079460958'"))
            .at("/user_data/ph") == R"([")" + sha256("442079460958") + R"("])");
}

TEST_CASE("mparticle: each value of an event reaches its field") {
  struct row {
    std::string_view data, pointer, expected;
  };
  const auto r = GENERATE(values<row>({
      {R"("custom_flags":{"SnapchatConversions.ClickId":"AbC"})", "/user_data/sc_click_id", "AbC"},
      {R"("custom_flags":{"SnapchatConversions.Cookie1":"c-1"})", "/user_data/sc_cookie1", "c-1"},
      {R"("custom_flags":{"SnapchatConversions.PageUrl":"https://a.example/1"},"page_url":"https://a.example/2")",
       "/event_source_url", "https://a.example/1"},
      {R"("page_url":"https://a.example/2")", "/event_source_url", "https://a.example/2"},
      {R"("custom_attributes":{"search_string":"shoes"})", "/custom_data/search_string", "shoes"},
      {R"("custom_attributes":{"sign_up_method":"mail"})", "/custom_data/sign_up_method", "mail"},
      {R"("custom_attributes":{"level":"5","description":"d","event_tag":"t"})", "/custom_data/level", "5"},
  }));
  INFO(r.data);
  CHECK(one("screen_view", r.data).at(r.pointer) == r.expected);
}

TEST_CASE("mparticle: an event's id, in the order of its sources") {
  const auto id = [](std::string_view data, std::string_view beside = {}) {
    const std::string e = R"({"event_type":"screen_view",)" + std::string(beside) +
                          R"("data":{"timestamp_unixtime_ms":1650625078123,)" + std::string(data) + "}}";
    return map(preset::mparticle, batch(e)).ids.at(0);
  };
  CHECK(id(R"("custom_flags":{"SnapchatConversions.ClientDedupId":"f"},"source_message_id":"s")") == "f");
  CHECK(id(R"("source_message_id":"s","event_id":5)", R"("message_id":"m",)") == "s");
  CHECK(id(R"("event_id":5)", R"("message_id":"m",)") == "m");
  CHECK(id(R"("event_id":-7346244611012968789)") == "-7346244611012968789");
  CHECK(id(R"("x":1)") == "orders-3-42-0");
}

TEST_CASE("mparticle: a product's own id names the event only when it is the only product") {
  const std::string flagged =
      R"({"id":"P1","price":1,"quantity":1,"custom_attributes":{"SnapchatConversions.ClientDedupId":"d-1"}})";
  CHECK(one("commerce_event", bought("[" + flagged + "]") + R"(,"source_message_id":"s")").ids.at(0) == "d-1");
  CHECK(one("commerce_event", bought("[" + flagged + R"(,{"id":"P2"}])") + R"(,"source_message_id":"s")").ids.at(0) == "s");
  CHECK(one("commerce_event", bought("[" + flagged + R"(,{"name":"Tote"}])") + R"(,"source_message_id":"s")").ids.at(0) == "s");
}

TEST_CASE("mparticle: the batch's time is not the event's") {
  const auto at = [](std::string_view data) {
    const auto o = map(preset::mparticle, batch(R"({"event_type":"screen_view","data":{)" + std::string(data) + "}}"));
    return o.fate == "send" ? o.at("/event_time") : o.code;
  };
  CHECK(at(R"("timestamp_unixtime_ms":"1650625078123","event_start_unixtime_ms":1650625000000)") == "1650625078");
  CHECK(at(R"("event_start_unixtime_ms":1650625000000)") == "1650625000");
  CHECK(at("") == "event.time.missing");
}

TEST_CASE("mparticle: where events happened follows from device and source") {
  struct row {
    std::string_view more, source;
  };
  const auto r = GENERATE(values<row>({{R"("device_info":{"platform":"iOS"})", "MOBILE_APP"},
                                       {R"("device_info":{"platform":"Android"})", "MOBILE_APP"},
                                       {R"("device_info":{"platform":"tvOS"})", "MOBILE_APP"},
                                       {R"("device_info":{"platform":"fire_tv"})", "MOBILE_APP"},
                                       {R"("device_info":{"platform":"web"})", "WEB"},
                                       {R"("device_info":{"platform":"out_of_band"})", "OFFLINE"},
                                       {R"("device_info":null,"source_info":{"channel":"server_to_server"})", "OFFLINE"},
                                       {R"("device_info":null,"source_info":{"channel":"partner"})", "OFFLINE"},
                                       {R"("device_info":null,"application_info":{"os":"IOS"})", "MOBILE_APP"},
                                       {R"("device_info":null,"application_info":{"os":"MobileWeb"})", "WEB"},
                                       {R"("device_info":null,"source_info":{"channel":"javascript"})", "WEB"},
                                       {R"("device_info":null)", "OFFLINE"}}));
  INFO(r.more);
  CHECK(one("screen_view", "", r.more).at("/action_source") == r.source);
}

TEST_CASE("mparticle: an app's event has app_data with 16 positions") {
  const std::string more =
      R"("device_info":{"platform":"iOS","os_version":"18.1","device_model":"iPhone16,2","screen_width":1290,"screen_height":2796,"locale_language":"en","locale_country":"US","timezone_offset":-4,"network_carrier":"","ios_advertising_id":"613FF528-AFD1-4C1B-9628-E6ED25ECE9C0","att_authorization_status":"authorized"},"application_info":{"package":"com.example.shop","application_version":"7.7.1","application_build_number":"771"})";
  const auto o = one("screen_view", R"("device_current_state":{"disk_space_free_bytes":12900000000})", more);
  CHECK(o.at("/app_data/extinfo") ==
        R"(["i2","com.example.shop","771","7.7.1","18.1","iPhone16,2","en_US","GMT-4","","1290","2796","","","","12",""])");
  CHECK(o.at("/app_data/advertiser_tracking_enabled") == "1");
  CHECK(o.at("/user_data/madid") == "613ff528-afd1-4c1b-9628-e6ed25ece9c0");
}

TEST_CASE("mparticle: a blank platform or language says no more than an absent one") {
  const auto position = [](std::string_view n, std::string_view device) {
    return one("screen_view", "", R"("application_info":{"os":"Android"},"device_info":{)" + std::string(device) + "}")
        .at("/app_data/extinfo/" + std::string(n));
  };
  CHECK(position("0", R"("platform":"")") == "a2");
  CHECK(position("0", R"("os_version":"18")") == "a2");
  CHECK(position("6", R"("locale_language":"","locale_country":"US")") == "");
  CHECK(position("6", R"("locale_country":"US")") == "");
}

TEST_CASE("mparticle: of two advertising ids the platform's own is sent") {
  const auto madid = [](std::string_view platform) {
    return one("screen_view", "",
               R"("device_info":{"ios_advertising_id":"613ff528-afd1-4c1b-9628-e6ed25ece9c0","android_advertising_id":"0190f0a1-7b6c-7c11-9d2e-1f2a3b4c5d6e","platform":")" +
                   std::string(platform) + "\"}")
        .at("/user_data/madid");
  };
  CHECK(madid("iOS") == "613ff528-afd1-4c1b-9628-e6ed25ece9c0");
  CHECK(madid("Android") == "0190f0a1-7b6c-7c11-9d2e-1f2a3b4c5d6e");
}

TEST_CASE("mparticle: a refused tracking prompt keeps the advertising id back") {
  struct row {
    std::string_view device, madid, enabled;
  };
  const std::string id = "613ff528-afd1-4c1b-9628-e6ed25ece9c0";
  const auto r = GENERATE(
      values<row>({{R"("platform":"iOS","ios_advertising_id":"ID","att_authorization_status":"authorized")", "ID", "1"},
                   {R"("platform":"iOS","ios_advertising_id":"ID","att_authorization_status":"denied")", "-", "0"},
                   {R"("platform":"iOS","ios_advertising_id":"ID","att_authorization_status":"not_determined")", "-", "0"},
                   {R"("platform":"iOS","ios_advertising_id":"ID")", "ID", "0"},
                   {R"("platform":"iOS","ios_advertising_id":"ID","att_authorization_status":"ephemeral")", "-", "0"},
                   {R"("platform":"Android","android_advertising_id":"ID","limit_ad_tracking":false)", "ID", "1"},
                   {R"("platform":"Android","android_advertising_id":"ID","limit_ad_tracking":true)", "-", "0"},
                   {R"("platform":"Android","android_advertising_id":"ID")", "ID", "0"}}));
  std::string device(r.device);
  device.replace(device.find("\"ID\""), 4, "\"" + id + "\"");
  const auto o = one("screen_view", "", R"("device_info":{)" + device + "}");
  INFO(device);
  CHECK(o.at("/user_data/madid") == (r.madid == "ID" ? id : r.madid));
  CHECK(o.at("/app_data/advertiser_tracking_enabled") == r.enabled);
}

TEST_CASE("mparticle: an opt-out of the sale limits the use, consent to it does not") {
  const auto options = [](std::string_view flag) {
    return one("screen_view", "", R"("consent_state":{"ccpa":{"data_sale_opt_out":{"consented":)" + std::string(flag) + "}}}")
        .at("/data_processing_options");
  };
  CHECK(options("true") == R"(["LDU"])");
  CHECK(options("false") == "-");
}

TEST_CASE("mparticle: a purpose of the GDPR decides where it is named") {
  const auto with = [](std::string_view flag) {
    return one("screen_view", "", R"("consent_state":{"gdpr":{"marketing":{"consented":)" + std::string(flag) + "}}}",
               [](auto& s) { s.mapping.consent = expr("$.consent_state.gdpr.marketing.consented"); })
        .fate;
  };
  CHECK(with("true") == "send");
  CHECK(with("false") == "skip");
}

TEST_CASE("mparticle: batches without events and of the development environment are skipped") {
  CHECK(map(preset::mparticle, batch("")).code == "record.batch.empty");
  CHECK(one("screen_view", "", R"("events":null)").code == "record.batch.empty");
  CHECK(map(preset::mparticle, R"({"mpid":1})").fate == "skip");
  CHECK(one("screen_view", "", R"("environment":"development")").code == "event.left.out");
}

TEST_CASE("mparticle: of a batch the mapped events are sent") {
  const auto o = map(preset::mparticle,
                     batch(event("session_start") + "," + event("commerce_event", bought(two)) + "," + event("session_end")));
  CHECK(o.events.size() == 1);
  CHECK(o.ids == std::vector<std::string>{"orders-3-42-1"});
}
