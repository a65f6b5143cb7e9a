#include "event/field.hpp"
#include "event/preset/preset.hpp"

namespace snap::event {
namespace {

void line(std::string& out, std::string_view left, std::string_view right) {
  constexpr std::size_t width = 42;
  out.append("  ").append(left);
  out.append(left.size() < width ? width - left.size() : 1, ' ').append(right).append("\n");
}

std::string_view spelling_text(spelling s) {
  switch (s) {
    case spelling::as_it_is: return "";
    case spelling::locale: return ", '-' as '_'";
    case spelling::whole: return ", without its fraction";
    case spelling::gmt_of_hours: return ", hours as GMT-4";
    case spelling::gmt_of_seconds: return ", seconds as GMT-4";
    case spelling::gigabytes: return ", bytes as whole gigabytes";
  }
  return "";
}

void describe(std::string& out, std::string_view title, std::span<const choice> rows) {
  if (rows.empty()) return;
  out.append("\n").append(title).append("\n");
  for (const choice& c : rows) line(out, c.then.empty() ? "its own name" : c.then, condition_text(c));
}

void describe_source(std::string& out, const preset_table& p) {
  if (!p.members.empty()) {
    out.append("\nA batch: every element of ").append(p.members).append(" is an event of its own");
    out.append(p.batch == batch_form::required ? "\n" : "; without it the record is one event\n");
  }
  if (p.places.empty() && p.pairs.empty() && p.texts.empty()) return;
  out.append("\nRead as if it stood elsewhere\n");
  for (const place& row : p.places) line(out, row.from, "at " + std::string(row.as) + ", before what stands there");
  for (const pair_place& row : p.pairs) {
    line(out, row.list,
         "at " + std::string(row.as) + ", its '" + std::string(row.name) + "' as the name of " + std::string(row.value));
  }
  for (const std::string_view text : p.texts) line(out, text, "as the JSON it holds when it is a text");
}

void describe_names(std::string& out, const preset_table& p) {
  out.append("\nEvent name: ").append(p.event_name).append(" (any case; spaces, _ and - are alike)\n");
  for (const name_row& row : p.names) line(out, row.from, row.to);
  for (const name_row& row : p.calls)
    line(out, (p.call.empty() ? "" : std::string(p.call) + " is ") + std::string(row.from), row.to);
  line(out, "Snapchat's own names", "themselves");
  for (const std::string_view name : p.foreign_names) line(out, name, "nothing: it means something else here");
}

std::string source_text(const field_source& row) {
  std::string from;
  const auto add = [&](const std::string& what) { from.append(from.empty() ? "" : ", else ").append(what); };
  if (!row.url.empty()) add("the parameter " + std::string(row.parameter) + " of " + std::string(row.url));
  if (!row.from.empty()) add(std::string(row.from));
  if (row.as == reading::up_to_comma) from += " (of a list the first)";
  if (row.alternatives == take::every) from += " (all of them)";
  if (!row.digests.empty()) add("a SHA-256 digest in " + std::string(row.digests));
  if (!row.unusable.empty()) from.append("; ").append(row.unusable).append(" is dropped: a digest under other rules");
  if (const std::string_view more = lines_text(row.lines); !more.empty()) add(std::string(more));
  if (!row.after_lines.empty()) add(std::string(row.after_lines));
  if (from.empty()) from = "not sent";
  if (!row.events.empty()) from.append("   [").append(row.events).append("]");
  if (!row.sources.empty()) from.append("   [").append(row.sources).append("]");
  for (const choice& c : row.only_if) from.append(&c == row.only_if.data() ? "   if " : ", or if ").append(condition_text(c));
  return from;
}

void describe_fields(std::string& out, const preset_table& p) {
  out.append("\nFields (the first that is present")
      .append(p.blank == blank_text::is_absent ? ", not null and not empty" : " and not null")
      .append(" wins)\n");
  for (const field_source& row : p.fields) line(out, row.field, source_text(row));
  if (p.same_names) line(out, "every other field", "the member of the same name");
  if (!p.pass_through.empty()) line(out, "unknown members", "copied from " + std::string(p.pass_through));
}

void describe_lines(std::string& out, const preset_table& p) {
  if (p.lines.empty()) return;
  out.append("\nProduct lines: ").append(p.lines);
  if (!p.single.empty()) out.append(", else the one product in ").append(p.single);
  out.append("\n");
  for (const line_column& c : p.columns)
    line(out, c.column, std::string(c.from) + (c.otherwise.empty() ? "" : ", else " + std::string(c.otherwise)));
  for (const line_column& c : p.single_columns) {
    if (c.column == "id") line(out, "id of the one product", c.from);
  }
}

}  // namespace

std::string condition_text(const choice& c) {
  std::string when;
  const auto add = [&](std::string_view verb, std::string_view what) {
    if (what.empty()) return;
    when.append(when.empty() ? "" : ", and ").append(verb).append(what);
  };
  if (!c.from.empty()) when = std::string(c.from) + (c.is.empty() ? " is there" : " is " + std::string(c.is));
  add("there is no ", c.unless);
  add("there is ", c.with);
  add("it is not ", c.differs);
  return when.empty() ? "otherwise" : when;
}

std::string_view lines_text(from_lines l) noexcept {
  switch (l) {
    case from_lines::nothing: return "";
    case from_lines::contents: return "the product lines";
    case from_lines::ids: return "the product lines' ids";
    case from_lines::categories: return "the product lines' categories";
    case from_lines::brands: return "the product lines' brands";
    case from_lines::units: return "the sum of the product lines' quantities";
    case from_lines::units_or_lines:
      return "the sum of the product lines' quantities, or the number of lines when one is a fraction";
    case from_lines::sum: return "the sum of price x quantity of the product lines";
    case from_lines::total: return "the sum of price x quantity of the product lines (also when the value is 0)";
  }
  return "";
}

std::string describe_preset(config::preset which) {
  const preset_table& p = table_of(which);
  std::string out = "Preset " + std::string(p.name) + ": " + std::string(p.about) + "\n";
  describe_source(out, p);
  describe(out, "Kind of event, which is its name", p.kinds);
  describe_names(out, p);
  describe(out, "Skipped events", p.left_out);
  describe(out, "Action source", p.action_source);
  describe_fields(out, p);
  describe_lines(out, p);
  describe(out, "app_data.extinfo[0]", p.platform);
  for (std::size_t i = 0; i < p.extinfo.size(); ++i) {
    const extinfo_position& e = p.extinfo[i];
    if (e.from.empty()) continue;
    std::string from(e.from);
    if (!e.also.empty()) from.append(" and ").append(e.also);
    line(out, "app_data.extinfo[" + std::to_string(i + 1) + "]", from.append(spelling_text(e.as)));
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
