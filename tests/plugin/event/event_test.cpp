// Action source, asset, app data, consent, limited use: what decides about the event as a whole (interfaces.md §6).
#include "support.hpp"

using namespace event_test;
using snap::config::action_source;
using snap::config::no_consent;

namespace {

std::string source_of(preset p, std::string_view value, const change& c = {}) {
  const outcome o = map(p, value, c);
  return o.fate == "send" ? o.at("/action_source") : o.code;
}
std::string snap_source(std::string_view json) {
  return source_of(preset::snap, R"({"event_name":"SAVE","event_time":1650625078,"user_data":{"em":"a@b.co"},
    "app_data":{"extinfo":["","","","","","","","","","","","","","","",""]},"action_source":)" +
                                     std::string(json) + "}");
}
std::string segment_source(std::string_view more) { return source_of(preset::segment, segment("Signed Up", "{}", more)); }
std::string rudder_source(std::string_view properties, std::string_view more = {}) {
  return source_of(preset::rudder, rudder("sign_up", properties, more));
}

const std::string extinfo16 = R"(["i2","a","b","c","d","e","f","g","h","1","2","3","4","5","6","7"])";
outcome app_event(std::string_view app_data) {
  return map(
      preset::snap,
      R"({"event_name":"APP_OPEN","event_time":1650625078,"action_source":"app","event_id":"e","user_data":{"em":"a@b.co"},"app_data":)" +
          std::string(app_data) + "}");
}
const std::string person =
    R"("user_data":{"em":"a@b.co","client_ip_address":"1.2.3.4","client_user_agent":"UA","sc_click_id":"C","external_id":"7"},"custom_data":{"order_id":"o"})";

std::string consented(std::string_view more, no_consent denied = no_consent::skip, std::string_view field = "$.consent") {
  const outcome o = map(preset::snap, snap_event(person + (more.empty() ? "" : "," + std::string(more))), [&](auto& s) {
    s.mapping.consent = expr(field);
    s.mapping.denied = denied;
  });
  return o.fate == "send" ? o.json() : o.fate + " " + o.code;
}
bool is_sent(const std::string& s) { return s[0] == '{'; }

}  // namespace

TEST_CASE("snap: the event's own action source, aliases and lower case accepted, native names sent") {
  CHECK(snap_source("\"WEB\"") == "WEB");
  CHECK(snap_source("\"website\"") == "WEB");
  CHECK(snap_source("\"web\"") == "WEB");
  CHECK(snap_source("\"app\"") == "MOBILE_APP");
  CHECK(snap_source("\"Mobile_App\"") == "MOBILE_APP");
  for (const char* s : {"offline", "physical_store", "phone_call", "email", "chat", "system_generated", "other"})
    CHECK(snap_source("\"" + std::string(s) + "\"") == "OFFLINE");
  for (const char* s : {"\"\"", "null", "\"kiosk\"", "5", "{}"}) CHECK(snap_source(s) == "action.source.invalid");
}

