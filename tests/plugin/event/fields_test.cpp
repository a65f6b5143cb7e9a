// Every field of a v3 event, taken from snap-api.md §1.5 to §1.10 and not from the sink's own table: each can be set by
// mapping.field.<path>, arrives with the right JSON type, and of each wrong type it is known what becomes of it.
#include "event/field.hpp"

#include <algorithm>

#include "support.hpp"

using namespace event_test;

namespace {

enum class source : std::uint8_t { web, app };

// One field: what the record holds under $.x, and the JSON that must arrive under the field's name.
struct field {
  std::string path, given, arrives;
  source on = source::web;
};

std::string hex(std::string_view text) { return "\"" + sha256(text) + "\""; }
std::string list(const std::string& one) { return "[" + one + "]"; }

std::vector<field> all_fields() {
  std::vector<field> out{
      // §1.5.1
      {"event_source_url", R"("https://shop.example/a")", R"("https://shop.example/a")"},
      {"integration", R"("partner")", R"("partner")"},
      {"opt_out", "true", "true"},
      {"data_processing_options", R"(["LDU"])", R"(["LDU"])"},
      {"data_processing_options_country", "1", "1"},
      {"data_processing_options_state", R"("1000")", "1000"},
      // §1.8, several people's worth as a list
      {"user_data.em", R"(["A@b.example","c@d.example"])", "[" + hex("a@b.example") + "," + hex("c@d.example") + "]"},
      {"user_data.ph", R"(["+1 415 555 1234","+49 171 5551234"])", "[" + hex("14155551234") + "," + hex("491715551234") + "]"},
      {"user_data.external_id", R"("U-1")", list(hex("u-1"))},
      {"user_data.fn", R"(["Zoe","Zo"])", "[" + hex("zoe") + "," + hex("zo") + "]"},
      {"user_data.ln", R"("O'Brien")", hex("obrien")},
      {"user_data.ge", R"("female")", hex("f")},
      {"user_data.country", R"("Germany")", hex("de")},
      {"user_data.ct", R"("Menlo Park")", hex("menlopark")},
      {"user_data.st", R"("CA")", hex("ca")},
      {"user_data.zp", R"("94025")", hex("94025")},
      {"user_data.client_ip_address", R"("203.0.113.5")", R"("203.0.113.5")"},
      {"user_data.client_user_agent", R"("Mozilla/5.0")", R"("Mozilla/5.0")"},
      {"user_data.madid", R"("AEBE52E7-03EE-455A-B3C4-E57283966239")", R"("aebe52e7-03ee-455a-b3c4-e57283966239")"},
      {"user_data.idfv", R"("AEBE52E7-03EE-455A-B3C4-E57283966239")", R"("aebe52e7-03ee-455a-b3c4-e57283966239")"},
      {"user_data.sc_click_id", R"("AbC")", R"("AbC")"},
      {"user_data.sc_cookie1", R"("65a9c4f0-0f55-4e2c-a1f6-2c1f0ce0e1ee")", R"("65a9c4f0-0f55-4e2c-a1f6-2c1f0ce0e1ee")"},
      {"user_data.subscription_id", R"("s-1")", R"("s-1")"},
      {"user_data.lead_id", "12345678901234567", R"("12345678901234567")"},
      {"user_data.anon_id", R"("a-1")", R"(["a-1"])"},
      {"user_data.download_id", R"("d-1")", R"("d-1")"},
      {"user_data.partner_id", R"("p-1")", R"("p-1")"},
      // §1.9
      {"custom_data.value", R"("25.10")", "25.10"},
      {"custom_data.currency", R"("usd ")", R"("USD")"},
      {"custom_data.order_id", "17", R"("17")"},
      {"custom_data.num_items", R"("3")", "3"},
      {"custom_data.content_ids", R"(["a",7])", R"(["a","7"])"},
      {"custom_data.content_category", R"(["a","b"])", R"(["a","b"])"},
      {"custom_data.content_name", R"("n")", R"("n")"},
      {"custom_data.content_type", R"("product")", R"("product")"},
      {"custom_data.contents", R"([{"id":1,"quantity":2,"item_price":2.50,"brand":"b","delivery_category":"in_store"}])",
       R"([{"id":"1","quantity":2,"item_price":2.50,"brand":"b","delivery_category":"in_store"}])"},
      {"custom_data.brands", R"(["a"])", R"(["a"])"},
      {"custom_data.predicted_ltv", R"("99.50")", "99.50"},
      {"custom_data.custom_fields", R"({"a":"x","b":2.50,"c":true})", R"({"a":"x","b":"2.50","c":"true"})"},
      {"custom_data.destination_ids", R"(["d"])", R"(["d"])"},
      {"custom_data.suggested_destinations", R"("a, b")", R"("a, b")"},
      {"custom_data.num_adults", "2", "2"},
      {"custom_data.num_children", R"("1")", "1"},
      {"custom_data.num_infants", "0", "0"},
      {"custom_data.preferred_neighborhoods", R"(["a"])", R"(["a"])"},
      {"custom_data.preferred_star_ratings", "[3,5]", "[3,5]"},
      {"custom_data.suggested_hotels", R"(["h"])", R"(["h"])"},
      // §1.10
      {"app_data.app_id", "1234567890", R"("1234567890")", source::app},
      {"app_data.advertiser_tracking_enabled", "true", "1", source::app},
      {"app_data.application_tracking_enabled", R"("no")", "0", source::app},
      {"app_data.extinfo", R"(["i2","a","1",2,"15","","","","","","","","","",null,""])",
       R"(["i2","a","1","2","15","","","","","","","","","","",""])", source::app},
      {"app_data.campaign_ids", R"("c")", R"("c")", source::app},
      {"app_data.install_referrer", R"("r")", R"("r")", source::app},
      {"app_data.installer_package", R"("p")", R"("p")", source::app},
      {"app_data.windows_attribution_id", R"("w")", R"("w")", source::app},
      {"app_data.url_schemes", R"(["u"])", R"(["u"])", source::app},
  };
  for (const char* name : {"delivery_category",
                           "search_string",
                           "status",
                           "sign_up_method",
                           "event_tag",
                           "description",
                           "level",
                           "checkin_date",
                           "travel_start",
                           "travel_end",
                           "destination_airport",
                           "origin_airport",
                           "country",
                           "city",
                           "region",
                           "neighborhood",
                           "departing_departure_date",
                           "departing_arrival_date",
                           "returning_departure_date",
                           "returning_arrival_date",
                           "hotel_score",
                           "postal_code"}) {
    out.push_back({std::string("custom_data.") + name, R"("text")", R"("text")"});
  }
  return out;
}

std::string last_name(const std::string& path) { return path.substr(path.rfind('.') + 1); }

const std::string app_parts =
    R"("app_data":{"app_id":"1","advertiser_tracking_enabled":0,"extinfo":["i2","","","","15","","","","","","","","","","",""]})";

outcome mapped_with(const field& f, const std::string& given) {
  const std::string more = "\"x\":" + given + (f.on == source::app ? ",\"action_source\":\"app\"," + app_parts : "");
  return map(preset::snap, snap_event(more), over(f.path, "$.x"));
}

}  // namespace

TEST_CASE("every field of the documentation can be set by an override and arrives with its JSON type") {
  for (const field& f : all_fields()) {
    CAPTURE(f.path, f.given);
    const outcome o = mapped_with(f, f.given);
    REQUIRE(o.fate == "send");
    CAPTURE(o.json());
    CHECK(o.has("\"" + last_name(f.path) + "\":" + f.arrives));
  }
}

TEST_CASE("the documentation's fields and the sink's table are the same") {
  std::vector<std::string> known{"event_name", "event_time", "action_source", "event_id"};
  for (const field& f : all_fields()) known.push_back(f.path);
  std::sort(known.begin(), known.end());
  std::vector<std::string> table;
  for (const auto& row : snap::event::fields()) table.emplace_back(row.path);
  std::sort(table.begin(), table.end());
  CHECK(known == table);
}

TEST_CASE("the fields that decide about the event can be set too") {
  const outcome o =
      map(preset::snap,
          R"({"n":"PURCHASE","t":1650625078,"s":"physical_store","i":"id-1","user_data":{"em":"a@b.example"},"v":1,"c":"EUR"})",
          [](auto& s) {
            over("event_name", "$.n")(s);
            over("event_time", "$.t")(s);
            over("action_source", "$.s")(s);
            over("event_id", "$.i")(s);
            over("custom_data.value", "$.v")(s);
            over("custom_data.currency", "$.c")(s);
          });
  REQUIRE(o.fate == "send");
  CHECK(o.has(R"({"event_name":"PURCHASE","event_time":1650625078,"action_source":"OFFLINE","event_id":"id-1")"));
}

TEST_CASE("members of custom_fields can be set one by one, beside the record's own") {
  const outcome o =
      map(preset::snap,
          snap_event(R"("a":7,"custom_data":{"tier":"kept","custom_fields":{"tier":"own","other":"o","n":null,"l":[1]}})"),
          [](auto& s) {
            over("custom_data.custom_fields.tier", "$.a")(s);
            over("custom_data.custom_fields.gone", "$.gone")(s);
          });
  CHECK(o.at("/custom_data/custom_fields") == R"({"tier":"7","other":"o"})");
  CHECK(o.at("/custom_data/tier") == "kept");
  CHECK(map(preset::segment, segment("SEARCH", "{}"), over("custom_data.custom_fields.tier", "'gold'"))
            .at("/custom_data/custom_fields/tier") == "gold");
  CHECK(map(preset::segment, segment("SEARCH", "{}"), over("custom_data.custom_fields.tier", "$.x"))
            .at("/custom_data/custom_fields") == "-");
}

namespace {

// What becomes of a value of the wrong type: the JSON that arrives, "-" nothing and the event is sent, or a code.
struct wrong {
  std::string path, given, becomes;
};

}  // namespace

TEST_CASE("a value of the wrong type is repaired where it can mean one thing only, else left out or refused by a code") {
  const auto w = GENERATE(values<wrong>({
      {"custom_data.num_items", R"("NaN")", "-"},
      {"custom_data.num_items", R"("null")", "-"},
      {"custom_data.num_items", R"("1,299.00")", "-"},
      {"custom_data.num_items", "2.5", "-"},
      {"custom_data.num_items", R"("2.0")", "2"},
      {"custom_data.num_items", "true", "-"},
      {"custom_data.num_items", R"({"n":1})", "-"},
      {"custom_data.num_items", "[2]", "-"},
      {"custom_data.predicted_ltv", R"("NaN")", "-"},
      {"custom_data.predicted_ltv", R"("1,299.00")", "-"},
      {"custom_data.predicted_ltv", R"(" 7.50 ")", "7.50"},
      {"custom_data.predicted_ltv", "1e400", "-"},
      {"custom_data.value", R"("1,299.00")", "reject value.invalid"},
      {"custom_data.value", R"("NaN")", "reject value.invalid"},
      {"custom_data.value", R"("null")", "reject value.invalid"},
      {"custom_data.value", "true", "reject value.invalid"},
      {"custom_data.value", R"({"amount":1})", "reject value.invalid"},
      {"custom_data.value", "[1]", "reject value.invalid"},
      {"custom_data.value", R"(" 25.10 ")", "25.10"},
      {"custom_data.value", R"("025.10")", "25.10"},
      {"custom_data.currency", R"("usd ")", R"("USD")"},
      {"custom_data.currency", R"("null")", "-"},
      {"custom_data.currency", R"("US$")", "-"},
      {"custom_data.currency", "840", "-"},
      {"custom_data.currency", R"(["USD"])", "-"},
      {"custom_data.search_string", "42", R"("42")"},
      {"custom_data.search_string", "true", "-"},
      {"custom_data.search_string", R"({"q":"x"})", "-"},
      {"custom_data.search_string", R"(["x","y"])", "-"},
      {"custom_data.search_string", R"(" ")", "-"},
      {"custom_data.content_ids", "7", R"(["7"])"},
      {"custom_data.content_ids", R"({"id":"a"})", "-"},
      {"custom_data.content_ids", R"(["a",null,{"b":1},true,""])", R"(["a"])"},
      {"custom_data.contents", R"("a")", "-"},
      {"custom_data.contents", R"({"id":1})", R"([{"id":"1"}])"},
      {"custom_data.contents", R"([7,null,{"id":"a","brand":null}])", R"([{"id":"a"}])"},
      {"custom_data.custom_fields", R"("a")", "-"},
      {"custom_data.custom_fields", R"({"a":{"b":1},"c":"d"})", R"({"c":"d"})"},
      {"opt_out", R"("TRUE")", "true"},
      {"opt_out", "1", "-"},
      {"data_processing_options_country", R"("US")", "-"},
      {"data_processing_options", "true", "-"},
      {"event_source_url", "7", "-"},
      {"event_source_url", R"(["https://x.example"])", "-"},
      {"user_data.sc_click_id", "false", "-"},
      {"user_data.client_ip_address", R"("null")", "-"},
      {"user_data.client_ip_address", "7", "-"},
      {"user_data.anon_id", R"({"a":1})", "-"},
  }));
  CAPTURE(w.path, w.given);
  const outcome o = mapped_with({w.path, w.given, {}}, w.given);
  if (w.becomes.starts_with("reject ")) {
    CHECK(o.fate + " " + o.code == w.becomes);
    CHECK_THAT(o.message, Catch::Contains(w.path));
    return;
  }
  REQUIRE(o.fate == "send");
  CAPTURE(o.json());
  const std::string member = "\"" + last_name(w.path) + "\":";
  if (w.becomes == "-") {
    CHECK_FALSE(o.has(member));
  } else {
    CHECK(o.has(member + w.becomes));
  }
}

TEST_CASE("a wrong value of what a PURCHASE needs is refused by a code that names the field") {
  const auto refused = [](std::string_view custom) {
    const outcome o = map(preset::snap, snap_event("\"custom_data\":" + std::string(custom), "PURCHASE"));
    return o.fate + " " + o.code;
  };
  CHECK(refused(R"({"value":1,"currency":"null"})") == "reject currency.invalid");
  CHECK(refused(R"({"value":1,"currency":840})") == "reject currency.invalid");
  CHECK(refused(R"({"value":1,"currency":" "})") == "reject purchase.currency.missing");
  CHECK(refused(R"({"value":1,"currency":"\u00a0"})") == "reject purchase.currency.missing");
  CHECK(refused(R"({"value":null,"currency":"EUR"})") == "reject purchase.value.missing");
  CHECK(refused(R"({"value":"","currency":"EUR"})") == "reject purchase.value.missing");
  CHECK(refused(R"({"value":"1,299.00","currency":"EUR"})") == "reject value.invalid");
}

TEST_CASE("where a text is wanted, the first text or number of several values counts") {
  const auto text = [](std::string_view list, std::string_view expression) {
    return map(preset::snap, snap_event("\"l\":" + std::string(list)), over("custom_data.search_string", expression))
        .at("/custom_data/search_string");
  };
  CHECK(text(R"(["x","y"])", "$.l[*]") == "x");
  CHECK(text(R"(["",true,null,{},"x"])", "$.l[*]") == "x");
  CHECK(text(R"([{"a":" "},{"a":7}])", "$.l[*].a") == "7");
  CHECK(text(R"([true,""])", "$.l[*]") == "-");
  CHECK(map(preset::snap, snap_event(R"("custom_data":{"search_string":["",true,"x"]})")).at("/custom_data/search_string") ==
        "x");
}
