// What leaves when a person refused (consent.denied=strip), and what a refused tracking prompt takes away (interfaces.md §6
// "Consent", source-formats.md §7).
#include <algorithm>

#include "support.hpp"

using namespace event_test;
using snap::config::no_consent;

namespace {

const change strip = [](snap::config::settings& s) {
  s.mapping.consent = expr("$.consent");
  s.mapping.denied = no_consent::strip;
};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

// Values that only the person has, as records write them, and the texts that Snapchat would hash.
struct personal {
  std::string_view written, hashed;
};
constexpr personal persons[] = {
    {"Jane.Doe@Mail.example", "jane.doe@mail.example"},
    {"+1 (415) 555-0142", "14155550142"},
    {"Zarathustra", "zarathustra"},
    {"Quetzalcoatl", "quetzalcoatl"},
    {"Customer-4711", "customer-4711"},
    {"Walla Walla", "wallawalla"},
    {"99362", "99362"},
    {"EA7583CD-A667-48BC-B806-42ECB2B48606", "ea7583cd-a667-48bc-b806-42ecb2b48606"},
    {"8C61383F-2216-4713-8C1C-1CB0A5D7A4CC", "8c61383f-2216-4713-8c1c-1cb0a5d7a4cc"},
    {"0b5ec4c1-1c86-4d5e-8f0a-cookiecookie", "0b5ec4c1-1c86-4d5e-8f0a-cookiecookie"},
    {"PerfectPhone 12", ""},
    {"Carrier of Doom", ""},
    {"hidden wish", ""},
};

void check_nothing_personal(const std::string& json) {
  const std::string body = lower(json);
  for (const personal& p : persons) {
    CAPTURE(p.written, json);
    CHECK(body.find(lower(p.written)) == std::string::npos);
    if (!p.hashed.empty()) CHECK(body.find(sha256(p.hashed)) == std::string::npos);
  }
}

const std::string kept_user = R"({"client_ip_address":"203.0.113.9","client_user_agent":"Mozilla/5.0","sc_click_id":"Click-1"})";
constexpr std::string_view page =
    "https://jane:pw@shop.example/u/"
    "thanks?email=Jane.Doe%40Mail.example&mail=jane.doe@mail.example&ScCid=Click-1&n=Zarathustra#Quetzalcoatl";
constexpr std::string_view bare_page = "https://shop.example/u/thanks?ScCid=Click-1";

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

TEST_CASE("strip: nothing personal of a v3 event is left anywhere in it") {
  const outcome o = map(
      preset::snap,
      R"({"event_name":"PURCHASE","event_time":1650625078,"action_source":"app","event_id":"e1","consent":"denied","event_source_url":)" +
          quoted(page) +
          R"(,"user_data":{"em":["Jane.Doe@Mail.example"],"ph":"+1 (415) 555-0142","fn":"Zarathustra","ln":"Quetzalcoatl",
    "external_id":"Customer-4711","ct":"Walla Walla","zp":"99362","madid":"EA7583CD-A667-48BC-B806-42ECB2B48606","anon_id":["Customer-4711"],
    "idfv":"8C61383F-2216-4713-8C1C-1CB0A5D7A4CC","sc_cookie1":"0b5ec4c1-1c86-4d5e-8f0a-cookiecookie","lead_id":"Customer-4711",
    "subscription_id":"Customer-4711","download_id":"Customer-4711","partner_id":"Customer-4711","sc_click_id":"Click-1",
    "client_ip_address":"203.0.113.9","client_user_agent":"Mozilla/5.0"},
    "custom_data":{"value":12.5,"currency":"USD","order_id":"o-1","num_items":2,"contents":[{"id":"P1"}],"search_string":"hidden wish",
    "custom_fields":{"mail":"Jane.Doe@Mail.example"},"own":"Jane.Doe@Mail.example"},
    "app_data":{"app_id":"com.shop","advertiser_tracking_enabled":1,"application_tracking_enabled":1,"install_referrer":"Customer-4711",
    "extinfo":["i2","com.shop","7","7.7.1","15.4","PerfectPhone 12","en_US","PST","Carrier of Doom","390","844","3","6","128","20","Europe/Berlin"]}})",
      strip);
  REQUIRE(o.fate == "send");
  check_nothing_personal(o.json());
  CHECK(o.at("/user_data") == kept_user);
  CHECK(o.at("/event_source_url") == bare_page);
  CHECK(o.at("/data_processing_options") == R"(["LDU"])");
  CHECK(o.at("/custom_data") == R"({"value":1.25E1,"currency":"USD","order_id":"o-1","num_items":2,"contents":[{"id":"P1"}]})");
  CHECK(o.at("/app_data") == R"({"app_id":"com.shop","advertiser_tracking_enabled":0,"extinfo":)"
                             R"(["i2","com.shop","7","7.7.1","15.4","","","","","","","","","","",""]})");
}

