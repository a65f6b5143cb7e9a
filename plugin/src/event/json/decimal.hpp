// Amounts as decimals, never as binary floating point: 25.10 stays 25.10, and sums are exact. Pure; any thread.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "event/json/tape.hpp"

namespace snap::event::json {

__extension__ typedef __int128 wide;  // 38 digits; what does not fit is no amount

struct decimal {
  wide mantissa = 0;
  unsigned scale = 0;  // value = mantissa / 10^scale
  [[nodiscard]] bool is_zero() const noexcept { return mantissa == 0; }
};

// A number of JSON, exponent included, or a plain decimal text. nullopt: neither, or out of range.
[[nodiscard]] std::optional<decimal> parse_decimal(std::string_view text) noexcept;

// nullopt: the result does not fit.
[[nodiscard]] std::optional<decimal> add(decimal a, decimal b) noexcept;
[[nodiscard]] std::optional<decimal> multiply(decimal a, decimal b) noexcept;

// As a JSON number, in a fixed buffer. Keeps at least the digits it was given: 25.10 + 0.00 is 25.10.
struct decimal_text {
  std::array<char, 48> digits;
  std::uint8_t from = 0;
  [[nodiscard]] std::string_view view() const noexcept { return {digits.data() + from, digits.size() - from}; }
};
[[nodiscard]] decimal_text to_text(decimal d) noexcept;
// The integer it is, if it is one: 2, 2.0, 20e-1.
[[nodiscard]] std::optional<std::int64_t> to_integer(decimal d) noexcept;

// Is the number of JSON `text` one that every reader can hold (a finite double)?
[[nodiscard]] bool in_range(std::string_view text) noexcept;
// '-'? digits ('.' digits)?: what a text may look like to count as a number.
[[nodiscard]] bool is_plain_decimal(std::string_view text) noexcept;
// What a value counts: a number, exponent included, or a text that is a plain decimal, blanks around it apart.
[[nodiscard]] std::optional<decimal> decimal_of(const value& v) noexcept;
// Does a value count anything, however many digits it has? A number that every reader can hold, or such a text.
[[nodiscard]] bool counts(const value& v) noexcept;
// Has the plain decimal the form that JSON wants, so that it can be copied? (No superfluous leading zero.)
[[nodiscard]] bool is_json_number(std::string_view plain) noexcept;

}  // namespace snap::event::json
