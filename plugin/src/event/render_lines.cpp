// Product lines: contents, ids, categories, brands, units and their sum. Read once a record, whatever it fans out to.
#include <algorithm>

#include "event/json/decimal.hpp"
#include "event/render.hpp"
#include "event/text.hpp"

namespace snap::event {
namespace {

bool usable(const json::value& v) { return v.textual() && !trim(v.text).empty(); }

// What a column's default stands for. A list or an object in its place is something, only not readable.
bool missing(const json::value& v) { return !v.present() || (v.what == json::kind::string && !usable(v)); }

}  // namespace

// The objects of the list, or of all lists that a path with [*] leads to. What is no object is no line.
void renderer::find_lines(const found& list) {
  lines_.at.clear();
  const auto add = [&](const json::node& n) {
    if (n.what != json::kind::array) return;
    for (const json::node& line : json::children(n)) {
      if (line.what == json::kind::object) lines_.at.push_back(&line);
    }
  };
  if (list.many.empty()) {
    if (list.one.at != nullptr) add(*list.one.at);
  } else {
    for (const json::entry& e : list.many) add(list.tape[e.at]);
  }
}

void renderer::read_lines() {
  lines_.rows.clear();
  const found list = (*from_)(program_->lines);
  if (list.one.what == json::kind::array) {
    find_lines(list);
    lines_.rows.resize(lines_.at.size());
    for (std::size_t c = 0; c < column_count; ++c) read_column(c);
    lines_.state = lines::list;
    return;
  }
  std::array<json::value, column_count> only;
  for (std::size_t c = 0; c < column_count; ++c) {
    only[c] = (*from_)(program_->columns[c].single, blank_text::is_absent).one;
    if (missing(only[c]) && !program_->columns[c].single_otherwise.empty())
      only[c] = json::value(program_->columns[c].single_otherwise);
  }
  lines_.state = lines::none;
  if (!usable(only[0])) return;  // without an id it is not a product
  lines_.rows.push_back(only);
  lines_.state = program_->preset->single_is == one_product::is_a_list ? lines::list : lines::one;
}

// A cell belongs to the line that encloses it on the tape.
void renderer::read_column(std::size_t c) {
  const auto& starts = lines_.at;
  if (starts.empty()) return;
  std::size_t row = 0;
  from_->each_cell(program_->columns[c].cells, [&](const json::node& n) {
    if (&n < starts[row]) row = 0;  // the next alternative begins again
    while (row + 1 < starts.size() && &n >= starts[row + 1]) ++row;
    if (&n < starts[row] || &n >= starts[row] + starts[row]->span) return;
    json::value& cell = lines_.rows[row][c];
    const std::string_view nothing = program_->preset->absent_text;
    if (c == static_cast<std::size_t>(column::id) && n.what == json::kind::string && is_placeholder(n.text)) return;
    if (const json::value v(n); !usable(cell) && v.present() && (nothing.empty() || v.text != nothing)) cell = v;
  });
  if (program_->columns[c].otherwise.empty()) return;
  for (auto& cells : lines_.rows) {
    if (missing(cells[c])) cells[c] = json::value(program_->columns[c].otherwise);
  }
}

bool renderer::write_contents(const instruction& i, writer& out) {
  if (lines_.state == lines::unread) read_lines();
  struct member {
    column from;
    std::string_view name;
    bool number;
  };
  static constexpr std::array<member, 5> members{{{column::id, R"(,"id":)", false},
                                                  {column::quantity, R"(,"quantity":)", true},
                                                  {column::item_price, R"(,"item_price":)", true},
                                                  {column::brand, R"(,"brand":)", false},
                                                  {column::delivery_category, R"(,"delivery_category":)", false}}};
  const std::size_t before = out.size();
  out.raw(i.member);
  const std::size_t list = out.size();
  for (const auto& row : lines_.rows) {
    const std::size_t element = out.size();
    out.comma();
    const std::size_t from = out.size();
    for (const member& m : members) {
      const json::value& v = row[static_cast<std::size_t>(m.from)];
      if (!usable(v)) continue;
      const std::size_t at = out.size();
      out.raw(m.name);
      if (!m.number) {
        out.text(v);
      } else if (!number(v, out)) {
        out.rewind(at);
      }
    }
    out.size() == from ? out.rewind(element) : out.close_object(from);
  }
  if (out.size() == list) {
    out.rewind(before);
    return false;
  }
  out.close_list(list);
  return true;
}

bool renderer::write_column(const instruction& i, column c, writer& out) {
  if (lines_.state == lines::unread) read_lines();
  const std::size_t before = out.size();
  out.raw(i.member);
  const std::size_t list = out.size();
  for (const auto& row : lines_.rows) {
    const json::value& v = row[static_cast<std::size_t>(c)];
    if (!usable(v)) continue;
    out.comma();
    out.text(v);
  }
  if (out.size() == list) {
    out.rewind(before);
    return false;
  }
  out.close_list(list);
  return true;
}

// Units, not lines: a line without a quantity is one. Nothing is better than a wrong count, so one unreadable quantity leaves it
// out; where a source sells by weight, a quantity with a fraction makes it the number of lines.
bool renderer::write_units(const instruction& i, writer& out) {
  if (lines_.state == lines::unread) read_lines();
  if (lines_.state != lines::list || lines_.rows.empty()) return false;
  std::int64_t units = 0;
  bool by_weight = false;
  for (const auto& row : lines_.rows) {
    const json::value& v = row[static_cast<std::size_t>(column::quantity)];
    const auto d = v.present() ? json::decimal_of(v) : json::decimal{1, 0};
    if (!d || d->mantissa < 0) return false;
    const auto whole = json::to_integer(*d);
    if (!whole && d->scale > 0 && i.lines == from_lines::units_or_lines) {
      by_weight = true;
      continue;  // the quantities after it must be readable all the same
    }
    if (!whole || __builtin_add_overflow(units, *whole, &units)) return false;
  }
  out.raw(i.member);
  out.integer(by_weight ? static_cast<std::int64_t>(lines_.rows.size()) : units);
  return true;
}

// Exact, in decimals. A line whose price or quantity cannot be read makes the sum unknown, never too small.
std::optional<json::decimal_text> renderer::total() {
  if (lines_.state == lines::unread) read_lines();
  if (lines_.state != lines::list || lines_.rows.empty()) return std::nullopt;
  json::decimal sum;
  for (const auto& row : lines_.rows) {
    const json::value& own = row[static_cast<std::size_t>(column::line_total)];
    const json::value& price = usable(own) ? own : row[static_cast<std::size_t>(column::item_price)];
    const json::value& quantity = row[static_cast<std::size_t>(column::quantity)];
    const auto p = json::decimal_of(price);
    const auto q = quantity.present() && !usable(own) ? json::decimal_of(quantity) : json::decimal{1, 0};
    const auto line = p && q && q->mantissa >= 0 ? json::multiply(*p, *q) : std::nullopt;
    const auto next = line ? json::add(sum, *line) : std::nullopt;
    if (!next) return std::nullopt;
    sum = *next;
  }
  return json::to_text(sum);
}

}  // namespace snap::event
