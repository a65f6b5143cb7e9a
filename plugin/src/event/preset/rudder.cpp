// RudderStack's event spec (source-formats.md §5, presets.md 2.1). Exceptions that RudderStack ties to a source event stand here
// at its target. Not followed where it sends wrong types or loses data: "null" and text values, scalar content_ids, promotions'
// value under another name, no order_id, `brand` instead of `brands`, an unknown conversion type that hides the channel.
#include "event/preset/preset.hpp"

namespace snap::event {
namespace {

constexpr name_row names[] = {
    {"products_searched", "SEARCH"},        {"product_list_viewed", "VIEW_CONTENT"},
    {"promotion_viewed", "AD_VIEW"},        {"promotion_clicked", "AD_CLICK"},
    {"product_viewed", "VIEW_CONTENT"},     {"product_added", "ADD_CART"},
    {"checkout_started", "START_CHECKOUT"}, {"payment_info_entered", "ADD_BILLING"},
    {"order_completed", "PURCHASE"},        {"product_added_to_wishlist", "ADD_TO_WISHLIST"},
    // sign_up, app_open, page_view, save … custom_event_5 are Snapchat's own names, which every preset accepts
};

constexpr name_row calls[] = {{"page", "PAGE_VIEW"}};

constexpr choice action_source[] = {
    {"$.properties.eventConversionType", "web", "", "WEB"},
    {"$.properties.eventConversionType", "mobile, mobile_app", "", "MOBILE_APP"},
    {"$.properties.eventConversionType", "offline", "", "OFFLINE"},
    {"$.channel", "web", "", "WEB"},
    {"$.channel", "mobile, mobile_app", "", "MOBILE_APP"},
    {"", "", "", "OFFLINE"},
};

constexpr field_source field_rows[] = {
    {"event_time", "$.timestamp | $.originalTimestamp"},
    {"event_id", "$.properties.client_dedup_id | $.properties.order_id | $.properties.orderId | $.messageId",
     "START_CHECKOUT PURCHASE"},
    {"event_id", "$.properties.client_dedup_id | $.properties.checkout_id | $.properties.transactionId | $.messageId",
     "ADD_BILLING"},
    {"event_id", "$.properties.client_dedup_id | $.properties.transaction_id | $.properties.transactionId | $.messageId"},
    {"event_source_url", "$.context.page.url | $.properties.url", "", "WEB"},

    {"user_data.em", "$.traits.email | $.context.traits.email | $.properties.email"},
    {"user_data.ph", "$.traits.phone | $.context.traits.phone | $.properties.phone"},
    {"user_data.external_id", "$.userId | $.anonymousId"},
    {"user_data.fn",
     "$.traits.firstName | $.context.traits.firstName | $.traits.firstname | $.context.traits.firstname | "
     "$.traits.first_name | $.context.traits.first_name"},
    {"user_data.ln",
     "$.traits.lastName | $.context.traits.lastName | $.traits.lastname | $.context.traits.lastname | "
     "$.traits.last_name | $.context.traits.last_name"},
    {"user_data.ge", "$.traits.gender | $.context.traits.gender"},
    {"user_data.country",
     "$.traits.country | $.context.traits.country | $.traits.address.country | $.context.traits.address.country"},
    {"user_data.ct", "$.traits.address.city | $.context.traits.address.city | $.traits.city | $.context.traits.city"},
    {"user_data.st", "$.traits.state | $.context.traits.state | $.traits.address.state | $.context.traits.address.state"},
    {"user_data.zp",
     "$.traits.zip | $.context.traits.zip | $.traits.zipcode | $.context.traits.zipcode | $.traits.zip_code | "
     "$.context.traits.zip_code | $.traits.zipCode | $.context.traits.zipCode | $.traits.postalcode | "
     "$.context.traits.postalcode | $.traits.postal_code | $.context.traits.postal_code | $.traits.postalCode | "
     "$.context.traits.postalCode | $.traits.address.zip | $.context.traits.address.zip | $.traits.address.zipcode | "
     "$.context.traits.address.zipcode | $.traits.address.zip_code | $.context.traits.address.zip_code | "
     "$.traits.address.zipCode | $.context.traits.address.zipCode | $.traits.address.postalcode | "
     "$.context.traits.address.postalcode | $.traits.address.postal_code | $.context.traits.address.postal_code | "
     "$.traits.address.postalCode | $.context.traits.address.postalCode"},
    {"user_data.client_ip_address", "$.context.ip | $.request_ip"},
    {"user_data.client_user_agent", "$.context.userAgent"},
    {"user_data.madid", "$.properties.adId | $.context.device.advertisingId"},
    {"user_data.idfv", "$.properties.idfv | $.context.device.id"},
    {"user_data.sc_click_id", "$.properties.click_id"},
    {"user_data.sc_cookie1", "$.properties.uuid_c1"},

    // the sum of the lines also stands in for a value of 0
    {"custom_data.value", "$.properties.price | $.properties.value | $.properties.revenue",
     "VIEW_CONTENT START_CHECKOUT PURCHASE", "", from_lines::total},
    {"custom_data.value", "$.properties.price | $.properties.value | $.properties.revenue"},
    {"custom_data.currency", "$.properties.currency"},
    {"custom_data.order_id",
     "$.properties.order_id | $.properties.orderId | $.properties.transaction_id | $.properties.transactionId", "PURCHASE"},
    {"custom_data.order_id", "$.properties.order_id | $.properties.orderId"},
    {"custom_data.num_items", "$.properties.number_items | $.properties.quantity", "", "", from_lines::units},
    {"custom_data.content_ids", "", "VIEW_CONTENT ADD_CART ADD_TO_WISHLIST START_CHECKOUT PURCHASE", "", from_lines::ids},
    {"custom_data.content_ids", "$.properties.item_ids", "", "", from_lines::ids},
    {"custom_data.content_category", "$.properties.item_category | $.properties.category", "PURCHASE", "",
     from_lines::categories},
    {"custom_data.content_category", "$.properties.category", "", "", from_lines::categories},
    {"custom_data.contents", "", "", "", from_lines::contents},
    {"custom_data.brands", "$.properties.brands | $.properties.brand", "", "", from_lines::brands},
    {"custom_data.search_string", "", "PURCHASE"},
    {"custom_data.search_string", "$.properties.search_string | $.properties.query", "SEARCH"},
    {"custom_data.search_string", "$.properties.search_string"},
};

constexpr line_column columns[] = {
    {"id", "product_id | sku | id"}, {"quantity", "quantity"},
    {"item_price", "price"},         {"brand", "brand"},
    {"category", "category"},        {"delivery_category", "delivery_category"},
};

constexpr choice platform[] = {
    {"$.context.device.type", "ios, watchos, ipados, tvos", "", "i2"},
    {"$.context.device.type", "android", "", "a2"},
    {"$.context.os.name", "ios, iphone os, watchos, ipados, tvos", "", "i2"},
    {"", "", "", "a2"},
};

constexpr extinfo_position extinfo[] = {
    {"$.context.app.namespace"},
    {"$.context.app.build"},
    {"$.context.app.version"},
    {"$.context.os.version"},
    {"$.context.device.model"},
    {"$.context.locale"},
    {""},
    {"$.context.network.carrier"},
    {"$.context.screen.width"},
    {"$.context.screen.height"},
    {"$.context.screen.density"},
    {"$.properties.cpu_cores"},
    {"$.properties.storage"},
    {"$.properties.free_storage"},
    {"$.context.timezone"},
};

// att_status is Snapchat's 0 or 1, or Apple's 3 (authorized); attTrackingStatus is Apple's number (source-formats.md §7).
constexpr choice tracking[] = {
    {"$.properties.att_status", "1, 3, true", "", "1"},
    {"$.properties.att_status", "0, 2, false", "", "0"},
    {"$.context.device.attTrackingStatus", "3", "", "1"},
};

// Apple's 0 not determined, 1 restricted, 2 denied: the advertising id is not for advertising.
constexpr choice refused_tracking[] = {{"$.context.device.attTrackingStatus", "0, 1, 2", "", "dropped"}};

constexpr choice limited_use[] = {{"$.context.device.attTrackingStatus", "2", "", "set"}};

constexpr std::string_view switches[] = {"Snapchat Conversion", "SNAPCHAT_CONVERSION", "Snapchat"};

}  // namespace

extern constexpr preset_table rudder_preset{
    .id = config::preset::rudder,
    .name = "rudder",
    .about = "RudderStack events, as its Kafka destination and its SDKs write them.",
    .event_name = "$.event",
    .call = "$.type",
    .names = names,
    .calls = calls,
    .action_source = action_source,
    .fields = field_rows,
    .lines = "$.properties.products",
    .single = "$.properties",
    .columns = columns,
    .single_columns = columns,
    .platform = platform,
    .extinfo = extinfo,
    .tracking = tracking,
    .refused_tracking = refused_tracking,
    .limited_use = limited_use,
    .switches = switches,
    .blank = blank_text::is_absent,
};

}  // namespace snap::event
