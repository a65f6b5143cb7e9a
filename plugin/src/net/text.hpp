// Small text helpers of the net room: what may be shown of a server's text, and the encodings that requests need.
// Pure functions, any thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace snap::net {

// Text from a server, for people: printable ASCII stays, everything else becomes \xNN; cut at `limit` bytes with "...".
[[nodiscard]] std::string shown(std::string_view untrusted, std::size_t limit);

// The value of a query parameter: RFC 3986 unreserved characters stay, everything else becomes %NN.
void append_percent_encoded(std::string& out, std::string_view value);

// A request target must not end the line it stands in: blanks, controls and bytes beyond ASCII become %NN, the rest stays.
void append_target(std::string& out, std::string_view path);

// "host:port", "[v6]:port": as CONNECT wants it, and details show it.
[[nodiscard]] std::string host_port(const std::string& host, std::uint16_t port);

// RFC 4648 base64 with padding, for Basic credentials.
[[nodiscard]] std::string base64(std::string_view bytes);

// A Location for people: without its query and fragment, which may repeat the access token; escaped and bounded.
[[nodiscard]] std::string shown_location(std::string_view location);

}  // namespace snap::net
