// The name that somebody meant who mistyped it, for "did you mean …?" in messages about configurations. Pure; any thread.
#pragma once
#include <span>
#include <string_view>

namespace sca {

// The one of names with the fewest edits (insert, delete, replace, swap of neighbours) to typed; "" when none is near enough to
// be meant: a third of the longer one's letters may be wrong, and one always. A '*' in a name takes any run of letters for
// nothing, and then a third of the name's own may be wrong. Of equals the first. What is longer than 128 bytes is nobody's slip,
// and is near to nothing.
[[nodiscard]] std::string_view nearest(std::span<const std::string_view> names, std::string_view typed) noexcept;

}  // namespace sca
