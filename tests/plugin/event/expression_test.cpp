#include "support.hpp"

using namespace event_test;
using snap::event::alternative;
using snap::event::parse_expression;
using snap::event::step;

namespace {

// What an expression yields of one record, by way of a field that takes anything.
std::string yields(std::string_view expression, given g) {
  const outcome o = map(preset::snap, g, over("custom_data.probe", expression));
  return o.fate == "send" ? o.at("/custom_data/probe") : o.fate + " " + o.code;
}
given record(std::string_view members) {
  given g;
  g.value = snap_event(members);
  return g;
}

struct mistake {
  std::string_view text;
  std::size_t column;
  std::string_view says;
};

}  // namespace

TEST_CASE("an expression keeps its alternatives in order") {
  const auto e = parse_expression("$.a.b[0].c | $key.id | $header.x-id | $topic | $timestamp | 'it''s'").value();
  REQUIRE(e.alternatives.size() == 6);
  CHECK(e.alternatives[0].steps.size() == 4);
  CHECK(e.alternatives[0].steps[2].what == step::kind::index);
  CHECK(e.alternatives[1].from == alternative::root::key);
  CHECK(e.alternatives[2].text == "x-id");
  CHECK(e.alternatives[3].from == alternative::root::topic);
  CHECK(e.alternatives[4].from == alternative::root::timestamp);
  CHECK(e.alternatives[5].text == "it's");
}

TEST_CASE("a mistake in an expression is reported with its column and a remedy") {
  const auto m = GENERATE(values<mistake>({
      {"", 1, "missing"},
      {"  ", 3, "missing"},
      {"$.a | ", 7, "missing"},
      {"$.a || $.b", 6, "begins with"},
      {"a.b", 1, "begins with"},
      {"$", 2, "path is expected"},
      {"$.", 3, "name is expected"},
      {"$.a..b", 5, "name is expected"},
      {"$.a[", 5, "[0], [*]"},
      {"$.a[0", 6, "']' is expected"},
      {"$.a[1234567890]", 5, "too large"},
      {"$.a[x]", 6, "='text' is expected"},
      {"$.a[x=1]", 7, "quoted text"},
      {"$.a['b]", 5, "not closed"},
      {"'abc", 1, "not closed"},
      {"$.a $.b", 5, "separated by"},
      {"$value.a", 1, "there is no $value"},
      {"$header", 8, "needs a name"},
      {"$header[x]", 9, "quoted header name"},
      {"$.a | $topics", 7, "there is no $topics"},
      {"$.a | upper($.b)", 7, "there is no transform upper; there are lower, digits, sha256"},
      {"lower", 1, "begins with"},
      {"lower()", 7, "begins with"},
      {"lower($.a", 10, "')' is expected"},
      {"lower($.a | )", 13, "begins with"},
      {"lower($.a, $.b)", 10, "')' is expected"},
      {"lower($.a | default('x'))", 13, "last alternative of the whole"},
      {"default('x') | $.a", 14, "nothing may follow default"},
      {"$.a | default", 14, "'(' is expected after default"},
      {"$.a | default($.b)", 15, "quoted text"},
      {"$.a | default('')", 15, "empty text is no value"},
      {"$.a | default('x'", 18, "')' is expected"},
      {"sum()", 5, "paths into the value"},
      {"sum('1')", 5, "paths into the value"},
      {"sum($key.a)", 5, "paths into the value"},
      {"sum($.a[*].b * $.c[*].d)", 16, "one list"},
      {"sum($.a[*].b[*])", 5, "at most one [*]"},
      {"sum($.a[k='v'].b)", 5, "cannot pick"},
      {"sum($.a[*].b * ($.a[*].c))", 25, "default('…')' is expected"},
      {"sum($.a * ($.b | default('x')))", 18, "plain decimal"},
      {"sum($.a | $.b)", 9, "')' is expected"},
      {"first(first(first(first(first(first(first(first(first($.a)))))))))", 49, "nested deeper"},
  }));
  CAPTURE(m.text);
  const auto e = parse_expression(m.text);
  REQUIRE(e.has_error());
  CHECK(e.error().column == m.column);
  CHECK_THAT(e.error().message, Catch::Contains(std::string(m.says)));
}

TEST_CASE("paths reach members, elements, and names with any sign") {
  CHECK(yields("$.a.b", record(R"("a":{"b":"x"})")) == "x");
  CHECK(yields("$['a']['b']", record(R"("a":{"b":"x"})")) == "x");
  CHECK(yields("$['x-ga gcs']", record(R"("x-ga gcs":"G111")")) == "G111");
  CHECK(yields("$.a[1].b", record(R"("a":[{"b":1},{"b":2}])")) == "2");
  CHECK(yields("$.a[2].b", record(R"("a":[{"b":1},{"b":2}])")) == "-");
  CHECK(yields("$.a.b", record(R"("a":"text")")) == "-");
  CHECK(yields("$.$lib.ünï", record(R"("$lib":{"ünï":true})")) == "true");
}

