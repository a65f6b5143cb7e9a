#include "config_check.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <vector>

#include "sca/config_spec.hpp"
#include "sca/views.hpp"

namespace sca::detail {

namespace {

constexpr std::size_t shown_bytes = 64;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::optional<std::int64_t> to_integer(std::string_view text) noexcept {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string plain(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", value);
  return text;
}

// A host does not show the value of a type it does not know (SCA_TYPE_SECRET is the default), and neither do we.
bool printable_type(int32_t type) noexcept {
  return type == SCA_TYPE_STRING || type == SCA_TYPE_BOOL || type == SCA_TYPE_INT || type == SCA_TYPE_DOUBLE ||
         type == SCA_TYPE_LIST;
}

std::string shown(const sca_config_key& key, std::string_view text) {
  return printable_type(key.type) ? quoted(text) : "its value";
}

value_verdict check_range(const sca_config_key& key, std::string_view text, double value) {
  if (!(key.min_value < key.max_value) || (value >= key.min_value && value <= key.max_value)) return {};
  return {"range", shown(key, text) + " is outside " + plain(key.min_value) + " to " + plain(key.max_value)};
}

value_verdict check_choice(const sca_config_key& key, std::string_view text) {
  if (key.valid_value_count == 0) return {};
  const std::span choices{key.valid_values, key.valid_value_count};
  if (std::any_of(choices.begin(), choices.end(), [&](sca_str c) { return view(c) == text; })) return {};
  std::string names;
  for (const sca_str c : choices) names.append(names.empty() ? "" : ", ").append(view(c));
  return {"choice", shown(key, text) + " is not one of " + names};
}

}  // namespace

std::string_view trim(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r\n";
  const auto from = text.find_first_not_of(blanks);
  return from == std::string_view::npos ? std::string_view{} : text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

std::string_view trimmed_for(int32_t type, std::string_view text) noexcept {
  return type == SCA_TYPE_BOOL || type == SCA_TYPE_INT || type == SCA_TYPE_DOUBLE ? trim(text) : text;
}

std::optional<double> to_number(std::string_view text) noexcept {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool equal_folded(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

value_verdict check_value(const sca_config_key& key, std::string_view text) {
  switch (key.type) {
    case SCA_TYPE_BOOL:
      if (equal_folded(text, "true") || equal_folded(text, "false")) return check_choice(key, text);
      return {"type", shown(key, text) + " is neither true nor false"};
    case SCA_TYPE_INT:
      if (const auto value = to_integer(text)) {
        auto range = check_range(key, text, static_cast<double>(*value));
        return range.code.empty() ? check_choice(key, text) : range;
      }
      return {"type", shown(key, text) + " is not a whole decimal number of 64 bits"};
    case SCA_TYPE_DOUBLE:
      if (const auto value = to_number(text)) {
        auto range = check_range(key, text, *value);
        return range.code.empty() ? check_choice(key, text) : range;
      }
      return {"type", shown(key, text) + " is not a number"};
    case SCA_TYPE_LIST:
      for (const std::string& member : split_list(text))
        if (auto verdict = check_choice(key, member); !verdict.code.empty()) return verdict;
      return {};
    default: return check_choice(key, text);  // an open set: STRING, SECRET, and what later versions add
  }
}

std::optional<std::string_view> match_family(std::string_view pattern, std::string_view name) noexcept {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == name ? std::optional(name.substr(0, 0)) : std::nullopt;
  const std::string_view head = pattern.substr(0, star), tail = pattern.substr(star + 1);
  if (name.size() <= head.size() + tail.size() || !name.starts_with(head) || !name.ends_with(tail)) return std::nullopt;
  return name.substr(head.size(), name.size() - head.size() - tail.size());
}

std::string quoted(std::string_view text) {
  const bool cut = text.size() > shown_bytes;
  if (cut) {
    text = text.substr(0, shown_bytes);
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) text.remove_suffix(1);
    if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0) text.remove_suffix(1);
  }
  std::string out = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '"' && c != '\\') {
      out += c;
    } else {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += escape;
    }
  }
  return out += cut ? "…\"" : "\"";
}

}  // namespace sca::detail
