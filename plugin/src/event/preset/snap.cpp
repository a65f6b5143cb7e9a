// The value already is a v3 event: completed and checked (snap-api.md §1.5 to §1.10). Aliases of action_source: §1.7.
#include "event/preset/preset.hpp"

namespace snap::event {
namespace {

constexpr choice action_source[] = {
    {"$.action_source", "web, website", "", "WEB"},
    {"$.action_source", "mobile_app, app", "", "MOBILE_APP"},
    {"$.action_source", "offline, physical_store, phone_call, email, chat, system_generated, other", "", "OFFLINE"},
};

constexpr field_source field_rows[] = {
    {"user_data.madid", "$.user_data.madid | $.user_data.mobile_ad_id"},  // Snapchat's own SDK spells it so
};

constexpr choice tracking[] = {
    {"$.app_data.advertiser_tracking_enabled", "1, true", "", "1"},
    {"$.app_data.advertiser_tracking_enabled", "0, false", "", "0"},
};

}  // namespace

extern constexpr preset_table snap_preset{
    .id = config::preset::snap,
    .name = "snap",
    .about = "The value already is a Conversions API v3 event. It is completed and checked; clear match keys are hashed.",
    .event_name = "$.event_name",
    .action_source = action_source,
    .fields = field_rows,
    .same_names = true,
    .tracking = tracking,
    .pass_through = "$.custom_data",
};

}  // namespace snap::event
