// Text from a server, made fit for messages and logs: bounded, one line, valid UTF-8, and without what it may echo of people or
// secrets. Such text is data, never trusted. Pure.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace snap::delivery {

inline constexpr std::size_t safe_text_limit = 240;

// Control characters, invisible format characters and bytes that are not UTF-8 become \xNN; words with an '@' and long runs of
// hex become [masked], so does what follows access_token=; cut between characters, with "..." where it was cut.
[[nodiscard]] std::string safe_text(std::string_view text, std::size_t limit = safe_text_limit);

}  // namespace snap::delivery
