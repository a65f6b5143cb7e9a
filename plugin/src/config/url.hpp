// The two kinds of URL that the configuration holds. Pure; for this folder only.
#pragma once
#include <string>
#include <string_view>

#include "config/settings.hpp"

namespace snap::config {

// "" when it could be read into out, else what is wrong and what is wanted. Never repeats the text: it may hold a password.
[[nodiscard]] std::string parse_endpoint(std::string_view text, endpoint& out);
[[nodiscard]] std::string parse_proxy(std::string_view text, proxy& out);

}  // namespace snap::config
