#include "config/reader.hpp"
#include "event/event_name.hpp"
#include "event/field.hpp"
#include "event/normalise/countries.hpp"
#include "event/normalise/currencies.hpp"
#include "event/normalise/normalise.hpp"
#include "event/preset/preset.hpp"
#include "sca/nearest.hpp"

namespace snap::config {
namespace {

constexpr milliseconds reporting_limit =
    std::chrono::hours{24 * 37};  // beyond it no action source is reported (snap-api.md §1.4)

constexpr word<preset> preset_words[] = {{"snap", preset::snap}, {"segment", preset::segment}, {"rudder", preset::rudder},
                                         {"ga4", preset::ga4},   {"posthog", preset::posthog}, {"mparticle", preset::mparticle}};
constexpr word<compat> compat_words[] = {{"none", compat::none}, {"rudder", compat::rudder}, {"segment", compat::segment}};
constexpr word<unknown_event> unknown_words[] = {
    {"reject", unknown_event::reject}, {"skip", unknown_event::skip}, {"pass", unknown_event::pass}};
constexpr word<std::optional<action_source>> source_words[] = {{"auto", std::nullopt},
                                                               {"WEB", action_source::web},
                                                               {"MOBILE_APP", action_source::mobile_app},
                                                               {"OFFLINE", action_source::offline}};
constexpr word<too_old> old_words[] = {{"reject", too_old::reject}, {"skip", too_old::skip}, {"send", too_old::send}};
constexpr word<no_identity> identity_words[] = {
    {"reject", no_identity::reject}, {"skip", no_identity::skip}, {"send", no_identity::send}};
constexpr word<no_consent> denied_words[] = {{"skip", no_consent::skip}, {"ldu", no_consent::ldu}, {"strip", no_consent::strip}};
constexpr word<envelope> envelope_words[] = {{"auto", envelope::detect},
                                             {"none", envelope::none},
                                             {"connect", envelope::connect},
                                             {"debezium", envelope::debezium},
                                             {"cloudevents", envelope::cloudevents},
                                             {"confluent", envelope::confluent}};
constexpr word<snapshot_rows> snapshot_words[] = {{"skip", snapshot_rows::skip}, {"send", snapshot_rows::send}};
constexpr word<tombstone> tombstone_words[] = {{"skip", tombstone::skip}, {"reject", tombstone::reject}};
constexpr word<time_precision> precision_words[] = {{"s", time_precision::s}, {"ms", time_precision::ms}};

// "from:to" at the first colon that is not written "\:".
struct name_pair {
  std::string from, to;
  std::size_t colons = 0;
};
[[nodiscard]] name_pair split_pair(std::string_view text) {
  name_pair out;
  std::string* part = &out.from;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == ':') {
      *part += text[++i];
    } else if (text[i] == ':') {
      part = &out.to;
      if (++out.colons > 1) *part += ':';
    } else {
      *part += text[i];
    }
  }
  out.from = trimmed(out.from);
  out.to = trimmed(out.to);
  return out;
}

[[nodiscard]] std::string suggestion(std::string_view name) {
  return name.empty() ? std::string{} : "; did you mean " + std::string(name) + "?";
}

[[nodiscard]] std::string_view nearest_event(const event::preset_table& table, std::string_view to) {
  std::string upper(to);
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c == ' ' || c == '-' ? '_' : c;
  if (const std::string_view native = sca::nearest(event::native_names, upper); !native.empty()) return native;
  std::vector<std::string_view> names;
  for (const event::name_row& row : table.names) names.push_back(row.from);
  return sca::nearest(names, to);
}

void read_event_names(reader& in, mapping_settings& out) {
  constexpr std::string_view key = "mapping.event.names";
  const event::preset_table& table = event::table_of(out.from);
  for (const std::string& member : in.values().list(key)) {
    name_pair pair = split_pair(member);
    if (pair.colons != 1 || pair.from.empty() || pair.to.empty()) {
      in.error(key, "format",
               shown(member) + " is not of the form from:to; write \\: for a colon and \\, for a comma inside a name");
    } else if (!event::resolve_event(table, pair.to)) {
      in.error(key, "choice",
               shown(pair.to) + " is neither a Snapchat event name nor one of the preset's names" +
                   suggestion(nearest_event(table, pair.to)));
    } else {
      out.event_names.emplace_back(std::move(pair.from), std::move(pair.to));
    }
  }
}

