#include "event/text.hpp"

#include <array>

#include <utf8proc.h>

namespace snap::event {

bool is_utf8(std::string_view s) noexcept {
  const auto* p = reinterpret_cast<const utf8proc_uint8_t*>(s.data());
  for (auto left = static_cast<utf8proc_ssize_t>(s.size()); left > 0;) {
    utf8proc_int32_t c = 0;
    const utf8proc_ssize_t n = utf8proc_iterate(p, left, &c);
    if (n <= 0) return false;
    p += n;
    left -= n;
  }
  return true;
}

std::string in_quotes(std::string_view name) {
  constexpr std::size_t most = 80;
  const bool readable = is_utf8(name);
  std::string out = "'";
  for (const char c : name.substr(0, most)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? ' ' : byte >= 0x80 && !readable ? '?' : c;
  }
  while (name.size() > most && !out.empty() && !is_utf8(out)) out.pop_back();  // cut inside a character
  return out + (name.size() > most ? "…'" : "'");
}

bool is_json_type(std::string_view media_type) noexcept {
  const std::string_view media = trim(media_type.substr(0, media_type.find(';')));
  return media.size() >= 5 && same_word(media.substr(media.size() - 4), "json") &&
         (media[media.size() - 5] == '/' || media[media.size() - 5] == '+');
}

namespace {

// The code point at the front, lower-cased. What is no UTF-8 (only configuration text can be) is compared byte by byte.
std::size_t append_lower(std::string_view rest, std::string& out) {
  utf8proc_int32_t point = 0;
  const utf8proc_ssize_t n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(rest.data()),
                                              static_cast<utf8proc_ssize_t>(rest.size()), &point);
  if (n <= 0) {
    out += rest.front();
    return 1;
  }
  std::array<utf8proc_uint8_t, 4> bytes{};
  const utf8proc_ssize_t written = utf8proc_encode_char(utf8proc_tolower(point), bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(written));
  return static_cast<std::size_t>(n);
}

// What a byte becomes: the lower case of ASCII, a gap, or 0 for what is not ASCII. (NUL and SOH fall in with those; no name has
// them.)
constexpr char gap_sign = 1;
constexpr auto folded_ascii = [] {
  std::array<char, 256> out{};
  for (std::size_t i = 0; i < 128; ++i) {
    const char c = static_cast<char>(i);
    out[i] = is_space(c) || c == '_' || c == '-' ? gap_sign : ascii_lower(c);
  }
  return out;
}();

}  // namespace

void fold_name(std::string_view name, std::string& out) {
  out.clear();
  bool gap = false;
  for (std::size_t i = 0; i < name.size();) {
    const char c = folded_ascii[static_cast<unsigned char>(name[i])];
    if (c == gap_sign) {
      gap = !out.empty();
      ++i;
      continue;
    }
    if (gap) out += '_';
    gap = false;
    if (c != 0) {
      out += c;
      ++i;
    } else {
      i += append_lower(name.substr(i), out);
    }
  }
}

}  // namespace snap::event
