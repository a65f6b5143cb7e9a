// Every key that the sink knows: the hosts show this table, CONFIGURATION.md is generated from it, and read_settings() enforces
// it. A new key is one row in one of the parts, and a line in the reader of its group.
#include <algorithm>

#include "config/keys_mapping.hpp"
#include "config/keys_sending.hpp"
#include "config/keys_snapchat.hpp"
#include "config/read.hpp"

namespace snap::config {
namespace {

template <std::size_t... N>
[[nodiscard]] constexpr sca::config_table<(N + ...)> joined(const sca::config_key (&... parts)[N]) noexcept {
  sca::config_table<(N + ...)> out{};
  std::size_t at = 0;
  const auto add = [&](const auto& part) {
    for (const sca::config_key& key : part) out.rows[at++] = sca::abi_key(key);
  };
  (add(parts), ...);
  return out;
}

// In the order of display.
constexpr auto table = joined(snapchat_keys, mapping_keys, check_keys, consent_keys, routing_keys, batching_keys, buffer_keys,
                              network_keys, retry_keys);
constexpr auto pointers = sca::config_pointers(table);

}  // namespace

std::span<const sca_config_key* const> keys() noexcept { return pointers; }

}  // namespace snap::config
