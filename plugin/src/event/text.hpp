// Small questions about text that several files of this room ask. Pure; any thread.
#pragma once
#include <string>
#include <string_view>

namespace snap::event {

[[nodiscard]] constexpr char ascii_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

[[nodiscard]] constexpr std::string_view trim(std::string_view s) noexcept {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

[[nodiscard]] constexpr bool same_word(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (ascii_lower(a[i]) != ascii_lower(b[i])) return false;
  }
  return true;
}

// Is `word` one of the words of a space-separated list? Without case.
[[nodiscard]] constexpr bool among(std::string_view word, std::string_view list) noexcept {
  while (!list.empty()) {
    const std::size_t end = list.find(' ');
    if (same_word(word, list.substr(0, end))) return true;
    if (end == std::string_view::npos) return false;
    list.remove_prefix(end + 1);
  }
  return false;
}

// What programs print for a value that they do not have. As an id it would make one of all that have none.
[[nodiscard]] constexpr bool is_placeholder(std::string_view id) noexcept {
  constexpr std::size_t longest = std::string_view("undefined").size();
  if (id.size() > longest && !is_space(id.front()) && !is_space(id.back())) return false;  // most ids
  id = trim(id);
  return id == "null" || id == "NULL" || id == "undefined" || id == "NaN";
}

[[nodiscard]] bool is_utf8(std::string_view s) noexcept;

// Foreign text that is no personal data - names of events, media types - for a message: bounded, printable UTF-8, in quotes.
[[nodiscard]] std::string in_quotes(std::string_view name);

// Does a media type say JSON? "application/json; charset=utf-8", "application/vnd.shop+json"
[[nodiscard]] bool is_json_type(std::string_view media_type) noexcept;

// An event name as it is compared everywhere: trimmed, lower case, runs of space, '_' and '-' are one '_'.
void fold_name(std::string_view name, std::string& out);

}  // namespace snap::event
