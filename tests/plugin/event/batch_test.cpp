// Records that are batches: what becomes of members, of the record, and of ids (interfaces.md §6 "Order of checks").
#include "support.hpp"

using namespace event_test;
using snap::config::unknown_event;
namespace config = snap::config;

namespace {

// A body of the Measurement Protocol with these events.
std::string body(std::string_view events, std::string_view more = {}) {
  return R"({"client_id":"1.2","timestamp_micros":1650625078123456,"user_data":{"sha256_email_address":")" + sha256("a") +
         R"("},"events":[)" + std::string(events) + "]" + (more.empty() ? "" : "," + std::string(more)) + "}";
}
std::string member(std::string_view name, std::string_view params = {}) {
  return R"({"name":")" + std::string(name) + R"(","params":{)" + std::string(params) + "}}";
}
const std::string bought = R"("value":5,"currency":"EUR","transaction_id":"T-1")";

outcome batch(std::string_view events, const change& c = {}) { return map(preset::ga4, body(events), c); }

}  // namespace

TEST_CASE("batch: every mapped member becomes an event, with what the batch says about the person") {
  const auto o = batch(member("page_view") + "," + member("purchase", bought) + "," + member("add_to_cart"));
  REQUIRE(o.events.size() == 3);
  CHECK(o.at("/event_name", 0) == "PAGE_VIEW");
  CHECK(o.at("/event_name", 1) == "PURCHASE");
  CHECK(o.at("/event_name", 2) == "ADD_CART");
  for (std::size_t i = 0; i < 3; ++i) CHECK(o.at("/user_data/em/0", i) == sha256("a"));
}

TEST_CASE("batch: a member knows nothing of the others") {
  const auto o = batch(member("purchase", bought + R"(,"items":[{"item_id":"a","quantity":2}])") + "," + member("view_item") +
                       "," + member("view_item", R"("items":[{"item_id":"b"}])"));
  CHECK(o.at("/custom_data/content_ids", 0) == R"(["a"])");
  CHECK(o.at("/custom_data", 1) == "-");
  CHECK(o.at("/custom_data/content_ids", 2) == R"(["b"])");
  CHECK(o.at("/custom_data/num_items", 2) == "1");
  CHECK(o.at("/custom_data/value", 2) == "-");
}

TEST_CASE("batch: a member without a mapping does not stop the others") {
  const auto o = batch(member("session_start") + "," + member("purchase", bought) + R"(,{"params":{}},7,null,"x")");
  CHECK(o.events.size() == 1);
  CHECK(o.at("/event_name") == "PURCHASE");
}

TEST_CASE("batch: without a mapped member the record follows mapping.event.name.unknown") {
  const auto with = [](unknown_event u) {
    return batch(member("session_start") + "," + member("scroll"), [&](auto& s) { s.mapping.unknown = u; });
  };
  CHECK(with(unknown_event::reject).fate == "reject");
  CHECK(with(unknown_event::reject).code == "event.name.unknown");
  CHECK_THAT(with(unknown_event::reject).message, Catch::Contains("'scroll'"));
  CHECK(with(unknown_event::skip).fate == "skip");
  CHECK(with(unknown_event::skip).code == "event.name.unknown");
  CHECK(with(unknown_event::pass).events.size() == 2);
  CHECK(with(unknown_event::pass).at("/event_name", 1) == "scroll");
}

TEST_CASE("batch: an invalid mapped member rejects the record, and the message says which") {
  const auto o = batch(member("page_view") + "," + member("purchase", R"("currency":"EUR")"));
  CHECK(o.fate == "reject");
  CHECK(o.code == "purchase.value.missing");
  CHECK_THAT(o.message, Catch::StartsWith("event 1 of the batch: "));
}

TEST_CASE("batch: a member that configuration skips does not stop the others") {
  const change skip_old = [](auto& s) { s.mapping.old = snap::config::too_old::skip; };
  const std::string old = member("page_view", R"("timestamp_micros":1600000000000000)");
  CHECK(batch(old + "," + member("page_view"), skip_old).events.size() == 1);
  CHECK(batch(old + "," + member("scroll"), skip_old).code == "event.too.old");
  CHECK(batch(old + "," + member("scroll"), skip_old).fate == "skip");
}

TEST_CASE("batch: consent is asked of each member") {
  const change asks = [](auto& s) { s.mapping.consent = expr("$.events[*].params.ok"); };
  const auto o = batch(member("page_view", R"("ok":"yes")") + "," + member("add_to_cart", R"("ok":"no")"), asks);
  CHECK(o.events.size() == 1);
  CHECK(o.at("/event_name") == "PAGE_VIEW");
  CHECK(batch(member("add_to_cart"), asks).code == "consent.denied");
}

