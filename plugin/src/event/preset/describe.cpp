#include "event/field.hpp"
#include "event/preset/preset.hpp"

namespace snap::event {
namespace {

void line(std::string& out, std::string_view left, std::string_view right) {
  constexpr std::size_t width = 42;
  out.append("  ").append(left);
  out.append(left.size() < width ? width - left.size() : 1, ' ').append(right).append("\n");
}

std::string_view lines_text(from_lines l) {
  switch (l) {
    case from_lines::nothing: return "";
    case from_lines::contents: return "the product lines";
    case from_lines::ids: return "the product lines' ids";
    case from_lines::categories: return "the product lines' categories";
    case from_lines::brands: return "the product lines' brands";
    case from_lines::units: return "the sum of the product lines' quantities";
    case from_lines::total: return "the sum of price x quantity of the product lines (also when the value is 0)";
  }
  return "";
}

void describe(std::string& out, std::string_view title, std::span<const choice> rows) {
  if (rows.empty()) return;
  out.append("\n").append(title).append("\n");
  for (const choice& c : rows) {
    if (c.from.empty()) {
      line(out, c.then, "otherwise");
      continue;
    }
    std::string when = std::string(c.from) + " is " + std::string(c.is);
    if (!c.unless.empty()) when += ", and there is no " + std::string(c.unless);
    line(out, c.then, when);
  }
}

void describe_names(std::string& out, const preset_table& p) {
  out.append("\nEvent name: ").append(p.event_name).append(" (any case; spaces, _ and - are alike)\n");
  for (const name_row& row : p.names) line(out, row.from, row.to);
  for (const name_row& row : p.calls) line(out, std::string(p.call) + " is " + std::string(row.from), row.to);
  line(out, "Snapchat's own names", "themselves");
}

void describe_fields(std::string& out, const preset_table& p) {
  out.append("\nFields (the first that is present")
      .append(p.blank == blank_text::is_absent ? ", not null and not empty" : " and not null")
      .append(" wins)\n");
  for (const field_source& row : p.fields) {
    std::string from(row.from);
    const std::string_view more = lines_text(row.lines);
    if (!from.empty() && !more.empty()) from += ", else ";
    from += more;
    if (from.empty()) from = "not sent";
    if (!row.events.empty()) from.append("   [").append(row.events).append("]");
    if (!row.sources.empty()) from.append("   [").append(row.sources).append("]");
    line(out, row.field, from);
  }
  if (p.same_names) line(out, "every other field", "the member of the same name");
  if (!p.pass_through.empty()) line(out, "unknown members", "copied from " + std::string(p.pass_through));
}

void describe_lines(std::string& out, const preset_table& p) {
  if (p.lines.empty()) return;
  out.append("\nProduct lines: ").append(p.lines).append(", else the one product in ").append(p.single).append("\n");
  for (const line_column& c : p.columns) line(out, c.column, c.from);
  for (const line_column& c : p.single_columns) {
    if (c.column == "id") line(out, "id of the one product", c.from);
  }
}

}  // namespace

std::string describe_preset(config::preset which) {
  const preset_table& p = table_of(which);
  std::string out = "Preset " + std::string(p.name) + ": " + std::string(p.about) + "\n";
  describe_names(out, p);
  describe(out, "Action source", p.action_source);
  describe_fields(out, p);
  describe_lines(out, p);
  describe(out, "app_data.extinfo[0]", p.platform);
  for (std::size_t i = 0; i < p.extinfo.size(); ++i) {
    if (!p.extinfo[i].empty()) line(out, "app_data.extinfo[" + std::to_string(i + 1) + "]", p.extinfo[i]);
  }
  describe(out, "app_data.advertiser_tracking_enabled (0 when no row holds)", p.tracking);
  describe(out, "user_data.madid is not sent", p.refused_tracking);
  describe(out, "data_processing_options, limited use", p.limited_use);
  if (!p.switches.empty()) {
    out.append("\nSkipped when $.integrations switches one of these off, or All off and none of these on\n");
    for (const std::string_view s : p.switches) line(out, s, "");
  }
  return out;
}

}  // namespace snap::event
