// What Snapchat's answer says, read from its JSON (snap-api.md §2.1). Nothing in it is trusted. Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace snap::delivery {

struct reply {
  enum class status : std::uint8_t { none, valid, invalid, unknown };  // none: an empty body
  status says = status::none;
  std::string text;                    // codes, then messages or the reason; safe to print; "" if it gives none
  std::optional<std::uint64_t> event;  // the index it blames: a hint
};

[[nodiscard]] reply read_reply(std::string_view body);

// Does a refusal (400) speak of the access token rather than of an event?
[[nodiscard]] bool blames_token(std::string_view text) noexcept;

// The event_id of a rendered event, safe to print; "" if it has none. For the message of a rejection: the rare path pays, not the
// other two thousand events.
[[nodiscard]] std::string event_id_of(std::string_view event);

}  // namespace snap::delivery
