#include <catch2/catch.hpp>

#include "config/url.hpp"

using namespace snap::config;

namespace {
endpoint endpoint_of(std::string_view text) {
  endpoint out;
  INFO(text);
  CHECK(parse_endpoint(text, out).empty());
  return out;
}
proxy proxy_of(std::string_view text) {
  proxy out;
  INFO(text);
  CHECK(parse_proxy(text, out).empty());
  return out;
}
}  // namespace

TEST_CASE("an endpoint is host, port and path prefix") {
  const endpoint plain = endpoint_of("HTTPS://TR.snapchat.com");
  CHECK(plain.host == "tr.snapchat.com");
  CHECK(plain.port == 443);
  CHECK(plain.path.empty());
  CHECK(plain.authority == "tr.snapchat.com");
  const endpoint full = endpoint_of("https://relay.example:8443/snap/");
  CHECK(full.port == 8443);
  CHECK(full.path == "/snap");
  CHECK(full.authority == "relay.example:8443");
  CHECK(endpoint_of("https://relay.example:443").authority == "relay.example");
}

TEST_CASE("an IPv6 literal loses its brackets as a host and keeps them as an authority") {
  const endpoint e = endpoint_of("https://[::1]:8443");
  CHECK(e.host == "::1");
  CHECK(e.authority == "[::1]:8443");
}

TEST_CASE("an endpoint is https and nothing else") {
  for (const auto* bad : {"http://tr.snapchat.com", "tr.snapchat.com", "https://", "https://:443", "https://user@host",
                          "https://host?x=1", "https://host#x", "https://host:0", "https://host:65536", "https://host:",
                          "https://host:8x", "https://ho st", "https://[::1", "https://[host]", "https://h\xC3\xB6st"}) {
    endpoint out;
    CAPTURE(bad);
    CHECK_FALSE(parse_endpoint(bad, out).empty());
  }
}

TEST_CASE("a proxy has a host, a port, and perhaps credentials") {
  const proxy plain = proxy_of("http://proxy.example:3128/");
  CHECK(plain.host == "proxy.example");
  CHECK(plain.port == 3128);
  CHECK(plain.credentials.empty());
  CHECK(proxy_of("http://us%65r:p%40ss%3Aword@[::1]:1").credentials.reveal() == "user:p@ss:word");
  CHECK(proxy_of("http://u:p%21@h:1").credentials.reveal() == "u:p!");
}

TEST_CASE("what is no proxy says what one looks like") {
  for (const auto* bad : {"https://proxy:1", "socks5://proxy:1", "proxy:1", "http://proxy", "http://:1", "http://user@proxy:1",
                          "http://u:p%4@proxy:1", "http://u:p%zz@proxy:1", "http://proxy:1/path"}) {
    proxy out;
    CAPTURE(bad);
    CHECK(parse_proxy(bad, out).find("http://host:port") != std::string::npos);
  }
}
