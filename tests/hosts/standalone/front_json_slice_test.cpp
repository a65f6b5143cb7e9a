#include "front_catch.hpp"

#include "json_slice.hpp"

using namespace sinkhost;

TEST_CASE("a value's bytes are cut out unchanged") {
  for (const std::string value :
       {"25.10", "1e400", "-0", "{\"a\" : 1.0 ,\"a\":2}", "[ 1,2 , [3] ]", "\"\\u00e9\\n\"", "true", "null", "[]", "{}", "{ }"}) {
    const std::string line = " \n" + value + "\t ";
    const auto cut = slice_value(line);
    REQUIRE(cut);
    CHECK(cut->raw == value);
  }
}

TEST_CASE("members come in order with repeated names kept and names unescaped") {
  const auto members = slice_object(R"( {"a":1, "\u0062" : {"c":[1,{"d":2}]} ,"a":null} )");
  REQUIRE(members);
  REQUIRE(members->size() == 3);
  CHECK((*members)[0].name == "a");
  CHECK((*members)[1].name == "b");
  CHECK((*members)[1].value.raw == R"({"c":[1,{"d":2}]})");
  CHECK((*members)[1].value.kind == json_kind::object);
  CHECK((*members)[2].value.kind == json_kind::null);
}

TEST_CASE("items of an array are cut out unchanged") {
  const auto items = slice_array(R"([1.50 , "x",{} , [ ] ])");
  REQUIRE(items);
  REQUIRE(items->size() == 4);
  CHECK((*items)[0].raw == "1.50");
  CHECK((*items)[1].raw == "\"x\"");
  CHECK((*items)[3].raw == "[ ]");
  CHECK(slice_array("[]")->empty());
}

TEST_CASE("text that is not JSON is refused") {
  const std::string bad = GENERATE(as<std::string>{}, "", " ", "{", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}",
                                   "01", "1.", ".5", "+1", "1e", "-", "tru", "nulll", "\"", "\"\\x\"", "\"\\u12g4\"", "\"\n\"",
                                   "[1 2]", "{\"a\":1 \"b\":2}", "1 2", "[}", "{]", "'a'", "NaN", "[1]]");
  INFO(bad);
  CHECK_FALSE(slice_value(bad));
}

TEST_CASE("an error names the column") {
  CHECK(slice_value("[1,x]").error().message == "not JSON at column 4: expected a JSON value");
  CHECK(slice_value("{\"a\":[1").error().message == "the JSON text ends early: expected ',' or ']'");
}

TEST_CASE("every text cut short is refused") {
  const std::string text = R"({"a":[1,{"b":"\u0041\"x"},-1.5e+3],"c":true})";
  REQUIRE(slice_value(text));
  for (std::size_t n = 0; n < text.size(); ++n) CHECK_FALSE(slice_value(text.substr(0, n)));
}

TEST_CASE("any depth is scanned without recursion") {
  const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  CHECK(slice_value(deep));
  CHECK_FALSE(slice_value(deep.substr(1)));
}

TEST_CASE("a string literal is unescaped to UTF-8") {
  CHECK(*unquote(R"("a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00")") == "a\"\\/\b\f\n\r\t\xC3\xA9\xF0\x9F\x98\x80");
  CHECK(*unquote(R"("\u0000")") == std::string(1, '\0'));
}

TEST_CASE("half of a surrogate pair stands for no bytes") {
  for (const char* bad : {R"("\ud800")", R"("\ud800x")", R"("\ud800\u0041")", R"("\udc00")", R"("\ud800\ud800")"})
    CHECK_FALSE(unquote(bad));
}

TEST_CASE("quoting and unquoting give the text back") {
  const std::string text = std::string("\x01\x1f\"\\/\n\t \x7f", 9) + "\xC3\xA9\xF0\x9F\x98\x80";
  CHECK(*unquote(json_quoted(text)) == text);
  CHECK(slice_value(json_quoted(text)));
}

TEST_CASE("what is not UTF-8 is quoted as the replacement character") {
  CHECK(json_quoted("a\xFFz") == "\"a\xEF\xBF\xBDz\"");
  CHECK_FALSE(is_utf8("\xC0\x80"));
  CHECK_FALSE(is_utf8("\xED\xA0\x80"));
  CHECK_FALSE(is_utf8("\xF4\x90\x80\x80"));
  CHECK_FALSE(is_utf8("\xE2\x82"));
  CHECK(is_utf8("\xF4\x8F\xBF\xBF\xE2\x82\xAC"));
}
