// Value, currency, product lines and everything else that an event says about what was done (interfaces.md §6).
#include "support.hpp"

using namespace event_test;

namespace {

std::string buy(std::string_view properties, preset p = preset::segment, const change& c = {}) {
  const outcome o = map(p, segment("Order Completed", properties), c);
  return o.fate == "send" ? o.json() : o.code;
}
std::string member(std::string_view json, std::string_view name) {
  const std::string start = "\"" + std::string(name) + "\":";
  const std::size_t at = json.find(start);
  if (at == std::string_view::npos) return "-";
  const std::string_view rest = json.substr(at + start.size());
  return std::string(rest.substr(0, rest.find_first_of(",}")));
}
std::string value_of(std::string_view json) {
  const std::string e = buy(R"({"currency":"EUR","revenue":)" + std::string(json) + "}");
  return e[0] == '{' ? member(e, "value") : e;
}
std::string currency_of(std::string_view json, std::string_view name = "Order Completed", std::string_view fallback = "") {
  const outcome o = map(preset::segment, segment(name, R"({"revenue":1,"currency":)" + std::string(json) + "}"),
                        [&](auto& s) { s.mapping.default_currency = fallback; });
  return o.fate == "send" ? o.at("/custom_data/currency") : o.code;
}

struct reading {
  std::string_view json, out;
};

}  // namespace

TEST_CASE("value is a number with the digits it was written with") {
  const auto r = GENERATE(values<reading>({{"25.10", "25.10"},
                                           {"25", "25"},
                                           {"0", "0"},
                                           {"-3.5", "-3.5"},
                                           {"1e3", "1e3"},
                                           {"\"25.10\"", "25.10"},
                                           {"\" 25.1 \"", "25.1"},
                                           {"\"007.50\"", "7.50"},
                                           {"\"-0.30\"", "-0.30"},
                                           {"0.1234567890123456789", "0.1234567890123456789"},
                                           {"99999999999999999999.99", "99999999999999999999.99"}}));
  CHECK(value_of(r.json) == r.out);
}

TEST_CASE("anything else is value.invalid, and nothing is purchase.value.missing") {
  const auto json = GENERATE(values<std::string_view>({"\"1,299.00\"", "\"25.10 EUR\"", "\"NaN\"", "\"null\"", "\"1e3\"",
                                                       "\"+5\"", "\".5\"", "\"5.\"", "\"٢٥\"", "true", "{}", "[1]", "\"0x10\""}));
  CAPTURE(json);
  CHECK(value_of(json) == "value.invalid");
  const auto nothing = GENERATE(values<std::string_view>({"null", "\"\"", "\"  \""}));
  CHECK(value_of(nothing) == "purchase.value.missing");
}

TEST_CASE("a value that is no number is refused on any event, a missing one only on a PURCHASE") {
  CHECK(map(preset::segment, segment("Product Added", R"({"revenue":"much"})")).code == "value.invalid");
  CHECK(map(preset::segment, segment("Product Added", R"({"revenue":null})")).fate == "send");
}

TEST_CASE("currency is an ISO 4217 code in upper case") {
  CHECK(currency_of("\"usd\"") == "USD");
  CHECK(currency_of("\" eur \"") == "EUR");
  CHECK(currency_of("\"EURO\"") == "currency.invalid");
  CHECK(currency_of("\"XXQ\"") == "currency.invalid");
  CHECK(currency_of("978") == "currency.invalid");
  CHECK(currency_of("\"EURO\"", "Product Added") == "-");
  CHECK(currency_of("null") == "purchase.currency.missing");
  CHECK(currency_of("\"\"") == "purchase.currency.missing");
}

TEST_CASE("mapping.currency.default fills in a missing currency, not a wrong one") {
  CHECK(currency_of("null", "Order Completed", "CHF") == "CHF");
  CHECK(currency_of("\"EURO\"", "Order Completed", "CHF") == "currency.invalid");
  CHECK(currency_of("null", "Product Added", "CHF") == "CHF");
  CHECK(map(preset::segment, segment("Signed Up"), [](auto& s) { s.mapping.default_currency = "CHF"; }).at("/custom_data") ==
        "-");  // no value, no currency
}

