// The explanation of a mapping: which alternative and which rule answered, from the compiled plan; and as JSON.
#include <algorithm>
#include <utility>

#include "event/render.hpp"
#include "event/text.hpp"

namespace snap::event {
namespace {

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
    add(out, "when", r.when);
    add(out, "by", r.by);
    add(out, "dropped", r.dropped);
    out.close_object(from);
  }
  out.close_list(list);
}

void add_events(writer& out, const std::vector<trace_event>& events) {
  out.raw(R"(,"events":)");
  const std::size_t list = out.size();
  for (const trace_event& e : events) {
    out.comma();
    const std::size_t from = out.size();
    add(out, "event_name", e.event_name);
    add_rows(out, "fields", e.fields);
    out.close_object(from);
  }
  out.close_list(list);
}

void add_members(writer& out, const std::vector<trace_member>& members) {
  out.raw(R"(,"members":)");
  const std::size_t list = out.size();
  for (const trace_member& m : members) {
    out.comma();
    const std::size_t from = out.size();
    out.raw(R"(,"member":)");
    out.raw(std::to_string(m.number));
    add(out, "code", m.code);
    add(out, "message", m.message);
    add_rows(out, "record", m.record);
    add_events(out, m.events);
    out.close_object(from);
  }
  out.close_list(list);
}

}  // namespace

std::string to_json(const trace& t) {
  writer out;
  add(out, "preset", t.preset);
  if (t.members.empty()) {
    add_rows(out, "record", t.record);
    add_events(out, t.events);
  } else {
    add_members(out, t.members);
  }
  out.close_object(0);
  return std::string(out.view());
}

trace_row program::explain(std::string_view field, compiled c, reader& read, blank_text blank) const {
  trace_row out{.field = std::string(field), .value = {}, .from = {}, .when = {}, .by = {}, .dropped = {}};
  const auto origin = read.origin(c, blank);
  (void)read.passed_over();  // noted when it was passed over
  return origin ? explain(field, c, *origin) : out;
}

trace_row program::explain(std::string_view field, compiled c, std::uint32_t number) const {
  trace_row out{.field = std::string(field), .value = {}, .from = {}, .when = {}, .by = {}, .dropped = {}};
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
  trace_row out{.field = "action_source",
                .value = std::string(source_names[static_cast<std::size_t>(chosen)]),
                .from = {},
                .when = {},
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
  out.by = "preset";
  out.from = row->row->from.empty() && row->row->unless.empty() ? "no rule before it holds" : condition_text(*row->row);
  return out;
}

}  // namespace snap::event
