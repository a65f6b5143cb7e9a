#include "config/url.hpp"

#include <algorithm>
#include <charconv>

namespace snap::config {
namespace {

[[nodiscard]] char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
[[nodiscard]] bool take_scheme(std::string_view& text, std::string_view scheme) noexcept {
  if (text.size() < scheme.size()) return false;
  for (std::size_t i = 0; i < scheme.size(); ++i) {
    if (lower(text[i]) != scheme[i]) return false;
  }
  text.remove_prefix(scheme.size());
  return true;
}

[[nodiscard]] bool is_host_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}
[[nodiscard]] bool is_v6_char(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

struct host_port {
  std::string host;  // lower case, without brackets
  bool is_v6 = false;
  std::uint16_t port = 0;  // 0: not given
  std::string problem;
};

[[nodiscard]] host_port bad(std::string problem) { return {.host = {}, .problem = std::move(problem)}; }

[[nodiscard]] host_port read_host_port(std::string_view text) {
  host_port out;
  std::string_view host, port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return bad("the IPv6 address lacks its ']'");
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    out.is_v6 = true;
    if (!std::all_of(host.begin(), host.end(), is_v6_char) || host.find(':') == std::string_view::npos) {
      return bad("what stands in brackets is not an IPv6 address");
    }
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    host = text.substr(0, colon);
    port = text.substr(colon);
    if (!std::all_of(host.begin(), host.end(), is_host_char)) return bad("the host name has characters that no host name has");
  }
  if (host.empty()) return bad("the host name is missing");
  std::transform(host.begin(), host.end(), std::back_inserter(out.host), lower);
  if (port.empty()) return out;
  port.remove_prefix(1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (error != std::errc{} || end != port.data() + port.size() || out.port == 0)
    return bad("the port is not a number from 1 to 65535");
  return out;
}

[[nodiscard]] int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// %XX to bytes; false when a '%' is followed by anything else.
[[nodiscard]] bool decode(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) return false;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return true;
}

constexpr std::string_view proxy_form = "; write http://host:port or http://user:password@host:port";

}  // namespace

std::string parse_endpoint(std::string_view text, endpoint& out) {
  if (!take_scheme(text, "https://")) return "must begin with https://, because the access token and personal data travel by it";
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; })) {
    return "has a blank or a character beyond ASCII; write it as %XX";
  }
  if (text.find_first_of("?#") != std::string_view::npos) return "has a query or fragment; give the base URL only";
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::string_view authority = text.substr(0, slash);
  if (authority.find('@') != std::string_view::npos) return "has a user name; remove everything up to the '@'";
  host_port where = read_host_port(authority);
  if (!where.problem.empty()) return where.problem + "; write https://host or https://host:port/path";
  std::string_view path = text.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);
  out.port = where.port == 0 ? std::uint16_t{443} : where.port;
  out.authority = where.is_v6 ? "[" + where.host + "]" : where.host;
  if (out.port != 443) out.authority += ":" + std::to_string(out.port);
  out.host = std::move(where.host);
  out.path = path;
  return {};
}

std::string parse_proxy(std::string_view text, proxy& out) {
  if (!take_scheme(text, "http://"))
    return "does not begin with http://, the only kind of proxy that is supported" + std::string(proxy_form);
  if (text.ends_with('/')) text.remove_suffix(1);
  const std::size_t at = text.rfind('@');
  std::string credentials;
  if (at != std::string_view::npos) {
    const std::string_view user = text.substr(0, at);
    if (user.find(':') == std::string_view::npos || !decode(user, credentials)) {
      return "has credentials that cannot be read" + std::string(proxy_form) + ", with special characters as %XX";
    }
    text.remove_prefix(at + 1);
  }
  host_port where = read_host_port(text);
  if (where.problem.empty() && where.port == 0) where.problem = "the port is missing";
  if (!where.problem.empty()) return where.problem + std::string(proxy_form);
  out = {.host = std::move(where.host), .port = where.port, .credentials = sca::secret(std::move(credentials))};
  return {};
}

}  // namespace snap::config
