// event_source_url of a person who refused (consent.denied=strip): what follows the path may hold anything that a site puts into
// addresses, so only scheme, host, path and the click id are left. Pure; the renderer calls it.
#pragma once
#include <string>
#include <string_view>

namespace snap::event {

// false: no address with a scheme and a host. A path that holds an '@' ends before the segment that has it.
[[nodiscard]] bool bare_address(std::string_view url, std::string& out);

}  // namespace snap::event
