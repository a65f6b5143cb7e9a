// PostHog (source-formats.md §2) in its forms: what destinations get, lines of a batch export, the pipeline's own topics with
// their JSON in texts, bodies of the capture API. The export's form names everything; the others are read as if they had it. Not
// followed where PostHog's own destination goes wrong: places derived from an IP address are not the person's, `order_id` is
// read, lists of products count as lists, digests are kept, an app's event is an app's.
#include "event/preset/preset.hpp"

namespace snap::event {
namespace {

constexpr name_row names[] = {
    {"$pageview", "PAGE_VIEW"},
    {"Order Completed", "PURCHASE"},
    {"Checkout Started", "START_CHECKOUT"},
    {"Product Added", "ADD_CART"},
    {"Payment Info Entered", "ADD_BILLING"},
    {"Promotion Clicked", "AD_CLICK"},
    {"Promotion Viewed", "AD_VIEW"},
    {"Product Added to Wishlist", "ADD_TO_WISHLIST"},
    {"Product Viewed", "VIEW_CONTENT"},
    {"Product List Viewed", "VIEW_CONTENT"},
    {"Products Searched", "SEARCH"},
    {"Application Installed", "APP_INSTALL"},
    {"Application Opened", "APP_OPEN"},
    {"Signed Up", "SIGN_UP"},
    {"Signed In", "LOGIN"},
    {"Product Shared", "SHARE"},
};

constexpr place places[] = {
    {"$.event", "$"},
    {"$.data", "$"},
    {"$.batch[*]", "$"},
    {"$.person.properties", "$.person_properties"},
};
constexpr std::string_view texts[] = {"$.data", "$.properties", "$.person_properties"};

constexpr choice left_out[] = {
    {"$.properties.$is_emulator", "true, 1", "", "the event comes from an emulator ($is_emulator)"},
    {"$.historical_migration", "true, 1", "", "the event belongs to an import of history (historical_migration)"},
};

constexpr std::string_view app_libraries = "posthog-ios, posthog-android, posthog-react-native, posthog-flutter";

constexpr choice action_source[] = {
    {"$.properties.$lib", app_libraries, "", "MOBILE_APP"},
    {"$.properties.$app_namespace", "", "", "MOBILE_APP"},
    {"$.properties.$lib", "web, posthog-js", "", "WEB"},
    {"$.properties.$current_url", "", "", "WEB"},
    {"", "", "", "OFFLINE"},
};

// The pixel knows a person by the identifier that the site gave, not by one that PostHog made up for a device.
constexpr choice identified[] = {
    {"$.properties.$is_identified", "true, 1", "", ""},
    {.from = "$.distinct_id",
     .is = "",
     .unless = "",
     .then = "",
     .with = "$.person_id | $.person.id | $.person.uuid",
     .differs = "$.properties.$device_id"},
};

// What a server's library reports is the server's own address.
constexpr choice of_the_person[] = {
    {"", "", "$.properties.$lib", ""},
    {"$.properties.$lib", "web, posthog-js, posthog-ios, posthog-android, posthog-react-native, posthog-flutter", "", ""},
};

constexpr field_source field_rows[] = {
    {"event_time", "$.timestamp"},
    {"event_id", "$.uuid"},
    {"event_source_url", "$.properties.$current_url", "", "WEB"},

    {"user_data.em", "$.person_properties.email | $.properties.$set.email | $.properties.email"},
    {"user_data.ph", "$.person_properties.phone | $.properties.$set.phone | $.properties.phone"},
    {.field = "user_data.external_id", .from = "$.distinct_id", .only_if = identified},
    {"user_data.fn",
     "$.person_properties.first_name | $.person_properties.firstName | $.properties.$set.first_name | "
     "$.properties.$set.firstName"},
    {"user_data.ln",
     "$.person_properties.last_name | $.person_properties.lastName | $.properties.$set.last_name | $.properties.$set.lastName"},
    {"user_data.country", "$.person_properties.country | $.properties.$set.country"},
    {"user_data.ct", "$.person_properties.city | $.properties.$set.city"},
    {"user_data.st", "$.person_properties.state | $.properties.$set.state"},
    {"user_data.zp",
     "$.person_properties.zip | $.person_properties.postal_code | $.properties.$set.zip | $.properties.$set.postal_code"},
    {.field = "user_data.client_ip_address", .from = "$.properties.$ip", .only_if = of_the_person},
    {"user_data.client_user_agent", "$.properties.$raw_user_agent"},
    {.field = "user_data.sc_click_id",
     .from = "$.properties.sccid | $.person_properties.sccid | $.properties.$set.sccid | $.person_properties.$initial_sccid | "
             "$.properties.$set.$initial_sccid",
     .url = "$.properties.$current_url",
     .parameter = "ScCid"},
    {"user_data.sc_cookie1", "$.properties._scid | $.properties.sc_cookie1"},

    {"custom_data.value", "$.properties.revenue | $.properties.total | $.properties.value", "PURCHASE", "", from_lines::sum},
    {"custom_data.value", "$.properties.value | $.properties.revenue | $.properties.total", "START_CHECKOUT", "",
     from_lines::sum},
    {"custom_data.value", "$.properties.value | sum($.properties.price * ($.properties.quantity | default('1')))"},
    {"custom_data.currency", "$.properties.currency"},
    {"custom_data.order_id",
     "$.properties.order_id | $.properties.orderId | $.properties.transaction_id | $.properties.transactionId"},
    {"custom_data.num_items", "", "", "", from_lines::units},
    {"custom_data.content_ids", "", "", "", from_lines::ids},
    {"custom_data.content_category", "", "", "", from_lines::categories},
    {"custom_data.contents", "", "", "", from_lines::contents},
    {"custom_data.brands", "", "", "", from_lines::brands},
    {"custom_data.search_string", "text($.properties.query) | $.properties.search_string"},
};

constexpr line_column columns[] = {
    {"id", "product_id | sku"}, {"quantity", "quantity", "1"}, {"item_price", "price"},
    {"brand", "brand"},         {"category", "category"},
};

constexpr choice platform[] = {
    {"$.properties.$os_name | $.properties.$os", "ios, ipados, tvos, watchos", "", "i2"},
    {"$.properties.$os_name | $.properties.$os", "android", "", "a2"},
};

constexpr extinfo_position extinfo[] = {
    {"$.properties.$app_namespace"},
    {"$.properties.$app_build"},
    {"$.properties.$app_version"},
    {"$.properties.$os_version"},
    {"$.properties.$device_model"},
    {"$.properties.$locale"},
    {""},
    {"$.properties.$network_carrier"},
    {"$.properties.$screen_width", spelling::whole},
    {"$.properties.$screen_height", spelling::whole},
    {"$.properties.$screen_density"},
    {""},
    {""},
    {""},
    {"$.properties.$timezone"},
};

}  // namespace

extern constexpr preset_table posthog_preset{
    .id = config::preset::posthog,
    .name = "posthog",
    .about = "PostHog: events of its destinations, batch exports, pipeline topics and capture API.",
    .event_name = "$.name | $.event",
    .names = names,
    .left_out = left_out,
    .action_source = action_source,
    .fields = field_rows,
    .lines = "$.properties.products",
    .single = "$.properties",
    .columns = columns,
    .single_columns = columns,
    .single_is = one_product::is_a_list,
    .platform = platform,
    .extinfo = extinfo,
    .blank = blank_text::is_absent,
    .zone = no_zone::is_utc,
    .members = "$.batch",
    .places = places,
    .texts = texts,
};

}  // namespace snap::event
