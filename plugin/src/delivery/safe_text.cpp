#include "delivery/safe_text.hpp"

#include <algorithm>
#include <cstdint>

namespace snap::delivery {
namespace {

constexpr std::string_view mask = "[masked]";
constexpr std::size_t hex_run = 32;  // a digest or a key; Snapchat's asset ids have dashes in between

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool ends_word(char c) {
  return static_cast<unsigned char>(c) <= ' ' || std::string_view{"\"'<>(),;&"}.find(c) != std::string_view::npos;
}

bool personal(std::string_view word) {
  if (word.find('@') != std::string_view::npos || word.find("%40") != std::string_view::npos) return true;
  std::size_t run = 0;
  for (const char c : word) {
    run = is_hex(c) ? run + 1 : 0;
    if (run >= hex_run) return true;
  }
  return false;
}

// Bytes of the UTF-8 character at the front, 0 if it is none or should not be shown as it is.
std::size_t printable_length(std::string_view s) {
  const auto byte = [&](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7f ? 1 : 0;
  const std::size_t length = lead >= 0xc2 && lead < 0xe0   ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
  if (length == 0) return 0;
  std::uint32_t point = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
    point = (point << 6) | (byte(i) & 0x3fU);
  }
  const bool too_long = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  const bool invisible = point < 0xa0 || (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
                         (point >= 0x2060 && point <= 0x206f) || point == 0xfeff || (point >= 0xfff9 && point <= 0xfffb);
  return too_long || invisible || (point >= 0xd800 && point < 0xe000) || point > 0x10ffff ? 0 : length;
}

std::string masked(std::string_view text) {
  constexpr std::string_view token = "access_token=";
  std::string out;
  while (!text.empty()) {
    const auto end = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), ends_word) - text.begin());
    const std::string_view word = text.substr(0, end);
    if (const std::size_t at = word.find(token); at != std::string_view::npos) {
      out += word.substr(0, at + token.size());
      out += mask;
    } else {
      out += personal(word) ? mask : word;
    }
    if (end < text.size()) out += text[end];
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

std::string safe_text(std::string_view text, std::size_t limit) {
  constexpr std::string_view hex = "0123456789abcdef", more = "...";
  const std::string clean = masked(text.substr(0, 16 * limit));
  std::string_view rest = clean;
  std::string out;
  while (!rest.empty()) {
    const std::size_t n = printable_length(rest);
    const std::size_t width = n == 0 ? 4 : n;
    if (out.size() + width + more.size() > limit && out.size() + width + (rest.size() - std::max<std::size_t>(n, 1)) > limit)
      return out += more;
    if (n == 0) {
      const auto byte = static_cast<unsigned char>(rest.front());
      out += "\\x";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += rest.substr(0, n);
    }
    rest.remove_prefix(std::max<std::size_t>(n, 1));
  }
  return out;
}

}  // namespace snap::delivery
