// event_source_url: what passes as an address, and what is left of one of a person who refused (consent.denied=strip): what
// follows the path may hold anything that a site puts into addresses, so only scheme, host, path and the click id. Pure; the
// renderer calls it.
#pragma once
#include <string>
#include <string_view>

namespace snap::event {

// A scheme, "://", something behind it, and no blanks or control characters. More is not asked: addresses of apps have no host.
[[nodiscard]] bool is_address(std::string_view url) noexcept;
// false: no address with a scheme and a host. A path that holds an '@' ends before the segment that has it.
[[nodiscard]] bool bare_address(std::string_view url, std::string& out);

}  // namespace snap::event
