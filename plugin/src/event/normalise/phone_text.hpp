// What a phone number's spelling says, before any country's rules: its digits, a plus sign, a "(0)". For phone() alone.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace snap::event::normalise {

struct phone_text {
  static constexpr std::size_t capacity = 32;  // E.164 allows 15; prefixes and mistakes need some more
  static constexpr std::size_t nowhere = capacity;
  enum class writing : std::uint8_t { national, international };  // international: a plus sign stands before the digits

  std::array<char, capacity> buffer{};
  std::size_t size = 0;
  writing as = writing::national;
  std::size_t lone_zero = nowhere;  // place of the digit of a "(0)" that has digits before it
  [[nodiscard]] std::string_view digits() const noexcept { return {buffer.data(), size}; }
};

// False when this is no phone number: letters that are no extension, two plus signs, too many digits.
// An extension is cut off. Digits of every script count.
[[nodiscard]] bool read_phone(std::string_view raw, phone_text& out) noexcept;

}  // namespace snap::event::normalise
