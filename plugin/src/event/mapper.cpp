#include "event/mapper_impl.hpp"

#include <algorithm>

namespace snap::event {
namespace {

// {"data":[EVENT]} and perhaps ,"test_event_code":"…" around every event (interfaces.md §6 "Sizes").
std::size_t envelope_size(std::string_view test_event_code) {
  std::size_t out = std::string_view(R"({"data":[]})").size();
  if (!test_event_code.empty()) {
    writer code_text;
    code_text.raw(R"(,"test_event_code":)");
    code_text.escaped(test_event_code);
    out += code_text.size();
  }
  return out;
}

}  // namespace

mapper::impl::impl(const config::settings& s)
    : settings(s),
      rules(s),
      counts(rules.match_keys),
      unwrap((freeze(rules), rules.from.value_paths), s.mapping.wrap, s.mapping.snapshot),
      read(rules.from),
      render(rules, read, counts),
      envelope(envelope_size(s.batch.test_event_code)) {}

bool mapper::impl::tombstone() {
  return end(settings.mapping.nulls == config::tombstone::skip ? fate::skip : fate::reject, stage::decode, code::record_tombstone,
             "the record has no value");
}

bool mapper::impl::decode(const sca_record& record) {
  const auto value = sca::view(record.value);
  if (!value || value->empty()) return tombstone();
  switch (unwrap.open(record)) {
    case unwrapper::outcome::object: break;
    case unwrapper::outcome::tombstone: return tombstone();
    case unwrapper::outcome::skipped: return end(fate::skip, stage::decode, unwrap.why(), std::move(unwrap.text()));
    case unwrapper::outcome::refused: return end(fate::reject, stage::decode, unwrap.why(), std::move(unwrap.text()));
  }
  read.begin(record, unwrap.result(), unwrap.attributes());
  return true;
}

bool mapper::impl::any_of_words(compiled c, std::span<const std::string> words) {
  bool hit = false;
  read(c).each_scalar([&](const json::value& v) {
    const std::string_view word = trim(v.text);
    hit = hit || std::any_of(words.begin(), words.end(), [&](const std::string& w) { return same_word(w, word); });
  });
  return hit;
}

bool mapper::impl::consent(judged& j) {
  const config::mapping_settings& m = settings.mapping;
  if (any_of_words(rules.limited_use, m.limited_use_values) || first_that_holds(rules.limits, read) != nullptr) {
    j.event.use = decision::privacy::limited;
  }
  if (m.consent.empty() || any_of_words(rules.consent, m.consent_granted)) return integrations();
  switch (m.denied) {
    case config::no_consent::skip:
      return refuse(code::consent_denied, "consent.field holds none of consent.granted.values", fate::skip);
    case config::no_consent::ldu: j.event.use = decision::privacy::limited; break;
    case config::no_consent::strip: j.event.use = decision::privacy::stripped; break;
  }
  return integrations();
}

bool mapper::impl::integrations() {
  const auto off = [](const json::value& v) { return v.what == json::kind::boolean && v.text == "false"; };
  bool named = false;
  for (const compiled c : rules.switches) {
    const json::value v = read(c).one;
    if (off(v)) return refuse(code::integration_disabled, "the event's integrations switch Snapchat off", fate::skip);
    named = named || v.present();
  }
  if (named || rules.switches.empty() || !off(read(rules.all_integrations).one)) return true;
  return refuse(code::integration_disabled, "the event's integrations switch all destinations off and do not name Snapchat",
                fate::skip);
}

bool mapper::impl::left_out() {
  const condition* const row = first_that_holds(rules.left_out, read);
  if (row != nullptr && tracing != nullptr) {
    tracing->record.push_back({.field = "event_name",
                               .value = {},
                               .from = {},
                               .when = condition_text(*row->row),
                               .by = "preset",
                               .dropped = std::string(row->then)});
  }
  return row == nullptr || refuse(code::event_left_out, std::string(row->then), fate::skip);
}

// "commerce.*" with what the row's expression yields.
bool mapper::impl::read_kind() {
  const condition* const row = first_that_holds(rules.kinds, read);
  if (row == nullptr || row->then.empty()) return false;
  kind = row->then;
  if (const std::size_t star = kind.find('*'); star != std::string::npos) kind.replace(star, 1, trim(read(row->from).one.text));
  return true;
}

bool mapper::impl::name() {
  json::value found = read(rules.call).one;
  bool tracked = !found.textual() || trim(found.text).empty() || same_word(trim(found.text), "track");
  if (!rules.kinds.empty()) {
    tracked = !read_kind();
    if (!tracked) found = json::value(std::string_view(kind));
  }
  named_by = tracked ? name_is::event : name_is::call;
  if (tracked) found = read(rules.name, blank_text::is_absent).one;
  if (!found.textual() || trim(found.text).empty()) {
    return refuse(code::event_name_missing, "there is no event name; mapping.field.event_name can name its source");
  }
  const std::string_view raw = trim(found.text);
  fold_name(raw, folded);
  targets = tracked ? rules.targets(folded) : rules.call_targets(folded);
  if (!targets.empty()) return true;
  own_name = raw;
  switch (settings.mapping.unknown) {
    case config::unknown_event::pass: targets = {&other_target, 1}; return true;
    case config::unknown_event::skip:
    case config::unknown_event::reject: break;
  }
  const fate what = settings.mapping.unknown == config::unknown_event::skip ? fate::skip : fate::reject;
  // Batches bring more events that nobody maps than others: of a member the text is only written when it is the last word.
  return member ? end(what, stage::map, code::event_name_unknown, {}) : refuse(code::event_name_unknown, unknown_name(), what);
}

std::string mapper::impl::unknown_name() const {
  const bool event = named_by == name_is::event || !rules.kinds.empty();
  return "there is no mapping for the " + std::string(event ? "event " : "call ") + in_quotes(own_name) +
         "; mapping.event.names can add one";
}

bool mapper::impl::explain_name(bool known) {
  if (tracing == nullptr) return known;
  const bool event = named_by == name_is::event;
  trace_row row = rules.explain("event_name", event ? rules.name : rules.call, read, blank_text::is_absent);
  if (const condition* const k = event ? nullptr : first_that_holds(rules.kinds, read); k != nullptr) {
    row.from = k->row->from;
    row.when = condition_text(*k->row);
    row.by = "preset";
  }
  if (known) {
    row.by = rules.name_rule(folded, event ? rules.preset->names : rules.preset->calls);
    for (const event_name n : targets) {
      row.value.append(row.value.empty() ? "" : ", ").append(n == event_name::other ? std::string_view(own_name) : to_text(n));
    }
  }
  tracing->record.push_back(std::move(row));
  return known;
}

bool mapper::impl::action_source(judged& j) {
  if (settings.mapping.source) {
    j.event.source = *settings.mapping.source;
    return true;
  }
  if (const json::value own = read(rules.source_override).one; own.present()) {
    for (const condition& row : rules.source_aliases) {
      if (!own.scalar() ||
          std::none_of(row.is.begin(), row.is.end(), [&](const std::string& w) { return same_word(w, trim(own.text)); }))
        continue;
      j.event.source = row.source;
      return true;
    }
    return false;
  }
  const condition* const row = first_that_holds(rules.action_source, read);
  if (row != nullptr) j.event.source = row->source;
  return row != nullptr;
}

bool mapper::impl::time_and_age(judged& j, time_point now) {
  const config::mapping_settings& m = settings.mapping;
  const json::value found = read(rules.time, rules.preset->blank).one;
  if (!found.present() || (found.what == json::kind::string && trim(found.text).empty())) {
    return refuse(code::event_time_missing,
                  "there is no event time; mapping.field.event_time can name its source, such as $timestamp");
  }
  const auto time = parse_time(found, rules.preset->zone);
  if (!time) {
    return refuse(code::event_time_invalid,
                  "the event time is neither RFC 3339 with a time zone nor seconds, milliseconds or microseconds after 1999");
  }
  j.event.time = *time;
  j.max_age = j.event.source == config::action_source::offline ? m.max_age_offline : m.max_age_online;
  if (*time > now + m.future_max)
    return refuse(code::event_in_future, "the event lies further in the future than event.future.max.ms");
  if (now - *time <= j.max_age || m.old == config::too_old::send) return true;
  return refuse(
      code::event_too_old,
      "the event is older than " +
          std::string(j.event.source == config::action_source::offline ? "event.max.age.offline.ms" : "event.max.age.online.ms"),
      m.old == config::too_old::skip ? fate::skip : fate::reject);
}

// The configuration's own words; the record's could be anything.
std::string mapper::impl::known_aliases() const {
  constexpr std::size_t most = 200;
  std::string out;
  for (const config::route& r : settings.routes) {
    if (r.alias.empty()) continue;
    if (out.size() > most) return out + ", …";
    out += (out.empty() ? "; there are " : ", ") + r.alias;
  }
  return out;
}

bool mapper::impl::asset(judged& j) {
  const config::route* route = &settings.routes.front();
  const json::value alias = read(rules.asset_route).one;
  if (alias.container() || !trim(alias.text).empty()) {
    const auto it = std::find_if(settings.routes.begin() + 1, settings.routes.end(),
                                 [&](const config::route& r) { return r.alias == trim(alias.text); });
    if (it == settings.routes.end())
      return refuse(code::asset_unknown, "asset.route yields an alias that has no asset.<alias>.* keys" + known_aliases());
    route = &*it;
  }
  const bool app = j.event.source == config::action_source::mobile_app;
  j.lane = app ? route->app_lane : route->pixel_lane;
  j.event.app_id = route->app_id;
  if (j.lane != config::no_lane) return true;
  const std::string keys = route->alias.empty() ? "snapchat." : "asset." + route->alias + ".";
  return refuse(code::asset_missing,
                app ? "a MOBILE_APP event needs " + keys + "snap.app.id" : "a WEB or OFFLINE event needs " + keys + "pixel.id");
}

// The order is part of the interface (interfaces.md §6 "Order of checks"): the first that fails gives the code. The age limit
// depends on the action source, so that is found before the time is judged, and complained about after it.
bool mapper::impl::judge(judged& j, time_point now) {
  if (!consent(j) || !left_out() || !explain_name(name())) return false;
  const bool has_source = action_source(j);
  if (tracing != nullptr) {
    if (has_source) tracing->record.push_back(rules.explain_source(j.event.source, read));
    tracing->record.push_back(rules.explain("event_time", rules.time, read, rules.preset->blank));
  }
  if (!time_and_age(j, now)) return false;
  if (!has_source)
    return refuse(code::action_source_invalid, "action_source must be WEB, MOBILE_APP or OFFLINE, or one of their aliases");
  return asset(j);
}

void mapper::impl::read_phone_country(judged& j) {
  const json::value v = read(rules.phone_country).one;
  phone_country.clear();
  if (v.textual() && normalise::country(v.text, {}, phone_country) != normalise::outcome::text) phone_country.clear();
  j.event.phone_country = phone_country;
}

mapper::mapper(const config::settings& settings) : impl_(std::make_unique<impl>(settings)) {}
mapper::~mapper() = default;
mapper::mapper(mapper&&) noexcept = default;
mapper& mapper::operator=(mapper&&) noexcept = default;

const mapped& mapper::map(const sca_record& record, time_point now, std::string& out) {
  const std::size_t before = out.size();
  impl& m = *impl_;
  m.answer.outputs = {};
  if (m.tracing != nullptr) *m.tracing = {.preset = std::string(m.rules.preset->name), .record = {}, .events = {}, .members = {}};
  m.outputs.clear();
  m.member.reset();
  if (m.decode(record) && (m.is_batch() ? m.map_members(record, now, out) : m.map_event(record, now, out))) {
    m.answer.what = fate::send;
    m.answer.message = {};
    m.answer.outputs = m.outputs;
  } else {
    out.resize(before);
  }
  m.counts.settle(m.answer.what);
  return m.answer;
}

std::span<const key_count> mapper::key_counts() const noexcept { return impl_->counts.rows(); }

std::span<const member_count> mapper::skipped_members() const noexcept { return impl_->skipped; }

void mapper::explain(trace* into) noexcept {
  impl_->tracing = into;
  impl_->render.explain(into);
}

}  // namespace snap::event
