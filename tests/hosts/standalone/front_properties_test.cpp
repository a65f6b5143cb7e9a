#include "front_catch.hpp"

#include "properties.hpp"

using namespace sinkhost;

namespace {
string_map parsed(std::string_view text) {
  auto out = parse_properties(text);
  REQUIRE(out);
  return *out;
}
}  // namespace

TEST_CASE("keys end at the first separator that is not escaped") {
  const string_map expected = {{"a", "1"}, {"b", "2"}, {"c", "3 = 3"}, {"d:e=f g", "4"}, {"empty", ""}, {"alone", ""}};
  CHECK(parsed("a=1\nb : 2\n  c 3 = 3\nd\\:e\\=f\\ g=4\nempty=\nalone") == expected);
}

TEST_CASE("comments and blank lines are skipped, whatever ends a line") {
  const string_map expected = {{"a", "1"}, {"b", "2 # not a comment"}, {"c", "3"}};
  CHECK(parsed("# one\r\n! two\r  \t# three\n\n\r\na=1\rb=2 # not a comment\r\nc=3") == expected);
}

TEST_CASE("a backslash before the line's end continues it and drops the blanks that follow") {
  const string_map expected = {{"list", "a,b,c"}, {"even", "x\\"}, {"next", "1"}, {"last", "y"}};
  CHECK(parsed("list=a,\\\n   b,\\\r\n\tc\neven=x\\\\\nnext=1\nlast=y\\") == expected);
}

TEST_CASE("a comment does not continue") {
  const string_map expected = {{"a", "1"}};
  CHECK(parsed("# comment \\\na=1") == expected);
}

TEST_CASE("escapes are resolved and unknown ones lose their backslash") {
  const string_map expected = {{"k", "\t\n\r\f\\q\"'=\xC3\xA9\xF0\x9F\x98\x80"}};
  CHECK(parsed("k=\\t\\n\\r\\f\\\\\\q\\\"\\'\\=\\u00e9\\uD83D\\uDE00") == expected);
}

TEST_CASE("trailing blanks belong to the value and leading ones do not") { CHECK(parsed("k =   v  ").at("k") == "v  "); }

TEST_CASE("of a repeated key the last wins") { CHECK(parsed("k=1\nk=2").at("k") == "2"); }

TEST_CASE("a malformed unicode escape names its line") {
  for (const char* bad : {"a=1\nb=\\u12", "a=1\nb=\\u12g4", "a=1\nb=\\uD800", "a=1\nb=\\uDC00\\uD800"}) {
    const auto out = parse_properties(bad);
    REQUIRE_FALSE(out);
    CHECK(out.error().message.find("line 2") != std::string::npos);
  }
}

TEST_CASE("a value that holds NUL is refused by its line") {
  for (const std::string& bad : {std::string("a=1\nb=\\u0000"), std::string("a=1\nb=x\0y", 9)}) {
    const auto out = parse_properties(bad);
    REQUIRE_FALSE(out);
    CHECK_THAT(out.error().message, Catch::Contains("line 2") && Catch::Contains("NUL"));
  }
}

TEST_CASE("properties that are not UTF-8 are refused and a byte order mark is skipped") {
  CHECK_FALSE(parse_properties("a=\xFF"));
  CHECK(parsed("\xEF\xBB\xBF"
               "a=1")
            .at("a") == "1");
}
