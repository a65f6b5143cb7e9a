// The key table, first part: the account, its assets, and what wraps an event on its way. See keys.cpp.
#pragma once
#include "config/key_rows.hpp"

namespace snap::config {

inline constexpr auto modes = choices({"conversions"});
inline constexpr auto test_modes = choices({"off", "validate"});

inline constexpr sca::config_key snapchat_keys[] = {
    {.name = "snapchat.access.token",
     .type = SCA_TYPE_SECRET,
     .importance = SCA_IMPORTANCE_HIGH,
     .group = group_snapchat,
     .doc = "The long-lived Conversions API token of the organization that owns the assets, as generated in Ads Manager under "
            "Business Details. Exactly one of snapchat.access.token and snapchat.access.token.file is needed. It is never logged "
            "and never returned; a token that Snapchat refuses stops the task."},
    {.name = "snapchat.access.token.file",
     .type = SCA_TYPE_STRING,
     .importance = SCA_IMPORTANCE_HIGH,
     .group = group_snapchat,
     .doc = "Path of a file that holds the access token and nothing else. It is read when the task starts, and again when it "
            "changes or Snapchat answers 401, so a token can be replaced without a restart. Use it instead of "
            "snapchat.access.token."},
    {.name = "snapchat.pixel.id",
     .type = SCA_TYPE_STRING,
     .importance = SCA_IMPORTANCE_HIGH,
     .group = group_snapchat,
     .doc =
         "Pixel ID (a UUID) that receives WEB and OFFLINE events. Without it such events are rejected as asset.missing, unless "
         "asset.route leads them elsewhere."},
    {.name = "snapchat.snap.app.id",
     .type = SCA_TYPE_STRING,
     .importance = SCA_IMPORTANCE_HIGH,
     .group = group_snapchat,
     .doc = "Snap App ID (a UUID) that receives MOBILE_APP events. Without it such events are rejected as asset.missing, unless "
            "asset.route leads them elsewhere."},
    {.name = "snapchat.app.id",
     .type = SCA_TYPE_STRING,
     .group = group_snapchat,
     .doc = "The app's numeric App Store id or Android package name, sent as app_data.app_id of MOBILE_APP events whose record "
            "does not bring its own."},
    {.name = "snapchat.mode",
     .type = SCA_TYPE_STRING,
     .group = group_snapchat,
     .default_value = "conversions",
     .valid_values = modes,
     .doc = "Which API of Snapchat is fed. conversions sends events to the Conversions API v3."},
    {.name = "snapchat.endpoint",
     .type = SCA_TYPE_STRING,
     .importance = SCA_IMPORTANCE_LOW,
     .group = group_snapchat,
     .default_value = "https://tr.snapchat.com",
     .doc = "Base URL of the Conversions API, https only; a port and a path prefix are allowed. Change it for a relay or a test "
            "server only: the access token is sent there."},
    {.name = "snapchat.test.mode",
     .type = SCA_TYPE_STRING,
     .group = group_snapchat,
     .default_value = "off",
     .valid_values = test_modes,
     .doc =
         "validate posts to /events/validate: Snapchat checks the events and shows them in Events Manager's test tool, but does "
         "not count them. off sends for real."},
    {.name = "snapchat.test.event.code",
     .type = SCA_TYPE_STRING,
     .importance = SCA_IMPORTANCE_LOW,
     .group = group_snapchat,
     .doc = "Test code from Events Manager, put into every request. Snapchat accepts events with a test code but does not count "
            "them: remove it for production."},
    {.name = "snapchat.integration",
     .type = SCA_TYPE_STRING,
     .importance = SCA_IMPORTANCE_LOW,
     .group = group_snapchat,
     .doc = "Partner name agreed with Snapchat, sent as `integration` of every event. Not sent when absent."},
};

inline constexpr sca::config_key routing_keys[] = {
    {.name = "asset.route",
     .type = SCA_TYPE_STRING,
     .group = group_routing,
     .doc = "Expression that yields an alias for each record, for example $.brand or $header.shop. The alias names the "
            "asset.<alias>.* "
            "keys that the event goes by. A record without an alias goes to the snapchat.* asset; an alias without keys is "
            "rejected as asset.unknown."},
    {.name = "asset.*.pixel.id",
     .type = SCA_TYPE_STRING,
     .group = group_routing,
     .doc = "Pixel ID (a UUID) for WEB and OFFLINE events of this alias. It is not inherited from snapchat.pixel.id."},
    {.name = "asset.*.snap.app.id",
     .type = SCA_TYPE_STRING,
     .group = group_routing,
     .doc = "Snap App ID (a UUID) for MOBILE_APP events of this alias. It is not inherited from snapchat.snap.app.id."},
    {.name = "asset.*.app.id",
     .type = SCA_TYPE_STRING,
     .importance = SCA_IMPORTANCE_LOW,
     .group = group_routing,
     .doc =
         "The app's store id or package name for this alias, sent as app_data.app_id. It is not inherited from snapchat.app.id."},
    {.name = "asset.*.access.token",
     .type = SCA_TYPE_SECRET,
     .group = group_routing,
     .doc = "Access token for this alias, for assets of another organization. Without it and its .file form the alias uses the "
            "snapchat.* token."},
    {.name = "asset.*.access.token.file",
     .type = SCA_TYPE_STRING,
     .group = group_routing,
     .doc = "Path of a file with this alias's access token, read again as snapchat.access.token.file is."},
};

}  // namespace snap::config
