#include "net/text.hpp"

#include <catch2/catch.hpp>

#include "net/transport.hpp"

using namespace snap::net;

TEST_CASE("server text is shown without controls and bounded") {
  CHECK(shown("plain text", 100) == "plain text");
  CHECK(shown("a\r\nb\x1b\x7f\xc3\xa9", 100) == "a\\x0D\\x0Ab\\x1B\\x7F\\xC3\\xA9");
  CHECK(shown("abcdef", 3) == "abc...");
  CHECK(shown(std::string(1000, '\n'), 40).size() <= 48);
}

TEST_CASE("a query value is percent-encoded") {
  std::string out;
  append_percent_encoded(out, "aZ09-._~ +/=&?#%\xff\n");
  CHECK(out == "aZ09-._~%20%2B%2F%3D%26%3F%23%25%FF%0A");
}

TEST_CASE("a path cannot end the request line") {
  std::string out;
  append_target(out, "/v3/a b\r\nHost: evil/\xc3\xa9");
  CHECK(out == "/v3/a%20b%0D%0AHost:%20evil/%C3%A9");
}

TEST_CASE("base64 by the vectors of RFC 4648") {
  CHECK(base64("").empty());
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foob") == "Zm9vYg==");
  CHECK(base64("fooba") == "Zm9vYmE=");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xff\xfe\xfd") == "//79");
}

TEST_CASE("an IPv6 address stands in brackets before its port") {
  CHECK(host_port("a.example", 443) == "a.example:443");
  CHECK(host_port("::1", 8443) == "[::1]:8443");
}

TEST_CASE("a location is shown without query and fragment") {
  CHECK(shown_location("https://a.example/b?access_token=x#y") == "https://a.example/b");
  CHECK(shown_location("/b#access_token=x") == "/b");
}

TEST_CASE("each link failure has a name of its own") {
  std::vector<std::string_view> seen;
  for (int i = 0; i <= static_cast<int>(link_failure::cancelled); ++i) {
    const auto name = to_string(static_cast<link_failure>(i));
    CHECK(name != "unknown");
    CHECK(std::find(seen.begin(), seen.end(), name) == seen.end());
    seen.push_back(name);
  }
}
