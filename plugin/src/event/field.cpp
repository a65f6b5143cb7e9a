#include "event/field.hpp"

#include <array>

namespace snap::event {
namespace {

namespace n = normalise;
using enum part;

constexpr field_row id(std::string_view path, part in, form as) { return {path, in, as, nullptr, identity::none, meaning::id}; }

constexpr auto table = std::to_array<field_row>({
    {"event_name", root, form::special},
    {"event_time", root, form::special},
    {"action_source", root, form::special},
    {"event_id", root, form::special},
    {"event_source_url", root, form::address},
    {"integration", root, form::text},
    {"opt_out", root, form::flag},
    {"data_processing_options", root, form::options},
    {"data_processing_options_country", root, form::integer},
    {"data_processing_options_state", root, form::integer},

    {"user_data.em", user_data, form::hashed_list, n::email, identity::alone},
    {"user_data.ph", user_data, form::hashed_list, n::phone, identity::alone},
    {"user_data.external_id", user_data, form::hashed_list, n::external_id, identity::none, meaning::id},
    {"user_data.fn", user_data, form::hashed, n::person_name},
    {"user_data.ln", user_data, form::hashed, n::person_name},
    {"user_data.ge", user_data, form::hashed, n::gender},
    {"user_data.country", user_data, form::hashed, n::country},
    {"user_data.ct", user_data, form::hashed, n::city},
    {"user_data.st", user_data, form::hashed, n::state},
    {"user_data.zp", user_data, form::hashed, n::zip},
    {"user_data.client_ip_address", user_data, form::plain_key, n::ip_address, identity::address},
    {"user_data.client_user_agent", user_data, form::plain_text, nullptr, identity::agent},
    {"user_data.madid", user_data, form::plain_key, n::device_id, identity::app_device, meaning::id},
    {"user_data.idfv", user_data, form::plain_key, n::vendor_id, identity::none, meaning::id},
    id("user_data.sc_click_id", user_data, form::plain_text),
    id("user_data.sc_cookie1", user_data, form::plain_text),
    id("user_data.subscription_id", user_data, form::plain_text),
    id("user_data.lead_id", user_data, form::plain_text),
    id("user_data.anon_id", user_data, form::texts),
    id("user_data.download_id", user_data, form::plain_text),
    id("user_data.partner_id", user_data, form::plain_text),

    {"custom_data.value", custom_data, form::amount},
    {"custom_data.currency", custom_data, form::currency, n::currency},
    id("custom_data.order_id", custom_data, form::text),
    {"custom_data.num_items", custom_data, form::integer},
    id("custom_data.content_ids", custom_data, form::texts),
    {"custom_data.content_category", custom_data, form::one_or_texts},
    {"custom_data.content_name", custom_data, form::text},
    {"custom_data.content_type", custom_data, form::text},
    id("custom_data.contents", custom_data, form::contents),
    {"custom_data.brands", custom_data, form::texts},
    {"custom_data.delivery_category", custom_data, form::text},
    {"custom_data.search_string", custom_data, form::text},
    {"custom_data.status", custom_data, form::text},
    {"custom_data.sign_up_method", custom_data, form::text},
    {"custom_data.predicted_ltv", custom_data, form::number},
    {"custom_data.event_tag", custom_data, form::text},
    {"custom_data.custom_fields", custom_data, form::text_map},
    {"custom_data.description", custom_data, form::text},
    {"custom_data.level", custom_data, form::text},
    id("custom_data.destination_ids", custom_data, form::texts),
    {"custom_data.checkin_date", custom_data, form::text},
    {"custom_data.travel_start", custom_data, form::text},
    {"custom_data.travel_end", custom_data, form::text},
    {"custom_data.suggested_destinations", custom_data, form::one_or_texts},
    {"custom_data.destination_airport", custom_data, form::text},
    {"custom_data.origin_airport", custom_data, form::text},
    {"custom_data.country", custom_data, form::text},
    {"custom_data.city", custom_data, form::text},
    {"custom_data.region", custom_data, form::text},
    {"custom_data.neighborhood", custom_data, form::text},
    {"custom_data.departing_departure_date", custom_data, form::text},
    {"custom_data.departing_arrival_date", custom_data, form::text},
    {"custom_data.returning_departure_date", custom_data, form::text},
    {"custom_data.returning_arrival_date", custom_data, form::text},
    {"custom_data.num_adults", custom_data, form::integer},
    {"custom_data.num_children", custom_data, form::integer},
    {"custom_data.num_infants", custom_data, form::integer},
    {"custom_data.hotel_score", custom_data, form::text},
    {"custom_data.postal_code", custom_data, form::text},
    {"custom_data.preferred_neighborhoods", custom_data, form::texts},
    {"custom_data.preferred_star_ratings", custom_data, form::any},
    {"custom_data.suggested_hotels", custom_data, form::texts},

    id("app_data.app_id", app_data, form::text),
    {"app_data.advertiser_tracking_enabled", app_data, form::bit},
    {"app_data.application_tracking_enabled", app_data, form::bit},
    {"app_data.extinfo", app_data, form::extinfo},
    id("app_data.campaign_ids", app_data, form::one_or_texts),
    {"app_data.install_referrer", app_data, form::text},
    {"app_data.installer_package", app_data, form::text},
    id("app_data.windows_attribution_id", app_data, form::text),
    {"app_data.url_schemes", app_data, form::texts},
});

}  // namespace

std::string_view takes(form f) noexcept {
  switch (f) {
    case form::special: return "what decides about the event itself";
    case form::text:
      return "a text that is not blank, or a number, which keeps its digits; of a path with [*] the first such value";
    case form::address: return "a URL with its scheme, as a text";
    case form::number: return "a number, or a text that is a plain decimal like 25.10";
    case form::integer: return "a whole number, or a text that is one";
    case form::flag: return "true or false, also as a text";
    case form::bit: return "true, false, 1, 0, yes or no";
    case form::texts: return "a text or a number, or a list of them";
    case form::one_or_texts: return "a text or a number, or a list of them";
    case form::hashed: return "clear text or a SHA-256 digest of the key's form, or a list of them";
    case form::hashed_list: return "clear text or a SHA-256 digest of the key's form, or a list of them";
    case form::plain_key: return "a text of the key's form";
    case form::plain_text: return "a text that is not blank, or a number; of a path with [*] the first such value";
    case form::currency: return "an ISO 4217 code like EUR, in either case";
    case form::amount: return "a number, or a text that is a plain decimal like 25.10";
    case form::contents: return "an object or a list of objects";
    case form::extinfo: return "a list of 16 texts, numbers, true, false or null";
    case form::options: return "a text or a list of texts";
    case form::text_map: return "an object; its texts, numbers, true and false go as texts";
    case form::any: return "a value that is not null and, where it is a list or object, not empty";
  }
  return {};
}

std::span<const field_row> fields() noexcept { return table; }

std::optional<field_index> find_field(std::string_view path) noexcept {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].path == path) return static_cast<field_index>(i);
  }
  return std::nullopt;
}

bool is_custom_field(std::string_view path) noexcept {
  constexpr std::string_view fields = "custom_data.custom_fields.";
  return path.starts_with(fields) && path.size() > fields.size() && path.find('.', fields.size()) == std::string_view::npos;
}

bool is_output_path(std::string_view path) noexcept {
  if (find_field(path)) return true;
  if (is_custom_field(path)) return true;
  constexpr std::string_view custom = "custom_data.";
  return path.starts_with(custom) && path.size() > custom.size() && path.find('.', custom.size()) == std::string_view::npos;
}

}  // namespace snap::event