TEST_CASE("segment: revenue comes before total") {
  CHECK(member(buy(R"({"currency":"EUR","revenue":10,"total":12})"), "value") == "10");
  CHECK(member(buy(R"({"currency":"EUR","total":12})"), "value") == "12");
}

TEST_CASE("segment: an order's lines become contents, ids, categories, brands and units") {
  const outcome o =
      map(preset::segment, segment("Order Completed", R"({"order_id":"o1","revenue":25.10,"currency":"EUR","products":[
    {"product_id":"a","sku":"s","quantity":2,"price":"9.90","brand":"Acme","category":"Shoes","delivery_category":"home_delivery"},
    {"sku":"b","price":5.30},{"name":"gift"},null,7,{"product_id":12,"quantity":"3"}]})"));
  CHECK(o.at("/custom_data/order_id") == "o1");
  CHECK(o.at("/custom_data/content_ids") == R"(["a","b","12"])");
  CHECK(o.at("/custom_data/content_category") == R"(["Shoes"])");
  CHECK(o.at("/custom_data/brands") == R"(["Acme"])");
  CHECK(o.has(R"("num_items":7)"));  // 2 + 1 + 1 + 3: what is no object is no line
  CHECK(o.has(
      R"("contents":[{"id":"a","quantity":2,"item_price":9.90,"brand":"Acme","delivery_category":"home_delivery"},{"id":"b","item_price":5.30},{"id":"12","quantity":3}])"));
}

TEST_CASE("num_items counts units, and says nothing when a quantity cannot be read") {
  const auto units = [](std::string_view products) {
    return member(buy(R"({"revenue":1,"currency":"EUR","products":)" + std::string(products) + "}"), "num_items");
  };
  CHECK(units(R"([{"product_id":"a","quantity":2},{"product_id":"b","quantity":3}])") == "5");
  CHECK(units(R"([{"product_id":"a"},{"product_id":"b"}])") == "2");
  CHECK(units(R"([{"product_id":"a","quantity":"2.0"}])") == "2");
  CHECK(units(R"([{"product_id":"a","quantity":1.5}])") == "-");
  CHECK(units(R"([{"product_id":"a","quantity":"two"}])") == "-");
  CHECK(units(R"([{"product_id":"a","quantity":"1e1"}])") == "-");
  CHECK(units("[]") == "-");
  CHECK(units("{}") == "-");
  CHECK(member(buy(R"({"revenue":1,"currency":"EUR","quantity":4,"products":[{"quantity":9}]})"), "num_items") == "4");
}

TEST_CASE("one product without a list is one line, if it has an id") {
  const outcome o =
      map(preset::segment,
          segment("Product Viewed", R"({"product_id":"p1","price":9.5,"quantity":2,"brand":"Acme","category":"Shoes"})"));
  CHECK(o.at("/custom_data/content_ids") == R"(["p1"])");
  CHECK(o.has(R"("contents":[{"id":"p1","quantity":2,"item_price":9.5,"brand":"Acme"}])"));
  CHECK(map(preset::segment, segment("Product Viewed", R"({"price":9.5})")).at("/custom_data") == "-");
}

TEST_CASE("an order id is sent when the record has one, and never made up") {
  CHECK(map(preset::segment, segment("Order Completed", R"({"revenue":1,"currency":"EUR"})")).at("/custom_data/order_id") == "-");
  CHECK(map(preset::rudder, rudder("order_completed", R"({"value":1,"currency":"EUR","transaction_id":"t1"})"))
            .at("/custom_data/order_id") == "t1");
  CHECK(map(preset::rudder, rudder("sign_up", R"({"transaction_id":"t1"})")).at("/custom_data") == "-");
}

