// Google Analytics 4 (source-formats.md §1) in its three forms: the event data of a server-side Tag Manager, bodies of the
// Measurement Protocol, rows of the BigQuery export. The Tag Manager's flat form names every parameter; parameters of the other
// two are read as if they stood there. Not followed where tags of the market go wrong: the click id keeps its case, hashed user
// data is used, ids and categories are lists, units are counted instead of lines, no cookie is invented.
#include "event/preset/preset.hpp"

namespace snap::event {
namespace {

constexpr name_row names[] = {
    {"page_view", "PAGE_VIEW"},
    {"gtm.dom", "PAGE_VIEW"},
    {"view_item", "VIEW_CONTENT"},
    {"gtm4wp.productClickEEC", "VIEW_CONTENT"},
    {"view_item_list", "LIST_VIEW"},
    {"add_to_cart", "ADD_CART"},
    {"gtm4wp.addProductToCartEEC", "ADD_CART"},
    {"add_to_wishlist", "ADD_TO_WISHLIST"},
    {"begin_checkout", "START_CHECKOUT"},
    {"add_payment_info", "ADD_BILLING"},
    {"purchase", "PURCHASE"},
    {"gtm4wp.orderCompletedEEC", "PURCHASE"},
    {"sign_up", "SIGN_UP"},
    {"generate_lead", "SIGN_UP"},
    {"search", "SEARCH"},
    {"tutorial_complete", "COMPLETE_TUTORIAL"},
    {"start_trial", "START_TRIAL"},
    {"subscribe", "SUBSCRIBE"},
    {"login", "LOGIN"},
    {"share", "SHARE"},
    {"view_promotion", "AD_VIEW"},
    {"select_promotion", "AD_CLICK"},
    {"level_up", "LEVEL_COMPLETE"},
    {"unlock_achievement", "ACHIEVEMENT_UNLOCKED"},
    {"spend_virtual_currency", "SPENT_CREDITS"},
    {"first_open", "APP_INSTALL"},
    {"app_open", "APP_OPEN"},
    // Left out on purpose: view_search_results comes beside search, in_app_purchase beside purchase; both would count twice.
};

// A publisher's own advertisement was clicked; that says nothing about Snapchat's.
constexpr std::string_view foreign_names[] = {"ad_click"};

constexpr place places[] = {{"$.events[*].params", "$"}};

constexpr pair_place pairs[] = {
    {"$.event_params", "key", "value.string_value | value.int_value | value.double_value | value.float_value", "$"},
};

constexpr choice action_source[] = {
    {"$.app_instance_id", "", "", "MOBILE_APP"},
    {"$.platform", "ios, android", "", "MOBILE_APP"},
    {"", "", "", "WEB"},
};

constexpr field_source field_rows[] = {
    {"event_time", "$.events[*].timestamp_micros | $.event_timestamp | $.event_time | $.timestamp_micros | $.timestamp"},
    {"event_id", "$.event_id | $.transaction_id | $.ecommerce.transaction_id", "PURCHASE"},
    {"event_id", "$.event_id"},
    {"event_source_url", "$.page_location", "", "WEB"},
    {"data_processing_options", "$.data_processing_options[*]"},

    {.field = "user_data.em",
     .from = "$.user_data.email_address | $.user_data.email | $.email",
     .digests = "$.user_data.sha256_email_address"},
    // Google's digest of a phone number includes its '+': it can never be Snapchat's
    {.field = "user_data.ph",
     .from = "$.user_data.phone_number | $.user_data.phone | $.phone",
     .unusable = "$.user_data.sha256_phone_number"},
    {"user_data.external_id", "$.external_id | $.user_id"},
    {.field = "user_data.fn",
     .from = "$.user_data.address.first_name | $.user_data.address[0].first_name",
     .digests = "$.user_data.address.sha256_first_name | $.user_data.address[0].sha256_first_name"},
    {.field = "user_data.ln",
     .from = "$.user_data.address.last_name | $.user_data.address[0].last_name",
     .digests = "$.user_data.address.sha256_last_name | $.user_data.address[0].sha256_last_name"},
    // Google derives geo, event_location and often user_location from the IP address: not what the person said
    {"user_data.country", "$.user_data.address.country | $.user_data.address[0].country"},
    {"user_data.ct", "$.user_data.address.city | $.user_data.address[0].city"},
    {"user_data.st", "$.user_data.address.region | $.user_data.address[0].region"},
    {"user_data.zp", "$.user_data.address.postal_code | $.user_data.address[0].postal_code"},
    {.field = "user_data.client_ip_address", .from = "$.ip_override", .as = reading::up_to_comma},
    {"user_data.client_user_agent", "$.user_agent"},
    {"user_data.madid", "$.device.advertising_id | $.madid"},
    {"user_data.idfv", "$.device.vendor_id | $.idfv"},
    {.field = "user_data.sc_click_id",
     .from = "$.click_id | $._scclid | $.scclid | $.common_cookie._scclid",
     .url = "$.page_location",
     .parameter = "ScCid"},
    {"user_data.sc_cookie1", "$._scid | $.scid | $.common_cookie._scid"},
    {"user_data.subscription_id", "$.subscription_id"},
    {"user_data.lead_id", "$.lead_id"},
    {"user_data.anon_id", "$.anon_id"},

    {"custom_data.value", "$.value | $.ecommerce.purchase_revenue", "PURCHASE", "", from_lines::sum},
    {"custom_data.value", "$.value", "", "", from_lines::sum},
    {"custom_data.currency", "$.currency | $.items[0].currency"},
    {"custom_data.order_id", "$.transaction_id | $.ecommerce.transaction_id"},
    {.field = "custom_data.num_items", .from = "", .lines = from_lines::units, .after_lines = "$.ecommerce.total_item_quantity"},
    {"custom_data.content_ids", "", "", "", from_lines::ids},
    {"custom_data.content_category", "", "", "", from_lines::categories},
    {"custom_data.contents", "", "", "", from_lines::contents},
    {"custom_data.brands", "$.brands", "", "", from_lines::brands},
    {"custom_data.search_string", "$.search_term"},
    {"custom_data.sign_up_method", "$.sign_up_method | $.method", "SIGN_UP"},
    {"custom_data.sign_up_method", "$.sign_up_method"},
    {"custom_data.predicted_ltv", "$.predicted_ltv"},
    {"custom_data.level", "$.level", "LEVEL_COMPLETE"},
};

constexpr line_column columns[] = {
    {"id", "item_id | item_name"}, {"quantity", "quantity", "1"}, {"item_price", "price"},
    {"brand", "item_brand"},       {"category", "item_category"},
};

constexpr choice platform[] = {
    {"$.platform", "ios", "", "i2"},
    {"$.platform", "android", "", "a2"},
    {"$.device.operating_system", "ios, ipados, tvos, watchos", "", "i2"},
    {"$.device.operating_system", "android", "", "a2"},
};

constexpr extinfo_position extinfo[] = {
    {"$.app_info.id"},
    {""},
    {"$.app_info.version"},
    {"$.device.operating_system_version"},
    {"$.device.mobile_model_name | $.device.model"},
    {"$.device.language", spelling::locale},
    {"$.device.time_zone_offset_seconds", spelling::gmt_of_seconds},
    {""},
    {""},
    {""},
    {""},
    {""},
    {""},
    {""},
    {""},
};

constexpr choice tracking[] = {
    {"$.device.advertising_id", "00000000-0000-0000-0000-000000000000", "", "0"},
    {.from = "$.device.is_limited_ad_tracking",
     .is = "false, no, 0",
     .unless = "",
     .then = "1",
     .with = "$.device.advertising_id"},
    {"$.app_data.advertiser_tracking_enabled", "1, true, yes", "", "1"},
};

constexpr choice refused_tracking[] = {{"$.device.is_limited_ad_tracking", "true, yes, 1", "", "dropped"}};

}  // namespace

extern constexpr preset_table ga4_preset{
    .id = config::preset::ga4,
    .name = "ga4",
    .about = "Google Analytics 4: event data of a server-side Tag Manager, Measurement Protocol bodies, BigQuery export rows.",
    .event_name = "$.events[*].name | $.event_name",
    .names = names,
    .foreign_names = foreign_names,
    .action_source = action_source,
    .fields = field_rows,
    .lines = "$.items | $.ecommerce.items",
    .columns = columns,
    .platform = platform,
    .extinfo = extinfo,
    .tracking = tracking,
    .refused_tracking = refused_tracking,
    .blank = blank_text::is_absent,
    .absent_text = "(not set)",
    .members = "$.events",
    .places = places,
    .pairs = pairs,
};

}  // namespace snap::event
