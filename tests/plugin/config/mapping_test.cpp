// Names, fields, expressions, consent.
#include <catch2/catch.hpp>

#include "support.hpp"

using namespace config_test;
using name_list = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("event names keep their order, their copies and escaped signs") {
  const reading r = read_with({{"mapping.event.names", " Sale : PURCHASE, Sale:custom_event_1 ,A\\,B\\:C:Sign Up"}});
  INFO(r.text());
  REQUIRE(r.result);
  CHECK(r.result->mapping.event_names == name_list{{"Sale", "PURCHASE"}, {"Sale", "custom_event_1"}, {"A,B:C", "Sign Up"}});
}

TEST_CASE("an event name may lead to a name of the preset") {
  const reading r = read_with({{"mapping.preset", "rudder"}, {"mapping.event.names", "Sale:order_completed"}});
  INFO(r.text());
  CHECK(r.result);
}

TEST_CASE("an event name that leads nowhere is an error with the nearest name") {
  CHECK(read_with({{"mapping.event.names", "Sale:PURCHASED"}})
            .has_error("mapping.event.names", "choice", "did you mean PURCHASE?"));
  CHECK(read_with({{"mapping.event.names", "Sale:add to cart"}}).has_error("mapping.event.names", "choice", "ADD_CART"));
  CHECK(read_with({{"mapping.event.names", "Sale:zzzzzzzz"}}).has_error("mapping.event.names", "choice"));
}

TEST_CASE("a pair of event names has one colon and two sides") {
  for (const auto* bad : {"Sale", "Sale:", ":PURCHASE", "A:B:PURCHASE"}) {
    CAPTURE(bad);
    CHECK(read_with({{"mapping.event.names", bad}}).has_error("mapping.event.names", "format", "\\:"));
  }
}

TEST_CASE("fields are named by paths that a v3 event has") {
  for (const auto* path : {"event_time", "event_source_url", "user_data.em", "user_data.sc_click_id", "custom_data.value",
                           "custom_data.my_own", "app_data.app_id"}) {
    const reading r = read_with({{std::string{"mapping.field."} + path, "$.x"}});
    INFO(r.text());
    CHECK(r.result);
  }
  CHECK(read_with({{"mapping.field.user_data.emial", "$.x"}})
            .has_error("mapping.field.user_data.emial", "unknown", "user_data.em"));
  CHECK(read_with({{"mapping.field.user_data.middle_name", "$.x"}}).has_error("mapping.field.user_data.middle_name", "unknown"));
  CHECK(read_with({{"mapping.field.eventtime", "$.x"}}).has_error("mapping.field.eventtime", "unknown", "event_time"));
}

TEST_CASE("a mistake in a transform is pointed at, also by what stands there") {
  constexpr std::string_view key = "mapping.field.user_data.em";
  CHECK(read_with({{std::string(key), "$.mail | upper($.b)"}})
            .has_error(key, "expression", "column 10, at \"upper($.b)\": there is no transform upper"));
  CHECK(read_with({{std::string(key), "lower($.mail"}}).has_error(key, "expression", "column 13, at its end: a ')' is expected"));
  CHECK(read_with({{std::string(key), "default('x') | $.a"}}).has_error(key, "expression", "nothing may follow default"));
}

TEST_CASE("an expression that cannot be read is pointed at by its column") {
  const reading r = read_with({{"mapping.event.id", "$.a | $.b["}});
  INFO(r.text());
  CHECK(r.has_error("mapping.event.id", "expression", "column 1"));
  CHECK(read_only({{"snapchat.access.token", token}, {"snapchat.pixel.id", pixel}, {"mapping.field.user_data.em", ""}})
            .has_error("mapping.field.user_data.em", "required"));
}

TEST_CASE("the phone country is a code or an expression") {
  using root = snap::event::alternative::root;
  const auto country = [](const char* text) {
    return read_with({{"mapping.phone.country", text}}).result.value().mapping.phone_country;
  };
  CHECK(country("de").alternatives.at(0).from == root::literal);
  CHECK(country("UK").alternatives.at(0).text == "gb");
  CHECK(country("$.address.country | 'fr'").alternatives.size() == 2);
  CHECK(read_with({{"mapping.phone.country", "Germany"}}).has_error("mapping.phone.country", "choice", "such as DE"));
  CHECK(read_with({{"mapping.phone.country", "$."}}).has_error("mapping.phone.country", "expression"));
}

TEST_CASE("words that nothing asks for are warned about") {
  CHECK(read_with({{"consent.denied", "ldu"}}).has_warning("consent.denied", "no effect"));
  CHECK(read_with({{"consent.granted.values", "x"}}).has_warning("consent.granted.values", "no effect"));
  CHECK(read_with({{"privacy.limited.use.values", "x"}}).has_warning("privacy.limited.use.values", "no effect"));
}

TEST_CASE("consent that nobody could give is an error") {
  CHECK(read_with({{"consent.field", "$.c"}, {"consent.granted.values", ","}}).has_error("consent.granted.values", "required"));
  CHECK(read_with({{"privacy.limited.use", "$.c"}, {"privacy.limited.use.values", " , "}})
            .has_error("privacy.limited.use.values", "required"));
}
