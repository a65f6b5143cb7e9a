#pragma once
// A JSON value that keeps what a strict reader needs and a DOM loses: the text of numbers and repeated member names.
// Used by the rules, the ledger and the fault script. Values only, any thread.
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace simulator {

enum class json_kind { null, boolean, integer, real, text, array, object };

struct json {
  json_kind kind = json_kind::null;
  bool flag = false;
  std::string text;                // a string's characters, or a number as it was written
  std::vector<std::string> names;  // an object's member names, in step with `items`
  std::vector<json> items;

  [[nodiscard]] const json* find(std::string_view name) const;
  [[nodiscard]] bool is(json_kind wanted) const { return kind == wanted; }
  [[nodiscard]] bool is_number() const { return kind == json_kind::integer || kind == json_kind::real; }
};

struct parse_failure {
  std::string reason;  // never holds text of the input
};

// Strict JSON: valid UTF-8, no comments, no trailing commas, at most 32 levels.
[[nodiscard]] std::variant<json, parse_failure> parse_json(std::string_view text);

// The name of a member that occurs twice in one object, anywhere below; empty if none does.
[[nodiscard]] std::string_view repeated_name(const json& value);
[[nodiscard]] bool holds_null(const json& value);

// Members sorted by name, numbers as written, strings escaped one way: equal content gives equal text.
[[nodiscard]] std::string canonical(const json& value);

// A JSON string literal with quotes.
[[nodiscard]] std::string quoted(std::string_view text);

// Members of answers and of the fault script; the fallback when absent or of another type.
[[nodiscard]] std::string text_of(const json& object, std::string_view name, std::string_view fallback);
[[nodiscard]] long long integer_of(const json& object, std::string_view name, long long fallback);

}  // namespace simulator
