#include "json_slice.hpp"

#include <fmt/format.h>

#include <optional>

#include "utf8.hpp"

namespace sinkhost {
namespace {

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Walks over JSON text. Every function that returns false has set what_ and left at_ where the trouble is.
class scanner {
 public:
  explicit scanner(std::string_view text) noexcept : text_(text) {}

  void blanks() noexcept {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }
  [[nodiscard]] char peek() const noexcept { return at_end() ? '\0' : text_[at_]; }
  [[nodiscard]] bool take(char c) noexcept {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  [[nodiscard]] bool fail(std::string_view what) noexcept {
    what_ = what;
    return false;
  }
  [[nodiscard]] sca::error error() const {
    return sca::fail(SCA_INVALID_CONFIG, at_end() ? fmt::format("the JSON text ends early: expected {}", what_)
                                                  : fmt::format("not JSON at column {}: expected {}", at_ + 1, what_));
  }

  // One value of any depth; item gets its bytes.
  [[nodiscard]] bool value(json_item& item) {
    blanks();
    const std::size_t begin = at_;
    item.kind = kind_here();
    std::string open;  // brackets not yet closed
    do {
      if (!scalar_or_opening(open)) return false;
      if (!closings(open)) return false;
    } while (!open.empty());
    item.raw = text_.substr(begin, at_ - begin);
    return true;
  }

  [[nodiscard]] bool string(std::string_view& literal) {
    const std::size_t begin = at_;
    if (!take('"')) return fail("a string in double quotes");
    while (!at_end()) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        literal = text_.substr(begin, at_ - begin);
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return fail("no bare control character inside a string");
      ++at_;
      if (c == '\\' && !escape()) return false;
    }
    return fail("the string's closing quote");
  }

 private:
  [[nodiscard]] json_kind kind_here() const noexcept {
    switch (peek()) {
      case '{': return json_kind::object;
      case '[': return json_kind::array;
      case '"': return json_kind::string;
      case 't':
      case 'f': return json_kind::boolean;
      case 'n': return json_kind::null;
      default: return json_kind::number;
    }
  }

  // Consumes openings until a scalar or an empty container was consumed; closings() follows.
  [[nodiscard]] bool scalar_or_opening(std::string& open) {
    for (;;) {
      blanks();
      if (take('{')) {
        open.push_back('{');
        blanks();
        if (peek() == '}') return true;
        if (!name()) return false;
      } else if (take('[')) {
        open.push_back('[');
        blanks();
        if (peek() == ']') return true;
      } else {
        return scalar();
      }
    }
  }

  // After a value (or an opening whose closing is next): closes what ends here; stops behind a comma, before the next value.
  [[nodiscard]] bool closings(std::string& open) {
    while (!open.empty()) {
      blanks();
      const bool in_object = open.back() == '{';
      if (take(in_object ? '}' : ']')) {
        open.pop_back();
        continue;
      }
      if (!take(',')) return fail(in_object ? "',' or '}'" : "',' or ']'");
      blanks();
      return !in_object || name();
    }
    return true;
  }

  [[nodiscard]] bool name() {
    std::string_view ignored;
    if (!string(ignored)) return false;
    blanks();
    return take(':') || fail("':'");
  }

  [[nodiscard]] bool scalar() {
    std::string_view ignored;
    switch (peek()) {
      case '"': return string(ignored);
      case 't': return word("true");
      case 'f': return word("false");
      case 'n': return word("null");
      default: return number();
    }
  }

  [[nodiscard]] bool word(std::string_view w) noexcept {
    if (text_.substr(at_, w.size()) != w) return fail("a JSON value");
    at_ += w.size();
    return true;
  }

  [[nodiscard]] bool digits() noexcept {
    if (!is_digit(peek())) return fail("a digit");
    while (is_digit(peek())) ++at_;
    return true;
  }

  [[nodiscard]] bool number() noexcept {
    if (peek() != '-' && !is_digit(peek())) return fail("a JSON value");
    static_cast<void>(take('-'));
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) static_cast<void>(take('-'));
      return digits();
    }
    return true;
  }

