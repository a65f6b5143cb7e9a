// When to try again: full-jitter exponential back-off, and what the server asks for in Retry-After. Pure functions.
// Full jitter (any delay from zero to the ceiling) spreads the tasks that one outage has brought into step.
#pragma once
#include <optional>
#include <string_view>

#include "delivery/instant.hpp"

namespace snap::delivery {

struct backoff_options {
  milliseconds base{200}, max{60'000};  // retry.backoff.ms, retry.backoff.max.ms
};

// failures: how many there were in a row, 1 or more. unit: random, 0 ≤ unit < 1.
[[nodiscard]] milliseconds full_jitter(const backoff_options& o, unsigned failures, double unit) noexcept;

// A Retry-After up to this is believed. Snapchat documents none; no maintenance that is worth waiting out blindly takes longer.
inline constexpr milliseconds longest_wish = std::chrono::minutes{15};

// The server's wish and ours: the later one. A wish that is believed counts in full, also beyond retry.backoff.max.ms: coming
// earlier than a busy server asks for makes it busier. A longer one, "two years", must not stop a task: it is taken for
// retry.backoff.max.ms, at which a probe now and then finds out when the server is back.
[[nodiscard]] milliseconds retry_delay(const backoff_options& o, milliseconds ours, std::optional<milliseconds> asked) noexcept;

// Retry-After in seconds or as an HTTP date. A date is measured from the answer's own Date, so a wrong clock here does no harm;
// without one from now. nullopt: absent or unreadable. A date in the past is zero.
[[nodiscard]] std::optional<milliseconds> parse_retry_after(std::string_view value, std::string_view date,
                                                            wall_time now) noexcept;

// "Sun, 06 Nov 1994 08:49:37 GMT" and the two obsolete forms of RFC 9110 §5.6.7.
[[nodiscard]] std::optional<wall_time> parse_http_date(std::string_view text) noexcept;

}  // namespace snap::delivery