TEST_CASE("rudder: price, value, revenue, and the sum of the lines where its table says so") {
  const auto value = [](std::string_view name, std::string_view properties) {
    const outcome o = map(preset::rudder, rudder(name, properties));
    return o.fate == "send" ? member(o.json(), "value") : o.code;
  };
  CHECK(value("order_completed", R"({"currency":"EUR","price":3,"value":2,"revenue":1})") == "3");
  CHECK(value("order_completed", R"({"currency":"EUR","products":[{"price":19.90,"quantity":2},{"price":"0.10"}]})") == "39.90");
  CHECK(value("order_completed", R"({"currency":"EUR","products":[{"price":0.1},{"price":0.2}]})") == "0.3");
  CHECK(value("order_completed", R"({"currency":"EUR","value":0,"products":[{"price":5}]})") == "5");
  CHECK(value("order_completed", R"({"currency":"EUR","value":0})") == "0");
  CHECK(value("order_completed", R"({"currency":"EUR","products":[{"price":5},{"quantity":2}]})") == "purchase.value.missing");
  CHECK(value("order_completed", R"({"currency":"EUR","products":[{"price":"1e3"}]})") == "purchase.value.missing");
  CHECK(value("order_completed", R"({"currency":"EUR","products":[{"price":5,"quantity":-1}]})") == "purchase.value.missing");
  CHECK(value("order_completed", R"({"currency":"EUR","products":"null"})") == "purchase.value.missing");
  CHECK(value("product_list_viewed", R"({"products":[{"price":1,"quantity":3}]})") == "3");
  CHECK(value("product_added", R"({"products":[{"price":1}]})") == "-");
  CHECK(value("promotion_viewed", R"({"value":7})") == "7");
}

TEST_CASE("rudder: its quirks are not copied") {
  const outcome list = map(preset::rudder, rudder("product_list_viewed"));
  CHECK(list.at("/custom_data") == "-");  // no "null", no null
  const outcome one = map(preset::rudder, rudder("product_added", R"({"product_id":"p","brand":"Acme","value":"12.30"})"));
  CHECK(one.at("/custom_data/content_ids") == R"(["p"])");
  CHECK(one.at("/custom_data/brands") == R"(["Acme"])");
  CHECK(one.at("/custom_data/brand") == "-");
  CHECK(one.has(R"("value":12.30)"));
  CHECK(one.has(R"("event_time":1650625078)"));
  CHECK(map(preset::rudder, rudder("promotion_clicked", R"({"price":3})")).at("/custom_data/price") == "-");
}

TEST_CASE("rudder: fields that depend on the target event") {
  const auto at = [](std::string_view name, std::string_view properties, std::string_view pointer) {
    return map(preset::rudder, rudder(name, properties)).at(pointer);
  };
  CHECK(at("products_searched", R"({"query":"q"})", "/custom_data/search_string") == "q");
  CHECK(at("sign_up", R"({"query":"q"})", "/custom_data") == "-");
  CHECK(at("sign_up", R"({"search_string":"s"})", "/custom_data/search_string") == "s");
  CHECK(at("order_completed", R"({"value":1,"currency":"EUR","search_string":"s"})", "/custom_data/search_string") == "-");
  CHECK(at("order_completed", R"({"value":1,"currency":"EUR","item_category":"i","category":"c"})",
           "/custom_data/content_category") == "i");
  CHECK(at("sign_up", R"({"item_category":"i","category":"c","item_ids":["x",2]})", "/custom_data/content_category") == "c");
  CHECK(at("sign_up", R"({"item_ids":["x",2]})", "/custom_data/content_ids") == R"(["x","2"])");
  CHECK(at("product_added", R"({"item_ids":["x"],"product_id":"p"})", "/custom_data/content_ids") == R"(["p"])");
}

TEST_CASE("snap: known members are checked, unknown ones copied without nulls") {
  const outcome o = map(
      preset::snap,
      snap_event(
          R"("custom_data":{"value":"9.90","currency":"eur","num_items":"2.0","content_ids":["a",5,null,""],"content_category":"c",
    "predicted_ltv":"12.5","brands":["B"],"num_adults":2,"checkin_date":"20220501","order_id":5,
    "mine":{"a":null,"b":[null,1,{"c":null}],"d":{}},"flag":true,"nothing":null,"empty":""})"));
  CHECK(
      o.at("/custom_data") ==
      R"({"value":9.9E0,"currency":"EUR","order_id":"5","num_items":2,"content_ids":["a","5"],"content_category":"c","brands":["B"],"predicted_ltv":1.25E1,"checkin_date":"20220501","num_adults":2,"mine":{"b":[1]},"flag":true,"empty":""})");
}

