// What JSON is accepted, and what becomes of its odd corners (interfaces.md §6 "JSON").
#include "support.hpp"

using namespace event_test;

namespace {

std::string code_of(std::string_view value, preset p = preset::segment) {
  const outcome o = map(p, value);
  return o.fate == "send" ? "send" : o.stage + " " + o.code;
}
std::string nested(std::size_t depth) {
  std::string out;
  for (std::size_t i = 0; i < depth; ++i) out += "[";
  for (std::size_t i = 0; i < depth; ++i) out += "]";
  return out;
}

}  // namespace

TEST_CASE("what is no JSON is refused with record.not.json") {
  const auto text =
      GENERATE(values<std::string_view>({"{", "nonsense", "{\"a\":1,}", "{'a':1}", "{\"a\":1} x", "{\"a\":01}", "{\"a\":+1}",
                                         "{\"a\":NaN}", "// c\n{}", "{\"a\":\"\x01\"}", "\"", "\x01", "{\"a\":\"\\x\"}"}));
  CAPTURE(text);
  CHECK(code_of(text) == "decode record.not.json");
}

TEST_CASE("JSON that is no object is refused with record.not.object") {
  const auto text = GENERATE(values<std::string_view>({"[]", "[{}]", "1", "\"text\"", "true", "null", " 3.5 "}));
  CAPTURE(text);
  CHECK(code_of(text) == "decode record.not.object");
}

TEST_CASE("a null or empty value is a tombstone: skipped, or rejected if so configured") {
  given g;
  g.null_value = true;
  CHECK(map(preset::snap, g).fate == "skip");
  CHECK(map(preset::snap, g).code == "record.tombstone");
  g.null_value = false;
  CHECK(map(preset::snap, g).code == "record.tombstone");
  CHECK(map(preset::snap, g, [](auto& s) { s.mapping.nulls = snap::config::tombstone::reject; }).fate == "reject");
}

