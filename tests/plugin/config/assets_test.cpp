// Tokens, assets, routes.
#include <catch2/catch.hpp>

#include "support.hpp"

using namespace config_test;
using snap::config::no_lane;

TEST_CASE("a token comes from exactly one place") {
  CHECK(read_with({{"snapchat.access.token.file", "/run/token"}})
            .has_error("snapchat.access.token.file", "conflict", "snapchat.access.token"));
  CHECK(read_with({{"snapchat.access.token", ""}}).has_error("snapchat.access.token", "required"));
}

TEST_CASE("a reference that the host left standing is an error, but not in a preview") {
  CHECK(read_with({{"snapchat.access.token", "${file:/run/s:token}"}}).has_error("snapchat.access.token", "unresolved"));
  const reading r =
      read_with({{"snapchat.access.token", "${file:/run/s:token}"}, {"proxy.url", "${env:PROXY}"}}, secrets::optional);
  INFO(r.text());
  REQUIRE(r.result);
  CHECK(r.result->tokens.at(0).value.empty());
  CHECK(r.result->net.proxy.host.empty());
}

TEST_CASE("a preview needs no token") {
  const reading r = read_with({{"snapchat.access.token", ""}}, secrets::optional);
  INFO(r.text());
  REQUIRE(r.result);
  CHECK(r.result->tokens.size() == 1);
  CHECK(r.result->lanes.at(0).token == 0);
}

TEST_CASE("a preview still needs an asset") {
  CHECK(read_only({}, secrets::optional).has_error("snapchat.pixel.id", "required"));
}

TEST_CASE("pixel and app are two lanes of one token") {
  const reading r = read_with({{"snapchat.snap.app.id", app}, {"snapchat.app.id", "123"}});
  REQUIRE(r.result);
  const settings& s = *r.result;
  REQUIRE(s.lanes.size() == 2);
  CHECK(s.lanes[s.routes[0].pixel_lane].asset_id == pixel);
  CHECK(s.lanes[s.routes[0].app_lane].asset_id == app);
  CHECK(s.lanes[0].token == s.lanes[1].token);
  CHECK(s.routes[0].alias.empty());
}

TEST_CASE("an alias inherits the token, never the ids") {
  const reading r = read_with({{"asset.route", "$.b"}, {"asset.eu.pixel.id", app}, {"snapchat.app.id", "123"}});
  INFO(r.text());
  REQUIRE(r.result);
  const settings& s = *r.result;
  REQUIRE(s.routes.size() == 2);
  CHECK(s.routes[1].alias == "eu");
  CHECK(s.lanes[s.routes[1].pixel_lane].asset_id == app);
  CHECK(s.lanes[s.routes[1].pixel_lane].alias == "eu");
  CHECK(s.lanes[s.routes[1].pixel_lane].token == 0);
  CHECK(s.routes[1].app_lane == no_lane);
  CHECK(s.routes[1].app_id.empty());
}

TEST_CASE("an alias with its own token uses it, and its name may hold dots") {
  const reading r =
      read_with({{"asset.route", "$.b"}, {"asset.shop.one.snap.app.id", app}, {"asset.shop.one.access.token", "own"}});
  INFO(r.text());
  REQUIRE(r.result);
  const settings& s = *r.result;
  CHECK(s.routes.at(1).alias == "shop.one");
  CHECK(s.tokens.at(s.lanes.at(s.routes.at(1).app_lane).token).value.reveal() == "own");
  CHECK(s.routes.at(1).pixel_lane == no_lane);
}

TEST_CASE("when every alias brings asset and token, snapchat.* needs neither") {
  const reading r = read_only({{"asset.route", "$.b"}, {"asset.a.pixel.id", pixel}, {"asset.a.access.token", "t"}});
  INFO(r.text());
  REQUIRE(r.result);
  CHECK(r.result->tokens.size() == 1);
  CHECK(r.result->lanes.size() == 1);
  CHECK(r.result->routes.at(0).pixel_lane == no_lane);
}

TEST_CASE("an alias without its own token needs the shared one") {
  CHECK(read_only({{"asset.route", "$.b"}, {"asset.a.pixel.id", pixel}}).has_error("snapchat.access.token", "required"));
}

TEST_CASE("an alias that leads to no asset is an error") {
  const reading r = read_with({{"asset.route", "$.b"}, {"asset.a.access.token", "t"}});
  CHECK(r.has_error("asset.a.pixel.id", "required", "asset.a.snap.app.id"));
}

TEST_CASE("an alias has at most one source of its token") {
  const reading r = read_with(
      {{"asset.route", "$.b"}, {"asset.a.pixel.id", pixel}, {"asset.a.access.token", "t"}, {"asset.a.access.token.file", "/f"}});
  CHECK(r.has_error("asset.a.access.token.file", "conflict", "asset.a.access.token"));
}

TEST_CASE("aliases without a route, and a route without aliases, are warned about") {
  CHECK(read_with({{"asset.a.pixel.id", app}}).has_warning("asset.a.pixel.id", "no effect"));
  CHECK(read_with({{"asset.route", "$.b"}}).has_warning("asset.route", "no effect"));
}
