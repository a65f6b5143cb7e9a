// What concerns no single key: everything at once, slips, secrets, rules across keys.
#include <catch2/catch.hpp>

#include "support.hpp"

using namespace config_test;

TEST_CASE("an empty configuration is told what it needs") {
  const reading r = read_only({});
  INFO(r.text());
  CHECK(r.has_error("snapchat.access.token", "required", "snapchat.access.token.file"));
  CHECK(r.has_error("snapchat.pixel.id", "required", "snapchat.snap.app.id"));
  CHECK(r.issues.size() == 2);
}

TEST_CASE("all issues come at once") {
  const reading r = read_only({{"snapchat.pixel.id", "no"},
                               {"snapchat.pixl.id", "no"},
                               {"mapping.preset", "no"},
                               {"mapping.event.names", "A:NO,B"},
                               {"mapping.field.user_data.emial", "$.a"},
                               {"mapping.currency.default", "no"},
                               {"batch.max.events", "no"},
                               {"proxy.url", "no"},
                               {"snapchat.endpoint", "no"}});
  INFO(r.text());
  CHECK(r.has_error("snapchat.access.token", "required"));
  CHECK(r.has_error("snapchat.pixel.id", "format"));
  CHECK(r.has_error("snapchat.pixl.id", "unknown"));
  CHECK(r.has_error("mapping.preset", "choice"));
  CHECK(r.has_error("mapping.event.names", "choice"));
  CHECK(r.has_error("mapping.event.names", "format"));
  CHECK(r.has_error("mapping.field.user_data.emial", "unknown"));
  CHECK(r.has_error("mapping.currency.default", "choice"));
  CHECK(r.has_error("batch.max.events", "type"));
  CHECK(r.has_error("proxy.url", "format"));
  CHECK(r.has_error("snapchat.endpoint", "format"));
}

TEST_CASE("earlier issues of the caller are neither lost nor counted") {
  std::vector<sca::config_issue> issues{{SCA_ISSUE_ERROR, "host.key", "x", "not ours"}};
  const std::string key = "snapchat.access.token", value = "t", id_key = "snapchat.pixel.id";
  const std::vector<sca_pair> config{{sca::str(key), sca::str(value)}, {sca::str(id_key), sca::str(pixel)}};
  CHECK(snap::config::read_settings(config, secrets::required, issues));
  CHECK(issues.size() == 1);
}

TEST_CASE("a misspelt key of ours is an error with the nearest name, another's key a warning") {
  CHECK(read_with({{"batch.max.event", "5"}}).has_error("batch.max.event", "unknown", "batch.max.events"));
  CHECK(read_with({{"mapping.prest", "snap"}}).has_error("mapping.prest", "unknown", "mapping.preset"));
  CHECK(read_with({{"tombstones", "skip"}}).has_error("tombstones", "unknown", "tombstone"));
  for (const auto* key : {"snapchat.x", "mapping.x", "event.x", "identity.x", "consent.x", "record.x", "privacy.x", "asset.x",
                          "batch.x", "max.x", "buffer.x", "connect.x", "request.x", "retry.x", "rate.x", "ssl.x", "proxy.x"}) {
    CAPTURE(key);
    CHECK(read_with({{key, "1"}}).has_error(key, "unknown"));
  }
  CHECK(read_with({{"errors.tolerance", "all"}}).has_warning("errors.tolerance", "unknown"));
}

TEST_CASE("a key given twice is an error") {
  CHECK(read_only({{"snapchat.access.token", "a"}, {"snapchat.access.token", "b"}, {"snapchat.pixel.id", pixel}})
            .has_error("snapchat.access.token", "duplicate"));
}

TEST_CASE("what is planned is named as such") {
  CHECK(read_with({{"snapchat.mode", "audiences"}}).has_error("snapchat.mode", "choice", "this build cannot feed audiences yet"));
  CHECK(read_with({{"mapping.preset", "meta"}})
            .has_error("mapping.preset", "choice", "snap, segment, rudder, ga4, posthog, mparticle"));
}

