#include "event/program.hpp"

#include <algorithm>

#include "event/text.hpp"
#include "event/writer.hpp"

namespace snap::event {
namespace {

constexpr std::array<std::string_view, 3> source_names{"WEB", "MOBILE_APP", "OFFLINE"};
constexpr std::array<std::string_view, column_count> column_names{"id",       "quantity",          "item_price", "brand",
                                                                  "category", "delivery_category", "line_total"};
// consent.denied=strip leaves of user_data only these (interfaces.md §6)
constexpr std::string_view kept_by_strip = "user_data.client_ip_address user_data.client_user_agent user_data.sc_click_id";
// and of the rest not these, nor anything that Snapchat's field list does not have: a person's words, and what others know of the
// device
constexpr std::string_view lost_by_strip =
    "custom_data.search_string custom_data.custom_fields app_data.application_tracking_enabled app_data.campaign_ids "
    "app_data.install_referrer app_data.installer_package app_data.windows_attribution_id";

// "a, b, c" as its words.
std::vector<std::string> words(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    out.emplace_back(trim(list.substr(0, comma)));
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  }
  return out;
}

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

// "a | b" as its alternatives.
std::vector<std::string_view> alternatives(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t bar = text.find(" | ");
    out.push_back(text.substr(0, bar));
    text = bar == std::string_view::npos ? std::string_view{} : text.substr(bar + 3);
  }
  return out;
}

// "product_id | sku" of every line, or of the one product.
std::string below(std::string_view bases, std::string_view each, std::string_view relative) {
  std::string out;
  for (const std::string_view base : alternatives(bases)) {
    for (const std::string_view name : alternatives(relative)) {
      if (!out.empty()) out += " | ";
      out.append(base).append(each).append(".").append(name);
    }
  }
  return out;
}

bool is_detailed(const field_source* row) {
  return row != nullptr && (!row->only_if.empty() || !row->digests.empty() || !row->unusable.empty() || !row->url.empty() ||
                            row->as != reading::as_it_is || row->alternatives != take::first_present);
}

path path_of(std::string_view text) { return parse_expression(text).value().alternatives.at(0).steps; }

}  // namespace

program::program(const config::settings& settings) : preset(&table_of(settings.mapping.from)), mapping(&settings.mapping) {
  arrange();
  name = compile_field("event_name", {.field = "event_name", .expression = preset->event_name}, json::want::scalar);
  call = compile(preset->call);
  time = compile_field("event_time", drafts_for("event_time", event_name::other, config::action_source::web).front(),
                       json::want::scalar);
  consent = from.compile(mapping->consent, json::want::whole);
  limited_use = from.compile(mapping->limited_use, json::want::whole);
  asset_route = from.compile(mapping->asset_route, json::want::whole);  // a container is an alias that nobody has
  phone_country = from.compile(mapping->phone_country, json::want::scalar);
  if (const expression* e = override_of("action_source")) source_override = from.compile(*e, json::want::scalar);
  if (const expression* e = override_of("custom_data.contents")) contents_override = from.compile(*e, json::want::whole);
  pass_through = compile(preset->pass_through, json::want::whole);
  action_source = compile_choices(preset->action_source);
  source_aliases = compile_choices(table_of(config::preset::snap).action_source);
  platform = compile_choices(preset->platform);
  tracking = compile_choices(preset->tracking);
  refused_tracking = compile_choices(preset->refused_tracking);
  limits = compile_choices(preset->limited_use);
  kinds = compile_choices(preset->kinds);
  left_out = compile_choices(preset->left_out);
  members = compile(preset->members);
  for (const extinfo_position& e : preset->extinfo) extinfo.push_back({compile(e.from), compile(e.also), e.as});
  for (const std::string_view s : preset->switches) switches.push_back(compile(keep("$.integrations['" + std::string(s) + "']")));
  if (!switches.empty()) all_integrations = compile("$.integrations.All");
  compile_lines();
  compile_names();
  compile_plans();
}

// Where the source keeps its values, before the first path is asked for.
void program::arrange() {
  json::layout how;
  if (!preset->members.empty()) how.members = path_of(preset->members);
  for (const place& p : preset->places) how.aliases.push_back({path_of(p.from), p.as == "$" ? path{} : path_of(p.as)});
  for (const std::string_view t : preset->texts) how.texts.push_back(path_of(t));
  for (const pair_place& p : preset->pairs) {
    json::pair_list list{.list = path_of(p.list),
                         .key = path_of("$." + std::string(p.name)),
                         .values = {},
                         .to = p.as == "$" ? path{} : path_of(p.as)};
    for (const std::string_view v : alternatives(p.value)) list.values.push_back(path_of("$." + std::string(v)));
    how.pairs.push_back(std::move(list));
  }
  from.value_paths.arrange(std::move(how));
  from.absent_text = preset->absent_text;
}

