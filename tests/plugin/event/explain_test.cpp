// Explanations of `preview --explain`: which source filled a field, by whose rule, and what was dropped.
#include "event/trace.hpp"
#include "support.hpp"

using namespace event_test;
using snap::event::trace;
using snap::event::trace_row;

namespace {

trace why(preset p, const std::string& value, const change& c = {}) {
  trace out;
  mapping m(p, c);
  m.explain(out);
  (void)m(value);
  return out;
}

std::string text(const trace_row& r) {
  return r.field + (r.value.empty() ? "" : "=" + r.value) + " <- " + r.from + (r.when.empty() ? "" : " when " + r.when) + " (" +
         r.by + ")" + (r.dropped.empty() ? "" : " dropped: " + r.dropped);
}
// All rows of a field, of the first event or of the record.
std::vector<std::string> rows(const trace& t, std::string_view field) {
  std::vector<std::string> out;
  const auto add = [&](const std::vector<trace_row>& from) {
    for (const trace_row& r : from) {
      if (r.field == field) out.push_back(text(r));
    }
  };
  add(t.record);
  if (!t.events.empty()) add(t.events.front().fields);
  return out;
}
using strings = std::vector<std::string>;

const std::string order =
    R"({"order_id":"o-1","revenue":5,"currency":"EUR","products":[{"product_id":"a","price":2.50,"quantity":2}]})";

}  // namespace

TEST_CASE("an explanation names the alternative that filled a field, and who wrote it") {
  const trace t = why(preset::segment, segment("Order Completed", order, R"("mail":"x@y.example")"),
                      over("user_data.em", "$.a | lower($.mail)"));
  CHECK(t.preset == "segment");
  CHECK(rows(t, "event_name") == strings{"event_name=PURCHASE <- $.event (preset)"});
  CHECK(rows(t, "action_source") == strings{"action_source=WEB <- no rule before it holds (preset)"});
  CHECK(rows(t, "event_time") == strings{"event_time <- $.timestamp (preset)"});
  CHECK(rows(t, "event_id") == strings{"event_id <- $.messageId (preset)"});
  CHECK(rows(t, "user_data.em") == strings{"user_data.em <- lower($.mail) (mapping.field.user_data.em)"});
  CHECK(rows(t, "custom_data.value") == strings{"custom_data.value <- $.properties.revenue (preset)"});
  CHECK(rows(t, "custom_data.contents") == strings{"custom_data.contents <- the product lines (preset)"});
  CHECK(rows(t, "custom_data.search_string").empty());
}

TEST_CASE("an explanation says what was dropped and why") {
  const trace t = why(preset::snap, snap_event(R"("m":["x@y.example","no address"],"p":"0171 5551234","n":"many")"), [](auto& s) {
    over("user_data.em", "$.m")(s);
    over("user_data.ph", "$.p")(s);
    over("custom_data.num_items", "$.n")(s);
  });
  CHECK(rows(t, "user_data.em") == strings{"user_data.em <- $.m (mapping.field.user_data.em) dropped: malformed",
                                           "user_data.em <- $.m (mapping.field.user_data.em)"});
  CHECK(rows(t, "user_data.ph") == strings{"user_data.ph <- $.p (mapping.field.user_data.ph) dropped: no_country"});
  CHECK(rows(t, "custom_data.num_items") == strings{"custom_data.num_items <- $.n (mapping.field.custom_data.num_items) dropped: "
                                                    "not a whole number, or a text that is one"});
}

TEST_CASE("an explanation says that an id was passed over, and what came in its place") {
  const trace t = why(preset::segment, segment("Signed In", R"({"order_id":"null"})",
                                               R"("userId":"null","anonymousId":"a","messageId":"undefined")"));
  CHECK(rows(t, "user_data.external_id") == strings{"user_data.external_id <- $.userId (preset) dropped: placeholder",
                                                    "user_data.external_id <- $.anonymousId (preset)"});
  CHECK(rows(t, "event_id") ==
        strings{"event_id <- $.messageId (preset) dropped: placeholder", "event_id <-  (topic, partition and offset)"});
  CHECK(rows(t, "custom_data.order_id") ==
        strings{"custom_data.order_id <- $.properties.order_id (preset) dropped: placeholder"});
}

TEST_CASE("an explanation names the rule for an event's name") {
  const auto rule = [](std::string_view name, const change& c = {}) {
    const trace t = why(preset::segment, segment(name), c);
    return t.record.empty() ? std::string{} : t.record.front().value + " by " + t.record.front().by;
  };
  const auto named = [](snap::config::settings& s) {
    s.mapping.event_names = {{"signed in", "LOGIN"}, {"signed in", "SIGN_UP"}};
  };
  CHECK(rule("Products Searched") == "SEARCH by preset");
  CHECK(rule("SEARCH") == "SEARCH by Snapchat's own name");
  CHECK(rule("Signed In", named) == "LOGIN, SIGN_UP by mapping.event.names");
  CHECK(rule("Odd", [](auto& s) { s.mapping.unknown = snap::config::unknown_event::pass; }) ==
        "Odd by mapping.event.name.unknown=pass");
  CHECK(rule("Odd") == " by preset");  // where the name stands that nobody knows
}

