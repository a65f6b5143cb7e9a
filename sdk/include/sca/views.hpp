// Conversions between the ABI's views and the standard ones. Nothing here owns or copies.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "sca/sink_connector.h"

namespace sca {

[[nodiscard]] constexpr std::string_view view(sca_str s) noexcept {
  return s.size == 0 ? std::string_view{} : std::string_view{s.data, s.size};
}
[[nodiscard]] constexpr sca_str str(std::string_view s) noexcept { return {s.data(), s.size()}; }

// nullopt is Kafka's null (a tombstone), which is not the same as an empty value.
[[nodiscard]] inline std::optional<std::string_view> view(sca_bytes b) noexcept {
  if (b.data == nullptr) return std::nullopt;
  return std::string_view{reinterpret_cast<const char*>(b.data), b.size};
}
[[nodiscard]] inline sca_bytes bytes(std::string_view s) noexcept {
  static constexpr char empty = 0;  // "empty" must have an address, else it would read as null
  return {reinterpret_cast<const uint8_t*>(s.data() == nullptr ? &empty : s.data()), s.size()};
}

}  // namespace sca
