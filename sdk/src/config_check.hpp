// The judgements of config_spec that concern one value or one name. Pure; any thread.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sca/sink_connector.h"

namespace sca::detail {

struct value_verdict {
  std::string_view code;  // empty: the value is fine
  std::string problem;    // what is wrong and what is wanted; the value itself only when it is not a secret
};

// text comes trimmed when the type is a number or a boolean.
[[nodiscard]] value_verdict check_value(const sca_config_key& key, std::string_view text);

// BOOL, INT, DOUBLE ignore blanks around the value; others keep them.
[[nodiscard]] std::string_view trimmed_for(int32_t type, std::string_view text) noexcept;
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;
[[nodiscard]] std::optional<double> to_number(std::string_view text) noexcept;
[[nodiscard]] bool equal_folded(std::string_view a, std::string_view b) noexcept;  // ASCII

// What '*' of pattern stands for in name, or nothing. A pattern without '*' matches only itself, and stands for "".
[[nodiscard]] std::optional<std::string_view> match_family(std::string_view pattern, std::string_view name) noexcept;

// Text of unknown origin for a message: printable, bounded, in quotes.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace sca::detail
