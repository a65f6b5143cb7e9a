// First-level divisions of the countries whose addresses carry them: postal codes of the states, and their names.
// Used by state(). Where a country is missing here, a code-shaped value passes as it is and a name is unknown.
#pragma once
#include <string_view>

namespace snap::event::normalise {

[[nodiscard]] bool has_states(std::string_view country) noexcept;
// country "" means any; code and key in lower case. The result is a code in lower case, "" when there is none.
[[nodiscard]] bool is_state(std::string_view country, std::string_view code) noexcept;
[[nodiscard]] std::string_view state_of_name(std::string_view country, std::string_view lookup_key) noexcept;

}  // namespace snap::event::normalise