TEST_CASE("strip: nothing personal of a segment or rudder event is left anywhere in it") {
  const preset p = GENERATE(preset::segment, preset::rudder);
  const std::string traits =
      R"({"email":"Jane.Doe@Mail.example","phone":"+1 (415) 555-0142","firstName":"Zarathustra","lastName":"Quetzalcoatl","gender":"female",
    "address":{"city":"Walla Walla","postalCode":"99362","country":"US"}})";
  const outcome o =
      map(p,
          R"({"type":"track","event":"Order Completed","messageId":"m1","timestamp":"2022-04-22T10:57:58.000Z","consent":false,
    "userId":"Customer-4711","traits":)" +
              traits + R"(,"context":{"traits":)" + traits + R"(,"ip":"203.0.113.9","userAgent":"Mozilla/5.0",
    "page":{"url":)" +
              quoted(page) + R"(},"device":{"type":"ios","model":"PerfectPhone 12","id":"8C61383F-2216-4713-8C1C-1CB0A5D7A4CC",
    "advertisingId":"EA7583CD-A667-48BC-B806-42ECB2B48606","adTrackingEnabled":true,"attTrackingStatus":3},"network":{"carrier":"Carrier of Doom"},
    "app":{"namespace":"com.shop","version":"7.7.1","build":"7"},"os":{"name":"iOS","version":"15.4"},"timezone":"Europe/Berlin"},"channel":"mobile",
    "integrations":{"Snap Conversions Api":{"click_id":"Click-1","uuid_c1":"0b5ec4c1-1c86-4d5e-8f0a-cookiecookie"}},
    "properties":{"order_id":"o-1","revenue":12,"currency":"USD","query":"hidden wish","search_string":"hidden wish","click_id":"Click-1",
    "uuid_c1":"0b5ec4c1-1c86-4d5e-8f0a-cookiecookie","products":[{"product_id":"P1","price":6,"quantity":2}]}})",
          strip);
  REQUIRE(o.fate == "send");
  check_nothing_personal(o.json());
  CHECK(o.at("/user_data") == kept_user);
  CHECK(o.at("/custom_data/value") == "12");
  CHECK(o.at("/custom_data/num_items") == "2");
  CHECK(o.at("/app_data/advertiser_tracking_enabled") == "0");
  CHECK(o.at("/app_data/application_tracking_enabled") == "-");
  CHECK(o.at("/app_data/extinfo") == R"(["i2","com.shop","7","7.7.1","15.4","","","","","","","","","","",""])");
}

TEST_CASE("strip: fields that an expression fills follow the same rule") {
  const outcome o = map(
      preset::snap,
      snap_event(
          R"("mail":"Jane.Doe@Mail.example","user_data":{"client_ip_address":"1.2.3.4","client_user_agent":"UA"},"custom_data":{"value":1})"),
      [](auto& s) {
        strip(s);
        over("user_data.em", "$.mail")(s);
        over("custom_data.mail", "$.mail")(s);
        over("custom_data.search_string", "$.mail")(s);
        over("event_source_url", "'https://x.example/?q=jane'")(s);
      });
  check_nothing_personal(o.json());
  CHECK(o.at("/custom_data") == R"({"value":1})");
  CHECK(o.at("/event_source_url") == "https://x.example/");
}

TEST_CASE("strip: of a page's address host and path are left, and the click id") {
  const auto url = [](std::string_view text) {
    return map(preset::snap,
               snap_event(R"("user_data":{"client_ip_address":"1.2.3.4","client_user_agent":"UA"},"event_source_url":")" +
                          std::string(text) + "\""),
               strip)
        .at("/event_source_url");
  };
  CHECK(url("https://shop.example") == "https://shop.example");
  CHECK(url("https://shop.example/a/b") == "https://shop.example/a/b");
  CHECK(url("https://shop.example?x=1#y") == "https://shop.example");
  CHECK(url("https://shop.example/#/thanks?ScCid=a") == "https://shop.example/");
  CHECK(url("https://shop.example/?x=1&sccid=AbC&ScCid=second") == "https://shop.example/?sccid=AbC");
  CHECK(url("https://shop.example/?xScCid=a") == "https://shop.example/");
  CHECK(url("https://jane@shop.example:8443/a?b") == "https://shop.example:8443/a");
  CHECK(url("https://shop.example/u/jane@mail.example/orders") == "https://shop.example/u/");
  CHECK(url("https://shop.example/u/jane%40mail.example/orders?ScCid=1") == "https://shop.example/u/?ScCid=1");
  CHECK(url("myapp://open/now?id=7") == "myapp://open/now");
  CHECK(url("no address at all, jane@mail.example") == "-");
}

TEST_CASE("strip: a position of extinfo that the record does not have shifts no other into view") {
  const outcome o = map(
      preset::segment,
      segment(
          "Signed Up", "{}",
          R"("context":{"ip":"1.2.3.4","userAgent":"UA","device":{"type":"ios","model":"PerfectPhone 12"},"os":{"version":"15.4"}},"consent":0)"),
      strip);
  CHECK(o.at("/app_data/extinfo") == R"(["i2","","","","15.4","","","","","","","","","","",""])");
}

