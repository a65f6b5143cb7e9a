// Segment's Spec (source-formats.md §4, presets.md 2.2). Where Segment's own Snapchat destination loses data or sends what
// Snapchat does not want, this table does not follow it: more places for traits and addresses, contents, one product of an event
// without a list, units instead of lines, native action sources.
#include "event/preset/preset.hpp"

namespace snap::event {
namespace {

constexpr name_row names[] = {
    {"Payment Info Entered", "ADD_BILLING"},
    {"Product Added", "ADD_CART"},
    {"Product Added to Wishlist", "ADD_TO_WISHLIST"},
    {"Application Installed", "APP_INSTALL"},
    {"Application Opened", "APP_OPEN"},
    {"Product List Viewed", "LIST_VIEW"},
    {"Signed In", "LOGIN"},
    {"Order Completed", "PURCHASE"},
    {"Products Searched", "SEARCH"},
    {"Product Shared", "SHARE"},
    {"Signed Up", "SIGN_UP"},
    {"Checkout Started", "START_CHECKOUT"},
    {"Product Viewed", "VIEW_CONTENT"},
    // first version of the e-commerce spec, documented as aliases
    {"Completed Order", "PURCHASE"},
    {"Viewed Product", "VIEW_CONTENT"},
    {"Added Product", "ADD_CART"},
    {"Started Order", "START_CHECKOUT"},
    {"Viewed Product Category", "LIST_VIEW"},
};

constexpr name_row calls[] = {{"page", "PAGE_VIEW"}};

constexpr choice action_source[] = {
    {"$.context.device.type", "ios, android, ipados, tvos, watchos", "", "MOBILE_APP"},
    {"$.context.os.name", "ios, iphone os, ipados, tvos, watchos, android", "$.context.page", "MOBILE_APP"},
    {"$.context.channel | $.channel", "mobile", "", "MOBILE_APP"},
    {"$.context.channel | $.channel", "server", "$.context.page", "OFFLINE"},
    {"", "", "", "WEB"},
};

constexpr field_source field_rows[] = {
    {"event_time", "$.timestamp"},
    {"event_id", "$.messageId"},
    {"event_source_url", "$.context.page.url"},

    {"user_data.em", "$.properties.email | $.traits.email | $.context.traits.email"},
    {"user_data.ph", "$.properties.phone | $.traits.phone | $.context.traits.phone"},
    {"user_data.external_id", "$.userId | $.anonymousId"},
    {"user_data.fn",
     "$.context.traits.first_name | $.properties.first_name | $.context.traits.firstName | $.traits.first_name | "
     "$.traits.firstName | $.properties.firstName"},
    {"user_data.ln",
     "$.context.traits.last_name | $.properties.last_name | $.context.traits.lastName | $.traits.last_name | "
     "$.traits.lastName | $.properties.lastName"},
    {"user_data.ge", "$.context.traits.gender | $.properties.gender | $.traits.gender"},
    {"user_data.country", "$.context.traits.address.country | $.properties.address.country | $.traits.address.country"},
    {"user_data.ct", "$.context.traits.address.city | $.properties.address.city | $.traits.address.city"},
    {"user_data.st", "$.context.traits.address.state | $.properties.address.state | $.traits.address.state"},
    {"user_data.zp", "$.context.traits.address.postalCode | $.properties.address.postalCode | $.traits.address.postalCode"},
    {"user_data.client_ip_address", "$.context.ip"},
    {"user_data.client_user_agent", "$.context.userAgent"},
    {"user_data.madid", "$.context.device.advertisingId"},
    {"user_data.idfv", "$.context.device.id"},
    {"user_data.sc_click_id", "$.integrations['Snap Conversions Api'].click_id"},
    {"user_data.sc_cookie1", "$.integrations['Snap Conversions Api'].uuid_c1"},

    {"custom_data.value", "$.properties.revenue | $.properties.total | $.properties.value"},
    {"custom_data.currency", "$.properties.currency"},
    {"custom_data.order_id", "$.properties.order_id"},
    {"custom_data.num_items", "$.properties.quantity", "", "", from_lines::units},
    {"custom_data.content_ids", "", "", "", from_lines::ids},
    {"custom_data.content_category", "", "", "", from_lines::categories},
    {"custom_data.contents", "", "", "", from_lines::contents},
    {"custom_data.brands", "", "", "", from_lines::brands},
    {"custom_data.search_string", "$.properties.query"},

    {"app_data.application_tracking_enabled", "$.context.device.adTrackingEnabled", "", "MOBILE_APP"},
};

constexpr line_column columns[] = {
    {"id", "product_id | sku | id"}, {"quantity", "quantity"},
    {"item_price", "price"},         {"brand", "brand"},
    {"category", "category"},        {"delivery_category", "delivery_category"},
};
constexpr line_column single_columns[] = {
    {"id", "product_id | sku"}, {"quantity", "quantity"}, {"item_price", "price"},
    {"brand", "brand"},         {"category", "category"}, {"delivery_category", "delivery_category"},
};

constexpr choice platform[] = {
    {"$.context.device.type", "ios, ipados, tvos, watchos", "", "i2"},
    {"$.context.device.type", "android", "", "a2"},
    {"$.context.os.name", "ios, iphone os, ipados, tvos, watchos", "", "i2"},
    {"$.context.os.name", "android", "", "a2"},
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
    {""},
    {""},
    {""},
    {"$.context.timezone"},
};

constexpr choice refused_tracking[] = {{"$.context.device.adTrackingEnabled", "false, 0", "", "dropped"}};

constexpr std::string_view switches[] = {"Snap Conversions Api", "Snap Conversions API", "Snapchat Conversions API", "Snapchat"};

}  // namespace

extern constexpr preset_table segment_preset{
    .id = config::preset::segment,
    .name = "segment",
    .about = "Events of Segment's Spec, as its Kafka destination and its libraries write them.",
    .event_name = "$.event",
    .call = "$.type",
    .names = names,
    .calls = calls,
    .action_source = action_source,
    .fields = field_rows,
    .lines = "$.properties.products",
    .single = "$.properties",
    .columns = columns,
    .single_columns = single_columns,
    .platform = platform,
    .extinfo = extinfo,
    .refused_tracking = refused_tracking,
    .switches = switches,
};

}  // namespace snap::event