TEST_CASE("batch: derived ids carry the member's number, and a copy's number after it") {
  const auto o = batch(member("scroll") + "," + member("page_view") + "," + member("add_to_cart"), [](auto& s) {
    s.mapping.event_names = {{"add_to_cart", "ADD_CART"}, {"add_to_cart", "CUSTOM_EVENT_1"}};
  });
  CHECK(o.ids == std::vector<std::string>{"orders-3-42-1", "orders-3-42-2", "orders-3-42-2#2"});
}

TEST_CASE("batch: a member's own id stays as it is") {
  const auto o = batch(member("page_view", R"("event_id":"e-1")") + "," + member("purchase", bought));
  CHECK(o.ids == std::vector<std::string>{"e-1", "T-1"});
}

TEST_CASE("batch: an id that stands around the members names the first event of each name, the others add their number") {
  const std::string around = R"("event_id":"X")";
  const auto ids = [&](std::string_view events, const change& c = {}) { return map(preset::ga4, body(events, around), c).ids; };
  using strings = std::vector<std::string>;
  const std::string view = member("page_view");
  CHECK(ids(view) == strings{"X"});
  CHECK(ids(view + "," + view + "," + member("search") + "," + view) == strings{"X", "X-1", "X", "X-3"});
  CHECK(ids(view + "," + member("page_view", R"("event_id":"own")") + "," + view) == strings{"X", "own", "X-2"});
  CHECK(ids(member("page_view", R"("event_id":"own")") + "," + member("page_view", R"("event_id":"own")")) ==
        strings{"own", "own"});  // one event, sent twice
  const auto twice = [](auto& s) { s.mapping.event_names = {{"search", "SEARCH"}, {"search", "PAGE_VIEW"}}; };
  CHECK(ids(view + "," + member("search"), twice) == strings{"X", "X", "X-1#2"});
}

TEST_CASE("batch: an id from the record's key is told apart in the same way, also after a transform and for a peer") {
  const auto ids = [&](std::string_view id, config::compat peer = config::compat::none) {
    given g;
    g.value = body(member("page_view") + "," + member("page_view"));
    g.key = "K";
    return map(preset::ga4, g,
               [&](auto& s) {
                 s.mapping.event_id = expr(id);
                 s.mapping.peer = peer;
               })
        .ids;
  };
  using strings = std::vector<std::string>;
  CHECK(ids("$key") == strings{"K", "K-1"});
  CHECK(ids("lower($key)") == strings{"k", "k-1"});
  CHECK(ids("$key", config::compat::segment) == strings{"K", "K-1"});
  CHECK(ids("lower($.events[*].name)") == strings{"page_view", "page_view"});
}

TEST_CASE("batch: which event keeps an outer id does not depend on what the clock makes of the others") {
  const change skip_old = [](auto& s) { s.mapping.old = snap::config::too_old::skip; };
  const std::string old = member("page_view", R"("timestamp_micros":1600000000000000)");
  CHECK(map(preset::ga4, body(old + "," + member("page_view"), R"("event_id":"X")"), skip_old).ids ==
        std::vector<std::string>{"X-1"});
}

TEST_CASE("batch: one without events is skipped") {
  CHECK(batch("").code == "record.batch.empty");
  CHECK(batch("").fate == "skip");
}

TEST_CASE("batch: many members, each with its own") {
  std::string events;
  for (int i = 0; i < 400; ++i) {
    events +=
        (i == 0 ? "" : ",") + member("view_item", R"("event_id":"e)" + std::to_string(i) + R"(","value":)" + std::to_string(i));
  }
  const auto o = batch(events);
  REQUIRE(o.events.size() == 400);
  for (std::size_t i = 0; i < 400; ++i) {
    CHECK(o.ids[i] == "e" + std::to_string(i));
    CHECK(o.at("/custom_data/value", i) == std::to_string(i));
  }
}

TEST_CASE("batch: of duplicate names the last counts, in a member and of the list") {
  const auto o =
      map(preset::ga4, body(R"({"name":"scroll","params":{"value":1},"name":"view_item","params":{"currency":"EUR"}})"));
  CHECK(o.at("/event_name") == "VIEW_CONTENT");
  CHECK(o.at("/custom_data") == R"({"currency":"EUR"})");
  const auto twice = map(preset::ga4, body(member("purchase", bought), R"("events":[)" + member("page_view") + "]"));
  REQUIRE(twice.events.size() == 1);
  CHECK(twice.at("/event_name") == "PAGE_VIEW");
}

TEST_CASE("batch: the next record starts afresh") {
  mapping m(preset::ga4);
  CHECK(m(body(member("purchase", bought))).fate == "send");
  const auto o = m(body(member("view_item")));
  CHECK(o.at("/custom_data") == "-");
  CHECK(o.ids.at(0) == "orders-3-42-0");
  CHECK(m(R"({"event_name":"view_item","timestamp":1650625078123,"user_data":{"email_address":"a@b.co"}})").ids.at(0) ==
        "orders-3-42");
}