TEST_CASE("limited use alone takes nothing away") {
  const outcome o =
      map(preset::snap,
          snap_event(R"("event_source_url":"https://x.example/?q=1","custom_data":{"own":"x","search_string":"y"},"gpc":"1")"),
          [](auto& s) { s.mapping.limited_use = expr("$.gpc"); });
  CHECK(o.at("/data_processing_options") == R"(["LDU"])");
  CHECK(o.at("/event_source_url") == "https://x.example/?q=1");
  CHECK(o.at("/custom_data") == R"({"search_string":"y","own":"x"})");
  CHECK(o.has("\"em\""));
}

TEST_CASE("limited use is read from the signals that records carry") {
  struct row {
    std::string_view expression, values, record;
    bool limits;
  };
  for (const row& r :
       {row{"$.gpc", "true,1,yes", R"("gpc":true)", true}, row{"$.gpc", "true,1,yes", R"("gpc":false)", false},
        row{"$header.Sec-GPC", "1", R"("x":1)", true}, row{"$.us_privacy", "1YYN,1YYY,1YY-", R"("us_privacy":"1YYN")", true},
        row{"$.us_privacy", "1YYN,1YYY,1YY-", R"("us_privacy":"1YNN")", false},
        row{"$.consent_state.ccpa.data_sale_opt_out.consented", "true",
            R"("consent_state":{"ccpa":{"data_sale_opt_out":{"consented":true}}})", true}}) {
    CAPTURE(r.expression, r.record);
    given g;
    g.value = snap_event(r.record);
    g.headers = {{"Sec-GPC", "1"}};
    const outcome o = map(preset::snap, g, [&](auto& s) {
      s.mapping.limited_use = expr(r.expression);
      s.mapping.limited_use_values.clear();
      for (std::string_view rest = r.values; !rest.empty();) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        s.mapping.limited_use_values.emplace_back(rest.substr(0, comma));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
      }
    });
    CHECK((o.at("/data_processing_options") == R"(["LDU"])") == r.limits);
  }
}

TEST_CASE("a device whose owner refused tracking sends no advertising id") {
  const auto madid = [](preset p, std::string_view device) {
    mapping m{p};
    const outcome o = m(segment(
        "SIGN_UP", "{}",
        R"("channel":"mobile","context":{"channel":"mobile","device":{"advertisingId":"EA7583CD-A667-48BC-B806-42ECB2B48606")" +
            std::string(device) + "}}"));
    REQUIRE(o.fate == "send");
    const bool counted = m.count("madid", "refused") == 1;
    CHECK(counted == (o.at("/user_data/madid") == "-"));
    return !counted;
  };
  CHECK(madid(preset::segment, ""));
  CHECK(madid(preset::segment, R"(,"adTrackingEnabled":true)"));
  CHECK_FALSE(madid(preset::segment, R"(,"adTrackingEnabled":false)"));
  CHECK_FALSE(madid(preset::segment, R"(,"adTrackingEnabled":"FALSE")"));
  CHECK(madid(preset::rudder, ""));
  CHECK(madid(preset::rudder, R"(,"attTrackingStatus":3)"));
  for (const char* status : {"0", "1", "2", "\"2\""})
    CHECK_FALSE(madid(preset::rudder, R"(,"attTrackingStatus":)" + std::string(status)));
}

TEST_CASE("a tracking flag that is there and cannot be read is 0, stripped or not, and a blank one is not there") {
  const auto flag = [](std::string_view text, std::string_view source, const change& c) {
    const auto o = map(preset::snap,
                       snap_event(R"("action_source":")" + std::string(source) +
                                  R"(","user_data":{"em":"a@b.co","client_ip_address":"1.2.3.4","client_user_agent":"UA"},)"
                                  R"("app_data":{"advertiser_tracking_enabled":)" +
                                  std::string(text) + R"(,"extinfo":["a2","","","","","","","","","","","","","","",""]})"),
                       c);
    return o.at("/app_data/advertiser_tracking_enabled");
  };
  const change none = [](auto&) {};
  const change strip = [](auto& s) {
    s.mapping.consent = expr("$.ok");
    s.mapping.denied = snap::config::no_consent::strip;
  };
  for (const auto* unreadable : {"[1]", "{}", R"("maybe")", "7"}) {
    for (const change& c : {none, strip}) {
      CAPTURE(unreadable);
      CHECK(flag(unreadable, "WEB", c) == "0");
      CHECK(flag(unreadable, "MOBILE_APP", c) == "0");
    }
  }
  for (const change& c : {none, strip}) CHECK(flag(R"(" ")", "WEB", c) == "-");
  CHECK(flag("1", "WEB", none) == "1");
}
