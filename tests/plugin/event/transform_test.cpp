// Transforms of expressions: what each makes of a value, what it has no answer to, and how they combine.
#include "event/transform.hpp"

#include "support.hpp"

using namespace event_test;

namespace {

// What an expression yields of a record with these members, by way of a field that takes anything.
std::string yields(std::string_view expression, std::string_view members) {
  const outcome o = map(preset::snap, snap_event(members), over("custom_data.probe", expression));
  return o.fate == "send" ? o.at("/custom_data/probe") : o.fate + " " + o.code;
}

// The same with the JSON type visible: 12.50 and "12.50" differ.
bool has_probe(std::string_view expression, std::string_view members, const std::string& json) {
  const outcome o = map(preset::snap, snap_event(members), over("custom_data.probe", expression));
  CAPTURE(o.fate, o.message);
  return o.fate == "send" && o.has("\"probe\":" + json);
}

struct row {
  std::string_view expression, members, result;
};

const std::string lines = R"("l":[{"p":19.90,"q":2},{"p":"20.00","q":1}])";

}  // namespace

TEST_CASE("every transform has a row, an example that can be parsed, and a meaning") {
  for (const auto& t : snap::event::transforms()) {
    CAPTURE(t.name);
    CHECK(name_of(t.what) == t.name);
    CHECK(snap::event::parse_expression(t.example).has_value());
    CHECK(t.meaning.ends_with('.'));
  }
}

TEST_CASE("a transform answers to values of its kind and is absent for all others") {
  const auto t = GENERATE(values<row>({
      {"lower($.a)", R"("a":" Größe ÄÖ ")", "größe äö"},
      {"lower($.a)", R"("a":7)", "7"},
      {"lower($.a)", R"("a":true)", "-"},
      {"lower($.a)", R"("a":{"b":1})", "-"},
      {"lower($.a)", R"("a":"  ")", "-"},
      {"digits($.a)", R"("a":"No. 12-34/5")", "12345"},
      {"digits($.a)", R"("a":"٣٤")", "34"},
      {"digits($.a)", R"("a":"none")", "-"},
      {"iso_country($.a)", R"("a":"Deutschland")", "de"},
      {"iso_country($.a)", R"("a":"USA")", "us"},
      {"iso_country($.a)", R"("a":"GB")", "gb"},
      {"iso_country($.a)", R"("a":"Atlantis")", "-"},
      {"first($.a)", R"("a":[null,{},"x","y"])", "x"},
      {"first($.a[*].b)", R"("a":[{"b":null},{"b":2},{"b":3}])", "2"},
      {"first($.a)", R"("a":"alone")", "alone"},
      {"first($.a)", R"("a":[])", "-"},
      {"text($.a)", R"("a":[true,null," ",{},"x","y"])", "x"},
      {"text($.a[*].b)", R"("a":[{"b":false},{"b":2}])", "2"},
      {"text($.a) | $.b", R"("a":true,"b":"next")", "next"},
      {"text($.a) | $.b", R"("a":{"q":"x"},"b":"next")", "next"},
      {"text($.a) | $.b", R"("a":[],"b":"next")", "next"},
      {"text($.a) | $.b", R"("a":" ","b":"next")", "next"},
      {"first($.a)", R"("a":{"b":1})", "-"},
  }));
  CAPTURE(t.expression, t.members);
  CHECK(yields(t.expression, t.members) == t.result);
}

TEST_CASE("number reads what can mean one number only, and writes a JSON number") {
  const auto t = GENERATE(values<row>({
      {"", "12.50", "12.50"},
      {"", R"("12.50")", "12.50"},
      {"", R"(" 12.50 ")", "12.50"},
      {"", R"("007")", "7"},
      {"", R"("-0.5")", "-0.5"},
      {"", R"("1,299.00")", "1299.00"},
      {"", R"("1.299,00")", "1299.00"},
      {"", R"("-1,234,567")", "-1234567"},
      {"", R"("25,10")", "25.10"},
  }));
  CAPTURE(t.members);
  CHECK(has_probe("number($.a)", "\"a\":" + std::string(t.members), std::string(t.result)));
}

TEST_CASE("number has no answer to what could mean two numbers or none") {
  const auto text = GENERATE(values<std::string>({"1,299", "1,29,000",  "12,345.6.7", "1.299.00", "NaN", "Infinity", "",
                                                  "1e3",   "0x10",      "12.50 EUR",  "1 299.00", ".5",  "5.",       ",5",
                                                  "5,",    "01,299.00", "1,299,00",   "--1",      "-",   "1,299.",   "null"}));
  CAPTURE(text);
  CHECK(yields("number($.a)", "\"a\":\"" + text + "\"") == "-");
  CHECK(yields("number($.a) | 'next'", "\"a\":\"" + text + "\"") == "next");
}

TEST_CASE("sha256 hashes the text as it is, keeps what is a digest already, and never hashes nothing") {
  CHECK(yields("sha256($.a)", R"("a":" Ab ")") == sha256(" Ab "));
  CHECK(yields("sha256($.a)", R"("a":12)") == sha256("12"));
  CHECK(yields("sha256($.a)", "\"a\":\"" + sha256("x") + "\"") == sha256("x"));
  CHECK(yields("sha256($.a)", R"("a":"FCDE2B2EDBA56BF408601FB721FE9B5C338D10EE429EA04FAE5511B68FBF8FB9")") ==
        "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9");
  CHECK(yields("sha256($.a)", R"("a":" ")") == "-");
  CHECK(yields("sha256(lower($.a))", R"("a":" Ab ")") == sha256("ab"));
}