TEST_CASE("[*] collects every element and is absent on a scalar") {
  CHECK(yields("$.a[*].b", record(R"("a":[{"b":1},{"c":9},{"b":"2"},{"b":null}])")) == R"([1,"2"])");
  CHECK(yields("$.a[*]", record(R"("a":[1,2])")) == "[1,2]");
  CHECK(yields("$.a[*] | 'none'", record(R"("a":7)")) == "none");
  CHECK(yields("$.a[*].b | 'none'", record(R"("a":[{"c":1}])")) == "none");
  CHECK(yields("$.a[*][*]", record(R"("a":[[1,2],[3]])")) == "[1,2,3]");
}

TEST_CASE("an index and [*] of the same list both find their values") {
  const auto both = [](snap::config::settings& s) {
    over("custom_data.one", "$.a[1].b")(s);
    over("custom_data.all", "$.a[*].b")(s);
    over("custom_data.whole", "$.a")(s);
  };
  const outcome o = map(preset::snap, snap_event(R"("a":[{"b":1},{"b":2,"c":3}])"), both);
  CHECK(o.at("/custom_data/one") == "2");
  CHECK(o.at("/custom_data/all") == "[1,2]");
  CHECK(o.at("/custom_data/whole") == R"([{"b":1},{"b":2,"c":3}])");
}

TEST_CASE("[name='text'] picks a list's member by one of its fields") {
  const given g =
      record(R"("event_params":[{"key":"a","value":{"s":"1"}},{"key":"page_location","value":{"s":"https://x"}},{"key":7}])");
  CHECK(yields("$.event_params[key='page_location'].value.s", g) == "https://x");
  CHECK(yields("$.event_params[key='nothing'].value.s | 'none'", g) == "none");
  CHECK(yields("$.event_params[key='7'].key", g) == "7");
  CHECK(yields("$.l[*].p[k='x'].v[*]", record(R"("l":[{"p":[{"k":"x","v":[1,2]}]},{"p":[{"k":"x","v":[3]}]}])")) == "[1,2,3]");
}

TEST_CASE("the first alternative that is present and not null wins") {
  CHECK(yields("$.a | $.b | 'c'", record(R"("a":null,"b":"B")")) == "B");
  CHECK(yields("$.a | $.b | 'c'", record(R"("x":1)")) == "c");
  CHECK(yields("$.a | $.b", record(R"("a":"","b":"B")")) == "");  // an empty text is present
  CHECK(yields("$.a | $.b", record(R"("a":false,"b":"B")")) == "false");
}

TEST_CASE("headers, topic and timestamp are reachable, and the last header of a name counts") {
  given g = record("");
  g.headers = {{"ce_id", "first"}, {"ce_id", "last"}, {"my.header", "dots"}, {"bad", "\xff"}};
  g.topic = "shop.orders";
  g.routed_topic = "orders_v2";
  g.timestamp = 1650625078000;
  CHECK(yields("$header.ce_id", g) == "last");
  CHECK(yields("$header.my.header", g) == "dots");
  CHECK(yields("$header['my.header']", g) == "dots");
  CHECK(yields("$header.bad | 'not UTF-8'", g) == "not UTF-8");
  CHECK(yields("$header.Ce_id | 'none'", g) == "none");
  CHECK(yields("$topic", g) == "orders_v2");
  CHECK(yields("$timestamp", g) == "1650625078000");
  g.timestamp.reset();
  CHECK(yields("$timestamp | 'none'", g) == "none");
}

TEST_CASE("a key is text, or JSON with members, also inside Connect's envelope") {
  given g = record("");
  g.key = "user-1";
  CHECK(yields("$key", g) == "user-1");
  CHECK(yields("$key.id | 'none'", g) == "none");
  g.key = R"({"id":7,"email":"a@b.c"})";
  CHECK(yields("$key.id", g) == "7");
  CHECK(yields("$key.email", g) == "a@b.c");
  g.key = R"("quoted")";
  CHECK(yields("$key", g) == "quoted");
  g.key = R"({"schema":{"type":"struct"},"payload":{"id":9}})";
  CHECK(yields("$key.id", g) == "9");
  g.key = "{broken";
  CHECK(yields("$key", g) == "{broken");
  g.key = "\xff";
  CHECK(yields("$key | 'none'", g) == "none");
  g.key.reset();
  CHECK(yields("$key | 'none'", g) == "none");
}
