// Match keys in the event, and whether they identify anyone. How each is normalised is tested beside event/normalise.
#include "support.hpp"

#include "event/text.hpp"

using namespace event_test;
using snap::config::no_identity;

namespace {

const std::string jane = "8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d";  // sha256 of jane@example.com
const std::string md5 = "9e26471d35a78862c17e467d87cddedf";

std::string user(std::string_view members) { return snap_event(R"("user_data":{)" + std::string(members) + "}"); }
outcome send_anyway(std::string_view value, preset p = preset::snap) {
  return map(p, value, [](auto& s) { s.mapping.identity = no_identity::send; });
}
std::string key(std::string_view name, std::string_view json) {
  return send_anyway(user("\"" + std::string(name) + "\":" + std::string(json))).at("/user_data/" + std::string(name));
}

}  // namespace

TEST_CASE("clear text is normalised and hashed in every preset") {
  CHECK(sha256("jane@example.com") == jane);
  CHECK(map(preset::snap, user(R"("em":" Jane@Example.COM ")")).at("/user_data/em") == "[\"" + jane + "\"]");
  CHECK(map(preset::segment, segment("Signed Up", R"({"email":"Jane@Example.com"})")).at("/user_data/em/0") == jane);
  CHECK(map(preset::rudder, rudder("sign_up", R"({"email":"x@y.zz"})")).at("/user_data/em/0") == jane);  // traits come first
  CHECK(map(preset::segment, segment("Signed Up", R"({"mail":"other@y.zz"})"), over("user_data.em", "$.properties.mail"))
            .at("/user_data/em/0") == sha256("other@y.zz"));
}

