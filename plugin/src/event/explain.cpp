// The explanation of a mapping: written beside what mapper and renderer do, from the same compiled plan.
#include <algorithm>
#include <utility>

#include "event/render.hpp"
#include "event/text.hpp"

namespace snap::event {
namespace {

// What fills a field when neither an expression nor product lines do.
struct setting_row {
  std::string_view field, by;
};
constexpr setting_row settings_table[] = {
    {"integration", "snapchat.integration"},
    {"data_processing_options", "limited use: privacy.limited.use, consent.denied or the preset's rule"},
    {"custom_data.currency", "mapping.currency.default"},
    {"app_data.app_id", "the asset's app id"},
    {"app_data.advertiser_tracking_enabled", "the preset's rule for tracking; 0 where none holds"},
    {"app_data.extinfo", "the preset's rules for platform and device"},
};

std::string_view setting_of(std::string_view field) noexcept {
  const auto* const row = std::ranges::find(settings_table, field, &setting_row::field);
  return row == std::end(settings_table) ? "preset" : row->by;
}

void add(writer& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  out.comma();
  out.plain(name);
  out.raw(":");
  out.escaped(text);
}

void add_rows(writer& out, std::string_view name, const std::vector<trace_row>& rows) {
  out.comma();
  out.plain(name);
  out.raw(":");
  const std::size_t list = out.size();
  for (const trace_row& r : rows) {
    out.comma();
    const std::size_t from = out.size();
    add(out, "field", r.field);
    add(out, "value", r.value);
    add(out, "from", r.from);
    add(out, "by", r.by);
    add(out, "dropped", r.dropped);
    out.close_object(from);
  }
  out.close_list(list);
}

}  // namespace

std::string to_json(const trace& t) {
  writer out;
  add(out, "preset", t.preset);
  add_rows(out, "record", t.record);
  out.raw(R"(,"events":)");
  const std::size_t list = out.size();
  for (const trace_event& e : t.events) {
    out.comma();
    const std::size_t from = out.size();
    add(out, "event_name", e.event_name);
    add_rows(out, "fields", e.fields);
    out.close_object(from);
  }
  out.close_list(list);
  out.close_object(0);
  return std::string(out.view());
}

trace_row program::explain(std::string_view field, compiled c, reader& read, blank_text blank) const {
  trace_row out{.field = std::string(field), .value = {}, .from = {}, .by = {}, .dropped = {}};
  const auto origin = read.origin(c, blank);
  (void)read.passed_over();  // noted when it was passed over
  return origin ? explain(field, c, *origin) : out;
}

trace_row program::explain(std::string_view field, compiled c, std::uint32_t number) const {
  trace_row out{.field = std::string(field), .value = {}, .from = {}, .by = {}, .dropped = {}};
  out.from = from.text_of(c.from + number);
  const expression* const over = override_of(field);
  const std::size_t own = over == nullptr ? 0 : over->alternatives.size();
  const bool by_default = over != nullptr && over->otherwise && number + 1 == c.count && number >= own;
  out.by = number >= own && !by_default                        ? "preset"
           : field == "event_id" && !mapping->event_id.empty() ? "mapping.event.id"
                                                               : "mapping.field." + std::string(field);
  return out;
}

std::string program::name_rule(std::string_view folded, std::span<const name_row> table) const {
  std::string name_of_row;
  const auto same = [&](std::string_view name_of) {
    fold_name(name_of, name_of_row);
    return name_of_row == folded;
  };
  for (const auto& [source, target] : mapping->event_names) {
    if (same(source)) return "mapping.event.names";
  }
  for (const name_row& row : table) {
    if (same(row.from)) return "preset";
  }
  for (const std::string_view native : native_names) {
    if (same(native)) return "Snapchat's own name";
  }
  return "mapping.event.name.unknown=pass";
}

trace_row program::explain_source(config::action_source chosen, reader& read) const {
  constexpr std::array<std::string_view, 3> words{"WEB", "MOBILE_APP", "OFFLINE"};
  trace_row out{.field = "action_source",
                .value = std::string(words[static_cast<std::size_t>(chosen)]),
                .from = {},
                .by = {},
                .dropped = {}};
  if (mapping->source) {
    out.by = "mapping.action.source";
    return out;
  }
  if (const trace_row own = explain("action_source", source_override, read, blank_text::counts); !own.by.empty()) {
    out.from = own.from;
    out.by = own.by;
    return out;
  }
  const condition* const row = first_that_holds(action_source, read);
  if (row == nullptr) return out;
  const choice& c = preset->action_source[static_cast<std::size_t>(row - action_source.data())];
  out.by = "preset";
  if (c.from.empty()) {
    out.from = "no rule before it holds";
  } else {
    out.from = std::string(c.from) + " is one of " + std::string(c.is);
    if (!c.unless.empty()) out.from += ", and there is no " + std::string(c.unless);
  }
  return out;
}

void renderer::note_drop(std::string_view field, std::string_view why) {
  const auto& rows = trace_->events.back().fields;
  if (!rows.empty() && rows.back().field == field && rows.back().dropped == why) return;  // of a list, once
  trace_->events.back().fields.push_back(
      {.field = std::string(field), .value = {}, .from = {}, .by = {}, .dropped = std::string(why)});
}

void renderer::note_placeholder(const instruction& i, std::uint32_t alternative) {
  constexpr auto why = normalise::outcome::placeholder;
  if (i.name.starts_with("user_data.")) counts_->dropped(i.key, why);
  if (trace_ == nullptr) return;
  trace_row row = program_->explain(i.name, i.from, alternative - i.from.from);
  row.dropped = to_string(why);
  trace_->events.back().fields.push_back(std::move(row));
}

void renderer::note(const instruction& i, part_written what) {
  auto& rows = trace_->events.back().fields;
  const filled by = std::exchange(filled_, filled::source);
  trace_row row = program_->explain(i.name, i.from, *from_, program_->preset->blank);
  const bool found_it = !row.by.empty();
  const bool dropped_before = !rows.empty() && rows.back().field == i.name;
  if (dropped_before && rows.back().from.empty()) {
    rows.back().from = row.from;
    rows.back().by = row.by;
  }
  if (what == part_written::nothing) {
    if (!found_it || dropped_before) return;
    row.dropped = stripped_ && !i.survives_strip ? std::string("consent.denied=strip") : "not " + std::string(takes(i.as));
  } else if (by == filled::lines) {
    row.from = std::string(lines_text(i.lines));
    row.by = "preset";
  } else if (!found_it && !i.otherwise.empty()) {
    row = program_->explain(i.name, i.otherwise, *from_, blank_text::counts);
    row.by = "mapping.field." + std::string(i.name);
  } else if (!found_it || by == filled::setting) {
    row.from.clear();
    row.by = setting_of(i.name);
  }
  rows.push_back(std::move(row));
}

}  // namespace snap::event
