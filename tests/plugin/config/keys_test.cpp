// Every key: its default, a good value and where it lands, a bad value and its code.
#include <set>

#include <catch2/catch.hpp>

#include "support.hpp"

using namespace config_test;
using namespace std::chrono_literals;
namespace config = snap::config;

namespace {

struct key_case {
  const char* key;
  const char* good;
  bool (*landed)(const settings&);
  const char* bad = nullptr;  // null: every text is a value
  const char* code = nullptr;
};

bool is_value(const snap::event::expression& e, std::string_view member) {
  return e.alternatives.size() == 1 && e.alternatives[0].steps.size() == 1 && e.alternatives[0].steps[0].name == member;
}

const char* const some_uuid = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";

// Applied to a configuration with a token, a pixel and a route to the alias "x".
const key_case cases[] = {
    {"snapchat.access.token", "abc", [](const settings& s) { return s.tokens.at(0).value.reveal() == "abc"; }, "a b", "format"},
    {"snapchat.access.token.file", "/run/token", [](const settings& s) { return s.tokens.at(0).file == "/run/token"; }},
    {"snapchat.pixel.id", some_uuid,
     [](const settings& s) { return s.lanes.at(s.routes.at(0).pixel_lane).asset_id == some_uuid; }, "123", "format"},
    {"snapchat.snap.app.id", some_uuid,
     [](const settings& s) { return s.lanes.at(s.routes.at(0).app_lane).asset_id == some_uuid; }, "123", "format"},
    {"snapchat.app.id", "com.shop", [](const settings& s) { return s.routes.at(0).app_id == "com.shop"; }},
    {"snapchat.mode", "conversions", [](const settings&) { return true; }, "audiences", "choice"},
    {"snapchat.endpoint", "https://relay.example/x", [](const settings& s) { return s.net.to.host == "relay.example"; },
     "http://relay.example", "format"},
    {"snapchat.test.mode", "validate", [](const settings& s) { return s.net.validate_only; }, "on", "choice"},
    {"snapchat.test.event.code", "TEST1", [](const settings& s) { return s.batch.test_event_code == "TEST1"; }},
    {"snapchat.integration", "shop-v1", [](const settings& s) { return s.mapping.integration == "shop-v1"; }},
    {"mapping.preset", "segment", [](const settings& s) { return s.mapping.from == config::preset::segment; }, "meta", "choice"},
    {"mapping.event.names", "Sale:PURCHASE",
     [](const settings& s) {
       return s.mapping.event_names.at(0) == std::pair<std::string, std::string>{"Sale", "PURCHASE"};
     },
     "Sale", "format"},
    {"mapping.event.name.unknown", "pass", [](const settings& s) { return s.mapping.unknown == config::unknown_event::pass; },
     "drop", "choice"},
    {"mapping.field.user_data.em", "$.mail",
     [](const settings& s) {
       return s.mapping.fields.at(0).first == "user_data.em" && is_value(s.mapping.fields.at(0).second, "mail");
     },
     "mail", "expression"},
    {"mapping.event.id", "$.id", [](const settings& s) { return is_value(s.mapping.event_id, "id"); }, "$.", "expression"},
    {"mapping.action.source", "OFFLINE", [](const settings& s) { return s.mapping.source == config::action_source::offline; },
     "web", "choice"},
    {"mapping.phone.country", "DE", [](const settings& s) { return s.mapping.phone_country.alternatives.at(0).text == "de"; },
     "XX", "choice"},
    {"mapping.currency.default", "eur", [](const settings& s) { return s.mapping.default_currency == "EUR"; }, "EURO", "choice"},
    {"mapping.compat", "rudder", [](const settings& s) { return s.mapping.peer == config::compat::rudder; }, "meta", "choice"},
    {"record.envelope", "debezium", [](const settings& s) { return s.mapping.wrap == config::envelope::debezium; }, "avro",
     "choice"},
    {"record.snapshot.rows", "send", [](const settings& s) { return s.mapping.snapshot == config::snapshot_rows::send; }, "read",
     "choice"},
    {"tombstone", "reject", [](const settings& s) { return s.mapping.nulls == config::tombstone::reject; }, "send", "choice"},
    {"event.max.age.online.ms", "1000", [](const settings& s) { return s.mapping.max_age_online == 1s; }, "0", "range"},
    {"event.max.age.offline.ms", "1000", [](const settings& s) { return s.mapping.max_age_offline == 1s; }, "7d", "type"},
    {"event.too.old", "send", [](const settings& s) { return s.mapping.old == config::too_old::send; }, "clamp", "choice"},
    {"event.future.max.ms", "0", [](const settings& s) { return s.mapping.future_max == 0ms; }, "-1", "range"},
    {"event.time.precision", "ms", [](const settings& s) { return s.mapping.precision == config::time_precision::ms; }, "us",
     "choice"},
    {"identity.missing", "skip", [](const settings& s) { return s.mapping.identity == config::no_identity::skip; }, "ignore",
     "choice"},
    {"consent.field", "$.ok", [](const settings& s) { return is_value(s.mapping.consent, "ok"); }, "ok", "expression"},
    {"consent.granted.values", "a, b\\,c",
     [](const settings& s) {
       return s.mapping.consent_granted == std::vector<std::string>{"a", "b,c"};
     }},
    {"consent.denied", "strip", [](const settings& s) { return s.mapping.denied == config::no_consent::strip; }, "reject",
     "choice"},
    {"privacy.limited.use", "$.ldu", [](const settings& s) { return is_value(s.mapping.limited_use, "ldu"); }, "$[",
     "expression"},
    {"privacy.limited.use.values", "x",
     [](const settings& s) { return s.mapping.limited_use_values == std::vector<std::string>{"x"}; }},
    {"privacy.limited.use.token", "LMU", [](const settings& s) { return s.mapping.limited_use_token == "LMU"; }, "lmu", "choice"},
    {"asset.route", "$.brand", [](const settings& s) { return is_value(s.mapping.asset_route, "brand"); }, "brand", "expression"},
    {"asset.x.pixel.id", some_uuid, [](const settings& s) { return s.lanes.at(s.routes.at(1).pixel_lane).asset_id == some_uuid; },
     "123", "format"},
    {"asset.x.snap.app.id", some_uuid,
     [](const settings& s) { return s.lanes.at(s.routes.at(1).app_lane).asset_id == some_uuid; }, "123", "format"},
    {"asset.x.app.id", "com.x", [](const settings& s) { return s.routes.at(1).app_id == "com.x"; }},
    {"asset.x.access.token", "xyz", [](const settings& s) { return s.tokens.at(1).value.reveal() == "xyz"; }, "x\ny", "format"},
    {"asset.x.access.token.file", "/run/x", [](const settings& s) { return s.tokens.at(1).file == "/run/x"; }},
    {"batch.max.events", "10", [](const settings& s) { return s.batch.max_events == 10; }, "2001", "range"},
    {"batch.max.bytes", "5000", [](const settings& s) { return s.batch.max_bytes == 5000; }, "2000001", "range"},
    {"batch.linger.ms", "0", [](const settings& s) { return s.batch.linger == 0ms; }, "600001", "range"},
    {"buffer.max.records", "5000", [](const settings& s) { return s.buffer.max_records == 5000; }, "0", "range"},
    {"buffer.max.bytes", "4000000", [](const settings& s) { return s.buffer.max_bytes == 4'000'000; }, "32MiB", "type"},
    {"max.in.flight.requests", "128", [](const settings& s) { return s.net.max_in_flight == 128; }, "129", "range"},
    {"connect.timeout.ms", "1500", [](const settings& s) { return s.net.connect_timeout == 1500ms; }, "0", "range"},
    {"request.timeout.ms", "7000", [](const settings& s) { return s.net.request_timeout == 7s; }, "600001", "range"},
    {"ssl.ca.file", "/etc/ca.pem", [](const settings& s) { return s.net.ca_file == "/etc/ca.pem"; }},
    {"ssl.min.version", "TLSv1.3", [](const settings& s) { return s.net.min_tls == config::tls_version::v1_3; }, "TLSv1.1",
     "choice"},
    {"proxy.url", "http://proxy:3128", [](const settings& s) { return s.net.proxy.host == "proxy" && s.net.proxy.port == 3128; },
     "https://proxy:3128", "format"},
    {"retry.backoff.ms", "1", [](const settings& s) { return s.retry.backoff == 1ms; }, "0", "range"},
    {"retry.backoff.max.ms", "300", [](const settings& s) { return s.retry.backoff_max == 300ms; }, "1e3", "type"},
    {"retry.timeout.ms", "0", [](const settings& s) { return s.retry.timeout == 0ms; }, "-2", "range"},
    {"rate.limit.requests.per.second", "2.5", [](const settings& s) { return s.net.requests_per_second == 2.5; }, "many", "type"},
};

reading read_case(const char* key, const char* value) {
  std::map<std::string, std::string> config{{"snapchat.access.token", token}, {"snapchat.pixel.id", pixel},
                                            {"asset.route", "$.a"},           {"asset.x.pixel.id", pixel},
                                            {"consent.field", "$.c"},         {"privacy.limited.use", "$.l"}};
  if (std::string_view{key} == "snapchat.access.token.file") config.erase("snapchat.access.token");
  config[key] = value;
  return read_raw({config.begin(), config.end()});
}

}  // namespace

