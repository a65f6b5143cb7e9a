// mParticle batches (source-formats.md §3), as all its stream outputs write them and as its SDKs send them: one record, many
// events of one person. Not followed where mParticle's own Snapchat output goes wrong: a purchase of several products is one
// PURCHASE, IP address and device ids are not hashed, an app's event is an app's.
#include "event/preset/preset.hpp"

namespace snap::event {
namespace {

constexpr name_row calls[] = {
    {"commerce.purchase", "PURCHASE"},
    {"commerce.checkout", "START_CHECKOUT"},
    {"commerce.add_to_cart", "ADD_CART"},
    {"commerce.add_to_wishlist", "ADD_TO_WISHLIST"},
    {"commerce.view_detail", "VIEW_CONTENT"},
    {"commerce.impression", "LIST_VIEW"},
    {"promotion.click", "AD_CLICK"},
    {"promotion.view", "AD_VIEW"},
    {"ast.first_run", "APP_INSTALL"},
    {"first_run", "APP_INSTALL"},
    {"ast.application_foreground", "APP_OPEN"},
    {"screen_view", "PAGE_VIEW"},
};

constexpr choice kinds[] = {
    {"$.events[*].event_type", "custom_event", "", ""},
    {"$.events[*].data.product_action.action", "", "", "commerce.*"},
    {"$.events[*].data.promotion_action.action", "", "", "promotion.*"},
    {"$.events[*].event_type", "commerce_event", "", "commerce.impression",
     "$.events[*].data.product_impressions[*].products[*]"},
    {"$.events[*].data.application_transition_type", "application_initialized", "$.events[*].data.is_upgrade", "ast.first_run",
     "$.events[*].data.is_first_run"},
    {"$.events[*].data.application_transition_type", "", "", "ast.*"},
    {"$.events[*].event_type", "", "", "*"},
};

constexpr pair_place pairs[] = {{"$.user_identities", "identity_type", "identity", "$.user_identities"}};

constexpr choice left_out[] = {
    {"$.environment", "development", "", "the batch comes from mParticle's development environment"},
};

constexpr choice action_source[] = {
    {"$.device_info.platform", "ios, android, tvos, fire_tv", "", "MOBILE_APP"},
    {"$.device_info.platform", "web", "", "WEB"},
    {"$.device_info.platform", "out_of_band", "", "OFFLINE"},
    {"$.source_info.channel", "partner, server_to_server", "$.device_info.platform", "OFFLINE"},
    {"$.application_info.os", "ios, android, tvos, fire_tv, firetv", "", "MOBILE_APP"},
    {"$.application_info.os", "web, mobileweb", "", "WEB"},
    {"$.source_info.channel", "native", "", "MOBILE_APP"},
    {"$.source_info.channel", "javascript, pixel", "", "WEB"},
    {"", "", "", "OFFLINE"},
};

constexpr choice one_product_only[] = {{"", "", "$.events[*].data.product_action.products[1]", ""}};
constexpr choice on_android[] = {{"$.device_info.platform", "android, fire_tv", "", ""}};

constexpr field_source field_rows[] = {
    {"event_time", "$.events[*].data.timestamp_unixtime_ms | $.events[*].data.event_start_unixtime_ms"},
    // of several products each has its own flag, and there is one event
    {.field = "event_id",
     .from = "$.events[*].data.custom_flags['SnapchatConversions.ClientDedupId'] | "
             "$.events[*].data.product_action.products[0].custom_attributes['SnapchatConversions.ClientDedupId']",
     .only_if = one_product_only},
    {"event_id",
     "$.events[*].data.custom_flags['SnapchatConversions.ClientDedupId'] | $.events[*].data.source_message_id | "
     "$.events[*].data.message_id | $.events[*].message_id | $.events[*].data.event_id"},
    {"event_source_url",
     "$.events[*].data.custom_flags['SnapchatConversions.PageUrl'] | $.events[*].data.custom_flags.page_url | "
     "$.events[*].data.page_url",
     "", "WEB"},

    {"user_data.em", "$.user_identities.email"},
    {.field = "user_data.ph",
     .from = "$.user_identities.mobile_number | $.user_identities.phone_number_2 | $.user_identities.phone_number_3 | "
             "$.user_attributes.$mobile",
     .alternatives = take::every},
    {"user_data.external_id", "$.user_identities.customer_id"},
    {"user_data.fn", "$.user_attributes.$firstname[0] | $.user_attributes.$firstname"},
    {"user_data.ln", "$.user_attributes.$lastname[0] | $.user_attributes.$lastname"},
    {"user_data.ge", "$.user_attributes.$gender[0] | $.user_attributes.$gender"},
    {"user_data.country", "$.user_attributes.$country[0] | $.user_attributes.$country"},
    {"user_data.ct", "$.user_attributes.$city[0] | $.user_attributes.$city"},
    {"user_data.st", "$.user_attributes.$state[0] | $.user_attributes.$state"},
    {"user_data.zp", "$.user_attributes.$zip[0] | $.user_attributes.$zip"},
    {"user_data.client_ip_address", "$.ip"},
    {"user_data.client_user_agent", "$.device_info.http_header_user_agent"},
    {.field = "user_data.madid", .from = "$.device_info.android_advertising_id", .only_if = on_android},
    {"user_data.madid", "$.device_info.ios_advertising_id | $.device_info.android_advertising_id"},
    {"user_data.idfv", "$.device_info.ios_idfv"},
    {"user_data.sc_click_id", "$.events[*].data.custom_flags['SnapchatConversions.ClickId']"},
    {"user_data.sc_cookie1", "$.events[*].data.custom_flags['SnapchatConversions.Cookie1']"},

    {"custom_data.value", "$.events[*].data.product_action.total_amount", "", "", from_lines::sum},
    {"custom_data.currency", "$.events[*].data.currency_code"},
    {"custom_data.order_id", "$.events[*].data.product_action.transaction_id"},
    {"custom_data.num_items", "", "", "", from_lines::units_or_lines},
    {"custom_data.content_ids", "", "", "", from_lines::ids},
    {"custom_data.content_category", "", "", "", from_lines::categories},
    {"custom_data.contents", "", "", "", from_lines::contents},
    {"custom_data.brands", "", "", "", from_lines::brands},
    {"custom_data.search_string", "$.events[*].data.custom_attributes.search_string"},
    {"custom_data.sign_up_method", "$.events[*].data.custom_attributes.sign_up_method"},
    {"custom_data.event_tag", "$.events[*].data.custom_attributes.event_tag"},
    {"custom_data.description", "$.events[*].data.custom_attributes.description"},
    {"custom_data.level", "$.events[*].data.custom_attributes.level"},
};

constexpr line_column columns[] = {
    {"id", "id"},       {"quantity", "quantity"}, {"item_price", "price"},
    {"brand", "brand"}, {"category", "category"}, {"line_total", "total_product_amount"},
};

constexpr choice platform[] = {
    {"$.device_info.platform", "ios, tvos", "", "i2"},
    {"$.device_info.platform", "android, fire_tv", "", "a2"},
    {"$.application_info.os", "ios, tvos", "", "i2"},
    {"$.application_info.os", "android, fire_tv, firetv", "", "a2"},
};

constexpr extinfo_position extinfo[] = {
    {"$.application_info.package"},
    {"$.application_info.application_build_number"},
    {"$.application_info.application_version"},
    {"$.device_info.os_version"},
    {"$.device_info.device_model"},
    {"$.device_info.locale_language", spelling::locale, "$.device_info.locale_country"},
    {"$.device_info.timezone_offset", spelling::gmt_of_hours},
    {"$.device_info.network_carrier"},
    {"$.device_info.screen_width"},
    {"$.device_info.screen_height"},
    {""},
    {""},
    {""},
    {"$.events[*].data.device_current_state.disk_space_free_bytes", spelling::gigabytes},
    {""},
};

constexpr choice tracking[] = {
    {"$.device_info.att_authorization_status", "authorized", "", "1"},
    {"$.device_info.att_authorization_status", "", "", "0"},
    {.from = "$.device_info.limit_ad_tracking",
     .is = "false, 0",
     .unless = "",
     .then = "1",
     .with = "$.device_info.android_advertising_id"},
};

constexpr choice refused_tracking[] = {
    {.from = "$.device_info.att_authorization_status", .is = "", .unless = "", .then = "dropped", .differs = "'authorized'"},
    {"$.device_info.limit_ad_tracking", "true, 1", "$.device_info.att_authorization_status", "dropped"},
};

// true means that the person opted out of the sale
constexpr choice limited_use[] = {{"$.consent_state.ccpa.data_sale_opt_out.consented", "true, 1", "", ""}};

}  // namespace

extern constexpr preset_table mparticle_preset{
    .id = config::preset::mparticle,
    .name = "mparticle",
    .about = "mParticle batches: one record holds many events of one person, each of which is mapped.",
    .event_name = "$.events[*].data.event_name",
    .calls = calls,
    .kinds = kinds,
    .left_out = left_out,
    .action_source = action_source,
    .fields = field_rows,
    .lines = "$.events[*].data.product_action.products | $.events[*].data.product_impressions[*].products",
    .columns = columns,
    .platform = platform,
    .extinfo = extinfo,
    .tracking = tracking,
    .refused_tracking = refused_tracking,
    .limited_use = limited_use,
    .blank = blank_text::is_absent,
    .members = "$.events",
    .batch = batch_form::required,
    .pairs = pairs,
};

}  // namespace snap::event
