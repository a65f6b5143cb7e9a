#pragma once
// What Snapchat refuses, as pure functions over one event. Written from the notes on its API alone, never from the sink:
// a mistake of the sink must not be repeated here. Called by the endpoint for each event of a request; any thread.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json.hpp"

namespace simulator {

// A pixel takes WEB and OFFLINE events, a Snap App takes MOBILE_APP events; `unknown` means that nobody said (§1.1).
enum class asset_kind { pixel, app, unknown };

struct refusal {
  std::string code;     // Snapchat's, an opaque number
  std::string rule;     // ours: a stable name for counters and tests
  std::string message;  // names the field, never its value
};

struct finding {
  std::optional<refusal> refused;
  std::vector<std::string> warnings;  // facts on which the notes are not sure enough to refuse
};

struct rule_context {
  asset_kind asset = asset_kind::unknown;
  std::chrono::milliseconds now{};  // since 1970
};

[[nodiscard]] finding check_event(const json& event, const rule_context& context);

}  // namespace simulator
