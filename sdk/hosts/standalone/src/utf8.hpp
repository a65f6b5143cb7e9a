// UTF-8, one character at a time, for json_slice and the properties parser.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace sinkhost {

// Bytes of the well-formed character that text begins with (RFC 3629: shortest form, no surrogates, up to U+10FFFF); 0: none.
[[nodiscard]] std::size_t utf8_length(std::string_view text) noexcept;
void append_utf8(std::string& out, char32_t code_point);

}  // namespace sinkhost
