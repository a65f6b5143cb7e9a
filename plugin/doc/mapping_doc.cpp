#include "mapping_doc.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "event/event_name.hpp"
#include "event/field.hpp"
#include "event/preset/preset.hpp"

namespace doc {
namespace {

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

// A '*' of a path would begin emphasis.
std::string shown(std::string_view text) {
  std::string out = cell(text);
  for (std::size_t star = out.find('*'); star != std::string::npos; star = out.find('*', star + 2)) out.insert(star, "\\");
  return out;
}

// "  left      right": two columns of describe_preset, at least two blanks apart, or one when the left one is long.
std::string row(std::string_view line) {
  line.remove_prefix(2);
  std::size_t end = line.find("  ");
  if (end == std::string_view::npos) end = std::min(line.find(' '), line.size());
  const std::string_view left = line.substr(0, end);
  const std::size_t start = line.find_first_not_of(' ', end);
  const std::string_view right = start == std::string_view::npos ? std::string_view{} : line.substr(start);
  return "| " + shown(left) + " | " + shown(right) + " |\n";
}

// What `describe_preset` says: titles at the start of a line, indented rows below them.
std::string preset(std::string_view text) {
  std::string out;
  const std::string_view first = take_line(text);
  const std::size_t colon = first.find(": ");
  const std::string_view name = first.substr(0, colon);
  out.append("## ").append(name).append("\n\n").append(first.substr(colon + 2)).append("\n");
  bool in_table = false;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.starts_with("  ")) {
      if (!in_table) out += "\n| | |\n| --- | --- |\n";
      in_table = true;
      out += row(line);
    } else {
      in_table = false;
      if (!line.empty()) out.append("\n**").append(shown(line)).append("**\n");
    }
  }
  return out;
}

std::string presets() {
  std::string out;
  for (const snap::event::preset_table* p : snap::event::presets()) {
    out.append(out.empty() ? "" : "\n").append(preset(snap::event::describe_preset(p->id)));
  }
  return out;
}

std::string event_names() {
  std::string out;
  for (const std::string_view name : snap::event::native_names) out.append(out.empty() ? "`" : ", `").append(name).append("`");
  return out + ".";
}

// What each field is made from: the fields of one form share a row.
std::string field_forms() {
  std::vector<std::pair<std::string_view, std::string>> rows;
  for (const snap::event::field_row& f : snap::event::fields()) {
    if (f.as == snap::event::form::special) continue;
    const std::string_view takes = snap::event::takes(f.as);
    auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return r.first == takes; });
    if (row == rows.end()) row = rows.insert(rows.end(), {takes, {}});
    row->second.append(row->second.empty() ? "`" : ", `").append(f.path).append("`");
  }
  std::string out = "| taken | fields |\n| --- | --- |\n";
  for (const auto& [takes, fields] : rows) out.append("| ").append(cell(takes)).append(" | ").append(fields).append(" |\n");
  return out;
}

void fill(std::string& text, std::string_view mark, std::string_view with) {
  const std::size_t at = text.find(mark);
  if (at == std::string::npos) throw std::runtime_error("MAPPING.in.md has no " + std::string(mark));
  text.replace(at, mark.size(), with);
}

}  // namespace

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|')
      out += "\\|";
    else if (c == '<')
      out += "&lt;";
    else
      out += c;
  }
  return out;
}

std::string mapping(std::string text, std::string_view generated) {
  fill(text, "{{generated}}\n", generated);
  fill(text, "{{event names}}", event_names());
  fill(text, "{{fields}}\n", field_forms());
  fill(text, "{{presets}}\n", presets());
  return text;
}

}  // namespace doc