  [[nodiscard]] bool escape() noexcept {
    const char c = peek();
    if (c != 'u') {
      if (at_end() || std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) return fail("an escape of JSON");
      ++at_;
      return true;
    }
    ++at_;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char h = peek();
      if (!is_digit(h) && !(h >= 'a' && h <= 'f') && !(h >= 'A' && h <= 'F')) return fail("four hexadecimal digits");
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string_view what_;
};

// The literal was scanned: four hexadecimal digits stand at `at`.
char32_t hex4(std::string_view literal, std::size_t at) noexcept {
  char32_t code = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const char c = literal[i];
    code = code * 16 + static_cast<char32_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return code;
}

// Reads the code point of \uXXXX at `at` (the 'u') and moves past it; nullopt: half of a surrogate pair.
std::optional<char32_t> escaped_code_point(std::string_view literal, std::size_t& at) noexcept {
  const char32_t high = hex4(literal, at + 1);
  at += 5;
  if (high < 0xD800 || high > 0xDFFF) return high;
  if (high > 0xDBFF || literal.substr(at, 2) != "\\u") return std::nullopt;
  const char32_t low = hex4(literal, at + 2);
  if (low < 0xDC00 || low > 0xDFFF) return std::nullopt;
  at += 6;
  return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

char unescaped(char c) noexcept {
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return c;
  }
}

}  // namespace

sca::result<json_item> slice_value(std::string_view text) {
  scanner s(text);
  json_item item;
  if (!s.value(item)) return s.error();
  s.blanks();
  if (!s.at_end()) {
    static_cast<void>(s.fail("nothing after the value"));
    return s.error();
  }
  return item;
}

sca::result<std::string> unquote(std::string_view literal) {
  std::string out;
  out.reserve(literal.size());
  for (std::size_t i = 1; i + 1 < literal.size();) {
    if (literal[i] != '\\') {
      out.push_back(literal[i++]);
    } else if (literal[++i] == 'u') {
      const auto code = escaped_code_point(literal, i);
      if (!code) return sca::fail(SCA_INVALID_CONFIG, "a string holds half of a surrogate pair (\\uD800 to \\uDFFF alone)");
      append_utf8(out, *code);
    } else {
      out.push_back(unescaped(literal[i++]));
    }
  }
  return out;
}

sca::result<std::vector<json_member>> slice_object(std::string_view text) {
  const auto whole = slice_value(text);
  if (!whole) return whole.error();
  if (whole->kind != json_kind::object) return sca::fail(SCA_INVALID_CONFIG, "expected a JSON object");
  // The text is valid from here on: only separators are to be stepped over.
  scanner s(whole->raw.substr(1));
  std::vector<json_member> out;
  for (s.blanks(); !s.take('}'); s.blanks()) {
    if (s.take(',')) s.blanks();
    std::string_view literal;
    json_member member;
    if (!s.string(literal)) return s.error();
    auto name = unquote(literal);
    if (!name) return name.error();
    member.name = std::move(*name);
    s.blanks();
    if (!s.take(':') || !s.value(member.value)) return s.error();
    out.push_back(std::move(member));
  }
  return out;
}

sca::result<std::vector<json_item>> slice_array(std::string_view text) {
  const auto whole = slice_value(text);
  if (!whole) return whole.error();
  if (whole->kind != json_kind::array) return sca::fail(SCA_INVALID_CONFIG, "expected a JSON array");
  scanner s(whole->raw.substr(1));
  std::vector<json_item> out;
  for (s.blanks(); !s.take(']'); s.blanks()) {
    if (s.take(',')) s.blanks();
    json_item item;
    if (!s.value(item)) return s.error();
    out.push_back(item);
  }
  return out;
}

void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i));
    const char c = text[i];
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      switch (c) {
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default: out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
      }
    } else {
      out += text.substr(i, length);
    }
    i += length == 0 ? 1 : length;
  }
  out.push_back('"');
}

std::string json_quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::string_view without_bom(std::string_view text) noexcept { return text.substr(text.starts_with("\xEF\xBB\xBF") ? 3 : 0); }

}  // namespace sinkhost