TEST_CASE("a match key is hashed once, whether the expression hashes it or not") {
  for (const std::string_view e : {"$.mail", "lower($.mail)", "sha256(lower($.mail))"}) {
    CAPTURE(e);
    const outcome o = map(preset::snap, snap_event(R"("mail":" A@B.example ")"), over("user_data.em", e));
    CHECK(o.at("/user_data/em") == "[\"" + sha256("a@b.example") + "\"]");
  }
}

TEST_CASE("a transform of a list answers for each member") {
  CHECK(yields("lower($.a[*])", R"("a":["A",null,"B",{}])") == R"(["a","b"])");
  CHECK(yields("lower($.a)", R"("a":["A","B"])") == R"(["a","b"])");
  CHECK(has_probe("number($.a[*].p)", R"("a":[{"p":"1.5"},{"p":"x"},{"p":2}])", "[1.5,2]"));
  CHECK(has_probe("first(number($.a))", R"("a":["x","2.50","3"])", "2.50"));
  const outcome o =
      map(preset::snap, snap_event(R"("c":[{"m":"A@B.example"},{"m":"C@D.example"}])"), over("user_data.em", "lower($.c[*].m)"));
  CHECK(o.at("/user_data/em") == "[\"" + sha256("a@b.example") + "\",\"" + sha256("c@d.example") + "\"]");
}

TEST_CASE("sum adds exactly, over the rows of a list or of the one event") {
  CHECK(has_probe("sum($.l[*].p * $.l[*].q)", lines, "59.80"));
  CHECK(has_probe("sum($.l[*].q)", lines, "3"));
  CHECK(has_probe("sum($.n[*])", R"("n":[0.1,0.2])", "0.3"));
  CHECK(has_probe("sum($.p * $.q)", R"("p":"19.90","q":3)", "59.70"));
  CHECK(has_probe("sum($.l[*].p * $.rate)", lines + R"(,"rate":"2")", "79.80"));
  CHECK(has_probe("sum($.o[1].l[*].p)", R"("o":[{"l":[{"p":9}]},{"l":[{"p":1},{"p":2}]}])", "3"));
}

TEST_CASE("a sum with a gap is unknown, never too small") {
  CHECK(yields("sum($.l[*].p)", R"("l":[{"p":1},{}])") == "-");
  CHECK(yields("sum($.l[*].p)", R"("l":[{"p":1},{"p":"1,299.00"}])") == "-");
  CHECK(yields("sum($.l[*].p)", R"("l":[{"p":1},null])") == "-");
  CHECK(yields("sum($.l[*].p * $.l[*].q)", R"("l":[{"p":1,"q":2},{"q":2}])") == "-");
  CHECK(yields("sum($.l[*].p * $.l[*].q)", R"("l":[{"p":1},{"p":1,"q":2}])") == "-");
  CHECK(yields("sum($.l[*].p)", R"("l":[])") == "-");
  CHECK(yields("sum($.l[*].p)", R"("l":{"p":1})") == "-");
  CHECK(yields("sum($.l[*].p) | $.t", R"("l":[{}],"t":5)") == "5");
}

TEST_CASE("a factor may say what counts where it is absent") {
  CHECK(has_probe("sum($.l[*].p * ($.l[*].q | default('1')))", R"("l":[{"p":1.50,"q":2},{"p":4}])", "7.00"));
  CHECK(yields("sum($.l[*].p * ($.l[*].q | default('1')))", R"("l":[{"p":1.50,"q":"two"}])") == "-");
}

TEST_CASE("default counts after the preset's own value, a literal before it") {
  const std::string own = R"("properties":{"query":"shoes"})";
  const auto search = [&](std::string_view e, std::string_view properties) {
    return map(preset::segment, segment("Products Searched", properties), over("custom_data.search_string", e))
        .at("/custom_data/search_string");
  };
  CHECK(search("$.x | 'literal'", R"({"query":"shoes"})") == "literal");
  CHECK(search("$.x | default('none')", R"({"query":"shoes"})") == "shoes");
  CHECK(search("$.x | default('none')", "{}") == "none");
  CHECK(search("default('none')", R"({"query":"shoes"})") == "shoes");
  CHECK(search("default('none')", "{}") == "none");
}

TEST_CASE("default counts after what the product lines say") {
  const auto items = [](std::string_view properties) {
    return map(preset::segment, segment("Product Added", properties), over("custom_data.num_items", "default('1')"))
        .at("/custom_data/num_items");
  };
  CHECK(items(R"({"products":[{"product_id":"a","quantity":2},{"product_id":"b"}]})") == "3");
  CHECK(items(R"({"quantity":5})") == "5");
  CHECK(items("{}") == "1");
  const auto has_value = [](std::string_view properties, const std::string& value) {
    return map(preset::rudder, rudder("Checkout Started", properties), over("custom_data.value", "$.x | default('9.90')"))
        .has("\"value\":" + value);
  };
  CHECK(has_value(R"({"products":[{"product_id":"a","quantity":2,"price":3}]})", "6"));
  CHECK(has_value("{}", "9.90"));
}

TEST_CASE("transforms nest, and take alternatives") {
  CHECK(yields("lower($.a | $.b)", R"("b":"B")") == "b");
  CHECK(yields("lower(first($.a) | $.b)", R"("a":[],"b":"B")") == "b");
  CHECK(yields("lower('ABC')", "") == "abc");
  CHECK(yields("iso_country(first($.a[*].c))", R"("a":[{"c":"France"},{"c":"Spain"}])") == "fr");
  given g;
  g.value = snap_event();
  g.key = R"({"id":"AB-12"})";
  CHECK(map(preset::snap, g, over("custom_data.probe", "lower($key.id)")).at("/custom_data/probe") == "ab-12");
  CHECK(map(preset::snap, g, over("custom_data.probe", "digits($key.id)")).at("/custom_data/probe") == "12");
}
