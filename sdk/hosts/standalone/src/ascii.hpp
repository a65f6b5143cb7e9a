// Text of headers, queries and configurations, whose case and blanks do not matter. ASCII only, whatever the locale. Any thread.
#pragma once
#include <string>
#include <string_view>

namespace sinkhost {

[[nodiscard]] inline std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

[[nodiscard]] inline std::string_view trimmed(std::string_view text) noexcept {
  constexpr const char* blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  return first == std::string_view::npos ? std::string_view{} : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace sinkhost
