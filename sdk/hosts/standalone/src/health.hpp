// GET /health: the judgement over all connectors and its answer. Pure.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "herder_types.hpp"
#include "rest_http.hpp"

namespace sinkhost {

// 503 unhealthy: a connector or task has failed, or has got nowhere for stuck_after, or its thread does not come round. 200
// degraded: start-up could not load something; a restart would not mend that, so an orchestrator must not try. Else 200 healthy.
[[nodiscard]] rest_response health_answer(const std::vector<connector_view>& connectors,
                                          const std::vector<std::string>& at_startup, std::chrono::milliseconds stuck_after);

// "a","b" in brackets, escaped.
[[nodiscard]] std::string json_list(const std::vector<std::string>& texts);

}  // namespace sinkhost
