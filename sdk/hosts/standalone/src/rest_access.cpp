#include "rest_access.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "ascii.hpp"
#include "files.hpp"

namespace sinkhost {
namespace {

constexpr std::size_t max_user_file = 64 * 1024;

using digest = std::array<unsigned char, 32>;
digest sha256(std::string_view text) noexcept {
  digest out{};
  unsigned int size = 0;
  static_cast<void>(EVP_Digest(text.data(), text.size(), out.data(), &size, EVP_sha256(), nullptr));
  return out;
}

std::string base64(std::string_view text) {
  std::string out((text.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends it with NUL
  const int n = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(text.data()),
                                static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(n));
  return out;
}

// Compares digests, all of them, in constant time: how long it takes says nothing about name or password.
bool is_authorized(std::string_view authorization, const std::vector<rest_user>& users) {
  constexpr std::string_view scheme = "basic ";
  if (lower(authorization.substr(0, scheme.size())) != scheme) return false;
  const digest given = sha256(trimmed(authorization.substr(scheme.size())));
  bool found = false;
  for (const rest_user& user : users) {
    const digest expected = sha256(base64(fmt::format("{}:{}", user.name, user.password.reveal())));
    found |= CRYPTO_memcmp(given.data(), expected.data(), given.size()) == 0;
  }
  return found;
}

std::string_view host_of(std::string_view authority) noexcept {
  if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
  return authority.substr(0, authority.rfind(':'));
}

// A web page that a user of this machine visits can make a browser send requests to loopback. It cannot choose the Host header
// (so a name that was re-bound to 127.0.0.1 shows) nor send JSON without asking first (so application/json is required below).
bool is_known_host(std::string_view host, const rest_options& options) {
  return host.empty() || is_loopback(host_of(host)) || lower(host_of(host)) == lower(options.host);
}

// A request without a body needs no content type: of those a browser says whose page sent them, also when that is nobody's
// ("null").
bool is_of_another_site(const rest_headers& h, const rest_options& options) {
  if (h.origin.empty() || h.method == "GET" || h.method == "HEAD") return false;
  const std::size_t colon = h.origin.find("://");
  return colon == std::string::npos || colon + 3 == h.origin.size() ||
         !is_known_host(std::string_view{h.origin}.substr(colon + 3), options);
}

std::optional<rest_response> body_refusal(const rest_headers& h, std::size_t limit) {
  std::size_t length = 0;
  if (!h.content_length.empty()) {
    const char* const end = h.content_length.data() + h.content_length.size();
    const auto [stop, why] = std::from_chars(h.content_length.data(), end, length);
    if (why != std::errc{} || stop != end) return error_response(400, "Content-Length is not a number");
  }
  if (length > limit)
    return error_response(413, fmt::format("the body has {} bytes; at most {} are accepted here", length, limit));
  if (length == 0 && h.transfer_encoding.empty()) return std::nullopt;
  if (!h.content_encoding.empty() && lower(h.content_encoding) != "identity")
    return error_response(415, "send the body without Content-Encoding");
  if (lower(trimmed(std::string_view{h.content_type}.substr(0, h.content_type.find(';')))) != "application/json") {
    return error_response(415, "HTTP 415 Unsupported Media Type: send Content-Type: application/json");
  }
  return std::nullopt;
}

}  // namespace

bool is_loopback(std::string_view host) noexcept {
  const std::string text{host};
  in_addr v4{};
  in6_addr v6{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  if (inet_pton(AF_INET6, text.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
  return lower(text) == "localhost";
}

std::optional<host_and_port> parse_listen(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const bool only_port = colon == std::string_view::npos;
  const std::string_view digits = only_port ? text : text.substr(colon + 1);
  host_and_port out{.host = only_port ? "127.0.0.1" : std::string{text.substr(0, colon)}, .port = 0};
  if (out.host.starts_with('[') && out.host.ends_with(']')) {
    out.host = out.host.substr(1, out.host.size() - 2);
  } else if (out.host.find(':') != std::string::npos) {
    return std::nullopt;
  }
  const auto [end, why] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  const bool number = why == std::errc{} && end == digits.data() + digits.size() && out.port >= 0 && out.port <= 65535;
  if (!number || out.host.empty()) return std::nullopt;
  return out;
}

sca::result<std::vector<rest_user>> read_user_file(const std::string& path) {
  const auto text = read_file(path, max_user_file);
  if (!text) return text.error();
  std::vector<rest_user> out;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text->size();) {
    const std::size_t end = std::min(text->find('\n', begin), text->size());
    const std::string_view line = trimmed(std::string_view{*text}.substr(begin, end - begin));
    begin = end + 1;
    ++number;
    if (line.empty() || line.front() == '#') continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == line.size()) {
      return sca::fail(SCA_INVALID_CONFIG, fmt::format("{}, line {}: write name:password", path, number));
    }
    out.push_back({std::string{line.substr(0, colon)}, sca::secret{std::string{line.substr(colon + 1)}}});
  }
  if (out.empty()) return sca::fail(SCA_INVALID_CONFIG, fmt::format("{}: names no user; write lines of name:password", path));
  return out;
}

std::optional<rest_response> refusal(const rest_headers& headers, const rest_options& options, std::size_t body_limit) {
  if (options.users.empty() && !is_known_host(headers.host, options))
    return error_response(403, "this server answers to localhost only");
  if (options.users.empty() && is_of_another_site(headers, options))
    return error_response(403, "a page of another site may not change anything here");
  if (!options.users.empty() && !is_authorized(headers.authorization, options.users)) {
    rest_response out = error_response(401, "HTTP 401 Unauthorized: send name and password");
    out.headers.emplace_back("WWW-Authenticate", "Basic realm=\"sink-host\"");
    return out;
  }
  return body_refusal(headers, body_limit);
}

}  // namespace sinkhost
