#include "event/normalise/text.hpp"

#include <array>
#include <cstring>
#include <span>
#include <vector>

#include <utf8proc.h>

#include "event/normalise/eight.hpp"

namespace snap::event::normalise {

bool is_ascii(std::string_view text) noexcept {
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, at, 8);
    if ((eight & 0x8080808080808080u) != 0) return false;
  }
  for (; left > 0; ++at, --left) {
    if ((static_cast<unsigned char>(*at) & 0x80) != 0) return false;
  }
  return true;
}

std::int32_t next_code_point(std::string_view& text) noexcept {
  if (text.empty()) return -1;
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) {
    text.remove_prefix(1);
    return first;
  }
  utf8proc_int32_t code_point = -1;
  const utf8proc_ssize_t used = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                 static_cast<utf8proc_ssize_t>(text.size()), &code_point);
  text.remove_prefix(used > 0 ? static_cast<std::size_t>(used) : 1);
  return used > 0 ? code_point : -1;
}

namespace {

// Category P of ASCII; $ + < = > ^ ` | ~ are symbols (S) and stay.
[[nodiscard]] constexpr bool is_ascii_punctuation(char c) noexcept {
  return std::string_view{"!\"#%&'()*,-./:;?@[\\]_{}"}.find(c) != std::string_view::npos;
}
enum class kind : std::uint8_t { plain, upper, space, punct };
constexpr auto ascii_kinds = [] {
  std::array<kind, 128> kinds{};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const char c = static_cast<char>(i);
    kinds[i] = is_space(c)               ? kind::space
               : (c >= 'A' && c <= 'Z')  ? kind::upper
               : is_ascii_punctuation(c) ? kind::punct
                                         : kind::plain;
  }
  return kinds;
}();

[[nodiscard]] bool is_white_space(std::int32_t c) noexcept {
  if (c < 0x80) return is_space(static_cast<char>(c));
  if (c == 0x85) return true;
  const utf8proc_category_t category = utf8proc_category(c);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}
// Marks that nobody sees and copying brings along: BOM, zero-width space, word joiner, directions.
[[nodiscard]] bool is_invisible(std::int32_t c) noexcept {
  return c == 0xFEFF || c == 0x200B || c == 0x2060 || c == 0x200E || c == 0x200F || c == 0x061C || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}
[[nodiscard]] bool is_edge(std::int32_t c) noexcept { return c >= 0 && (is_white_space(c) || is_invisible(c)); }

[[nodiscard]] bool is_punctuation(std::int32_t c) noexcept {
  const utf8proc_category_t category = utf8proc_category(c);
  return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

void fold_ascii(std::string_view text, const folding& rules, std::string& out) {
  // most keys are one word, or may keep what they hold
  const bool keeps_all = rules.marks == punctuation::stays && rules.inner == spaces::stay;
  if (lower_words(text, keeps_all ? wanted::any_ascii : wanted::letters_and_digits, out)) return;
  bool pending = false;  // a space that is written only when something follows it
  out.resize(text.size());
  char* const start = out.data();
  char* to = start;
  for (const char c : text) {
    switch (ascii_kinds[static_cast<unsigned char>(c)]) {
      case kind::upper:
      case kind::plain: break;
      case kind::punct:
        if (rules.marks == punctuation::goes) continue;
        break;
      case kind::space:
        if (rules.inner == spaces::go) continue;
        if (rules.inner == spaces::become_one) {
          pending = to != start;
          continue;
        }
        break;
    }
    if (pending) *to++ = ' ';
    pending = false;
    *to++ = ascii_lower(c);
  }
  out.resize(static_cast<std::size_t>(to - start));
}

// Unicode's Cased and Case_Ignorable, as far as general categories tell; what Final_Sigma asks for.
[[nodiscard]] bool is_cased(std::int32_t c) noexcept {
  const utf8proc_category_t category = utf8proc_category(c);
  return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL || category == UTF8PROC_CATEGORY_LT;
}
[[nodiscard]] bool is_case_ignorable(std::int32_t c) noexcept {
  switch (c) {
    case 0x27:
    case 0x2E:
    case 0x3A:
    case 0xB7:
    case 0x387:
    case 0x55F:
    case 0x5F4:
    case 0x2018:
    case 0x2019:
    case 0x2024:
    case 0x2027:
    case 0xFE13:
    case 0xFE52:
    case 0xFE55:
    case 0xFF07:
    case 0xFF0E:
    case 0xFF1A: return true;
    default: break;
  }
  const utf8proc_category_t category = utf8proc_category(c);
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME || category == UTF8PROC_CATEGORY_CF ||
         category == UTF8PROC_CATEGORY_LM || category == UTF8PROC_CATEGORY_SK;
}
// A sigma is final after a cased letter when no cased letter follows.
[[nodiscard]] bool is_final_sigma(std::span<const utf8proc_int32_t> text, std::size_t at) noexcept {
  std::size_t before = at;
  while (before > 0 && is_case_ignorable(text[before - 1])) --before;
  if (before == 0 || !is_cased(text[before - 1])) return false;
  std::size_t after = at + 1;
  while (after < text.size() && is_case_ignorable(text[after])) ++after;
  return after == text.size() || !is_cased(text[after]);
}

void append(std::int32_t code_point, std::string& out) {
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
    return;
  }
  std::array<utf8proc_uint8_t, 4> bytes{};
  const utf8proc_ssize_t size = utf8proc_encode_char(code_point, bytes.data());
  for (utf8proc_ssize_t i = 0; i < size; ++i) out += static_cast<char>(bytes[static_cast<std::size_t>(i)]);
}

