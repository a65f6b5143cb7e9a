#include "net/text.hpp"

#include <cstdint>

namespace snap::net {
namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";

[[nodiscard]] bool is_unreserved(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
         c == '~';
}

[[nodiscard]] bool is_printable(char c) noexcept { return c >= 0x20 && c < 0x7f; }

void append_hex(std::string& out, char c) {
  const auto byte = static_cast<unsigned char>(c);
  out += hex_digits[byte >> 4];
  out += hex_digits[byte & 15];
}

}  // namespace

std::string shown(std::string_view untrusted, std::size_t limit) {
  std::string out;
  for (const char c : untrusted) {
    if (out.size() >= limit) return out + "...";
    if (is_printable(c)) {
      out += c;
    } else {
      out += "\\x";
      append_hex(out, c);
    }
  }
  return out;
}

void append_percent_encoded(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      out += '%';
      append_hex(out, c);
    }
  }
}

void append_target(std::string& out, std::string_view path) {
  for (const char c : path) {
    if (is_printable(c) && c != ' ') {
      out += c;
    } else {
      out += '%';
      append_hex(out, c);
    }
  }
}

std::string host_port(const std::string& host, std::uint16_t port) {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto at = [&](std::size_t n) -> std::uint32_t { return n < bytes.size() ? static_cast<unsigned char>(bytes[n]) : 0u; };
    const std::uint32_t group = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    out += alphabet[group >> 18];
    out += alphabet[group >> 12 & 63];
    out += i + 1 < bytes.size() ? alphabet[group >> 6 & 63] : '=';
    out += i + 2 < bytes.size() ? alphabet[group & 63] : '=';
  }
  return out;
}

std::string shown_location(std::string_view location) { return shown(location.substr(0, location.find_first_of("?#")), 200); }

}  // namespace snap::net
