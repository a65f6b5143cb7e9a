// Event names, calls, fan-out, and the ids that follow from them (interfaces.md §6 "Names" and "Ids").
#include "event/preset/preset.hpp"
#include "support.hpp"

using namespace event_test;
using snap::config::unknown_event;

namespace {

using rules = std::vector<std::pair<std::string, std::string>>;

std::string name_of(preset p, std::string_view value, const rules& names = {}, unknown_event unknown = unknown_event::reject) {
  const outcome o = map(p, value, [&](auto& s) {
    s.mapping.event_names = names;
    s.mapping.unknown = unknown;
    s.mapping.default_currency = "EUR";
    over("custom_data.value", "'1'")(s);
  });
  return o.fate == "send" ? o.at("/event_name") : o.fate + " " + o.code;
}
std::string call(std::string_view type, std::string_view more = {}) {
  return R"({"type":")" + std::string(type) + R"(","timestamp":1650625078,"traits":{"email":"a@b.co"})" + std::string(more) + "}";
}

struct row {
  std::string_view from, to;
};

}  // namespace

TEST_CASE("segment: each event of its table has its target") {
  const auto r = GENERATE(values<row>({{"Payment Info Entered", "ADD_BILLING"},
                                       {"Product Added", "ADD_CART"},
                                       {"Product Added to Wishlist", "ADD_TO_WISHLIST"},
                                       {"Application Installed", "APP_INSTALL"},
                                       {"Application Opened", "APP_OPEN"},
                                       {"Product List Viewed", "LIST_VIEW"},
                                       {"Signed In", "LOGIN"},
                                       {"Order Completed", "PURCHASE"},
                                       {"Products Searched", "SEARCH"},
                                       {"Product Shared", "SHARE"},
                                       {"Signed Up", "SIGN_UP"},
                                       {"Checkout Started", "START_CHECKOUT"},
                                       {"Product Viewed", "VIEW_CONTENT"},
                                       {"Completed Order", "PURCHASE"},
                                       {"Viewed Product", "VIEW_CONTENT"},
                                       {"Added Product", "ADD_CART"},
                                       {"Started Order", "START_CHECKOUT"},
                                       {"Viewed Product Category", "LIST_VIEW"}}));
  CHECK(name_of(preset::segment, segment(r.from)) == r.to);
}

TEST_CASE("rudder: each event of its table has its target") {
  const auto r = GENERATE(values<row>({{"products_searched", "SEARCH"},
                                       {"product_list_viewed", "VIEW_CONTENT"},
                                       {"promotion_viewed", "AD_VIEW"},
                                       {"promotion_clicked", "AD_CLICK"},
                                       {"product_viewed", "VIEW_CONTENT"},
                                       {"product_added", "ADD_CART"},
                                       {"checkout_started", "START_CHECKOUT"},
                                       {"payment_info_entered", "ADD_BILLING"},
                                       {"order_completed", "PURCHASE"},
                                       {"product_added_to_wishlist", "ADD_TO_WISHLIST"},
                                       {"sign_up", "SIGN_UP"},
                                       {"app_open", "APP_OPEN"},
                                       {"app_install", "APP_INSTALL"},
                                       {"page_view", "PAGE_VIEW"},
                                       {"list_view", "LIST_VIEW"},
                                       {"save", "SAVE"},
                                       {"subscribe", "SUBSCRIBE"},
                                       {"share", "SHARE"},
                                       {"invite", "INVITE"},
                                       {"login", "LOGIN"},
                                       {"reserve", "RESERVE"},
                                       {"rate", "RATE"},
                                       {"complete_tutorial", "COMPLETE_TUTORIAL"},
                                       {"level_complete", "LEVEL_COMPLETE"},
                                       {"achievement_unlocked", "ACHIEVEMENT_UNLOCKED"},
                                       {"spent_credits", "SPENT_CREDITS"},
                                       {"start_trial", "START_TRIAL"},
                                       {"custom_event_1", "CUSTOM_EVENT_1"},
                                       {"custom_event_5", "CUSTOM_EVENT_5"}}));
  CHECK(name_of(preset::rudder, rudder(r.from)) == r.to);
}

