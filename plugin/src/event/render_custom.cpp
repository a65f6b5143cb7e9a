// custom_data: value and currency, what the product lines say, and whatever else the record has for Snapchat.
#include <algorithm>

#include "event/json/decimal.hpp"
#include "event/render.hpp"
#include "event/text.hpp"

namespace snap::event {

bool renderer::custom_data(const decision& d, writer& out) {
  const std::size_t before = out.size();
  out.raw(R"(,"custom_data":)");
  const std::size_t from = out.size();
  bool has_value = false;
  const bool strip = d.use == decision::privacy::stripped;
  const plan& all = program_->plan_for(d.name, d.source);
  for (const instruction& i : all.custom) {
    if (idle(i)) continue;
    const noting note_it(*this, i, out);
    if (strip && !i.survives_strip) continue;
    const found f = value_of(i);
    if (i.as == form::amount) {
      if (!amount(i, f, out, has_value)) return false;
      if (!has_value && d.name == event_name::PURCHASE) {
        return fail(code::purchase_value_missing,
                    "a PURCHASE needs custom_data.value; mapping.field.custom_data.value can name its source");
      }
    } else if (i.as == form::currency) {
      if (!currency(i, f, d, has_value, out)) return false;
    } else if (i.as == form::contents && f.one.container() && f.one.at != nullptr) {
      const std::size_t member = out.size();
      out.raw(i.member);
      const std::size_t list = out.size();
      contents(*f.one.at, out);
      out.size() == list ? out.rewind(member) : out.close_list(list);
    } else if (i.as == form::text_map) {
      custom_fields(i, f, all.custom_fields, out);
    } else if (field(i, f, out)) {
      continue;
    } else if (from_product_lines(i, out)) {
      filled_ = filled::lines;
    } else {
      field(i, (*from_)(i.otherwise), out);
    }
  }
  if (!strip) pass_through(out);
  if (out.size() == from) {
    out.rewind(before);
  } else {
    out.close_object(from);
  }
  return true;
}

bool renderer::amount(const instruction& i, const found& f, writer& out, bool& has_value) {
  const json::value& v = f.one;
  const bool blank = v.what == json::kind::string && trim(v.text).empty();
  const bool lines_count = i.lines == from_lines::total || i.lines == from_lines::sum;
  const std::size_t before = out.size();
  out.raw(i.member);
  has_value = true;
  if (v.present() && !blank) {
    if (!v.textual() || !number(v, out)) return not_a_number(i);
    if (i.lines != from_lines::total) return true;
    const auto own = json::parse_decimal(trim(v.text));
    // RudderStack's spec: a value of 0 gives way to the sum of the lines
    const auto sum = own && own->is_zero() ? total() : std::nullopt;
    if (!sum) return true;
    out.rewind(before);
    out.raw(i.member);
    out.raw(sum->view());
    filled_ = filled::lines;
    return true;
  }
  if (const auto sum = lines_count ? total() : std::nullopt) {
    out.raw(sum->view());
    filled_ = filled::lines;
    return true;
  }
  if (const json::value other = (*from_)(i.otherwise).one; other.present()) return number(other, out) || not_a_number(i);
  out.rewind(before);
  has_value = false;
  return true;
}

bool renderer::not_a_number(const instruction& i) {
  return fail(code::value_invalid, std::string(i.name) + " must be a number, or a text that is a plain decimal like 25.10");
}

bool renderer::currency(const instruction& i, const found& f, const decision& d, bool has_value, writer& out) {
  const bool purchase = d.name == event_name::PURCHASE;
  using normalise::outcome;
  const outcome o = f.one.what == json::kind::string ? i.by(f.one.text, context_, scratch_) : outcome::malformed;
  if (f.present() && o != outcome::empty) {
    if (o == outcome::text) {
      out.raw(i.member);
      out.plain(scratch_);
      return true;
    }
    return !purchase || fail(code::currency_invalid, std::string(i.name) + " of a PURCHASE must be an ISO 4217 code like EUR");
  }
  const std::string& fallback = program_->mapping->default_currency;
  if (!fallback.empty() && (has_value || purchase)) {
    out.raw(i.member);
    out.escaped(fallback);
    filled_ = filled::setting;
    return true;
  }
  return !purchase ||
         fail(code::purchase_currency_missing,
              "a PURCHASE needs custom_data.currency; mapping.currency.default can supply one for records that have none");
}

bool renderer::from_product_lines(const instruction& i, writer& out) {
  switch (i.lines) {
    case from_lines::nothing:
    case from_lines::total:
    case from_lines::sum: return false;
    case from_lines::contents: return write_contents(i, out);
    case from_lines::ids: return write_column(i, column::id, out);
    case from_lines::categories: return write_column(i, column::category, out);
    case from_lines::brands: return write_column(i, column::brand, out);
    case from_lines::units:
    case from_lines::units_or_lines: return write_units(i, out);
  }
  return false;
}

// Names and texts: what mapping.field.* names by itself, then the rest of the record's own map.
bool renderer::custom_fields(const instruction& i, const found& f, std::span<const instruction> own, writer& out) {
  const std::size_t before = out.size();
  out.raw(i.member);
  const std::size_t from = out.size();
  std::vector<std::string_view> written;
  for (const instruction& one : own) {
    const noting note_it(*this, one, out);
    const json::value v = (*from_)(one.from).one;
    if (!v.scalar()) continue;
    out.raw(one.member);
    out.text(v);
    written.push_back(one.name.substr(one.name.rfind('.') + 1));
  }
  if (f.one.what == json::kind::object && f.one.at != nullptr) {
    for (const json::node& member : json::children(*f.one.at)) {
      if (!json::is_scalar(member.what) || std::find(written.begin(), written.end(), member.key) != written.end()) continue;
      out.comma();
      out.text(member.key, member.key_plain);
      out.raw(":");
      out.text(member.text, member.plain);
    }
  }
  if (out.size() == from) {
    out.rewind(before);
    return false;
  }
  out.close_object(from);
  return true;
}

// Members that Snapchat's field list does not know go along as they are.
void renderer::pass_through(writer& out) {
  const found f = (*from_)(program_->pass_through);
  if (f.one.what != json::kind::object) return;
  for (const json::node& member : json::children(*f.one.at)) {
    if (program_->handles(member.key)) continue;
    const std::size_t before = out.size();
    out.comma();
    out.text(member.key, member.key_plain);
    out.raw(":");
    if (!copy_value(member, out)) out.rewind(before);
  }
}

// One member of a line that already has Snapchat's form: copied as it was written, but an id is a text, and what can be no price,
// no count and no name is left out.
bool renderer::contents_member(const json::node& member, writer& out) const {
  const json::value v(member);
  if (member.key == "item_price" || member.key == "quantity") {
    if (!json::counts(v)) return false;
  } else if (member.key == "id" || member.key == "brand" || member.key == "delivery_category") {
    if (!v.textual() || trim(v.text).empty() || (member.key == "id" && is_placeholder(v.text))) return false;
    out.text(v);
    return true;
  }
  return copy_value(member, out);
}

void renderer::contents(const json::node& list, writer& out) const {
  const auto line = [&](const json::node& n) {
    const std::size_t before = out.size();
    out.comma();
    const std::size_t from = out.size();
    for (const json::node& member : json::children(n)) {
      const std::size_t at = out.size();
      out.comma();
      out.text(member.key, member.key_plain);
      out.raw(":");
      if (!contents_member(member, out)) out.rewind(at);
    }
    out.size() == from ? out.rewind(before) : out.close_object(from);
  };
  if (list.what == json::kind::object) return line(list);
  for (const json::node& n : json::children(list)) {
    if (n.what == json::kind::object) line(n);
  }
}

}  // namespace snap::event
