// Event times as records write them. Rules: interfaces.md §6 "Time". Pure; any thread.
#pragma once
#include <chrono>
#include <optional>

#include "event/json/tape.hpp"

namespace snap::event {

using time_point = std::chrono::sys_time<std::chrono::milliseconds>;

// What "2022-04-22 10:57:58.123456" means: nothing certain, or UTC in sources that document it so.
enum class no_zone : std::uint8_t { invalid, is_utc };

// Seconds, milliseconds or microseconds by magnitude, as number or text; or RFC 3339 with a zone. nullopt: neither, or before the
// year 2000, which is a day count or a wrong unit.
[[nodiscard]] std::optional<time_point> parse_time(const json::value& v, no_zone zone = no_zone::invalid) noexcept;

}  // namespace snap::event