TEST_CASE("an explanation names the evidence for the action source") {
  const auto source = [](const std::string& value, const change& c = {}) {
    return rows(why(preset::segment, value, c), "action_source");
  };
  CHECK(source(segment("SEARCH", "{}", R"("channel":"server")")) ==
        strings{"action_source=OFFLINE <- $.context.channel | $.channel is server, and there is no $.context.page (preset)"});
  CHECK(source(segment("SEARCH"), [](auto& s) { s.mapping.source = snap::config::action_source::offline; }) ==
        strings{"action_source=OFFLINE <-  (mapping.action.source)"});
  CHECK(source(segment("SEARCH", "{}", R"("where":"website")"), over("action_source", "$.where")) ==
        strings{"action_source=WEB <- $.where (mapping.field.action_source)"});
}

TEST_CASE("an explanation tells defaults, settings and product lines apart") {
  const auto all = [](snap::config::settings& s) {
    over("custom_data.search_string", "default('none')")(s);
    over("custom_data.num_items", "$.n | default('1')")(s);
    s.mapping.default_currency = "EUR";
    s.mapping.integration = "ours";
  };
  const trace t = why(preset::segment, segment("Order Completed", R"({"revenue":5})"), all);
  CHECK(rows(t, "custom_data.search_string") ==
        strings{"custom_data.search_string <- default('none') (mapping.field.custom_data.search_string)"});
  CHECK(rows(t, "custom_data.num_items") ==
        strings{"custom_data.num_items <- default('1') (mapping.field.custom_data.num_items)"});
  CHECK(rows(t, "custom_data.currency") == strings{"custom_data.currency <-  (mapping.currency.default)"});
  CHECK(rows(t, "integration") == strings{"integration <-  (snapchat.integration)"});
  const trace lines = why(preset::segment, segment("Order Completed", order), all);
  CHECK(rows(lines, "custom_data.num_items") ==
        strings{"custom_data.num_items <- the sum of the product lines' quantities (preset)"});
}

TEST_CASE("a rejected record is explained as far as it came, and a mapper that is not asked explains nothing") {
  trace t = why(preset::segment, R"({"type":"track","event":"Order Completed","messageId":"m"})");
  CHECK(rows(t, "event_name").size() == 1);
  CHECK(t.events.empty());
  t = why(preset::segment, segment("Order Completed", "{}"));  // no value
  REQUIRE(t.events.size() == 1);
  CHECK(t.events.front().event_name == "PURCHASE");
  trace never;
  mapping m(preset::segment);
  (void)m(segment("Order Completed", order));
  CHECK(to_json(never) == R"({"record":[],"events":[]})");
}