TEST_CASE("a good value of every key is accepted and lands in the settings") {
  for (const key_case& c : cases) {
    const reading r = read_case(c.key, c.good);
    INFO(c.key << "=" << c.good << "\n" << r.text());
    CHECK(r.issues.empty());
    REQUIRE(r.result);
    CHECK(c.landed(*r.result));
  }
}

TEST_CASE("a bad value of every key is one error that names the key") {
  for (const key_case& c : cases) {
    if (c.bad == nullptr) continue;
    const reading r = read_case(c.key, c.bad);
    INFO(c.key << "=" << c.bad << "\n" << r.text());
    CHECK(r.has_error(c.key, c.code));
    CHECK(r.issues.size() == 1);
  }
}

TEST_CASE("the cases above are all keys of the table") {
  std::set<std::string> tested;
  for (const key_case& c : cases) {
    std::string name = c.key;
    if (name.starts_with("mapping.field.")) name = "mapping.field.*";
    if (name.starts_with("asset.x.")) name.replace(6, 1, "*");
    tested.insert(name);
  }
  std::set<std::string> known;
  for (const sca_config_key* key : config::keys()) known.emplace(sca::view(key->name));
  CHECK(tested == known);
}

TEST_CASE("a configuration of token and pixel has the documented defaults") {
  const reading r = read_with({});
  INFO(r.text());
  CHECK(r.issues.empty());
  REQUIRE(r.result);
  const settings& s = *r.result;
  CHECK(s.mapping.from == config::preset::snap);
  CHECK(s.mapping.peer == config::compat::none);
  CHECK(s.mapping.unknown == config::unknown_event::reject);
  CHECK_FALSE(s.mapping.source);
  CHECK(s.mapping.max_age_online == std::chrono::hours(24 * 7));
  CHECK(s.mapping.max_age_offline == std::chrono::hours(24 * 37));
  CHECK(s.mapping.old == config::too_old::reject);
  CHECK(s.mapping.future_max == 5min);
  CHECK(s.mapping.precision == config::time_precision::s);
  CHECK(s.mapping.identity == config::no_identity::reject);
  CHECK(s.mapping.consent.empty());
  CHECK(s.mapping.consent_granted == std::vector<std::string>{"granted", "true", "yes", "1"});
  CHECK(s.mapping.denied == config::no_consent::skip);
  CHECK(s.mapping.wrap == config::envelope::detect);
  CHECK(s.mapping.snapshot == config::snapshot_rows::skip);
  CHECK(s.mapping.limited_use_values == std::vector<std::string>{"true", "1", "yes"});
  CHECK(s.mapping.limited_use_token == "LDU");
  CHECK(s.mapping.nulls == config::tombstone::skip);
  CHECK(s.batch.max_events == 2000);
  CHECK(s.batch.max_bytes == 2'000'000);
  CHECK(s.batch.linger == 500ms);
  CHECK(s.buffer.max_records == 20'000);
  CHECK(s.buffer.max_bytes == 33'554'432);
  CHECK(s.retry.backoff == 200ms);
  CHECK(s.retry.backoff_max == 60s);
  CHECK(s.retry.timeout == -1ms);
  CHECK(s.net.to.authority == "tr.snapchat.com");
  CHECK(s.net.to.port == 443);
  CHECK_FALSE(s.net.validate_only);
  CHECK(s.net.max_in_flight == 4);
  CHECK(s.net.connect_timeout == 10s);
  CHECK(s.net.request_timeout == 30s);
  CHECK(s.net.requests_per_second == 0);
  CHECK(s.net.min_tls == config::tls_version::v1_2);
  CHECK(s.net.proxy.host.empty());
  CHECK(s.tokens.size() == 1);
  CHECK(s.lanes.size() == 1);
  CHECK(s.routes.size() == 1);
}

TEST_CASE("every key has a group and a documentation of full sentences") {
  for (const sca_config_key* key : config::keys()) {
    INFO(sca::view(key->name));
    CHECK(key->group.size > 0);
    CHECK(sca::view(key->doc).size() > 40);
    CHECK(sca::view(key->doc).ends_with('.'));
  }
}
