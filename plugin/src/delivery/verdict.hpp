// What an answer means for the events of its request. One table over HTTP statuses; the sources of each row are snap-api.md §2
// and interfaces.md §6 "Answers". Pure.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "delivery/instant.hpp"
#include "delivery/retry_reason.hpp"
#include "event/codes.hpp"
#include "net/transport.hpp"
#include "sca/sink_connector.h"

namespace snap::delivery {

struct verdict {
  enum class kind : std::uint8_t {
    delivered,
    retry,    // transient: reason, asked
    split,    // the events are tried in smaller requests: hint
    reject,   // of the one event of the request: why, text
    refused,  // the access token: text
    fatal     // the task must stop: status, text
  };
  kind what = kind::delivered;
  retry_reason reason = retry_reason::answer_unknown;
  std::optional<milliseconds> asked;            // Retry-After
  event::code why = event::code::snap_invalid;  // also of a split: what the lone event would be rejected with
  std::optional<std::uint64_t> hint;
  sca_status status = SCA_OK;
  std::string text;  // for people; what Snapchat said in it is bounded and escaped
};

// Who was asked: a fatal text has to name it.
struct recipient {
  std::string_view asset_id, alias;  // alias "": the snapchat.* keys
};

[[nodiscard]] verdict judge(const net::answer& a, std::size_t events, const recipient& to, wall_time now);

// "507 Insufficient customer information. (http 200, event_id a-1)"; the host puts the code in front.
[[nodiscard]] std::string rejection_message(std::string_view text, std::string_view event_id);

}  // namespace snap::delivery