TEST_CASE("segment: app, server or web") {
  CHECK(segment_source("\"x\":1") == "WEB");
  CHECK(segment_source(R"("context":{"device":{"type":"iOS"}})") == "MOBILE_APP");
  CHECK(segment_source(R"("context":{"device":{"type":"android"}})") == "MOBILE_APP");
  CHECK(segment_source(R"("context":{"os":{"name":"iPhone OS"}})") == "MOBILE_APP");
  CHECK(segment_source(R"("context":{"os":{"name":"Android"},"page":{"url":"https://x"}})") == "WEB");
  CHECK(segment_source(R"("context":{"channel":"mobile"})") == "MOBILE_APP");
  CHECK(segment_source(R"("channel":"server")") == "OFFLINE");
  CHECK(segment_source(R"("context":{"channel":"server","page":{"url":"https://x"}})") == "WEB");
  for (const auto* page : {R"("")", R"(" ")", "null", "false"}) {  // no evidence of one
    CHECK(segment_source(R"("context":{"channel":"server","page":)" + std::string(page) + "}") == "OFFLINE");
    CHECK(segment_source(R"("context":{"os":{"name":"Android"},"page":)" + std::string(page) + "}") == "MOBILE_APP");
  }
  CHECK(segment_source(R"("context":{"channel":"browser"})") == "WEB");
}

TEST_CASE("rudder: conversion type, then channel, then OFFLINE") {
  CHECK(rudder_source("{}") == "OFFLINE");
  CHECK(rudder_source(R"({"eventConversionType":"web"})", R"("channel":"mobile")") == "WEB");
  CHECK(rudder_source(R"({"eventConversionType":"mobile_app"})") == "MOBILE_APP");
  CHECK(rudder_source(R"({"eventConversionType":"kiosk"})", R"("channel":"web")") == "WEB");  // the peer loses it
  CHECK(rudder_source("{}", R"("channel":"mobile")") == "MOBILE_APP");
  CHECK(rudder_source("{}", R"("channel":"sources")") == "OFFLINE");
}

TEST_CASE("mapping.action.source and an expression override what the preset finds") {
  CHECK(source_of(preset::segment, segment("Signed Up"), [](auto& s) { s.mapping.source = action_source::offline; }) ==
        "OFFLINE");
  CHECK(source_of(preset::segment, segment("Signed Up", R"({"via":"physical_store"})"),
                  over("action_source", "$.properties.via")) == "OFFLINE");
  CHECK(source_of(preset::segment, segment("Signed Up", R"({"via":"pigeon"})"), over("action_source", "$.properties.via")) ==
        "action.source.invalid");
  CHECK(source_of(preset::segment, segment("Signed Up"), over("action_source", "$.properties.via")) == "WEB");
}

TEST_CASE("apps go to the Snap App ID, everything else to the pixel") {
  CHECK(map(preset::segment, segment("Signed Up")).lanes == std::vector<std::uint32_t>{0});
  CHECK(map(preset::segment, segment("Signed Up", "{}", R"("context":{"channel":"mobile"})")).lanes ==
        std::vector<std::uint32_t>{1});
  const auto none = [](auto& s) { s.routes[0].app_lane = snap::config::no_lane; };
  const outcome o = map(preset::segment, segment("Signed Up", "{}", R"("context":{"channel":"mobile"})"), none);
  CHECK(o.code == "asset.missing");
  CHECK_THAT(o.message, Catch::Contains("snapchat.snap.app.id"));
}

TEST_CASE("asset.route picks an alias, which inherits no ids") {
  const change routed = [](snap::config::settings& s) {
    s.mapping.asset_route = expr("$.shop | $header.shop");
    s.lanes.push_back({.asset_id = "eu-pixel", .token = 0, .alias = "eu"});
    s.routes.push_back({.alias = "eu", .pixel_lane = 2, .app_lane = snap::config::no_lane, .app_id = ""});
  };
  CHECK(map(preset::segment, segment("Signed Up", "{}", R"("shop":"eu")"), routed).lanes == std::vector<std::uint32_t>{2});
  CHECK(map(preset::segment, segment("Signed Up"), routed).lanes == std::vector<std::uint32_t>{0});
  for (const char* alias : {"\"us\"", "\"EU\"", "7", "true", "{}", "[\"eu\"]"})  // never silently somebody else's asset
    CHECK(map(preset::segment, segment("Signed Up", "{}", "\"shop\":" + std::string(alias)), routed).code == "asset.unknown");
  for (const char* nothing : {"\"\"", "null", "\" \""})
    CHECK(map(preset::segment, segment("Signed Up", "{}", "\"shop\":" + std::string(nothing)), routed).lanes ==
          std::vector<std::uint32_t>{0});
  CHECK_THAT(map(preset::segment, segment("Signed Up", "{}", R"("shop":"jane@mail.example")"), routed).message,
             Catch::Contains("eu") && !Catch::Contains("jane"));
  CHECK(map(preset::segment, segment("Signed Up", "{}", R"("shop":"eu","channel":"mobile")"), routed).code == "asset.missing");
  CHECK_THAT(map(preset::segment, segment("Signed Up", "{}", R"("shop":"eu","channel":"mobile")"), routed).message,
             Catch::Contains("asset.eu.snap.app.id"));
}

TEST_CASE("event_source_url: of every source in segment, only of WEB in rudder") {
  const std::string page = R"("context":{"page":{"url":"https://x.y/z"}})";
  CHECK(map(preset::segment, segment("Signed Up", "{}", page)).at("/event_source_url") == "https://x.y/z");
  CHECK(map(preset::rudder, rudder("sign_up", "{}", page)).at("/event_source_url") == "-");
  CHECK(map(preset::rudder, rudder("sign_up", "{}", page + R"(,"channel":"web")")).at("/event_source_url") == "https://x.y/z");
}

TEST_CASE("extinfo has 16 texts: scalars become texts, nothing becomes an empty one") {
  CHECK(app_event("{\"extinfo\":" + extinfo16 + "}").at("/app_data/extinfo") == extinfo16);
  CHECK(app_event(R"({"extinfo":["a2",null,7,1.50,true,"","","","","","","","","","",""]})").at("/app_data/extinfo") ==
        R"(["a2","","7","1.50","true","","","","","","","","","","",""])");
  CHECK(app_event(R"({"extinfo":["a2"]})").code == "app.data.invalid");
  CHECK(app_event(R"({"extinfo":["a2",[],"","","","","","","","","","","","","",""]})").code == "app.data.invalid");
  CHECK(app_event(R"({"extinfo":"a2"})").code == "app.data.invalid");
  CHECK(app_event("{}").code == "app.data.missing");
  CHECK(app_event("null").code == "app.data.missing");
}

TEST_CASE("extinfo begins with its platform: repaired where it can mean one thing only, else refused by name") {
  const auto platform = [](std::string_view first, std::string_view app_id) {
    const auto o = app_event(R"({"app_id":)" + std::string(app_id) + R"(,"extinfo":[)" + std::string(first) +
                             R"(,"","","","15.1","","","","","","","","","","",""]})");
    if (o.fate != "send") CHECK_THAT(o.message, Catch::Contains("app_data.extinfo[0]"));
    return o.fate == "send" ? o.at("/app_data/extinfo/0") : o.code;
  };
  for (const auto* ios : {R"("i2")", R"(" I2 ")", R"("ios")", R"("iOS")"}) CHECK(platform(ios, R"("com.shop")") == "i2");
  for (const auto* android : {R"("a2")", R"("A2")", R"("Android")"}) CHECK(platform(android, "\"1\"") == "a2");
  for (const auto* missing : {R"("")", R"(" ")", "null"}) {  // app ids of the two stores cannot be mistaken
    CHECK(platform(missing, R"("284882215")") == "i2");
    CHECK(platform(missing, "284882215") == "i2");
    CHECK(platform(missing, R"("com.example.shop")") == "a2");
    CHECK(platform(missing, R"("shop")") == "app.data.invalid");
    CHECK(platform(missing, "null") == "i2");  // the asset's is 123456789
  }
  for (const auto* unknown : {R"("w2")", R"("i")", "2", "true", R"("windows")"})
    CHECK(platform(unknown, R"("284882215")") == "app.data.invalid");
  CHECK(map(preset::segment,
            segment("Signed In", "{}",
                    R"("context":{"device":{"type":"ios"}},"i":["x","","","","","","","","","","","","","","",""])"),
            over("app_data.extinfo", "$.i"))
            .code == "app.data.invalid");
}

TEST_CASE("advertiser_tracking_enabled is 0 unless the record says 1, and app_id comes from the asset") {
  const auto with = [](std::string_view more) { return app_event("{\"extinfo\":" + extinfo16 + std::string(more) + "}"); };
  CHECK(with("").at("/app_data/advertiser_tracking_enabled") == "0");
  CHECK(with(R"(,"advertiser_tracking_enabled":true)").at("/app_data/advertiser_tracking_enabled") == "1");
  CHECK(with(R"(,"advertiser_tracking_enabled":"1")").at("/app_data/advertiser_tracking_enabled") == "1");
  CHECK(with(R"(,"advertiser_tracking_enabled":"maybe")").at("/app_data/advertiser_tracking_enabled") == "0");
  CHECK(with("").at("/app_data/app_id") == "123456789");
  CHECK(with(R"(,"app_id":"com.shop")").at("/app_data/app_id") == "com.shop");
}

TEST_CASE("segment and rudder build extinfo from the context") {
  const std::string context =
      R"("context":{"device":{"type":"iOS","model":"iPhone14,2","adTrackingEnabled":true,"attTrackingStatus":3},"app":{"namespace":"com.shop","build":771,"version":"7.7.1"},"os":{"name":"iOS","version":"15.4"},
    "locale":"en-US","network":{"carrier":"T"},"screen":{"width":390,"height":844,"density":3.0},"timezone":"Europe/Berlin"},"channel":"mobile")";
  const outcome s = map(preset::segment, segment("Application Opened", "{}", context));
  CHECK(s.at("/app_data/extinfo") ==
        R"(["i2","com.shop","771","7.7.1","15.4","iPhone14,2","en-US","","T","390","844","3.0","","","","Europe/Berlin"])");
  CHECK(s.at("/app_data/application_tracking_enabled") == "1");
  CHECK(s.at("/app_data/advertiser_tracking_enabled") == "0");
  const outcome r = map(preset::rudder, rudder("app_open", R"({"cpu_cores":6,"storage":128,"free_storage":"20"})", context));
  CHECK(r.at("/app_data/extinfo") ==
        R"(["i2","com.shop","771","7.7.1","15.4","iPhone14,2","en-US","","T","390","844","3.0","6","128","20","Europe/Berlin"])");
  CHECK(r.at("/app_data/advertiser_tracking_enabled") == "1");  // Apple's 3
  CHECK(map(preset::segment, segment("Application Opened", "{}", R"("context":{"device":{"type":"android"}})"))
            .at("/app_data/extinfo/0") == "a2");
  CHECK(
      map(preset::segment, segment("Application Opened", "{}", R"("context":{"channel":"mobile"})")).at("/app_data/extinfo/0") ==
      "i2");  // a numeric store id
}

TEST_CASE("app data stays out of other presets' web events, and in a v3 event that brings it") {
  CHECK(map(preset::rudder, rudder("sign_up", R"({"att_status":1})")).at("/app_data") == "-");
  CHECK(map(preset::snap, snap_event("\"app_data\":{\"app_id\":\"x\",\"extinfo\":" + extinfo16 + "}")).at("/app_data/app_id") ==
        "x");
  CHECK(map(preset::snap, snap_event()).at("/app_data") == "-");
}

TEST_CASE("only a granted word is consent; absence is not") {
  for (const char* v : {"\"granted\"", "true", "\"YES\"", "1", "\" true \"", R"(["denied","granted"])"})
    CHECK(is_sent(consented("\"consent\":" + std::string(v))));
  for (const char* v : {"\"denied\"", "false", "null", "0", "\"\"", "{}", "[]", R"(["denied"])", "1.0"})
    CHECK(consented("\"consent\":" + std::string(v)) == "skip consent.denied");
  CHECK(consented("") == "skip consent.denied");
  CHECK(is_sent(consented(R"("c":{"marketing":false,"list":["ads","yes"]})", no_consent::skip, "$.c.list")));
  CHECK(is_sent(consented(R"("c":[{"v":"no"},{"v":"yes"}])", no_consent::skip, "$.c[*].v")));
}

TEST_CASE("denied consent: limited use, or all but what counts stripped") {
  CHECK_THAT(consented("", no_consent::ldu),
             Catch::Contains(R"("data_processing_options":["LDU"])") && Catch::Contains("\"em\""));
  const std::string stripped = consented("", no_consent::strip);
  CHECK_THAT(stripped, Catch::Contains(R"("data_processing_options":["LDU"])"));
  CHECK_THAT(stripped,
             Catch::Contains(R"("user_data":{"client_ip_address":"1.2.3.4","client_user_agent":"UA","sc_click_id":"C"})"));
  CHECK_THAT(stripped, Catch::Contains("\"order_id\":\"o\""));
  CHECK(stripped.find(sha256("a@b.co")) == std::string::npos);
  CHECK(stripped.find(sha256("7")) == std::string::npos);
  CHECK(consented(R"("user_data":{"em":"a@b.co","client_ip_address":"1.2.3.4"})", no_consent::strip) == "skip consent.denied");
}

TEST_CASE("granted consent leaves the event whole") {
  CHECK(consented("\"consent\":\"granted\"", no_consent::strip).find("data_processing") == std::string::npos);
}

TEST_CASE("privacy.limited.use sets data_processing_options, beside what the event brings") {
  const auto options = [](std::string_view more) {
    return map(preset::snap, snap_event(more),
               [](auto& s) {
                 s.mapping.limited_use = expr("$.gpc");
                 s.mapping.limited_use_token = "LMU";
               })
        .at("/data_processing_options");
  };
  CHECK(options(R"("gpc":"1")") == R"(["LMU"])");
  CHECK(options(R"("gpc":true)") == R"(["LMU"])");
  CHECK(options(R"("gpc":0)") == "-");
  CHECK(options("") == "-");
  CHECK(options(R"("data_processing_options":["LDU"])") == R"(["LDU"])");
  CHECK(options(R"("data_processing_options":["LMU"],"gpc":1)") == R"(["LMU"])");
  CHECK(options(R"("data_processing_options":"['lmu']")") == R"(["LMU"])");
  CHECK(options(R"("data_processing_options":[null,{}])") == "-");
  const outcome o =
      map(preset::snap,
          snap_event(
              R"("data_processing_options":["LDU"],"data_processing_options_country":"1","data_processing_options_state":1000)"));
  CHECK(o.at("/data_processing_options_country") == "1");
  CHECK(o.at("/data_processing_options_state") == "1000");
}

TEST_CASE("rudder: a denied App Tracking Transparency prompt limits the use") {
  CHECK(map(preset::rudder, rudder("sign_up", "{}", R"("context":{"device":{"attTrackingStatus":2}})"))
            .at("/data_processing_options") == R"(["LDU"])");
  CHECK(map(preset::rudder, rudder("sign_up", "{}", R"("context":{"device":{"attTrackingStatus":3}})"))
            .at("/data_processing_options") == "-");
}

TEST_CASE("an event whose integrations switch Snapchat off is skipped") {
  const auto code = [](std::string_view integrations) {
    return map(preset::segment, segment("Signed Up", "{}", "\"integrations\":" + std::string(integrations))).code;
  };
  CHECK(code(R"({"Snap Conversions Api":false})") == "integration.disabled");
  CHECK(code(R"({"All":false})") == "integration.disabled");
  CHECK(code(R"({"All":false,"Google":true})") == "integration.disabled");
  CHECK(code(R"({"All":false,"Snap Conversions Api":true})") == "");
  CHECK(code(R"({"All":false,"Snap Conversions Api":{"click_id":"x"}})") == "");
  CHECK(code(R"({"All":true})") == "");
  CHECK(code("{}") == "");
}

TEST_CASE("snapchat.integration is sent unless the event names its own") {
  const change c = [](auto& s) { s.mapping.integration = "my-sink"; };
  CHECK(map(preset::segment, segment("Signed Up"), c).at("/integration") == "my-sink");
  CHECK(map(preset::segment, segment("Signed Up")).at("/integration") == "-");
  CHECK(map(preset::snap, snap_event(R"("integration":"theirs")"), c).at("/integration") == "theirs");
}

TEST_CASE("of several faults the first in the documented order gives the code") {
  std::string event =
      R"({"type":"track","event":"Order Completed","timestamp":1650625078,"consent":"granted","via":"web","traits":{"email":"a@b.co"},"properties":{"revenue":1,"currency":"EUR"}})";
  const auto code = [&] {
    return map(preset::segment, event,
               [](auto& s) {
                 s.mapping.consent = expr("$.consent");
                 s.routes[0].app_lane = snap::config::no_lane;
                 over("action_source", "$.via")(s);
               })
        .code;
  };
  const auto spoil = [&](std::string_view from, std::string_view to) { event.replace(event.find(from), from.size(), to); };
  CHECK(code() == "");
  spoil("\"revenue\":1", "\"revenue\":\"x\"");
  CHECK(code() == "value.invalid");
  spoil("a@b.co", "nobody");
  CHECK(code() == "identity.missing");
  spoil("\"via\":\"web\"", "\"via\":\"app\"");
  CHECK(code() == "asset.missing");
  spoil("\"via\":\"app\"", "\"via\":\"pigeon\"");
  CHECK(code() == "action.source.invalid");
  spoil("1650625078", "1050625078");
  CHECK(code() == "event.too.old");
  spoil("1050625078", "\"soon\"");
  CHECK(code() == "event.time.invalid");
  spoil("\"soon\"", "null");
  CHECK(code() == "event.time.missing");
  spoil("Order Completed", "Other");
  CHECK(code() == "event.name.unknown");
  spoil("\"Other\"", "null");
  CHECK(code() == "event.name.missing");
  spoil("granted", "denied");
  CHECK(code() == "consent.denied");
  event += "}";
  CHECK(code() == "record.not.json");
}

TEST_CASE("an address without its scheme is not sent: Snapchat would refuse the event for it") {
  const auto address = [](std::string_view json) {
    return map(preset::snap, snap_event(R"("event_source_url":)" + std::string(json))).at("/event_source_url");
  };
  CHECK(address("\"https://x.y/z?a=b#c\"") == "https://x.y/z?a=b#c");
  CHECK(address("\" shop://product/7 \"") == "shop://product/7");
  const auto none = GENERATE(values<std::string_view>({"\"x.y/z\"", "\"https://\"", "\"://x\"", "\"https://x y\"",
                                                       "\"https://x\\u0000\"", "7", "true", "{}", "[\"https://x.y\"]"}));
  CHECK(address(none) == "-");
}

TEST_CASE("a processing option that Snapchat does not know limits the use instead of losing the event") {
  const auto options = [](std::string_view json) {
    return map(preset::snap, snap_event(R"("data_processing_options":)" + std::string(json))).at("/data_processing_options");
  };
  CHECK(options(R"(["lmu"])") == R"(["LMU"])");
  CHECK(options(R"("['ldu']")") == R"(["LDU"])");
  CHECK(options(R"(["DELETE","CCPA"])") == R"(["DELETE","LDU"])");
  CHECK(options(R"(["CCPA"])") == R"(["LDU"])");
  CHECK(options(R"(["7",null,5])") == "-");
}
