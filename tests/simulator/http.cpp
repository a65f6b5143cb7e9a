#include "http.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace simulator {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::optional<std::size_t> number(std::string_view text, int base) {
  std::size_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size()) return {};
  return value;
}

void parse_target(std::string_view target, request& out) {
  const auto mark = target.find('?');
  out.path = percent_decode(target.substr(0, mark));
  auto query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  while (!query.empty()) {
    const auto pair = query.substr(0, query.find('&'));
    const auto equals = pair.find('=');
    const auto value = equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    out.query[percent_decode(pair.substr(0, equals))] = percent_decode(value);
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
  }
}

request parse_head(std::string_view head) {
  request out;
  const auto line = head.substr(0, head.find("\r\n"));
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || line.substr(last + 1) != "HTTP/1.1") {
    out.problem = "the request line is not METHOD target HTTP/1.1";
    return out;
  }
  out.method = line.substr(0, first);
  parse_target(line.substr(first + 1, last - first - 1), out);
  auto rest = head.substr(std::min(head.size(), line.size() + 2));
  while (!rest.empty()) {
    const auto field = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(std::min(rest.size(), field.size() + 2));
    const auto colon = field.find(':');
    if (colon == std::string_view::npos || colon == 0 || field[colon - 1] == ' ')
      out.problem = "a header line has no proper name";
    else
      out.headers.emplace_back(field.substr(0, colon), trimmed(field.substr(colon + 1)));
  }
  if (out.header("host").empty()) out.problem = "the Host header is missing";
  return out;
}

std::string_view reason_phrase(int status) {
  constexpr std::pair<int, std::string_view> phrases[] = {{200, "OK"},
                                                          {202, "Accepted"},
                                                          {204, "No Content"},
                                                          {301, "Moved Permanently"},
                                                          {302, "Found"},
                                                          {307, "Temporary Redirect"},
                                                          {400, "Bad Request"},
                                                          {401, "Unauthorized"},
                                                          {403, "Forbidden"},
                                                          {404, "Not Found"},
                                                          {405, "Method Not Allowed"},
                                                          {408, "Request Timeout"},
                                                          {413, "Payload Too Large"},
                                                          {415, "Unsupported Media Type"},
                                                          {425, "Too Early"},
                                                          {429, "Too Many Requests"},
                                                          {500, "Internal Server Error"},
                                                          {502, "Bad Gateway"},
                                                          {503, "Service Unavailable"},
                                                          {504, "Gateway Timeout"}};
  for (const auto& [code, phrase] : phrases)
    if (code == status) return phrase;
  return "Unassigned";
}

}  // namespace

std::string_view request::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) return value;
  return {};
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto code = text[at] == '%' && at + 2 < text.size() ? number(text.substr(at + 1, 2), 16) : std::nullopt;
    out += code ? static_cast<char>(*code) : text[at] == '+' ? ' ' : text[at];
    if (code) at += 2;
  }
  return out;
}

bool request_reader::fill() {
  std::array<char, 16 * 1024> room;
  const std::size_t count = stream_.read(room.data(), room.size());
  pending_.append(room.data(), count);
  return count > 0;
}

std::optional<std::string> request_reader::read_head() {
  std::size_t end = 0;
  while ((end = pending_.find("\r\n\r\n")) == std::string::npos)
    if (pending_.size() > limits_.head_bytes || !fill()) return {};
  std::string head = pending_.substr(0, end);
  pending_.erase(0, end + 4);
  return head;
}

void request_reader::keep(std::string_view bytes, request& into) const {
  into.body.append(bytes.substr(0, limits_.body_bytes - std::min(limits_.body_bytes, into.body.size())));
}

bool request_reader::read_exactly(std::size_t size, request& into, std::size_t stop_after) {
  std::size_t seen = 0;
  while (seen < size) {
    if (seen >= stop_after) return false;
    if (pending_.empty() && !fill()) return false;
    const auto part = std::min(size - seen, pending_.size());
    keep(std::string_view{pending_}.substr(0, part), into);
    pending_.erase(0, part);
    seen += part;
  }
  return true;
}

bool request_reader::read_line(std::string& line) {
  std::size_t end = 0;
  while ((end = pending_.find("\r\n")) == std::string::npos)
    if (pending_.size() > limits_.head_bytes || !fill()) return false;
  line = pending_.substr(0, end);
  pending_.erase(0, end + 2);
  return true;
}

bool request_reader::read_chunks(request& into) {
  std::size_t total = 0;
  for (std::string line; read_line(line);) {
    const auto size = number(trimmed(std::string_view{line}.substr(0, line.find(';'))), 16);
    if (!size || total + *size > limits_.drain_bytes) return false;
    total += *size;
    into.body_too_large = total > limits_.body_bytes;
    const bool last = *size == 0;
    if (!last && !read_exactly(*size, into, static_cast<std::size_t>(-1))) return false;
    if (!read_line(line) || !line.empty()) return false;  // trailers are not part of this API
    if (last) return true;
  }
  return false;
}

std::optional<request> request_reader::next(std::size_t stop_after) {
  const auto head = read_head();
  if (!head) return {};
  request out = parse_head(*head);
  if (!out.problem.empty()) return out;
  if (same_name(out.header("expect"), "100-continue") && !stream_.write("HTTP/1.1 100 Continue\r\n\r\n")) return {};
  if (same_name(out.header("transfer-encoding"), "chunked")) {
    if (!read_chunks(out)) return {};
    return out;
  }
  const auto length = out.header("content-length").empty() ? 0 : number(out.header("content-length"), 10);
  if (!length || *length > limits_.drain_bytes) {
    out.problem = "Content-Length is no number or far too large";
    return out;
  }
  out.body_too_large = *length > limits_.body_bytes;
  if (!read_exactly(*length, out, stop_after)) return {};
  return out;
}

std::string render(const answer& what, framing how) {
  std::string out = "HTTP/1.1 " + std::to_string(what.status) + ' ' + std::string{reason_phrase(what.status)} + "\r\n";
  out += "Content-Type: " + what.content_type + "\r\n";
  for (const auto& [name, value] : what.headers) out += name + ": " + value + "\r\n";
  switch (how) {
    case framing::length: return out + "Content-Length: " + std::to_string(what.body.size()) + "\r\n\r\n" + what.body;
    case framing::close: return out + "Connection: close\r\n\r\n" + what.body;
    case framing::chunked: break;
  }
  out += "Transfer-Encoding: chunked\r\n\r\n";
  constexpr std::size_t chunk = 7;  // small, so that a reader meets several
  constexpr std::string_view digits = "0123456789abcdef";
  for (std::size_t at = 0; at < what.body.size(); at += chunk) {
    const auto part = std::string_view{what.body}.substr(at, chunk);
    out += std::string{digits[part.size()]} + "\r\n" + std::string{part} + "\r\n";
  }
  return out + "0\r\n\r\n";
}

}  // namespace simulator
