#include "field_checks.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "names.hpp"

namespace simulator {
namespace {

using verdict = std::optional<complaint>;
constexpr std::string_view hash_of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

bool only(std::string_view text, std::string_view allowed) { return text.find_first_not_of(allowed) == std::string_view::npos; }

verdict any_text(const json& value) {
  if (!value.is(json_kind::text)) return complaint{"type.text", "must be a string"};
  return {};
}

verdict text(const json& value) {
  if (auto wrong = any_text(value)) return wrong;
  if (value.text.empty()) return complaint{"text.empty", "must not be empty; omit it"};
  return {};
}

verdict object(const json& value) {
  if (!value.is(json_kind::object)) return complaint{"type.object", "must be an object"};
  return {};
}

verdict boolean(const json& value) {
  if (!value.is(json_kind::boolean)) return complaint{"type.boolean", "must be true or false"};
  return {};
}

verdict integer(const json& value) {
  if (!value.is(json_kind::integer)) return complaint{"type.integer", "must be an integer"};
  return {};
}

verdict each(const json& value, verdict (*check)(const json&)) {
  if (!value.is(json_kind::array)) return check(value);
  if (value.items.empty()) return complaint{"list.empty", "must not be an empty list; omit it"};
  for (const auto& item : value.items)
    if (auto wrong = check(item)) return wrong;
  return {};
}

verdict hash(const json& value) {
  if (auto wrong = any_text(value)) return wrong;
  const bool hex = value.text.size() == 64 && only(value.text, "0123456789abcdef");
  if (!hex && value.text.size() == 64 && only(value.text, "0123456789abcdefABCDEF"))
    return complaint{"hash.case", "hash must be lower-case hex"};
  if (!hex) return complaint{"hash.missing", "Unhashed PII: must be 64 lower-case hex digits of SHA-256"};
  if (value.text == hash_of_nothing) return complaint{"hash.of.nothing", "is the hash of an empty string"};
  return {};
}

verdict hashes(const json& value) { return each(value, hash); }
verdict texts(const json& value) { return each(value, text); }
verdict loose_texts(const json& value) { return each(value, any_text); }

verdict list_of_texts(const json& value) {
  if (!value.is(json_kind::array)) return complaint{"type.list", "must be a list of strings"};
  return each(value, text);
}

// Advertiser's own id: hashing is recommended, not required; an address in clear is personal data in any field.
verdict external_id(const json& value) {
  return each(value, [](const json& item) -> verdict {
    if (auto wrong = text(item)) return wrong;
    if (item.text.find('@') != std::string::npos) return complaint{"hash.missing", "Unhashed PII: looks like an e-mail address"};
    if (item.text == hash_of_nothing) return complaint{"hash.of.nothing", "is the hash of an empty string"};
    return {};
  });
}

verdict ip_literal(const json& value) {
  if (auto wrong = any_text(value)) return wrong;
  std::array<unsigned char, sizeof(in6_addr)> room{};
  if (inet_pton(AF_INET, value.text.c_str(), room.data()) == 1) return {};
  if (inet_pton(AF_INET6, value.text.c_str(), room.data()) == 1) return {};
  if (value.text.size() == 64) return complaint{"ip.hashed", "Invalid hashed IP address: v3 takes it plain"};
  return complaint{"ip.invalid", "must be an IPv4 or IPv6 literal"};
}

verdict device_id(const json& value) {
  if (auto wrong = text(value)) return wrong;
  if (value.text.size() == 64) return complaint{"device.hashed", "v3 takes it plain"};
  if (value.text.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos)
    return complaint{"device.case", "must be lower-case"};
  if (only(value.text, "0-")) return complaint{"device.zero", "is all zero, which means tracking is off; omit it"};
  return {};
}

verdict advertising_id(const json& value) {
  if (auto wrong = device_id(value)) return wrong;
  const auto& id = value.text;
  const bool uuid = id.size() == 36 && id[8] == '-' && id[13] == '-' && id[18] == '-' && id[23] == '-' &&
                    only(id, "0123456789abcdef-") && std::count(id.begin(), id.end(), '-') == 4;
  if (!uuid) return complaint{"device.form", "must be an IDFA or GAID: 8-4-4-4-12 hex digits"};
  return {};
}

verdict text_or_integer(const json& value) { return value.is(json_kind::integer) ? verdict{} : text(value); }

verdict event_name(const json& value) {
  if (auto wrong = any_text(value)) return wrong;
  if (!is_event_name(value.text)) return complaint{"event_name.unknown", "Unrecognized event type"};
  return {};
}

verdict action_source(const json& value) {
  if (auto wrong = any_text(value)) return wrong;
  if (value.text != "WEB" && value.text != "MOBILE_APP" && value.text != "OFFLINE")
    return complaint{"action_source.unknown", "must be WEB, MOBILE_APP or OFFLINE"};
  return {};
}

verdict url(const json& value) {
  if (auto wrong = text(value)) return wrong;
  const auto colon = value.text.find("://");
  if (colon == std::string::npos || colon == 0 || colon + 3 == value.text.size() || value.text.find(' ') != std::string::npos)
    return complaint{"url.scheme", "must be a URL with its scheme"};
  return {};
}

verdict processing_options(const json& value) {
  if (!value.is(json_kind::array)) return complaint{"type.list", "must be a list of strings"};
  for (const auto& item : value.items)
    if (!item.is(json_kind::text) || (item.text != "LMU" && item.text != "LDU" && item.text != "DELETE"))
      return complaint{"privacy.token", "knows LMU, LDU and DELETE"};
  return {};
}

verdict zero_or(const json& value, std::string_view other) {
  if (auto wrong = integer(value)) return wrong;
  if (value.text != "0" && value.text != other) return complaint{"privacy.region", "has another value than the two documented"};
  return {};
}
verdict privacy_country(const json& value) { return zero_or(value, "1"); }
verdict privacy_state(const json& value) { return zero_or(value, "1000"); }

verdict currency(const json& value) {
  if (auto wrong = any_text(value)) return wrong;
  if (!is_currency(value.text)) return complaint{"currency.unknown", "must be an upper-case ISO 4217 code"};
  return {};
}

verdict amount(const json& value) {
  if (!value.is_number()) return complaint{"type.number", "must be a number"};
  if (fraction_digits(value.text) > 6) return complaint{"number.noise", "has more than six digits after the point"};
  return {};
}

verdict amount_or_text(const json& value) { return value.is_number() ? amount(value) : text(value); }

verdict count(const json& value) {
  if (value.is(json_kind::text) && !value.text.empty() && only(value.text, "0123456789")) return {};
  if (!value.is(json_kind::integer) || value.text.front() == '-')
    return complaint{"type.count", "must be a whole number, not negative"};
  return {};
}

constexpr field_rule content_fields[] = {{"id", text},
                                         {"quantity", amount_or_text},
                                         {"item_price", amount_or_text},
                                         {"brand", any_text},
                                         {"delivery_category", any_text}};

verdict contents(const json& value) {
  if (!value.is(json_kind::array)) return complaint{"type.list", "must be a list of objects"};
  for (const auto& item : value.items) {
    if (auto wrong = object(item)) return wrong;
    for (const auto& rule : content_fields)
      if (const json* field = item.find(rule.name))
        if (auto wrong = rule.check(*field)) return wrong;
  }
  return {};
}

verdict text_map(const json& value) {
  if (auto wrong = object(value)) return wrong;
  const bool texts_only = std::all_of(value.items.begin(), value.items.end(), [](const json& item) { return !any_text(item); });
  if (!texts_only) return complaint{"type.map", "must map names to strings"};
  return {};
}

verdict tracking_flag(const json& value) {
  if (value.is(json_kind::boolean) || (value.is(json_kind::integer) && (value.text == "0" || value.text == "1"))) return {};
  return complaint{"type.flag", "must be 0 or 1"};
}

// Position 0 is the platform. 16 strings exactly, unknown ones empty (§1.10).
verdict extinfo(const json& value) {
  const bool strings = value.is(json_kind::array) &&
                       std::all_of(value.items.begin(), value.items.end(), [](const json& item) { return !any_text(item); });
  if (!strings || value.items.size() != 16) return complaint{"extinfo.form", "must be a list of exactly 16 strings"};
  if (value.items[0].text != "a2" && value.items[0].text != "i2")
    return complaint{"extinfo.platform", "must begin with a2 or i2"};
  return {};
}

constexpr field_rule event_table[] = {
    {"event_name", event_name},
    {"event_time", integer},
    {"action_source", action_source},
    {"event_source_url", url},
    {"event_id", text},
    {"user_data", object},
    {"custom_data", object},
    {"app_data", object},
    {"data_processing_options", processing_options},
    {"data_processing_options_country", privacy_country},
    {"data_processing_options_state", privacy_state},
    {"opt_out", boolean},
    {"integration", text},
    {"test_event_code", text},
};

constexpr field_rule user_data_table[] = {
    {"em", hashes},
    {"ph", hashes},
    {"fn", hashes},
    {"ln", hashes},
    {"ge", hashes},
    {"db", hashes},
    {"ct", hashes},
    {"st", hashes},
    {"zp", hashes},
    {"country", hashes},
    {"external_id", external_id},
    {"client_ip_address", ip_literal},
    {"client_user_agent", text},
    {"madid", advertising_id},
    {"mobile_ad_id", advertising_id},
    {"idfv", device_id},
    {"sc_click_id", text},
    {"sc_cookie1", text},
    {"subscription_id", text},
    {"lead_id", text_or_integer},
    {"anon_id", texts},
    {"download_id", text},
    {"partner_id", text},
};

constexpr field_rule custom_data_table[] = {
    {"currency", currency},
    {"value", amount},
    {"predicted_ltv", amount},
    {"order_id", text},
    {"content_ids", texts},
    {"content_category", loose_texts},
    {"content_name", any_text},
    {"content_type", any_text},
    {"contents", contents},
    {"brands", loose_texts},
    {"num_items", count},
    {"delivery_category", any_text},
    {"search_string", any_text},
    {"status", any_text},
    {"sign_up_method", any_text},
    {"event_tag", any_text},
    {"custom_fields", text_map},
    {"description", any_text},
    {"level", any_text},
    {"destination_ids", list_of_texts},
    {"checkin_date", any_text},
    {"travel_start", any_text},
    {"travel_end", any_text},
    {"suggested_destinations", loose_texts},
    {"destination_airport", any_text},
    {"origin_airport", any_text},
    {"country", any_text},
    {"city", any_text},
    {"region", any_text},
    {"neighborhood", any_text},
    {"departing_departure_date", any_text},
    {"departing_arrival_date", any_text},
    {"returning_departure_date", any_text},
    {"returning_arrival_date", any_text},
    {"num_adults", count},
    {"num_children", count},
    {"num_infants", count},
    {"hotel_score", any_text},
    {"postal_code", any_text},
    {"preferred_neighborhoods", list_of_texts},
    {"suggested_hotels", list_of_texts},
};

constexpr field_rule app_data_table[] = {
    {"app_id", text},
    {"advertiser_tracking_enabled", tracking_flag},
    {"application_tracking_enabled", tracking_flag},
    {"extinfo", extinfo},
    {"campaign_ids", text},
    {"install_referrer", text},
    {"installer_package", text},
    {"windows_attribution_id", text},
    {"url_schemes", list_of_texts},
};

}  // namespace

std::span<const field_rule> event_fields() { return event_table; }
std::span<const field_rule> user_data_fields() { return user_data_table; }
std::span<const field_rule> custom_data_fields() { return custom_data_table; }
std::span<const field_rule> app_data_fields() { return app_data_table; }

long fraction_digits(std::string_view number) {
  const auto mark = number.find_first_of("eE");
  long exponent = 0;
  if (mark != std::string_view::npos) {
    auto digits = number.substr(mark + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  }
  const auto mantissa = number.substr(0, mark);
  const auto point = mantissa.find('.');
  const auto after = point == std::string_view::npos ? 0L : static_cast<long>(mantissa.size() - point - 1);
  return std::max(0L, after - exponent);
}

}  // namespace simulator
