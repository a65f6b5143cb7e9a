// The explanation of an event's fields: noted beside what the renderer does, when somebody asks.
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

}  // namespace

void renderer::note_drop(std::string_view field, std::string_view why) {
  const auto& rows = trace_->events.back().fields;
  if (!rows.empty() && rows.back().field == field && rows.back().dropped == why) return;  // of a list, once
  trace_->events.back().fields.push_back(
      {.field = std::string(field),
       .value = {},
       .from = {},
       .when = why == to_string(normalise::outcome::refused) ? rule_that_held(field) : std::string{},
       .by = {},
       .dropped = std::string(why)});
}

void renderer::note_placeholder(const instruction& i, std::uint32_t alternative) {
  constexpr auto why = normalise::outcome::placeholder;
  if (i.name.starts_with("user_data.")) counts_->dropped(i.key, why);
  if (trace_ == nullptr) return;
  trace_row row = program_->explain(i.name, i.from, alternative - i.from.from);
  row.dropped = to_string(why);
  trace_->events.back().fields.push_back(std::move(row));
}

// The row of the preset's rules for a field that has no source of its own.
std::string renderer::rule_that_held(std::string_view field) {
  const auto text = [&](std::span<const condition> rows) {
    const condition* const row = choose(rows);
    return row == nullptr ? std::string{} : condition_text(*row->row);
  };
  if (field == "app_data.extinfo") return text(program_->platform);
  if (field == "app_data.advertiser_tracking_enabled") return text(program_->tracking);
  if (field == "data_processing_options") return text(program_->limits);
  return field == "user_data.madid" ? text(program_->refused_tracking) : std::string{};
}

// Of match keys: which of a row's sources it was, and the condition under which the row counts.
void renderer::note_details(const instruction& i, filled by, trace_row& row) {
  const detail& m = *i.more;
  if (by == filled::digests) row = program_->explain(i.name, m.digests, *from_, program_->preset->blank);
  if (by == filled::parameter) {
    row = program_->explain(i.name, m.url, *from_, blank_text::counts);
    row.from = "the parameter " + std::string(m.parameter) + " of " + row.from;
  }
  if (by == filled::digests || by == filled::parameter) row.by = "preset";
  if (m.only_if.empty()) return;
  if (const condition* const held = choose(m.only_if)) {
    row.when = condition_text(*held->row);
    return;
  }
  for (const condition& c : m.only_if)
    row.dropped.append(row.dropped.empty() ? "unless " : ", or ").append(condition_text(*c.row));
}

void renderer::note(const instruction& i, part_written what) {
  auto& rows = trace_->events.back().fields;
  const filled by = std::exchange(filled_, filled::source);
  trace_row row = program_->explain(i.name, i.from, *from_, program_->preset->blank);
  if (i.more != nullptr) note_details(i, by, row);
  const bool found_it = !row.by.empty();
  const bool dropped_before = !rows.empty() && rows.back().field == i.name;
  if (dropped_before && rows.back().from.empty()) {
    rows.back().from = row.from;
    rows.back().by = row.by;
    if (rows.back().when.empty()) rows.back().when = row.when;
  }
  if (what == part_written::nothing) {
    if (!found_it || dropped_before) return;
    if (stripped_ && !i.survives_strip) {
      row.dropped = "consent.denied=strip";
    } else if (row.dropped.empty()) {
      row.dropped = "not " + std::string(takes(i.as));
    }
  } else if (by == filled::lines) {
    row.from = std::string(lines_text(i.lines));
    row.by = "preset";
  } else if (!found_it && !i.otherwise.empty()) {
    row = program_->explain(i.name, i.otherwise, *from_, blank_text::counts);
    row.by = "mapping.field." + std::string(i.name);
  } else if (!found_it || by == filled::setting) {
    row.from.clear();
    row.when = rule_that_held(i.name);
    row.by = setting_of(i.name);
  }
  rows.push_back(std::move(row));
}

}  // namespace snap::event