TEST_CASE("the peers do not share each other's names") {
  CHECK(name_of(preset::rudder, rudder("Signed Up")) == "reject event.name.unknown");
  CHECK(name_of(preset::segment, segment("Promotion Viewed")) == "reject event.name.unknown");
}

TEST_CASE("names fold case and runs of space, underscore and dash") {
  const auto name = GENERATE(values<std::string_view>(
      {"order completed", "ORDER_COMPLETED", "Order-Completed", "  Order  _- Completed ", "oRDER Completed"}));
  CHECK(name_of(preset::segment, segment(name)) == "PURCHASE");
  CHECK(name_of(preset::rudder, rudder(name)) == "PURCHASE");
}

TEST_CASE("Snapchat's own names are accepted by every preset, in any spelling") {
  const auto p = GENERATE(preset::segment, preset::rudder);
  CHECK(name_of(p, segment("START_TRIAL")) == "START_TRIAL");
  CHECK(name_of(p, segment("start trial")) == "START_TRIAL");
  CHECK(name_of(preset::snap, snap_event("", "add-cart")) == "ADD_CART");
  CHECK(name_of(preset::snap, snap_event("", "Purchase")) == "PURCHASE");
  CHECK(name_of(preset::snap, snap_event("", "ADD_TO_CART")) == "reject event.name.unknown");
}

TEST_CASE("a name that nobody maps is rejected, skipped or passed") {
  CHECK(name_of(preset::segment, segment("Coupon Denied")) == "reject event.name.unknown");
  CHECK(name_of(preset::segment, segment("Coupon Denied"), {}, unknown_event::skip) == "skip event.name.unknown");
  CHECK(name_of(preset::segment, segment(" Coupon \\\"Denied\\\" "), {}, unknown_event::pass) == "Coupon \"Denied\"");
}

TEST_CASE("a name that is missing, empty or no text is event.name.missing") {
  const auto event = GENERATE(values<std::string_view>(
      {"", R"(,"event":null)", R"(,"event":"")", R"(,"event":"  ")", R"(,"event":{})", R"(,"event":true)"}));
  CHECK(name_of(preset::segment, call("track", event)) == "reject event.name.missing");
}

TEST_CASE("a page call is PAGE_VIEW, and a record without a type is a track call") {
  CHECK(name_of(preset::segment, call("page", R"(,"event":"Order Completed")")) == "PAGE_VIEW");
  CHECK(name_of(preset::rudder, call("Page")) == "PAGE_VIEW");
  CHECK(name_of(preset::segment, R"({"event":"Signed Up","timestamp":1650625078,"traits":{"email":"a@b.co"}})") == "SIGN_UP");
  CHECK(name_of(preset::segment, call("track", R"(,"event":"page")")) == "reject event.name.unknown");
}

TEST_CASE("identify, group, alias and screen need a mapping of their own") {
  const auto type = GENERATE(values<std::string_view>({"identify", "group", "alias", "screen"}));
  CHECK(name_of(preset::segment, call(type)) == "reject event.name.unknown");
  CHECK(name_of(preset::rudder, call(type), {{std::string(type), "SIGN_UP"}}) == "SIGN_UP");
}

TEST_CASE("mapping.event.names comes before the preset's table") {
  CHECK(name_of(preset::segment, segment("Order Completed"), {{"order completed", "SUBSCRIBE"}}) == "SUBSCRIBE");
  CHECK(name_of(preset::segment, segment("KÄUFE getätigt"), {{"käufe_GETÄTIGT", "order completed"}}) == "PURCHASE");
  CHECK(name_of(preset::snap, snap_event("", "Bought"), {{"bought", "purchase"}}) == "PURCHASE");
}

TEST_CASE("the same name twice fans out, and the copies after the first have numbered ids") {
  const auto fan = [](snap::config::settings& s) {
    s.mapping.event_names = {
        {"Signed Up", "SIGN_UP"}, {"signed_up", "CUSTOM_EVENT_1"}, {"Signed Up", "sign up"}, {"Signed up", "SUBSCRIBE"}};
  };
  const outcome o = map(preset::segment, segment("Signed Up"), fan);
  REQUIRE(o.events.size() == 3);
  CHECK(o.at("/event_name", 1) == "CUSTOM_EVENT_1");
  CHECK(o.ids == std::vector<std::string>{"m1", "m1#2", "m1#3"});
  CHECK(o.at("/event_id", 2) == "m1#3");
  CHECK(map(preset::segment, segment("Signed Up"), [&](auto& s) {
          fan(s);
          s.mapping.peer = snap::config::compat::segment;
        }).ids[2] == "m1");
}