TEST_CASE("a SHA-256 digest is kept in lower case, another digest is dropped") {
  std::string upper = jane;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  CHECK(key("em", "\"" + upper + "\"") == "[\"" + jane + "\"]");
  CHECK(map(preset::snap, user("\"em\":\"" + md5 + "\"")).code == "identity.not.hashed");
  CHECK(map(preset::snap, user("\"em\":\"" + md5 + R"(","ph":"+14155551234")")).at("/user_data/em") == "-");
  CHECK(map(preset::snap, user("\"fn\":\"" + md5 + "\"")).code == "identity.not.hashed");
}

TEST_CASE("the hash of nothing is never sent") {
  const auto json = GENERATE(values<std::string_view>({"\"\"", "\"  \"", "null", "[]", "[\"\"]", "{}", "[null]", "true",
                                                       "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""}));
  const auto name = GENERATE(values<std::string_view>(
      {"em", "ph", "fn", "ln", "ge", "ct", "st", "zp", "country", "external_id", "client_ip_address", "madid", "idfv"}));
  CAPTURE(name, json);
  CHECK(key(name, json) == "-");
}

TEST_CASE("em, ph and external_id are lists, others a text unless there are several") {
  CHECK(key("ph", "\"+14155551234\"") == "[\"" + sha256("14155551234") + "\"]");
  CHECK(key("external_id", "\" U-1 \"") == "[\"" + sha256("u-1") + "\"]");
  CHECK(key("fn", "\"Jane\"") == sha256("jane"));
  CHECK(key("fn", "[\"Jane\"]") == sha256("jane"));
  CHECK(key("fn", "[\"Jane\",\"Janet\"]") == "[\"" + sha256("jane") + "\",\"" + sha256("janet") + "\"]");
  CHECK(key("em", R"(["jane@example.com","not an address","JANE@example.com","b@c.de"])") ==
        "[\"" + jane + "\",\"" + sha256("b@c.de") + "\"]");
}

TEST_CASE("numbers keep their digits as match keys") {
  CHECK(key("ph", "14155551234") == "[\"" + sha256("14155551234") + "\"]");
  CHECK(key("external_id", "12345678901234567890123") == "[\"" + sha256("12345678901234567890123") + "\"]");
}

TEST_CASE("state and zip read the person's country, wherever it stands in the record") {
  const outcome us = send_anyway(user(R"("zp":"94025-1234","st":"California","country":"USA")"));
  CHECK(us.at("/user_data/zp") == sha256("94025"));
  CHECK(us.at("/user_data/st") == sha256("ca"));
  CHECK(us.at("/user_data/country") == sha256("us"));
}

TEST_CASE("a national phone number needs mapping.phone.country") {
  const auto phone = [](std::string_view number, std::string_view country, std::string_view more = "\"x\":1") {
    return map(preset::snap, user("\"ph\":\"" + std::string(number) + R"(","em":"a@b.co","country":"GB",)" + std::string(more)),
               [&](auto& s) {
                 if (!country.empty()) s.mapping.phone_country = expr(country);
               })
        .at("/user_data/ph/0");
  };
  CHECK(phone("0844 412 4653", "") == "-");
  CHECK(phone("0844 412 4653", "'GB'") == "dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383");
  CHECK(phone("0844 412 4653", "$.user_data.country") == "dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383");
  CHECK(phone("0844 412 4653", "$.nothing") == "-");
  CHECK(phone("+44 (0)844 412 4653", "") == "dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383");
}

TEST_CASE("addresses, agents, device ids and click ids are sent plain") {
  const outcome o = map(
      preset::snap,
      user(R"("client_ip_address":"2001:DB8::1","client_user_agent":" UA \"1\" ","madid":"A1B2C3D4-0000-4000-8000-00000000000F",
    "idfv":"A1B2C3D4-0000-4000-8000-00000000000E","sc_click_id":"Kl_x","sc_cookie1":"c1","lead_id":77,"subscription_id":"s","anon_id":["a",5],"partner_id":"p","download_id":"d")"));
  CHECK(o.at("/user_data/client_user_agent") == " UA \"1\" ");
  CHECK(o.at("/user_data/madid") == "a1b2c3d4-0000-4000-8000-00000000000f");
  CHECK(o.at("/user_data/idfv") == "a1b2c3d4-0000-4000-8000-00000000000e");
  CHECK(o.at("/user_data/sc_click_id") == "Kl_x");
  CHECK(o.at("/user_data/lead_id") == "77");
  CHECK(o.at("/user_data/anon_id") == R"(["a","5"])");
}

TEST_CASE("what Snapchat does not know of user_data or at top level is dropped") {
  const outcome o = map(
      preset::snap,
      snap_event(
          R"("user_data":{"em":"a@b.co","db":"19900101","nickname":"x","mobile_ad_id":"A1B2C3D4-0000-4000-8000-00000000000F"},"asset_id":"x","version":"3.0","raw_request":{})"));
  CHECK(o.at("/user_data/db") == "-");
  CHECK(o.at("/user_data/nickname") == "-");
  CHECK(o.at("/user_data/mobile_ad_id") == "-");
  CHECK(o.at("/user_data/madid") == "a1b2c3d4-0000-4000-8000-00000000000f");
  CHECK(o.at("/asset_id") == "-");
  CHECK(o.at("/version") == "-");
}

TEST_CASE("an event needs an address, a phone, an app's device id, or IP address with user agent") {
  const auto code = [](std::string_view members, std::string_view source = "WEB") {
    return map(preset::snap,
               R"({"event_name":"SAVE","event_time":1650625078,"app_data":{"extinfo":["","","","","","","","","","","","","","","",""]},"action_source":")" +
                   std::string(source) + R"(","user_data":{)" + std::string(members) + "}}")
        .code;
  };
  const std::string madid = R"("madid":"a1b2c3d4-0000-4000-8000-00000000000f")";
  CHECK(code(R"("em":"a@b.co")") == "");
  CHECK(code(R"("ph":"+14155551234")") == "");
  CHECK(code(R"("client_ip_address":"1.2.3.4","client_user_agent":"UA")") == "");
  CHECK(code(R"("client_ip_address":"1.2.3.4")") == "identity.missing");
  CHECK(code(R"("client_ip_address":"shop.example","client_user_agent":"UA")") == "identity.missing");
  CHECK(code(R"("external_id":"7","fn":"Jane","sc_click_id":"x")") == "identity.missing");
  CHECK(code(madid) == "identity.missing");
  CHECK(code(madid, "MOBILE_APP") == "");
  CHECK(code(R"("madid":"00000000-0000-0000-0000-000000000000")", "MOBILE_APP") == "identity.missing");
  CHECK(code("") == "identity.missing");
}

TEST_CASE("identity.missing decides what becomes of events about nobody") {
  const auto fate = [](no_identity i) {
    return map(preset::snap, user("\"fn\":\"Jane\""), [&](auto& s) { s.mapping.identity = i; }).fate;
  };
  CHECK(fate(no_identity::reject) == "reject");
  CHECK(fate(no_identity::skip) == "skip");
  CHECK(fate(no_identity::send) == "send");
  CHECK(send_anyway(snap_event(R"("user_data":{})")).at("/user_data") == "{}");
}

TEST_CASE("every drop is counted by key and reason, and every key that was sent") {
  mapping m(preset::snap);
  REQUIRE(m(user(R"("em":["a@b.co","nobody"],"ph":"0844 412 4653","fn":"","country":"Atlantis","zp":7,"client_ip_address":"x")"))
              .fate == "send");
  CHECK(m.count("em", "sent") == 1);
  CHECK(m.count("em", "malformed") == 1);
  CHECK(m.count("ph", "no_country") + 1 != 0);
  CHECK(m.count("ph", "sent") == 0);
  CHECK(m.count("fn", "empty") == 1);
  CHECK(m.count("country", "unknown") == 1);
  CHECK(m.count("client_ip_address", "malformed") == 1);
  REQUIRE(m(user(R"("fn":"Jane","em":"nobody")")).fate == "reject");
  CHECK(m.count("fn", "sent") == 0);  // nothing was sent
  CHECK(m.count("em", "malformed") == 2);
}

TEST_CASE("segment: traits and addresses are found in all their places") {
  const auto with = [](std::string_view more) { return map(preset::segment, segment("Signed Up", "{}", more)); };
  CHECK(
      with(R"("context":{"traits":{"first_name":"Jane","address":{"postalCode":"94025","country":"US"}}})").at("/user_data/zp") ==
      sha256("94025"));
  CHECK(with(R"("context":{"traits":{"firstName":"Jane"}})").at("/user_data/fn") == sha256("jane"));
  CHECK(with(R"("traits":{"email":"a@b.co","lastName":"Doe","address":{"city":"St. Louis"}})").at("/user_data/ct") ==
        sha256("stlouis"));
  CHECK(with(R"("context":{"traits":{"email":"ctx@b.co"}},"traits":{"x":1})").at("/user_data/em/0") == sha256("ctx@b.co"));
  CHECK(with(R"("userId":null,"anonymousId":"An-1")").at("/user_data/external_id/0") == sha256("an-1"));
  CHECK(with(R"("integrations":{"Snap Conversions Api":{"click_id":"C1","uuid_c1":"U1"}})").at("/user_data/sc_cookie1") == "U1");
}

TEST_CASE("rudder: an empty text does not hide a later one") {
  const outcome o = map(preset::rudder, rudder("sign_up", R"({"email":"c@d.ee","adId":"A1B2C3D4-0000-4000-8000-00000000000F"})",
                                               R"("traits":{"email":"","zipcode":"94025"},"request_ip":"1.2.3.4")"));
  CHECK(o.at("/user_data/em/0") == sha256("c@d.ee"));
  CHECK(o.at("/user_data/zp") == sha256("94025"));
  CHECK(o.at("/user_data/client_ip_address") == "1.2.3.4");
  CHECK(o.at("/user_data/madid") == "a1b2c3d4-0000-4000-8000-00000000000f");  // the peer does not lower it
}

TEST_CASE("mapping.compat sends the same hashes as that peer") {
  const auto name = [](snap::config::compat peer) {
    return map(preset::snap, user(R"("em":"a@b.co","fn":" Mary Ann O'Brien ","ct":"St. Louis")"),
               [&](auto& s) { s.mapping.peer = peer; });
  };
  using snap::config::compat;
  CHECK(name(compat::none).at("/user_data/fn") == sha256("mary ann obrien"));
  CHECK(name(compat::rudder).at("/user_data/fn") == sha256("mary ann o'brien"));
  CHECK(name(compat::segment).at("/user_data/fn") == sha256("maryanno'brien"));
  CHECK(name(compat::none).at("/user_data/ct") == sha256("stlouis"));
  CHECK(name(compat::rudder).at("/user_data/ct") == sha256("st. louis"));
  CHECK(name(compat::segment).at("/user_data/ct") == sha256("st.louis"));
}

TEST_CASE("messages about people name the field and the rule, never the value") {
  const outcome o = map(preset::snap, user(R"("em":"Jane Doe <jane@example>","fn":"Jane")"));
  CHECK(o.code == "identity.missing");
  CHECK_THAT(o.message, Catch::Contains("em, ph, madid"));
  CHECK_THAT(o.message, !Catch::Contains("Jane") && !Catch::Contains("jane"));
}

TEST_CASE("an id that is a program's word for nothing counts as absent, and the next source is asked") {
  const auto* nothing = GENERATE("null", "NULL", "undefined", "NaN", " null ");
  const std::string word = "\"" + std::string(nothing) + "\"";
  CAPTURE(nothing);
  mapping m(preset::segment);
  const auto o = m(segment("Order Completed",
                           R"({"revenue":1,"currency":"EUR","order_id":)" + word + R"(,"products":[{"product_id":)" + word +
                               R"(,"sku":"s"},{"product_id":"p"},{"product_id":)" + word + R"(,"price":1}]})",
                           R"("userId":)" + word + R"(,"anonymousId":"anon","messageId":)" + word +
                               R"(,"integrations":{"Snap Conversions Api":{"click_id":)" + word + "}}"));
  CHECK(o.at("/user_data/external_id/0") == sha256("anon"));
  CHECK(m.count("external_id", "placeholder") == 1);
  CHECK(m(segment("Signed In", R"({"order_id":)" + word + "}", R"("userId":"u","messageId":)" + word)).fate == "send");
  CHECK(m.count("external_id", "placeholder") == 1);  // what was no event id says nothing of a person's
  CHECK(o.at("/event_id") == "orders-3-42");
  CHECK(o.at("/custom_data/order_id") == "-");
  CHECK(o.at("/user_data/sc_click_id") == "-");
  CHECK(o.at("/custom_data/content_ids") == R"(["s","p"])");
  CHECK(o.at("/custom_data/contents") == R"([{"id":"s"},{"id":"p"},{"item_price":1}])");
  CHECK(
      map(preset::rudder, rudder("order completed", R"({"value":1,"currency":"EUR","order_id":)" + word + R"(,"orderId":"o-2"})"))
          .at("/event_id") == "o-2");
  CHECK(map(preset::ga4, R"({"event_name":"page_view","timestamp":1650625078123,"user_data":{"email_address":"a@b.co"},)"
                         R"("page_location":"https://x.example/?ScCid=)" +
                             std::string(snap::event::trim(nothing)) + R"(","click_id":"k"})")
            .at("/user_data/sc_click_id") == "k");
}

TEST_CASE("of a list of ids a word for nothing is left out, and as a name it is a name") {
  const auto o = map(
      preset::snap,
      snap_event(R"("user_data":{"em":"a@b.co","external_id":["null","u"],"anon_id":["undefined","a"],"ln":"Null"},)"
                 R"("custom_data":{"content_ids":["NaN","p"],"contents":[{"id":"null","quantity":1}],"search_string":"null"})"));
  CHECK(o.at("/user_data/external_id") == "[\"" + sha256("u") + "\"]");
  CHECK(o.at("/user_data/anon_id") == R"(["a"])");
  CHECK(o.at("/user_data/ln") == sha256("null"));
  CHECK(o.at("/custom_data/content_ids") == R"(["p"])");
  CHECK(o.at("/custom_data/contents") == R"([{"quantity":1}])");
  CHECK(o.at("/custom_data/search_string") == "null");
}