TEST_CASE("an explanation says under which condition a preset's row counts, and what fills a field by rule alone") {
  const auto posthog = [](std::string_view properties, std::string_view field) {
    return rows(
        why(preset::posthog,
            R"({"event":"Application Opened","distinct_id":"u","timestamp":"2022-04-22T10:57:58Z","person_id":"p","properties":{"$set":{"email":"a@b.co"},)" +
                std::string(properties) + "}}"),
        field);
  };
  CHECK(posthog(R"("$is_identified":true)", "user_data.external_id") ==
        strings{"user_data.external_id <- $.distinct_id when $.properties.$is_identified is true, 1 (preset)"});
  CHECK(posthog(R"("$device_id":"d")", "user_data.external_id") ==
        strings{"user_data.external_id <- $.distinct_id when $.distinct_id is there, and there is $.person_id | $.person.id | "
                "$.person.uuid, and it is not $.properties.$device_id (preset)"});
  CHECK(posthog(R"("$device_id":"u")", "user_data.external_id") ==
        strings{"user_data.external_id <- $.distinct_id (preset) dropped: unless $.properties.$is_identified is true, 1, or "
                "$.distinct_id is there, and there is $.person_id | $.person.id | $.person.uuid, and it is not "
                "$.properties.$device_id"});
  CHECK(posthog(R"("$current_url":"https://x.y/?ScCid=1")", "user_data.sc_click_id") ==
        strings{"user_data.sc_click_id <- the parameter ScCid of $.properties.$current_url (preset)"});
  CHECK(
      posthog(R"("$lib":"posthog-ios","$os":"iOS")", "app_data.extinfo") ==
      strings{
          "app_data.extinfo <-  when $.properties.$os_name | $.properties.$os is ios, ipados, tvos, watchos (the preset's rules "
          "for platform and device)"});
  const std::string device =
      R"("channel":"mobile","context":{"device":{"attTrackingStatus":2,"advertisingId":"EA7583CD-A667-48BC-B806-42ECB2B48606"}})";
  const trace refused = why(preset::rudder, rudder("SIGN_UP", "{}", device));
  CHECK(rows(refused, "user_data.madid") ==
        strings{"user_data.madid <- $.context.device.advertisingId when $.context.device.attTrackingStatus is 0, 1, 2 (preset) "
                "dropped: refused"});
  CHECK(rows(refused, "data_processing_options") ==
        strings{"data_processing_options <-  when $.context.device.attTrackingStatus is 2 (limited use: privacy.limited.use, "
                "consent.denied or the preset's rule)"});
  CHECK(rows(refused, "app_data.advertiser_tracking_enabled") ==
        strings{"app_data.advertiser_tracking_enabled <-  (the preset's rule for tracking; 0 where none holds)"});
}

TEST_CASE("of a batch each member is explained for itself, and what was skipped says why") {
  const std::string batch =
      R"({"api_key":"k","batch":[{"event":"$autocapture","timestamp":"2022-04-22T10:57:58Z"},)"
      R"({"event":"Signed Up","uuid":"u","timestamp":"2022-04-22T10:57:58Z","properties":{"$lib":"web","$set":{"email":"a@b.co"}}},)"
      R"({"event":"$pageview","timestamp":"2022-04-22T10:57:58Z","properties":{"$is_emulator":true}}]})";
  const trace t = why(preset::posthog, batch);
  CHECK(t.record.empty());
  CHECK(t.events.empty());
  REQUIRE(t.members.size() == 3);
  CHECK(t.members[0].code == "event.name.unknown");
  CHECK_THAT(t.members[0].message, Catch::Contains("'$autocapture'"));
  CHECK(t.members[0].events.empty());
  CHECK(t.members[1].code.empty());
  REQUIRE(t.members[1].record.size() == 3);
  CHECK(text(t.members[1].record[0]) == "event_name=SIGN_UP <- $.event (preset)");
  CHECK(text(t.members[1].record[1]) == "action_source=WEB <- $.properties.$lib is web, posthog-js (preset)");
  REQUIRE(t.members[1].events.size() == 1);
  CHECK(t.members[1].events[0].event_name == "SIGN_UP");
  CHECK(t.members[2].number == 2);
  CHECK(t.members[2].code == "event.left.out");
  CHECK(text(t.members[2].record.at(0)) ==
        "event_name <-  when $.properties.$is_emulator is true, 1 (preset) dropped: the event comes from an emulator "
        "($is_emulator)");
  CHECK(
      to_json(t).starts_with(R"({"preset":"posthog","members":[{"member":0,"code":"event.name.unknown","message":"there is no)"));
}

TEST_CASE("a member that makes its record a reject is the last that is explained, with its code") {
  const trace t = why(
      preset::mparticle,
      R"({"user_identities":{"email":"a@b.co"},"device_info":{"platform":"web"},"events":[)"
      R"({"event_type":"commerce_event","data":{"timestamp_unixtime_ms":1650625078123,"product_action":{"action":"purchase"}}},)"
      R"({"event_type":"screen_view","data":{"timestamp_unixtime_ms":1650625078123}}]})");
  REQUIRE(t.members.size() == 1);
  CHECK(t.members[0].code == "purchase.value.missing");
  CHECK(text(t.members[0].record.at(0)) ==
        "event_name=PURCHASE <- $.events[*].data.product_action.action when $.events[*].data.product_action.action is there "
        "(preset)");
}

TEST_CASE("an explanation holds no value of the record") {
  trace t;
  mapping m(preset::segment, over("custom_data.description", "sha256($.secret)"));
  m.explain(t);
  const outcome o =
      m(segment("Order Completed", order,
                R"("secret":"hush","userId":"u-4711","traits":{"email":"person@mail.example","phone":"0171 5551234"})"));
  CHECK(o.fate == "send");
  const std::string json = to_json(t);
  for (const std::string_view value : {"hush", "u-4711", "person", "0171", "o-1", "2.50"}) {
    CAPTURE(value);
    CHECK(json.find(value) == std::string::npos);
  }
}

TEST_CASE("an expression is explained as it was written") {
  for (const std::string_view e :
       {"$.a.b[0].c", "$['x y'].z", "$.l[*].p[k='it''s']", "$key.id", "$header['x.y']", "$topic", "$timestamp", "'it''s'",
        "lower($.a | $.b)", "sum($.l[*].p * ($.l[*].q | default('1')))", "first(number($.a))"}) {
    CHECK(to_text(snap::event::parse_expression(e).value().alternatives.at(0)) == e);
  }
}