void read_fields(reader& in, mapping_settings& out) {
  std::vector<std::string_view> paths;
  for (const event::field_row& row : event::fields()) paths.push_back(row.path);
  for (const auto& [path, text] : in.values().family("mapping.field.*")) {
    const std::string key = "mapping.field." + std::string(path);
    if (!event::is_output_path(path)) {
      in.error(key, "unknown",
               "a v3 event has no field " + shown(path) + suggestion(sca::nearest(paths, path)) +
                   (path.starts_with("custom_data") ? " Own names go directly below custom_data." : ""));
      continue;
    }
    const std::string_view from = trimmed(text);
    if (from.empty()) {
      in.error(key, "required", "has no expression; give it one such as $.a.b, or remove the key");
      continue;
    }
    if (event::expression e = in.expression(key, from); !e.empty()) out.fields.emplace_back(path, std::move(e));
  }
}

// A country's code, or an expression that finds one in the record.
void read_phone_country(reader& in, mapping_settings& out) {
  constexpr std::string_view key = "mapping.phone.country";
  const std::string_view text = in.text(key);
  const bool is_word = text.find_first_of("$'") == std::string_view::npos;
  if (text.empty()) return;
  if (!is_word) {
    out.phone_country = in.expression(key);
    return;
  }
  std::string code;
  if (text.size() == 2 && event::normalise::country(text, {}, code) == event::normalise::outcome::text) {
    out.phone_country.alternatives.push_back({.from = event::alternative::root::literal, .steps = {}, .text = std::move(code)});
  } else {
    in.error(key, "choice",
             shown(text) + " is neither an ISO 3166-1 alpha-2 code such as DE nor an expression such as $.address.country");
  }
}

void read_currency(reader& in, mapping_settings& out) {
  constexpr std::string_view key = "mapping.currency.default";
  const std::string_view text = in.text(key);
  if (text.empty()) return;
  if (event::normalise::currency(text, {}, out.default_currency) != event::normalise::outcome::text) {
    in.error(key, "choice", shown(text) + " is not an ISO 4217 code such as EUR");
  }
}

void read_checks(reader& in, mapping_settings& out) {
  const sca::config_values& v = in.values();
  out.max_age_online = v.duration("event.max.age.online.ms");
  out.max_age_offline = v.duration("event.max.age.offline.ms");
  out.old = choose(in, "event.too.old", old_words);
  out.future_max = v.duration("event.future.max.ms");
  out.precision = choose(in, "event.time.precision", precision_words);
  out.identity = choose(in, "identity.missing", identity_words);
  out.nulls = choose(in, "tombstone", tombstone_words);
  for (const std::string_view key : {"event.max.age.online.ms", "event.max.age.offline.ms"}) {
    if (v.duration(key) > reporting_limit) {
      in.warning(key, "risky",
                 "above 37 days (3196800000): Snapchat does not report older events, and may refuse a whole request of them");
    }
  }
}

// Words whose key has no effect while the expression they judge is missing.
void warn_idle(reader& in, std::initializer_list<std::string_view> keys, std::string_view needs) {
  for (const std::string_view key : keys) {
    if (in.values().configured(key) && !in.given(needs)) {
      in.warning(key, "no effect", "has no effect without " + std::string(needs) + "; set that key, or remove this one");
    }
  }
}

void read_consent(reader& in, mapping_settings& out) {
  const sca::config_values& v = in.values();
  out.consent = in.expression("consent.field");
  out.consent_granted = v.list("consent.granted.values");
  out.denied = choose(in, "consent.denied", denied_words);
  out.limited_use = in.expression("privacy.limited.use");
  out.limited_use_values = v.list("privacy.limited.use.values");
  out.limited_use_token = std::string(v.text("privacy.limited.use.token"));
  warn_idle(in, {"consent.granted.values", "consent.denied"}, "consent.field");
  warn_idle(in, {"privacy.limited.use.values"}, "privacy.limited.use");
  if (in.given("consent.field") && out.consent_granted.empty()) {
    in.error("consent.granted.values", "required", "has no word, so nobody could consent; list at least one, or remove the key");
  }
  if (in.given("privacy.limited.use") && out.limited_use_values.empty()) {
    in.error("privacy.limited.use.values", "required",
             "has no word, so nothing could ask for limited use; list at least one, or remove the key");
  }
}

}  // namespace

void read_mapping(reader& in, mapping_settings& out) {
  out.from = choose(in, "mapping.preset", preset_words);
  out.peer = choose(in, "mapping.compat", compat_words);
  out.unknown = choose(in, "mapping.event.name.unknown", unknown_words);
  out.source = choose(in, "mapping.action.source", source_words);
  out.wrap = choose(in, "record.envelope", envelope_words);
  out.snapshot = choose(in, "record.snapshot.rows", snapshot_words);
  out.event_id = in.expression("mapping.event.id");
  out.asset_route = in.expression("asset.route");
  out.integration = std::string(in.text("snapchat.integration"));
  read_event_names(in, out);
  read_fields(in, out);
  read_phone_country(in, out);
  read_currency(in, out);
  read_checks(in, out);
  read_consent(in, out);
}

}  // namespace snap::config
