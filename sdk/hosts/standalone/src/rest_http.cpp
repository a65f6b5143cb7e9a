#include "rest_http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "ascii.hpp"
#include "json_slice.hpp"

namespace sinkhost {
namespace {

// plus_is_blank: as in a query (a path keeps its '+').
enum class plus : std::uint8_t { kept, blank };

std::optional<std::string> decoded(std::string_view text, plus p) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && p == plus::blank) {
      out.push_back(' ');
    } else if (text[i] != '%') {
      out.push_back(text[i]);
    } else {
      unsigned byte = 0;
      if (i + 2 >= text.size()) return std::nullopt;
      const char* const end = text.data() + i + 3;
      const auto [stop, why] = std::from_chars(text.data() + i + 1, end, byte, 16);
      if (why != std::errc{} || stop != end || byte == 0) return std::nullopt;
      out.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
      i += 2;
    }
  }
  if (!is_utf8(out)) return std::nullopt;
  return out;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(at, begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

}  // namespace

bool rest_target::flag(const std::string& name) const {
  const auto [begin, end] = query.equal_range(name);
  return std::any_of(begin, end, [](const auto& entry) { return lower(entry.second) == "true"; });
}

bool rest_target::has(const std::string& name, std::string_view value) const {
  const auto [begin, end] = query.equal_range(name);
  return std::any_of(begin, end, [value](const auto& entry) { return entry.second == value; });
}

std::optional<rest_target> parse_target(std::string_view target) {
  if (!target.starts_with('/')) return std::nullopt;
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  rest_target out;
  std::string_view path = target.substr(1, question == std::string_view::npos ? question : question - 1);
  if (path.ends_with('/')) path.remove_suffix(1);
  for (const std::string_view segment : path.empty() ? std::vector<std::string_view>{} : split(path, '/')) {
    auto text = decoded(segment, plus::kept);
    if (!text) return std::nullopt;
    out.segments.push_back(std::move(*text));
  }
  if (question == std::string_view::npos) return out;
  for (const std::string_view pair : split(target.substr(question + 1), '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    auto name = decoded(pair.substr(0, equals), plus::blank);
    auto value = decoded(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), plus::blank);
    if (!name || !value) return std::nullopt;
    out.query.emplace(std::move(*name), std::move(*value));
  }
  return out;
}

rest_response error_response(int status, std::string_view message) {
  return {.status = status, .body = fmt::format(R"({{"error_code":{},"message":{}}})", status, json_quoted(message))};
}

rest_response no_content(int status) { return {.status = status}; }

}  // namespace sinkhost
