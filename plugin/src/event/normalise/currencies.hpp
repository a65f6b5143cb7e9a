// ISO 4217 alphabetic codes. Used by currency() and by the check of mapping.currency.default.
#pragma once
#include <string_view>

namespace snap::event::normalise {

// Upper case only.
[[nodiscard]] bool is_currency(std::string_view code) noexcept;

}  // namespace snap::event::normalise
