// ISO 3166-1: which codes exist, and which names lead to them. Used by country(), state() and the configuration's checks.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace snap::event::normalise {

inline constexpr std::size_t alpha2_count = 26 * 26;
// A place in a table of all two-letter codes, either case; alpha2_count when the text is no such code.
[[nodiscard]] constexpr std::size_t alpha2_place(std::string_view code) noexcept {
  if (code.size() != 2) return alpha2_count;
  std::size_t at = 0;
  for (const char c : code) {
    if (c >= 'a' && c <= 'z')
      at = at * 26 + static_cast<std::size_t>(c - 'a');
    else if (c >= 'A' && c <= 'Z')
      at = at * 26 + static_cast<std::size_t>(c - 'A');
    else
      return alpha2_count;
  }
  return at;
}

// Either case.
[[nodiscard]] bool is_country(std::string_view alpha2) noexcept;
// To alpha-2 in lower case; "" when no row has it. Views into constants.
[[nodiscard]] std::string_view country_of_alpha3(std::string_view alpha3_lower) noexcept;
enum class naming : std::uint8_t { any, official };  // official: the English short names that Segment's table also has
[[nodiscard]] std::string_view country_of_name(std::string_view lookup_key, naming accepted) noexcept;

}  // namespace snap::event::normalise