TEST_CASE("no message holds a secret") {
  const std::string secret = "s3cr3t";
  const reading r = read_only({{"snapchat.access.token", secret + " " + secret},
                               {"snapchat.access.tokn", "harmless"},
                               {"asset.a.access.token", secret + "\x01"},
                               {"asset.b.access.token", secret},
                               {"asset.b.access.token.file", "/run/b"},
                               {"asset.route", "$.a"},
                               {"proxy.url", "http://user:" + secret + "@host"}});
  INFO(r.text());
  CHECK(r.has_error("snapchat.access.token", "format"));
  CHECK(r.has_error("asset.a.access.token", "format"));
  CHECK(r.has_error("asset.b.access.token.file", "conflict"));
  CHECK(r.has_error("proxy.url", "format", "port"));
  CHECK(r.text().find(secret) == std::string::npos);
}

TEST_CASE("text of a bad value is bounded and printable in messages") {
  const reading r = read_with({{"snapchat.pixel.id", std::string(10'000, 'x') + "\n\x1b[31m"}});
  REQUIRE(r.issue("snapchat.pixel.id"));
  CHECK(r.issue("snapchat.pixel.id")->message.size() < 300);
  CHECK(read_with({{"snapchat.pixel.id", "\x1b[31m\n"}}).text().find('\x1b') == std::string::npos);
}

TEST_CASE("a buffer below one batch is an error, below one batch's events a warning") {
  CHECK(read_with({{"buffer.max.bytes", "1999999"}}).has_error("buffer.max.bytes", "conflict", "batch.max.bytes"));
  CHECK(read_with({{"buffer.max.bytes", "2000000"}}).issues.empty());
  CHECK(read_with({{"buffer.max.records", "1999"}}).has_warning("buffer.max.records", "risky"));
}

TEST_CASE("the first pause of a retry is not above the last") {
  CHECK(read_with({{"retry.backoff.ms", "2000"}, {"retry.backoff.max.ms", "1000"}})
            .has_error("retry.backoff.ms", "conflict", "retry.backoff.max.ms"));
  CHECK(read_with({{"retry.backoff.ms", "1000"}, {"retry.backoff.max.ms", "1000"}}).issues.empty());
}

TEST_CASE("risky values are warnings") {
  CHECK(read_with({{"request.timeout.ms", "4999"}}).has_warning("request.timeout.ms", "risky"));
  CHECK(read_with({{"request.timeout.ms", "5000"}}).issues.empty());
  CHECK(read_with({{"event.max.age.offline.ms", "3196800001"}}).has_warning("event.max.age.offline.ms", "risky"));
  CHECK(read_with({{"event.max.age.online.ms", "3196800001"}}).has_warning("event.max.age.online.ms", "risky"));
  CHECK(read_with({{"event.max.age.online.ms", "3196800000"}}).issues.empty());
}

TEST_CASE("an optional key with an empty value counts as absent") {
  const reading r = read_only({{"snapchat.access.token", token},
                               {"snapchat.pixel.id", pixel},
                               {"snapchat.snap.app.id", ""},
                               {"proxy.url", " "},
                               {"mapping.event.id", ""},
                               {"ssl.ca.file", ""},
                               {"snapchat.access.token.file", ""}});
  INFO(r.text());
  CHECK(r.issues.empty());
  REQUIRE(r.result);
  CHECK(r.result->mapping.event_id.empty());
  CHECK(r.result->routes.at(0).app_lane == snap::config::no_lane);
}

TEST_CASE("an empty endpoint is an error, not the default") {
  CHECK(read_only({{"snapchat.access.token", token}, {"snapchat.pixel.id", pixel}, {"snapchat.endpoint", ""}})
            .has_error("snapchat.endpoint", "required"));
}