compiled program::compile(std::string_view text, json::want what) {
  if (text.empty()) return {};
  const std::string known = (what == json::want::whole ? "*" : "-") + std::string(text);
  if (const auto it = compiled_.find(known); it != compiled_.end()) return it->second;
  return compiled_[known] = from.compile(parse_expression(text).value(), what);
}

// The override, then what the preset says, then the override's default('…') - unless product lines come before that.
compiled program::compile_field(std::string_view field, const draft& d, json::want what) {
  const expression* const over = override_of(field);
  if (over == nullptr) return compile(d.expression, what);
  const bool lines_next = d.lines != from_lines::nothing;
  const std::string known = (lines_next ? "+" : "=") + std::string(field) + "=" + std::string(d.expression);
  if (const auto it = compiled_.find(known); it != compiled_.end()) return it->second;
  std::vector<expression> both{*over};
  if (lines_next) both.front().otherwise.reset();
  if (!d.expression.empty()) both.push_back(parse_expression(d.expression).value());
  return compiled_[known] = from.compile(both, what);
}

compiled program::compile_otherwise(std::string_view field, const draft& d) {
  if (d.lines == from_lines::nothing) return {};
  const compiled own = compile_default(field);
  return own.empty() && d.row != nullptr ? compile(d.row->after_lines) : own;
}

// The override's own alternatives, without what it falls back to.
compiled program::compile_override(std::string_view field, json::want what) {
  expression own = *override_of(field);
  own.otherwise.reset();
  return from.compile(own, what);
}

compiled program::compile_default(std::string_view field) {
  const expression* const over = override_of(field);
  if (over == nullptr || !over->otherwise) return {};
  const std::string known = "'" + *over->otherwise;
  if (const auto it = compiled_.find(known); it != compiled_.end()) return it->second;
  return compiled_[known] = from.compile({.alternatives = {}, .otherwise = over->otherwise}, json::want::scalar);
}

const expression* program::override_of(std::string_view field) const noexcept {
  if (field == "event_id" && !mapping->event_id.empty()) return &mapping->event_id;
  for (const auto& [name_of, e] : mapping->fields) {
    if (name_of == field) return &e;
  }
  return nullptr;
}

std::vector<condition> program::compile_choices(std::span<const choice> rows) {
  std::vector<condition> out;
  for (const choice& row : rows) {
    condition c{.from = compile(row.from),
                .unless = compile(row.unless),
                .with = compile(row.with),
                .differs = compile(row.differs),
                .is = words(row.is),
                .always = row.from.empty(),
                .then = row.then,
                .source = config::action_source::web,
                .row = &row};
    for (std::size_t i = 0; i < source_names.size(); ++i) {
      if (source_names[i] == row.then) c.source = static_cast<config::action_source>(i);
    }
    out.push_back(std::move(c));
  }
  return out;
}

void program::compile_lines() {
  lines = compile(preset->lines);
  for (std::size_t i = 0; i < column_count; ++i) {
    for (const line_column& c : preset->columns) {
      if (c.column != column_names[i]) continue;
      columns[i].cells = compile(keep(below(preset->lines, "[*]", c.from)));
      columns[i].otherwise = c.otherwise;
    }
    for (const line_column& c : preset->single_columns) {
      if (c.column != column_names[i]) continue;
      columns[i].single = compile(keep(below(preset->single, "", c.from)));
      columns[i].single_otherwise = c.otherwise;
    }
    columns[i].single.ids = column_names[i] == "id";
  }
}

void program::compile_names() {
  std::string folded;
  const auto put = [&](name_table& t, std::string_view from_name, event_name to) {
    fold_name(from_name, folded);
    auto& targets = t[folded];
    if (std::find(targets.begin(), targets.end(), to) == targets.end()) targets.push_back(to);
  };
  // the user's rules replace what the tables say about the same name
  for (const auto& [source, target] : mapping->event_names) {
    const auto to = resolve_event(*preset, target);
    if (!to) continue;  // the configuration's check has refused it
    put(names_, source, *to);
    put(calls_, source, *to);
  }
  const auto fill = [&](name_table& t, std::span<const name_row> rows) {
    for (const name_row& row : rows) {
      fold_name(row.from, folded);
      if (const auto to = native_name(row.to); to && !t.contains(folded)) t[folded] = {*to};
    }
  };
  fill(names_, preset->names);
  fill(calls_, preset->calls);
  for (std::size_t i = 0; i < native_names.size(); ++i) {
    fold_name(native_names[i], folded);
    const auto foreign = [&](std::string_view n) { return same_word(n, native_names[i]); };
    if (std::any_of(preset->foreign_names.begin(), preset->foreign_names.end(), foreign)) continue;
    if (!names_.contains(folded)) names_[folded] = {static_cast<event_name>(i)};
  }
}

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
