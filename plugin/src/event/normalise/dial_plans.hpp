// How the countries of the world dial: calling code, trunk prefix, international prefix, length of national numbers.
// Used by phone() alone.
#pragma once
#include <cstdint>
#include <string_view>

namespace snap::event::normalise {

enum class quirk : std::uint8_t {
  none,
  keeps_zero,  // no trunk prefix, and a leading zero is part of the number
  nanp,        // area codes begin with 2…9
  argentina,   // mobile numbers: 15 after the area code inside the country, 9 before it from abroad
  brazil,      // the trunk 0 is followed by two digits that choose a carrier
  gabon,       // numbers of before 2019 kept their zero, today's lose it abroad
  san_marino,  // six digits stand for 0549 and the six
  benin,       // since 2024-11-30 every number of before has 01 in front
};

struct dial_plan {
  std::string_view country;   // alpha-2, lower case; "" for codes of no country
  std::uint16_t code = 0;     // calling code
  std::string_view trunk;     // what is dialled before a national number inside the country: alternatives split by '|', "" none
  std::string_view idd;       // what is dialled before a calling code, where it is not (only) 00: alternatives split by '|'
  std::uint8_t shortest = 0;  // digits of a national significant number
  std::uint8_t longest = 0;
  quirk special = quirk::none;
};

// Null: not a country, or one without a plan.
[[nodiscard]] const dial_plan* plan_of_country(std::string_view alpha2) noexcept;
// By the first digits of an international number; null when no calling code begins so.
[[nodiscard]] const dial_plan* plan_of_digits(std::string_view digits) noexcept;
[[nodiscard]] constexpr std::size_t code_size(const dial_plan& plan) noexcept {
  return plan.code < 10 ? 1 : plan.code < 100 ? 2 : 3;
}

}  // namespace snap::event::normalise
