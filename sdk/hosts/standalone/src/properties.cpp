#include "properties.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "json_slice.hpp"
#include "utf8.hpp"

namespace sinkhost {
namespace {

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\f'; }

std::string_view without_leading_blanks(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text;
}

// Natural lines of the text: \n, \r and \r\n end one.
class lines {
 public:
  explicit lines(std::string_view text) noexcept : rest_(text) {}
  [[nodiscard]] std::optional<std::string_view> next() noexcept {
    if (rest_.empty()) return std::nullopt;
    const std::size_t end = rest_.find_first_of("\r\n");
    const std::string_view line = rest_.substr(0, end);
    ++number_;
    if (end == std::string_view::npos) {
      rest_ = {};
    } else {
      rest_.remove_prefix(end + (rest_.substr(end, 2) == "\r\n" ? 2 : 1));
    }
    return line;
  }
  [[nodiscard]] std::size_t number() const noexcept { return number_; }

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

bool ends_in_escape(std::string_view line) noexcept {
  const std::size_t last = line.find_last_not_of('\\');
  const std::size_t backslashes = line.size() - (last == std::string_view::npos ? 0 : last + 1);
  return backslashes % 2 == 1;
}

// The logical line: continuations joined, their leading blanks dropped. nullopt: no more lines.
std::optional<std::string> logical_line(lines& in) {
  auto line = in.next();
  while (line) {
    const std::string_view text = without_leading_blanks(*line);
    if (!text.empty() && text.front() != '#' && text.front() != '!') break;
    line = in.next();
  }
  if (!line) return std::nullopt;
  std::string out{without_leading_blanks(*line)};
  while (ends_in_escape(out)) {
    out.pop_back();
    const auto more = in.next();
    if (!more) break;
    out += without_leading_blanks(*more);
  }
  return out;
}

// The key ends at the first '=', ':' or blank that is not escaped.
std::size_t key_length(std::string_view line) noexcept {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '=' || line[i] == ':' || is_blank(line[i])) {
      return i;
    }
  }
  return line.size();
}

std::string_view value_of(std::string_view rest) noexcept {
  rest = without_leading_blanks(rest);
  if (!rest.empty() && (rest.front() == '=' || rest.front() == ':')) rest = without_leading_blanks(rest.substr(1));
  return rest;
}

std::optional<char32_t> code_unit(std::string_view text, std::size_t at) noexcept {
  std::uint32_t unit = 0;
  if (text.size() < at + 4) return std::nullopt;
  const char* const end = text.data() + at + 4;
  const auto [stop, why] = std::from_chars(text.data() + at, end, unit, 16);
  if (why != std::errc{} || stop != end) return std::nullopt;
  return unit;
}

// \uXXXX at `at` (the 'u'), a surrogate pair included; moves past it. nullopt: malformed.
std::optional<char32_t> unicode_escape(std::string_view text, std::size_t& at) noexcept {
  const auto high = code_unit(text, at + 1);
  if (!high) return std::nullopt;
  at += 5;
  if (*high < 0xD800 || *high > 0xDFFF) return high;
  if (*high > 0xDBFF || text.substr(at, 2) != "\\u") return std::nullopt;
  const auto low = code_unit(text, at + 2);
  if (!low || *low < 0xDC00 || *low > 0xDFFF) return std::nullopt;
  at += 6;
  return 0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00);
}

std::optional<std::string> unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\') {
      out.push_back(text[i++]);
      continue;
    }
    if (++i == text.size()) break;
    switch (text[i]) {
      case 't': out.push_back('\t'); break;
      case 'n': out.push_back('\n'); break;
      case 'r': out.push_back('\r'); break;
      case 'f': out.push_back('\f'); break;
      case 'u': {
        const auto code = unicode_escape(text, i);
        if (!code) return std::nullopt;
        append_utf8(out, *code);
        continue;
      }
      default: out.push_back(text[i]);
    }
    ++i;
  }
  return out;
}

}  // namespace

sca::result<string_map> parse_properties(std::string_view text) {
  text = without_bom(text);
  if (!is_utf8(text)) return sca::fail(SCA_INVALID_CONFIG, "the properties are not UTF-8 text");
  string_map out;
  lines in(text);
  while (const auto line = logical_line(in)) {
    const std::size_t length = key_length(*line);
    auto key = unescape(std::string_view{*line}.substr(0, length));
    auto value = unescape(value_of(std::string_view{*line}.substr(length)));
    if (!key || !value) {
      return sca::fail(SCA_INVALID_CONFIG,
                       fmt::format("line {}: \\u needs four hexadecimal digits, and surrogates come in pairs", in.number()));
    }
    if (key->find('\0') != std::string::npos || value->find('\0') != std::string::npos)
      return sca::fail(SCA_INVALID_CONFIG, fmt::format("line {}: holds the character NUL", in.number()));
    out.insert_or_assign(std::move(*key), std::move(*value));
  }
  return out;
}

}  // namespace sinkhost
