#include "event/program.hpp"

#include <algorithm>

#include "event/text.hpp"

namespace snap::event {
namespace {

constexpr std::array<std::string_view, column_count> column_names{"id",       "quantity",          "item_price", "brand",
                                                                  "category", "delivery_category", "line_total"};

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

}  // namespace snap::event
