// What the simulator refuses, one literal body per rule.
#include <algorithm>
#include <catch2/catch.hpp>

#include "sample_events.hpp"

using namespace simulator;
using namespace simulator::test;

namespace {

struct spoiled {
  std::string why;
  std::string body;
  std::string rule;
};

bool warns(const std::string& body, const std::string& warning) {
  const auto found = judge_event(body);
  return !found.refused && std::find(found.warnings.begin(), found.warnings.end(), warning) != found.warnings.end();
}

const std::string email = "542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345";

}  // namespace

TEST_CASE("good events of the three action sources are accepted") {
  CHECK(rule_of(purchase, asset_kind::pixel) == "");
  CHECK(rule_of(app_open, asset_kind::app) == "");
  CHECK(rule_of(offline, asset_kind::pixel) == "");
}

TEST_CASE("each broken event is refused by the rule meant for it") {
  const spoiled cases[] = {
      {"not an object", "[1]", "type.object"},
      {"unknown event", with(purchase, "PURCHASE", "ADD_TO_CART"), "event_name.unknown"},
      {"lower-case event", with(purchase, "PURCHASE", "purchase"), "event_name.unknown"},
      {"no event name", with(purchase, "\"event_name\":\"PURCHASE\",", ""), "field.missing"},
      {"no time", with(purchase, "\"event_time\":1705508000,", ""), "field.missing"},
      {"no user data",
       with(offline, ",\"user_data\":{\"ph\":\"dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383\"}", ""),
       "field.missing"},
      {"alias of an action source", with(purchase, "\"WEB\"", "\"website\""), "action_source.unknown"},
      {"lower-case action source", with(purchase, "\"WEB\"", "\"web\""), "action_source.unknown"},
      {"time as text", with(purchase, "1705508000", "\"1705508000\""), "type.integer"},
      {"time with a fraction", with(purchase, "1705508000", "1705508000.5"), "type.integer"},
      {"time in microseconds", with(purchase, "1705508000", "1705508000000000"), "time.future"},
      {"negative time", with(purchase, "1705508000", "-5"), "time.invalid"},
      {"null inside extinfo", with(app_open, "\"771\"", "null"), "null"},
      {"null beside", with(purchase, "\"order_id\":\"o1\"", "\"order_id\":null"), "null"},
      {"repeated member", with(purchase, "\"event_id\":\"order-1\"", "\"event_id\":\"order-1\",\"event_id\":\"order-1\""),
       "name.repeated"},
      {"unknown member on top", with(purchase, "\"event_id\"", "\"version\":\"3.0\",\"event_id\""), "field.unknown"},
      {"unknown match key", with(purchase, "\"em\"", "\"idfa\":\"x\",\"em\""), "field.unknown"},
      {"e-mail in clear", with(purchase, email, "person@example.com"), "hash.missing"},
      {"upper-case hash", with(purchase, "542d24", "542D24"), "hash.case"},
      {"hash of nothing", with(purchase, email, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
       "hash.of.nothing"},
      {"63 digits", with(purchase, email, email.substr(1)), "hash.missing"},
      {"empty list", with(purchase, "[\"" + email + "\"]", "[]"), "list.empty"},
      {"hash as a number", with(purchase, "[\"" + email + "\"]", "5"), "type.text"},
      {"hashed address", with(purchase, "203.0.113.7", email), "ip.hashed"},
      {"address that is none", with(purchase, "203.0.113.7", "203.0.113.700"), "ip.invalid"},
      {"empty user agent", with(purchase, "Mozilla/5.0", ""), "text.empty"},
      {"upper-case device id", with(app_open, "8cf0", "8CF0"), "device.case"},
      {"zero device id", with(app_open, "38400000-8cf0-11bd-b23e-10b96e40000d", "00000000-0000-0000-0000-000000000000"),
       "device.zero"},
      {"hashed device id", with(app_open, "38400000-8cf0-11bd-b23e-10b96e40000d", email), "device.hashed"},
      {"external id in clear", with(purchase, "\"em\"", "\"external_id\":\"a@b.example\",\"em\""), "hash.missing"},
      {"page without scheme", with(purchase, "https://shop", "shop"), "url.scheme"},
      {"empty event id", with(purchase, "order-1", ""), "text.empty"},
      {"event id as a number", with(purchase, "\"order-1\"", "1"), "type.text"},
      {"purchase without value", with(purchase, "\"value\":25.10,", ""), "purchase.incomplete"},
      {"purchase without currency", with(purchase, "\"currency\":\"USD\",", ""), "purchase.incomplete"},
      {"value as text", with(purchase, "25.10,", "\"25.10\","), "type.number"},
      {"float noise", with(purchase, "25.10,", "25.100000000000001,"), "number.noise"},
      {"noise by exponent", with(purchase, "25.10,", "2510e-9,"), "number.noise"},
      {"lower-case currency", with(purchase, "USD", "usd"), "currency.unknown"},
      {"currency that is none", with(purchase, "USD", "ABC"), "currency.unknown"},
      {"content ids as objects", with(purchase, "[\"a\",\"b\"]", "[{}]"), "type.text"},
      {"contents as an object", with(purchase, "[{\"id\":\"a\",\"quantity\":\"1\",\"item_price\":\"25.10\"}]", "{}"),
       "type.list"},
      {"half an item", with(purchase, "\"num_items\":2", "\"num_items\":1.5"), "type.count"},
      {"15 strings", with(app_open, "\"771\",", ""), "extinfo.form"},
      {"a number in extinfo", with(app_open, "\"771\"", "771"), "extinfo.form"},
      {"platform", with(app_open, "\"a2\"", "\"android\""), "extinfo.platform"},
      {"tracking flag", with(app_open, "\"advertiser_tracking_enabled\":0", "\"advertiser_tracking_enabled\":3"), "type.flag"},
      {"no tracking flag", with(app_open, "\"advertiser_tracking_enabled\":0,", ""), "app_data.incomplete"},
      {"no app data", app_open.substr(0, app_open.find(",\"app_data\"")) + "}", "app_data.incomplete"},
      {"privacy token", with(purchase, "\"event_id\"", "\"data_processing_options\":[\"lmu\"],\"event_id\""), "privacy.token"},
      {"privacy token as text", with(purchase, "\"event_id\"", "\"data_processing_options\":\"['LMU']\",\"event_id\""),
       "type.list"},
  };
  for (const auto& each : cases) {
    INFO(each.why);
    CHECK(rule_of(each.body) == each.rule);
  }
}

TEST_CASE("identity needs e-mail, phone, a device of an app, or address and user agent together") {
  const auto user = [](const std::string& keys) {
    return R"({"event_name":"PAGE_VIEW","event_time":1705508000,"action_source":"WEB","user_data":{)" + keys + "}}";
  };
  CHECK(rule_of(user(R"("client_ip_address":"::1","client_user_agent":"x")")) == "");
  CHECK(rule_of(user(R"("client_ip_address":"::1")")) == "identity");
  CHECK(rule_of(user(R"("external_id":"abc")")) == "identity");
  CHECK(rule_of(user(R"("madid":"38400000-8cf0-11bd-b23e-10b96e40000d")")) == "identity");
  CHECK(judge_event(user("")).refused->code == "507");
}

TEST_CASE("time limits are seven days online, thirty-seven offline, five minutes ahead, inclusive") {
  const auto at = [](const std::string& sample, long seconds) {
    return with(sample, "1705508000", std::to_string(now.count() + seconds));
  };
  constexpr long day = 86'400;
  CHECK(rule_of(at(purchase, -7 * day)) == "");
  CHECK(rule_of(at(purchase, -7 * day - 1)) == "time.too.old");
  CHECK(rule_of(at(offline, -37 * day)) == "");
  CHECK(rule_of(at(offline, -37 * day - 1)) == "time.too.old");
  CHECK(rule_of(at(purchase, 300)) == "");
  CHECK(rule_of(at(purchase, 301)) == "time.future");
}

TEST_CASE("a pixel refuses app events and an app refuses the others") {
  CHECK(rule_of(app_open, asset_kind::pixel) == "asset.kind");
  CHECK(rule_of(purchase, asset_kind::app) == "asset.kind");
  CHECK(rule_of(offline, asset_kind::app) == "asset.kind");
}

TEST_CASE("doubtful facts are warnings, not refusals") {
  CHECK(warns(with(purchase, "\"event_source_url\":\"https://shop.example/thanks?ScCid=abc\",", ""), "event_source_url.missing"));
  CHECK(warns(with(purchase, "\"event_id\":\"order-1\",", ""), "event_id.missing"));
  CHECK(warns(app_open, "event_time.milliseconds"));
  CHECK(warns(purchase, "custom_data.unknown"));
}

TEST_CASE("a refusal names the field and never repeats its value") {
  const auto found = judge_event(with(purchase, email, "person@example.com"));
  REQUIRE(found.refused);
  CHECK(found.refused->message.find("user_data.em") != std::string::npos);
  CHECK(found.refused->message.find("person@") == std::string::npos);
}
