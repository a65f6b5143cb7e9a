#include "config/reader.hpp"

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
