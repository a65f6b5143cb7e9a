// Where a lane's requests go: the one place that knows the Conversions API's paths (snap-api.md §1.1).
#pragma once
#include <string>

#include "config/settings.hpp"

namespace snap::engine {

[[nodiscard]] inline std::string request_path(const config::net_settings& net, const config::lane& lane) {
  return net.to.path + "/v3/" + lane.asset_id + (net.validate_only ? "/events/validate" : "/events");
}

// For people and previews: without the token.
[[nodiscard]] inline std::string request_url(const config::net_settings& net, const config::lane& lane) {
  return "https://" + net.to.authority + request_path(net, lane);
}

}  // namespace snap::engine
