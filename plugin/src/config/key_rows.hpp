// What the parts of the key table share: names of groups and sets of choices. Included by the parts and by keys.cpp only.
#pragma once
#include <array>
#include <string_view>

#include "sca/config_spec.hpp"

namespace snap::config {

inline constexpr std::string_view group_snapchat = "Snapchat", group_mapping = "Mapping", group_checks = "Checks of events",
                                  group_consent = "Consent and privacy", group_routing = "Routing to several assets",
                                  group_batching = "Batching", group_buffer = "Buffering", group_network = "Network",
                                  group_retry = "Retries and limits";

template <std::size_t N>
[[nodiscard]] constexpr std::array<sca_str, N> choices(const std::string_view (&names)[N]) noexcept {
  std::array<sca_str, N> out{};
  for (std::size_t i = 0; i < N; ++i) out[i] = sca::str(names[i]);
  return out;
}

// Upper ends of ranges that several keys share, in milliseconds.
inline constexpr double ten_minutes = 600'000, one_day = 86'400'000, ten_years = 3652.0 * one_day, one_week = 7 * one_day;

}  // namespace snap::config
