// What an expression may do to the values it finds: lower($.mail), sum($.items[*].price * $.items[*].quantity). One row a
// transform; the parser, the documentation and the tests read the table. Pure; any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "event/hash.hpp"
#include "event/json/tape.hpp"

namespace snap::event {

enum class transform : std::uint8_t { lower, digits, sha256, number, iso_country, first, text, sum };

struct transform_row {
  std::string_view name;
  transform what;
  std::string_view example;
  std::string_view meaning;  // for people; ends up in CONFIGURATION.md
};
[[nodiscard]] std::span<const transform_row> transforms() noexcept;
[[nodiscard]] std::string_view name_of(transform t) noexcept;

// One value. Absent: the transform has no answer to it, and the expression's next alternative is tried. The result may refer to
// `in` or to `kept`. first, text and sum look at lists and are not answered here.
[[nodiscard]] json::value apply(transform t, const json::value& in, sha256_hex& hash, std::string& kept);

// A number as people write it, as a JSON number: 12.50, 1,299.00 and 1.299,00; nullopt where it could mean two numbers, as 1,299
// could. The result refers to `text` or to `kept`.
[[nodiscard]] std::optional<std::string_view> read_number(std::string_view text, std::string& kept);

}  // namespace snap::event