void append_lower(std::span<const utf8proc_int32_t> text, std::size_t at, std::string& out) {
  switch (text[at]) {
    case 0x0130:  // I with dot above: the one unconditional mapping to two code points, which utf8proc's table of single ones
                  // lacks
      append('i', out);
      append(0x0307, out);
      return;
    case 0x03A3: append(is_final_sigma(text, at) ? 0x03C2 : 0x03C3, out); return;
    default: append(utf8proc_tolower(text[at]), out);
  }
}

void fold_code_points(std::span<const utf8proc_int32_t> text, const folding& rules, std::string& out) {
  bool pending = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (rules.marks == punctuation::goes && is_punctuation(text[i])) continue;
    if (rules.inner != spaces::stay && is_white_space(text[i])) {
      pending = rules.inner == spaces::become_one && !out.empty();
      continue;
    }
    if (pending) out += ' ';
    pending = false;
    append_lower(text, i, out);
  }
}

[[nodiscard]] constexpr utf8proc_option_t options(form f) noexcept {
  switch (f) {
    case form::as_it_is: return static_cast<utf8proc_option_t>(0);
    case form::nfc: return static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    case form::without_marks: return static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK);
  }
  return static_cast<utf8proc_option_t>(0);
}

// Text in Latin letters with accents: no code point below U+0300 composes or is composed any further, so it is NFC already.
[[nodiscard]] bool fold_latin(std::string_view text, const folding& rules, std::string& out) {
  std::array<utf8proc_int32_t, 64> near;
  std::size_t count = 0;
  while (!text.empty()) {
    const std::int32_t c = next_code_point(text);
    if (c < 0 || c >= 0x300 || count == near.size()) return false;
    near[count++] = c;
  }
  fold_code_points({near.data(), count}, rules, out);
  return true;
}

[[nodiscard]] bool fold_unicode(std::string_view text, const folding& rules, std::string& out) {
  if (rules.normal != form::without_marks && fold_latin(text, rules, out)) return true;
  std::array<utf8proc_int32_t, 256> near;  // names fit; anything longer may pay for an allocation
  std::vector<utf8proc_int32_t> far;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto size = static_cast<utf8proc_ssize_t>(text.size());
  const utf8proc_option_t how = options(rules.normal);
  utf8proc_int32_t* buffer = near.data();
  utf8proc_ssize_t count = utf8proc_decompose(bytes, size, buffer, static_cast<utf8proc_ssize_t>(near.size()), how);
  if (count > static_cast<utf8proc_ssize_t>(near.size())) {
    far.resize(static_cast<std::size_t>(count));
    buffer = far.data();
    count = utf8proc_decompose(bytes, size, buffer, count, how);
  }
  if (count >= 0 && rules.normal == form::nfc) count = utf8proc_normalize_utf32(buffer, count, how);
  if (count < 0) return false;
  fold_code_points({buffer, static_cast<std::size_t>(count)}, rules, out);
  return true;
}

}  // namespace

std::string_view trim(std::string_view text) noexcept {
  const auto inner = [](char c) { return static_cast<unsigned char>(c) < 0x80 && !is_space(c); };
  if (!text.empty() && inner(text.front()) && inner(text.back())) return text;  // the common case, without decoding
  while (!text.empty()) {
    std::string_view rest = text;
    if (!is_edge(next_code_point(rest))) break;
    text = rest;
  }
  while (!text.empty()) {
    std::size_t last = text.size() - 1;
    while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) --last;
    std::string_view tail = text.substr(last);
    if (!is_edge(next_code_point(tail)) || !tail.empty()) break;
    text.remove_suffix(text.size() - last);
  }
  return text;
}

bool fold(std::string_view text, const folding& rules, std::string& out) {
  out.clear();
  text = trim(text);
  if (is_ascii(text)) {
    fold_ascii(text, rules, out);
    return true;
  }
  if (fold_unicode(text, rules, out)) return true;
  out.clear();
  return false;
}

outcome folded(std::string_view text, const folding& rules, std::string& out) {
  if (!fold(text, rules, out)) return outcome::malformed;
  return out.empty() ? outcome::empty : outcome::text;
}

int digit_value(std::int32_t c) noexcept {
  if (c < 0x80) return c >= '0' && c <= '9' ? c - '0' : -1;
  if (utf8proc_category(c) != UTF8PROC_CATEGORY_ND) return -1;
  // Unicode promises runs of ten in order, so the place in the run is the value (the mathematical digits are five runs in a row).
  std::int32_t first = c;
  while (utf8proc_category(first - 1) == UTF8PROC_CATEGORY_ND) --first;
  return (c - first) % 10;
}

bool is_separator(std::int32_t c) noexcept {
  switch (c) {
    case '~':
    case 0x2212:
    case 0x223C:
    case 0x30FC:
    case 0xFF5E: return true;  // tilde, minus, tilde operator, long vowel, wide tilde
    default: break;
  }
  return is_white_space(c) || is_punctuation(c) || utf8proc_category(c) == UTF8PROC_CATEGORY_CF;
}

bool is_dash_or_space(std::int32_t c) noexcept {
  return is_edge(c) || c == 0x2212 || c == 0x30FC || utf8proc_category(c) == UTF8PROC_CATEGORY_PD;
}

}  // namespace snap::event::normalise
