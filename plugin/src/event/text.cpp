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

void fold_name(std::string_view name, std::string& out) {
  out.clear();
  bool gap = false;
  for (std::size_t i = 0; i < name.size();) {
    const char c = name[i];
    if (is_space(c) || c == '_' || c == '-') {
      gap = !out.empty();
      ++i;
      continue;
    }
    if (gap) out += '_';
    gap = false;
    if (static_cast<unsigned char>(c) < 0x80) {
      out += ascii_lower(c);
      ++i;
      continue;
    }
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(name.data() + i),
                                                static_cast<utf8proc_ssize_t>(name.size() - i), &point);
    if (n <= 0) {  // configuration text that is not UTF-8: compared byte by byte
      out += c;
      ++i;
      continue;
    }
    std::array<utf8proc_uint8_t, 4> bytes{};
    const utf8proc_ssize_t written = utf8proc_encode_char(utf8proc_tolower(point), bytes.data());
    out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(written));
    i += static_cast<std::size_t>(n);
  }
}

}  // namespace snap::event