TEST_CASE("snap: contents are copied, with ids as texts") {
  CHECK(
      map(preset::snap,
          snap_event(
              R"("custom_data":{"contents":[{"id":12345678901234567890,"quantity":"2","item_price":1.50,"x":null},{},7,null,{"id":"b"}]})"))
          .has(R"("contents":[{"id":"12345678901234567890","quantity":"2","item_price":1.50},{"id":"b"}])"));
}

TEST_CASE("a quantity of more digits than can be summed goes along in every preset") {
  const std::string digits(44, '7');
  const std::string line = R"({"id":"a","quantity":)" + digits + "}";
  CHECK(map(preset::snap, snap_event(R"("custom_data":{"contents":[)" + line + "]}")).has(R"("contents":[)" + line + "]"));
  CHECK_FALSE(map(preset::snap, snap_event(R"("custom_data":{"contents":[{"id":"a","quantity":1e400}]})")).has("quantity"));
}

TEST_CASE("snap: what cannot be an id, a price or a quantity is left out of contents") {
  CHECK(map(preset::snap, snap_event(R"("custom_data":{"contents":[{"id":true,"quantity":"two","item_price":"1,299.00"},
    {"id":"a","quantity":[1],"item_price":"NaN","brand":"","delivery_category":{}},{"id":" ","item_price":1e400},
    {"id":"b","item_price":" 2.50 ","mine":"","brand":7}]})"))
            .has(R"("contents":[{"id":"a"},{"id":"b","item_price":" 2.50 ","mine":"","brand":"7"}])"));
}

TEST_CASE("any output field can be given by an expression, also one that Snapchat's list does not have") {
  const change c = [](auto& s) {
    over("custom_data.value", "$.properties.basket.sum")(s);
    over("custom_data.contents", "$.properties.lines")(s);
    over("custom_data.sign_up_method", "'google'")(s);
    over("custom_data.my \"own\"", "$.properties.extra")(s);
    over("event_source_url", "$header.url")(s);
  };
  given g;
  g.value = segment(
      "Order Completed",
      R"({"revenue":1,"currency":"EUR","basket":{"sum":"7.70"},"lines":[{"id":"z"}],"extra":{"k":[1,null]},"products":[{"product_id":"a"}]})");
  g.headers = {{"url", "https://x.y/\"z\""}};
  const outcome o = map(preset::segment, g, c);
  CHECK(o.has(R"("value":7.70)"));
  CHECK(o.has(R"("contents":[{"id":"z"}])"));
  CHECK(o.at("/custom_data/sign_up_method") == "google");
  CHECK(o.at("/custom_data/my \"own\"") == R"({"k":[1]})");
  CHECK(o.at("/event_source_url") == "https://x.y/\"z\"");
  CHECK(map(preset::segment, segment("Order Completed", R"({"revenue":1,"currency":"EUR"})"), c)
            .has(R"("value":1)"));  // nothing found: the preset's own
}

TEST_CASE("snap: an expression that finds nothing leaves an unknown member of the event as it is") {
  const change c = over("custom_data.it's", "$.elsewhere");
  CHECK(map(preset::snap, snap_event(R"("custom_data":{"it's":[1]})"), c).at("/custom_data") == R"({"it's":[1]})");
  CHECK(map(preset::snap, snap_event(R"("elsewhere":2,"custom_data":{"it's":[1]})"), c).at("/custom_data") == R"({"it's":2})");
}

TEST_CASE("a boolean is no text") {
  CHECK(map(preset::snap,
            snap_event(R"("event_source_url":true,"custom_data":{"order_id":false,"status":true,"content_ids":[true]})"))
            .at("/custom_data") == "-");
  CHECK(map(preset::snap, snap_event(R"("event_source_url":true)")).at("/event_source_url") == "-");
}
