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

namespace {

// Edits (insert, delete, replace, swap of neighbours) between two names; '*' of the pattern takes any run for nothing. Some
// number above MOST when there are more: a mistyped configuration is compared with every key, so what cannot be near is left
// early.
std::size_t distance(std::string_view pattern, std::string_view name, std::size_t most) {
  const bool family = pattern.find('*') != std::string_view::npos;
  if (pattern.size() - (family ? 1 : 0) > name.size() + most || (!family && name.size() > pattern.size() + most)) return most + 1;
  const std::size_t columns = name.size() + 1;
  std::vector<std::size_t> before(columns), above(columns), row(columns);
  for (std::size_t j = 0; j < columns; ++j) above[j] = j;
  for (std::size_t i = 1; i <= pattern.size(); ++i) {
    const bool any = pattern[i - 1] == '*';
    row[0] = above[0] + (any ? 0 : 1);
    for (std::size_t j = 1; j < columns; ++j) {
      if (any) {
        row[j] = std::min(above[j], row[j - 1]);
        continue;
      }
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (pattern[i - 1] == name[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && pattern[i - 1] == name[j - 2] && pattern[i - 2] == name[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
    // A swap of neighbours reaches back two rows.
    const auto fewest = [](const std::vector<std::size_t>& edits) { return *std::min_element(edits.begin(), edits.end()); };
    if (fewest(above) > most && fewest(before) > most) return most + 1;
  }
  return above[columns - 1];
}

}  // namespace

std::string_view nearest_name(std::span<const sca_config_key* const> keys, std::string_view name) {
  constexpr std::size_t longest = 128;  // a longer name is no slip of the keyboard
  if (name.empty() || name.size() > longest) return {};
  std::size_t best = longest;
  std::string_view nearest;
  for (const sca_config_key* key : keys) {
    const std::string_view pattern = view(key->name);
    const std::size_t literals = pattern.size() - (pattern.find('*') == std::string_view::npos ? 0 : 1);
    const std::size_t most = std::min(std::max<std::size_t>(1, literals / 3), best);  // a third of it wrong: still recognisable
    const std::size_t edits = distance(pattern, name, most);
    if (edits > most || edits >= best) continue;
    best = edits;
    nearest = pattern;
  }
  return nearest;
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