TEST_CASE("invalid UTF-8 and lone surrogates are refused") {
  const auto text = GENERATE(values<std::string_view>(
      {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\\ud800", "\\udc00", "\\ud83dx", "\\ud83d\\u0041"}));
  CAPTURE(text);
  CHECK(code_of(segment("Signed Up", R"({"query":")" + std::string(text) + R"("})")) == "decode record.not.json");
  CHECK(code_of(segment("Signed Up", R"({"nobody reads this":")" + std::string(text) + R"("})")) == "decode record.not.json");
}

TEST_CASE("a byte order mark is skipped") { CHECK(code_of("\xEF\xBB\xBF" + segment("Signed Up")) == "send"); }

TEST_CASE("64 levels are read, 65 are not, and 10 000 do no harm") {
  const auto with = [](std::size_t depth) { return segment("Signed Up", "{}", R"("deep":)" + nested(depth)); };
  CHECK(code_of(with(63)) == "send");  // the object around it is the first level
  CHECK(code_of(with(64)) == "decode record.not.json");
  CHECK(code_of(with(10'000)) == "decode record.not.json");
  CHECK_THAT(map(preset::segment, with(64)).message, Catch::Contains("64 levels"));
}

TEST_CASE("a record of 5 MB is read, and its wanted members found") {
  const std::string filler(5'000'000, 'x');
  CHECK(code_of(segment("Signed Up", "{}", R"("filler":")" + filler + "\"")) == "send");
  // escapes make the decoder copy it
  std::string escaped;
  for (int i = 0; i < 800'000; ++i) escaped += "\\u00e9";
  const outcome o = map(preset::segment, segment("Signed Up", R"({"query":")" + escaped + "\"}"));
  REQUIRE(o.fate == "send");
  CHECK(o.at("/custom_data/search_string").size() == 1'600'000);
}

TEST_CASE("an event that alone exceeds batch.max.bytes with its envelope is refused") {
  const std::string value = segment("Signed Up", R"({"query":")" + std::string(3000, 'q') + "\"}");
  const std::size_t size = map(preset::segment, value).json().size();
  const auto limit = [&](std::size_t bytes, std::string test_code) {
    return map(preset::segment, value,
               [&](auto& s) {
                 s.batch.max_bytes = bytes;
                 s.batch.test_event_code = test_code;
               })
        .code;
  };
  CHECK(limit(size + 11, "") == "");  // {"data":[]}
  CHECK(limit(size + 10, "") == "record.too.large");
  CHECK(limit(size + 11 + 28, "TEST\"1") == "");  // ,"test_event_code":"TEST\"1"
  CHECK(limit(size + 11 + 27, "TEST\"1") == "record.too.large");
}

TEST_CASE("of duplicate names the last wins, nested objects included") {
  const auto event = [](std::string_view context) { return map(preset::segment, segment("Signed Up", "{}", context)); };
  const outcome o = event(R"("context":{"ip":"1.2.3.4","userAgent":"A"},"context":{"userAgent":"B"})");
  CHECK(o.at("/user_data/client_user_agent") == "B");
  CHECK(o.at("/user_data/client_ip_address") == "-");
  CHECK(event(R"("context":{"ip":"1.2.3.4"},"context":null)").at("/user_data/client_ip_address") == "-");
  CHECK(event(R"("context":{"ip":"1.2.3.4","ip":"5.6.7.8"})").at("/user_data/client_ip_address") == "5.6.7.8");
  CHECK(event(R"("context":{"\u0069p":"1.2.3.4","ip":"5.6.7.8"})").at("/user_data/client_ip_address") == "5.6.7.8");
}

TEST_CASE("of duplicate names in lists the last wins too") {
  const outcome o = map(preset::segment, segment("Order Completed", R"({"revenue":1,"currency":"EUR",
    "products":[{"product_id":"old","price":1},{"product_id":"old2"}],
    "products":[{"product_id":"x","product_id":"a"},{"product_id":"b","price":2,"price":3}]})"));
  CHECK(o.at("/custom_data/content_ids") == R"(["a","b"])");
  CHECK(o.at("/custom_data/contents/1/item_price") == "3");
  CHECK(o.at("/custom_data/contents/0/item_price") == "-");
}

TEST_CASE("of duplicate names in copied values the last wins, in small and large objects") {
  CHECK(map(preset::snap, snap_event(R"("custom_data":{"x":{"a":1,"b":2,"a":3}})")).at("/custom_data/x") == R"({"b":2,"a":3})");
  std::string many;
  for (int i = 0; i < 40; ++i) many += "\"k" + std::to_string(i % 20) + "\":" + std::to_string(i) + ",";
  const outcome o = map(preset::snap, snap_event(R"("custom_data":{"x":{)" + many + "\"k0\":99}}"));
  CHECK(o.at("/custom_data/x/k0") == "99");
  CHECK(o.at("/custom_data/x/k7") == "27");
  CHECK(o.json().find("\"k7\"") == o.json().rfind("\"k7\""));
}

TEST_CASE("numbers used as ids stay the text they were") {
  const auto id =
      GENERATE(values<std::string_view>({"0", "7", "-12", "9007199254740993", "18446744073709551615", "18446744073709551616",
                                         "123456789012345678901234567890", "1.50", "1e3", "1e400"}));
  CAPTURE(id);
  const outcome o = map(preset::segment, segment("Signed Up", R"({"order_id":)" + std::string(id) + "}"));
  CHECK(o.at("/custom_data/order_id") == id);
}

TEST_CASE("numbers out of range are judged where they are used") {
  const auto purchase = [](std::string_view value) {
    return code_of(segment("Order Completed", R"({"currency":"EUR","revenue":)" + std::string(value) + "}"));
  };
  CHECK(purchase("1e400") == "map value.invalid");
  CHECK(purchase("1e-400") == "map value.invalid");
  CHECK(code_of(segment("Signed Up", R"({"unread":1e400})")) == "send");
  CHECK(map(preset::snap, snap_event(R"("custom_data":{"x":1e400,"y":[1e400,2]})")).at("/custom_data") == R"({"y":[2]})");
}

TEST_CASE("escapes are read and written as JSON has them") {
  const outcome o = map(preset::segment, segment("Signed Up", R"({"query":"a\/b \"q\" \\ \n\t\u0001 \u00e9 \ud83d\ude00"})"));
  CHECK(o.at("/custom_data/search_string") == "a/b \"q\" \\ \n\t\x01 é 😀");
  CHECK(o.has(R"("a/b \"q\" \\ \n\t\u0001 é 😀")"));
}

TEST_CASE("a mapper forgets a record completely before the next one") {
  mapping m(preset::segment);
  CHECK(m(segment("Order Completed", R"({"revenue":1,"currency":"EUR","products":[{"product_id":"a"}]})")).has("content_ids"));
  const outcome next = m(segment("Signed Up"));
  CHECK(next.at("/custom_data") == "-");
  CHECK(m("{").code == "record.not.json");
  CHECK(m(segment("Signed Up")).json() == next.json());
}

TEST_CASE("messages about bad JSON say where, and nothing of the content") {
  const outcome o = map(preset::segment, R"({"email":"jane@example.com","x":tru})");
  CHECK_THAT(o.message, Catch::Contains("near byte"));
  CHECK_THAT(o.message, !Catch::Contains("jane"));
  CHECK_THAT(map(preset::segment, "shop\tweb\t2022-01-01\t").message, Catch::Contains("tabs"));
}
