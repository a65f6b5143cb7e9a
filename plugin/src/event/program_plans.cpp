// The second half of the program: for each target event and action source, which rows of the preset and which overrides count,
// and the instructions that they become.
#include <algorithm>

#include "event/program.hpp"
#include "event/text.hpp"
#include "event/writer.hpp"

namespace snap::event {
namespace {

// consent.denied=strip leaves of user_data only these (interfaces.md §6)
constexpr std::string_view kept_by_strip = "user_data.client_ip_address user_data.client_user_agent user_data.sc_click_id";
// and of the rest not these, nor anything that Snapchat's field list does not have: a person's words, and what others know of the
// device
constexpr std::string_view lost_by_strip =
    "custom_data.search_string custom_data.custom_fields app_data.application_tracking_enabled app_data.campaign_ids "
    "app_data.install_referrer app_data.installer_package app_data.windows_attribution_id";

bool holds(std::string_view condition, std::string_view name) { return condition.empty() || among(name, condition); }

// Containers are only kept where they can be used.
json::want wanted(form f) {
  switch (f) {
    case form::texts:
    case form::one_or_texts:
    case form::hashed:
    case form::hashed_list:
    case form::contents:
    case form::extinfo:
    case form::options:
    case form::text_map:
    case form::any: return json::want::whole;
    case form::special:
    case form::text:
    case form::address:
    case form::number:
    case form::integer:
    case form::flag:
    case form::bit:
    case form::plain_key:
    case form::plain_text:
    case form::currency:
    case form::amount: return json::want::scalar;
  }
  return json::want::whole;
}

std::string_view last_name(std::string_view path) { return path.substr(path.rfind('.') + 1); }

bool is_detailed(const field_source* row) {
  return row != nullptr && (!row->only_if.empty() || !row->digests.empty() || !row->unusable.empty() || !row->url.empty() ||
                            row->as != reading::as_it_is || row->alternatives != take::first_present);
}

}  // namespace

// The first row whose fixed conditions hold, and as long as those before have conditions of the record, the next ones.
std::vector<program::draft> program::drafts_for(std::string_view field, event_name e, config::action_source s) {
  const std::string_view event = e == event_name::other ? std::string_view("*") : to_text(e);
  bool listed = false;
  std::vector<draft> out;
  for (const field_source& row : preset->fields) {
    if (row.field != field) continue;
    listed = true;
    if (!holds(row.events, event) || !holds(row.sources, source_names[static_cast<std::size_t>(s)])) continue;
    out.push_back({field, row.from, row.lines, &row});
    if (row.only_if.empty()) return out;
  }
  const bool same_name = preset->same_names && !listed;
  if (out.empty()) out.push_back({field, same_name ? keep("$." + std::string(field)) : std::string_view{}});
  return out;
}

void program::compile_plans() {
  for (const field_row& f : fields()) {
    if (f.in == part::user_data) match_keys.push_back(last_name(f.path));
    if (f.in == part::custom_data) handled_.insert(std::string(last_name(f.path)));
  }
  for (const auto& [field, e] : mapping->fields) {
    if (field.starts_with("custom_data.") && !is_custom_field(field)) handled_.insert(std::string(last_name(field)));
  }
  plans_.resize(event_name_count * source_names.size());
  for (std::size_t e = 0; e < event_name_count; ++e) {
    for (std::size_t s = 0; s < source_names.size(); ++s) {
      compile_plan(static_cast<event_name>(e), static_cast<config::action_source>(s), plans_[e * 3 + s]);
    }
  }
}

void program::compile_plan(event_name e, config::action_source s, plan& out) {
  compile_ids(e, s, out);
  for (const auto& [field, ignored] : mapping->fields) {
    if (!is_custom_field(field)) continue;
    instruction i;
    i.member = member_text(last_name(field));
    i.name = field;
    i.from = compile_field(field, {.field = field, .expression = {}}, json::want::scalar);
    out.custom_fields.push_back(i);
  }
  for (const field_row& f : fields()) {
    if (f.as == form::special) continue;
    const std::vector<draft> drafts = drafts_for(f.path, e, s);
    // an override comes before rows with details, not under them
    const bool apart = is_detailed(drafts.front().row) && override_of(f.path) != nullptr;
    if (apart) add_instruction(out, f.path, f.as, &f, {.field = f.path, .expression = {}, .piece = draft::override_alone});
    for (const draft& d : drafts) add_instruction(out, f.path, f.as, &f, d);
    if (apart) add_instruction(out, f.path, f.as, &f, {.field = f.path, .expression = {}, .piece = draft::default_alone});
  }
  for (const auto& [field, ignored] : mapping->fields) {
    if (!find_field(field) && !is_custom_field(field) && is_output_path(field))
      add_instruction(out, field, form::any, nullptr, {field, own_member(field)});
  }
}

void program::compile_ids(event_name e, config::action_source s, plan& out) {
  for (const draft& d : drafts_for("event_id", e, s)) {
    const bool conditional = d.row != nullptr && !d.row->only_if.empty();
    if (conditional && out.event_id.empty() && override_of("event_id") != nullptr)
      out.event_id.push_back({compile_override("event_id", json::want::scalar), {}});
    out.event_id.push_back({conditional ? compile(d.expression) : compile_field("event_id", d, json::want::scalar),
                            conditional ? compile_choices(d.row->only_if) : std::vector<condition>{}});
  }
  for (id_source& source : out.event_id) source.from.ids = true;
}

const detail* program::details_of(const field_source* row) {
  if (!is_detailed(row)) return nullptr;
  const detail*& known = detailed_[row];
  if (known != nullptr) return known;
  details_.push_back({.only_if = compile_choices(row->only_if),
                      .digests = compile(row->digests, json::want::whole),
                      .unusable = compile(row->unusable, json::want::whole),
                      .url = compile(row->url),
                      .parameter = row->parameter,
                      .as = row->as,
                      .alternatives = row->alternatives});
  return known = &details_.back();
}

// Where an unknown member of custom_data stands in the record itself, for presets that copy those.
std::string_view program::own_member(std::string_view field) {
  if (preset->pass_through.empty()) return {};
  std::string text = std::string(preset->pass_through) + "['";
  for (const char c : last_name(field)) text += c == '\'' ? "''" : std::string(1, c);
  return keep(text + "']");
}

std::string_view program::member_text(std::string_view name_of) {
  const auto known = members_.find(name_of);
  if (known != members_.end()) return known->second;
  writer text;
  text.comma();
  text.escaped(name_of);  // a name of custom_data may hold anything
  text.raw(":");
  return members_.emplace(name_of, text.view()).first->second;
}

void program::add_instruction(plan& out, std::string_view field, form as, const field_row* row, const draft& d) {
  instruction i;
  i.as = as;
  i.name = field;
  switch (d.piece) {
    case draft::whole:
      i.from = is_detailed(d.row) ? compile(d.expression, wanted(as)) : compile_field(field, d, wanted(as));
      break;
    case draft::override_alone: i.from = compile_override(field, wanted(as)); break;
    case draft::default_alone: i.from = compile_default(field); break;
  }
  i.lines = d.lines;
  i.more = details_of(d.row);
  i.otherwise = compile_otherwise(field, d);
  const bool judged = field == "app_data.advertiser_tracking_enabled" || field == "app_data.extinfo" ||
                      field == "app_data.app_id" || field == "data_processing_options" || field == "integration" ||
                      as == form::currency || as == form::amount || (as == form::text_map && !out.custom_fields.empty());
  i.needs_source = i.lines == from_lines::nothing && i.otherwise.empty() && i.more == nullptr && !judged;
  if (i.from.empty() && i.needs_source) return;
  const std::string_view short_name = last_name(field);
  i.member = member_text(short_name);
  i.from.ids = i.otherwise.ids = row != nullptr && row->what == meaning::id;
  if (row != nullptr) i.by = row->by;
  if (row != nullptr) i.role = row->role;
  const part in = row != nullptr ? row->in : part::custom_data;
  if (in == part::user_data) {
    i.key = static_cast<std::uint8_t>(std::find(match_keys.begin(), match_keys.end(), short_name) - match_keys.begin());
    i.survives_strip = among(field, kept_by_strip);
  } else {
    i.survives_strip = row != nullptr && !among(field, lost_by_strip);
  }
  switch (in) {
    case part::root: out.root.push_back(i); break;
    case part::user_data: out.user.push_back(i); break;
    case part::custom_data: out.custom.push_back(i); break;
    case part::app_data: out.app.push_back(i); break;
  }
}

}  // namespace snap::event