TEST_CASE("if one copy of a fan-out is invalid none is sent") {
  const outcome o = map(preset::segment, segment("Signed Up"), [](auto& s) {
    s.mapping.event_names = {{"Signed Up", "SIGN_UP"}, {"Signed Up", "PURCHASE"}};
  });
  CHECK(o.code == "purchase.value.missing");
  CHECK(o.events.empty());
}

TEST_CASE("without an id of its own an event gets one from its position, the same on every replay") {
  given g;
  g.value = R"({"event":"Signed Up","timestamp":1650625078,"traits":{"email":"a@b.co"}})";
  CHECK(map(preset::segment, g).at("/event_id") == "orders-3-42");
  g.routed_topic = "elsewhere";  // ids use the original topic
  CHECK(map(preset::segment, g, [](auto& s) {
          s.mapping.event_names = {{"signed up", "SIGN_UP"}, {"signed up", "LOGIN"}};
        }).ids == std::vector<std::string>{"orders-3-42", "orders-3-42#2"});
}

TEST_CASE("a long topic's name stands in derived ids as a digest") {
  given g;
  g.value = call("page");
  g.topic = std::string(249, 't');
  CHECK(map(preset::segment, g).at("/event_id") == sha256(g.topic).substr(0, 32) + "-3-42");
}

TEST_CASE("an id that says nothing is no id, and one that says something is sent unchanged") {
  const auto id = [](std::string_view json) {
    return map(preset::segment, call("page", R"(,"messageId":)" + std::string(json))).at("/event_id");
  };
  CHECK(id("\"\"") == "orders-3-42");
  CHECK(id("\"  \"") == "orders-3-42");
  CHECK(id("null") == "orders-3-42");
  CHECK(id("{}") == "orders-3-42");
  CHECK(id("true") == "orders-3-42");
  CHECK(id("\" A b \"") == " A b ");
  CHECK(id("12345678901234567890123") == "12345678901234567890123");
  CHECK(id(R"("q\"\\\u00e9")") == "q\"\\é");
}

TEST_CASE("mapping.event.id names the id") {
  const auto by = [](std::string_view e) { return [=](snap::config::settings& s) { s.mapping.event_id = expr(e); }; };
  CHECK(map(preset::segment, segment("Signed Up", R"({"id":"p"})"), by("$.properties.id")).at("/event_id") == "p");
  CHECK(map(preset::segment, segment("Signed Up"), by("$.properties.id")).at("/event_id") ==
        "m1");  // nothing found: the preset's own
}

TEST_CASE("rudder: the id depends on the event") {
  const auto id = [](std::string_view name, std::string_view properties) {
    return map(preset::rudder, rudder(name, properties), over("custom_data.value", "'1'")).at("/event_id");
  };
  CHECK(id("checkout_started", R"({"order_id":"o","transaction_id":"t"})") == "o");
  CHECK(id("order_completed", R"({"orderId":7,"currency":"EUR"})") == "7");
  CHECK(id("payment_info_entered", R"({"checkout_id":"c","order_id":"o"})") == "c");
  CHECK(id("payment_info_entered", R"({"transactionId":"t"})") == "t");
  CHECK(id("sign_up", R"({"transaction_id":"t","order_id":"o"})") == "t");
  CHECK(id("sign_up", R"({"client_dedup_id":"d","transaction_id":"t"})") == "d");
  CHECK(id("sign_up", "{}") == "m1");
}

TEST_CASE("what mapping.event.names may name as a target is known to the configuration's check") {
  using namespace snap::event;
  CHECK(resolve_event(table_of(preset::segment), "Order Completed") == event_name::PURCHASE);
  CHECK(resolve_event(table_of(preset::segment), "page view") == event_name::PAGE_VIEW);
  CHECK_FALSE(resolve_event(table_of(preset::snap), "Order Completed").has_value());
}
