// The one immutable result of reading a configuration; every other room gets it by const reference. Valid by construction:
// read_settings() (config/read.hpp) only returns one when no issue is an error. Field comments name the configuration key;
// meanings, units and defaults are in the key table (config/keys.cpp), once.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "event/expression.hpp"
#include "sca/secret.hpp"

namespace snap::config {

using milliseconds = std::chrono::milliseconds;

enum class preset : std::uint8_t { snap, segment, rudder, ga4, posthog, mparticle };
enum class compat : std::uint8_t { none, rudder, segment };
enum class unknown_event : std::uint8_t { reject, skip, pass };
enum class action_source : std::uint8_t { web, mobile_app, offline };
enum class too_old : std::uint8_t { reject, skip, send };
enum class no_identity : std::uint8_t { reject, skip, send };
enum class no_consent : std::uint8_t { skip, ldu, strip };
enum class envelope : std::uint8_t { detect, none, connect, debezium, cloudevents, confluent };  // detect is spelled auto
enum class snapshot_rows : std::uint8_t { skip, send };
enum class tombstone : std::uint8_t { skip, reject };
enum class time_precision : std::uint8_t { s, ms };

// Where a token comes from: exactly one is set.
struct token_source {
  sca::secret value;           // …access.token
  std::filesystem::path file;  // …access.token.file
  friend bool operator==(const token_source&, const token_source&) = default;
};

// Where an event can go: one asset with one token. Batches never mix lanes.
struct lane {
  std::string asset_id;     // the path segment: Pixel ID, or Snap App ID
  std::uint32_t token = 0;  // index into settings::tokens
  std::string alias;        // of asset.route, "" for snapchat.*; error texts name it
};
inline constexpr std::uint32_t no_lane = 0xffffffff;

// What asset.route's alias leads to; routes[0] is snapchat.*, alias "".
struct route {
  std::string alias;
  std::uint32_t pixel_lane = no_lane;  // WEB and OFFLINE
  std::uint32_t app_lane = no_lane;    // MOBILE_APP
  std::string app_id;                  // snapchat.app.id / asset.<alias>.app.id
};

struct mapping_settings {
  preset from = preset::snap;
  compat peer = compat::none;
  std::vector<std::pair<std::string, std::string>> event_names;  // mapping.event.names, in order, as written
  unknown_event unknown = unknown_event::reject;
  std::vector<std::pair<std::string, event::expression>> fields;  // mapping.field.<path>: dotted output path, expression
  event::expression event_id;                                     // empty: the preset's own
  std::optional<action_source> source;                            // mapping.action.source; nullopt: auto
  event::expression phone_country;                                // a plain code is compiled to a literal
  std::string default_currency;                                   // "" none
  milliseconds max_age_online{}, max_age_offline{};
  too_old old = too_old::reject;
  milliseconds future_max{};
  time_precision precision = time_precision::s;
  no_identity identity = no_identity::reject;
  event::expression consent;
  std::vector<std::string> consent_granted;
  no_consent denied = no_consent::skip;
  envelope wrap = envelope::detect;
  snapshot_rows snapshot = snapshot_rows::skip;
  event::expression limited_use;
  std::vector<std::string> limited_use_values;
  std::string limited_use_token;  // LDU or LMU
  event::expression asset_route;
  tombstone nulls = tombstone::skip;
  std::string integration;  // snapchat.integration, "" none
};

struct batch_settings {
  std::uint32_t max_events = 2000;
  std::uint64_t max_bytes = 2'000'000;  // of the body, envelope included
  milliseconds linger{500};
  std::string test_event_code;  // goes into the envelope
};

struct buffer_settings {
  std::uint32_t max_records = 20'000;
  std::uint64_t max_bytes = 32ull << 20;
};

struct retry_settings {
  milliseconds backoff{200}, backoff_max{60'000};
  milliseconds timeout{-1};  // -1: for ever
};

struct endpoint {
  std::string host;  // without brackets
  std::uint16_t port = 443;
  std::string path;       // prefix, without a trailing '/'
  std::string authority;  // as the Host header wants it
};

struct proxy {
  std::string host;  // "" none
  std::uint16_t port = 0;
  sca::secret credentials;  // "user:pass", "" none
};

enum class tls_version : std::uint8_t { v1_2, v1_3 };

struct net_settings {
  endpoint to;
  bool validate_only = false;  // snapchat.test.mode=validate
  std::uint32_t max_in_flight = 4;
  milliseconds connect_timeout{10'000}, request_timeout{30'000};
  double requests_per_second = 0;  // per token; 0 none
  std::filesystem::path ca_file;   // "" the system's
  tls_version min_tls = tls_version::v1_2;
  config::proxy proxy;
};

struct settings {
  mapping_settings mapping;
  batch_settings batch;
  buffer_settings buffer;
  retry_settings retry;
  net_settings net;
  std::vector<token_source> tokens;
  std::vector<lane> lanes;
  std::vector<route> routes;  // never empty
};

}  // namespace snap::config
