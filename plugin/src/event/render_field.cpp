// The forms of members that any part of an event may have.
#include "event/json/decimal.hpp"
#include "event/page_address.hpp"
#include "event/render.hpp"
#include "event/text.hpp"

namespace snap::event {

found renderer::id_of(const instruction& i) {
  (void)from_->passed_over();  // of what was read before
  found f = (*from_)(i.from, program_->preset->blank);
  if (const auto skipped = from_->passed_over()) note_placeholder(i, *skipped);
  return f;
}

bool renderer::field(const instruction& i, const found& f, writer& out) {
  if (!f.present()) return false;
  const std::size_t before = out.size();
  const auto done = [&](bool written) {
    if (!written) out.rewind(before);
    return written;
  };
  switch (i.as) {
    case form::text:
    case form::plain_text: {
      const auto usable = [&](const json::value& v) {
        return v.textual() && !trim(v.text).empty() && !(i.from.ids && is_placeholder(v.text));
      };
      json::value v = f.one;
      if (!usable(v)) {
        f.each_scalar([&](const json::value& e) {
          if (!usable(v)) v = e;
        });
      }
      if (!usable(v)) return false;
      out.raw(i.member);
      out.text(v);
      return true;
    }
    case form::address: {
      json::value v = f.one;
      v.text = trim(v.text);
      if (v.what != json::kind::string || !is_address(v.text)) return false;
      out.raw(i.member);
      out.text(v);
      return true;
    }
    case form::number:
    case form::integer:
      out.raw(i.member);
      if (i.as == form::number) return done(number(f.one, out));
      if (const auto d = json::decimal_of(f.one); d && json::to_integer(*d)) {
        out.integer(*json::to_integer(*d));
        return true;
      }
      return done(false);
    case form::flag:
      if (!f.one.scalar() || !(same_word(f.one.text, "true") || same_word(f.one.text, "false"))) return false;
      out.raw(i.member);
      out.raw(same_word(f.one.text, "true") ? "true" : "false");
      return true;
    case form::bit: out.raw(i.member); return done(bit(f.one, out));
    case form::texts:
    case form::one_or_texts: return texts(i, f, out);
    case form::any: {
      out.raw(i.member);
      if (!f.many.empty()) {
        const std::size_t list = out.size();
        for (const json::entry& e : f.many) {
          const std::size_t element = out.size();
          out.comma();
          if (!copy_value(f.tape[e.at], out)) out.rewind(element);
        }
        out.close_list(list);
        return true;
      }
      if (f.one.at != nullptr) return done(copy_value(*f.one.at, out));
      f.one.what == json::kind::number ? out.raw(f.one.text) : out.text(f.one);
      return true;
    }
    case form::special:
    case form::hashed:
    case form::hashed_list:
    case form::plain_key:
    case form::currency:
    case form::amount:
    case form::contents:
    case form::extinfo:
    case form::options:
    case form::text_map: return false;  // written where their part is
  }
  return false;
}

// A list of texts. One text stays one text where Snapchat knows both, and where it is a list joined by commas.
bool renderer::texts(const instruction& i, const found& f, writer& out) {
  const std::size_t before = out.size();
  out.raw(i.member);
  const bool single = f.many.empty() && f.one.scalar();
  if (single && f.one.what != json::kind::boolean && !trim(f.one.text).empty() &&
      (i.as == form::one_or_texts || f.one.text.find(',') != std::string_view::npos)) {
    out.text(f.one);
    return true;
  }
  const std::size_t list = out.size();
  f.each_scalar([&](const json::value& v) {
    if (!v.textual() || trim(v.text).empty()) return;
    if (i.from.ids && is_placeholder(v.text)) {
      if (trace_ != nullptr) note_drop(i.name, to_string(normalise::outcome::placeholder));
      return;
    }
    out.comma();
    out.text(v);
  });
  if (out.size() == list) {
    out.rewind(before);
    return false;
  }
  out.close_list(list);
  return true;
}

// Numbers keep their text; a text that is a plain decimal becomes a number.
bool renderer::number(const json::value& v, writer& out) const {
  if (v.what == json::kind::number) {
    if (!json::in_range(v.text)) return false;
    out.raw(v.text);
    return true;
  }
  const std::string_view text = trim(v.text);
  if (v.what != json::kind::string || !json::is_plain_decimal(text)) return false;
  if (json::is_json_number(text) && json::in_range(text)) {
    out.raw(text);
    return true;
  }
  const auto d = json::parse_decimal(text);
  if (!d) return false;
  out.raw(json::to_text(*d).view());
  return true;
}

bool renderer::bit(const json::value& v, writer& out) const {
  const std::string_view word = trim(v.text);
  if (!v.scalar() || !among(word, "0 1 true false yes no")) return false;
  out.raw(among(word, "1 true yes") ? "1" : "0");
  return true;
}

}  // namespace snap::event
