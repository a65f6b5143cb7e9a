// Cuts JSON text into its parts without changing a byte of them: a record's value must reach the sink exactly as it was written
// (25.10 stays 25.10, duplicate names stay), and a configuration value given as a number keeps its text.
// Strict RFC 8259 grammar, no recursion, so any depth is fine. Views refer into the text given. Pure; any thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sca/status.hpp"

namespace sinkhost {

enum class json_kind : std::uint8_t { null, boolean, number, string, array, object };

struct json_item {
  json_kind kind = json_kind::null;
  std::string_view raw;  // from the first to the last byte of the value
};
struct json_member {
  std::string name;  // unescaped
  json_item value;
};

// The text is one value, blanks around it allowed. Errors say the column (in bytes, from 1) and what was expected there.
[[nodiscard]] sca::result<json_item> slice_value(std::string_view text);
[[nodiscard]] sca::result<std::vector<json_member>> slice_object(std::string_view text);  // in order, repeated names kept
[[nodiscard]] sca::result<std::vector<json_item>> slice_array(std::string_view text);

// The text that a string literal stands for, as UTF-8. Half of a surrogate pair is an error: no bytes stand for it.
[[nodiscard]] sca::result<std::string> unquote(std::string_view literal);
// Appends text as a string literal; what is not UTF-8 becomes U+FFFD.
void append_quoted(std::string& out, std::string_view text);
[[nodiscard]] std::string json_quoted(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text) noexcept;
[[nodiscard]] std::string_view without_bom(std::string_view text) noexcept;

}  // namespace sinkhost
