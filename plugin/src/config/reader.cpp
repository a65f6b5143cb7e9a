#include "config/reader.hpp"

#include <array>
#include <cstdio>

namespace snap::config {

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r\n";
  const auto from = text.find_first_not_of(blanks);
  return from == std::string_view::npos ? std::string_view{} : text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

bool is_reference(std::string_view text) noexcept { return text.starts_with("${") && text.ends_with('}'); }

std::string shown(std::string_view text) {
  constexpr std::size_t most = 64;
  std::string out = "\"";
  for (const char c : text.substr(0, most)) out += c >= ' ' && c < 0x7F && c != '"' ? c : '?';
  return out += text.size() > most ? "...\"" : "\"";
}

std::string_view nearest(std::span<const std::string_view> names, std::string_view to) {
  constexpr std::size_t longest = 64;  // of names worth comparing
  std::string_view best;
  std::size_t fewest = 1 + std::max<std::size_t>(1, to.size() / 3);
  for (const std::string_view name : names) {
    if (name.size() > longest || to.size() > longest) continue;
    std::array<std::size_t, longest + 1> row{};
    for (std::size_t j = 0; j <= name.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= to.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= name.size(); ++j) {
        const std::size_t replaced = diagonal + (to[i - 1] == name[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
      }
    }
    if (row[name.size()] >= fewest) continue;
    fewest = row[name.size()];
    best = name;
  }
  return best;
}

std::string_view reader::text(std::string_view key) const noexcept { return trimmed(values_.text(key)); }

event::expression reader::expression(std::string_view key, std::string_view text) {
  if (text.empty()) return {};
  auto parsed = event::parse_expression(text);
  if (parsed) return std::move(*parsed);
  const std::size_t at = parsed.error().column - 1;
  const std::string where = at < text.size() ? ", at " + shown(text.substr(at)) : ", at its end";
  error(key, "expression", "column " + std::to_string(at + 1) + where + ": " + parsed.error().message);
  return {};
}

std::string reader::uuid(std::string_view key) {
  const std::string_view id = text(key);
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
  bool good = id.size() == 36;
  for (std::size_t i = 0; good && i < id.size(); ++i)
    good = i == 8 || i == 13 || i == 18 || i == 23 ? id[i] == '-' : is_hex(id[i]);
  if (good) return std::string(id);
  if (!id.empty()) {
    error(key, "format",
          shown(id) + " is not a UUID such as 4d1f5b1e-7c7b-4a37-9c0e-8a5f2f0f3a11; copy the id from Events Manager");
  }
  return {};
}

}  // namespace snap::config
