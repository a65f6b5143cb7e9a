#pragma once
// Checks of one field's type and form, and the tables that say which check a field gets (snap-api.md §1.5, §1.8 to §1.10).
// A field that Snapchat adds is one more row. Pure; used by rules.cpp only.
#include <optional>
#include <span>
#include <string_view>

#include "json.hpp"

namespace simulator {

struct complaint {
  std::string_view rule;
  std::string_view text;
};

struct field_rule {
  std::string_view name;
  std::optional<complaint> (*check)(const json& value);
};

[[nodiscard]] std::span<const field_rule> event_fields();
[[nodiscard]] std::span<const field_rule> user_data_fields();
[[nodiscard]] std::span<const field_rule> custom_data_fields();
[[nodiscard]] std::span<const field_rule> app_data_fields();

// Digits after the decimal point once the exponent is applied: 1.25e-1 has three.
[[nodiscard]] long fraction_digits(std::string_view number);

}  // namespace simulator
