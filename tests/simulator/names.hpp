#pragma once
// Closed lists of words that Snapchat knows. Source: snap-api.md §1.6, §1.7, §1.12, and ISO 4217. Any thread.
#include <string_view>

namespace simulator {

[[nodiscard]] bool is_event_name(std::string_view name);
[[nodiscard]] bool is_currency(std::string_view code);

}  // namespace simulator
