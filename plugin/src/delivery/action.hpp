// What the delivery machine wants done. Values: a test compares them, the engine switches over them.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "delivery/payload.hpp"
#include "event/codes.hpp"
#include "sca/sink_connector.h"

namespace snap::delivery {

// Send the body, with envelope_end behind it, to the lane's asset.
struct send {
  std::uint64_t id = 0;
  std::uint32_t lane = 0;
  std::shared_ptr<const std::string> body;
};

enum class fate : std::uint8_t { delivered, rejected, skipped, forgotten };  // forgotten: the assignment was closed meanwhile

// These events need nothing more. why and message are of rejected and skipped.
struct settle {
  std::vector<item> items;
  fate what = fate::delivered;
  event::code why = event::code::snap_invalid;
  std::string message;
};

struct reread_token {
  std::uint32_t token = 0;
};  // answer with token_changed() if it is another one now

// The task must stop; sent at most once, nothing is sent after it.
struct fail {
  sca_status status = SCA_INTERNAL;
  std::string message;
};

struct say {
  std::int32_t level = SCA_LOG_WARN;
  std::string text;
};

using action = std::variant<send, settle, reread_token, fail, say>;
using actions = std::vector<action>;

}  // namespace snap::delivery
