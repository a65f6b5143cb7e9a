#include "event/expression.hpp"

#include <stdexcept>

namespace snap::event {
namespace {

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

// What may stand in a name without ['…']. Brackets, quotes and the signs that transforms will need are kept out.
constexpr bool is_name(char c) noexcept {
  return static_cast<unsigned char>(c) > ' ' && std::string_view(".[]|'\"(),=*").find(c) == std::string_view::npos;
}

// One pass over the text. Errors are thrown inside this file only: the first one ends the parse.
class parser {
 public:
  explicit parser(std::string_view text) : text_(text) {}

  expression run() {
    expression out;
    do {
      blanks();
      out.alternatives.push_back(one());
      blanks();
    } while (take('|'));
    if (at_ < text_.size()) fail("unexpected text; alternatives are separated by ' | '");
    return out;
  }

 private:
  [[noreturn]] void fail(std::string message) const { throw expression_error{at_ + 1, std::move(message)}; }
  [[noreturn]] void fail_at(std::size_t where, std::string message) const {
    throw expression_error{where + 1, std::move(message)};
  }
  [[nodiscard]] char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) noexcept { return peek() == c && at_ < text_.size() ? (++at_, true) : false; }
  void blanks() noexcept {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  std::string name() {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    if (at_ == from) fail("a name is expected here; names with other signs are written ['like this']");
    return std::string(text_.substr(from, at_ - from));
  }
  // After the opening quote, up to and with the closing one.
  std::string quoted() {
    const std::size_t open = at_ - 1;
    std::string out;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c != '\'') {
        out += c;
      } else if (!take('\'')) {
        return out;
      } else {
        out += '\'';
      }
    }
    fail_at(open, "this quote is not closed; write '' for a quote inside the text");
  }
  void close() {
    if (!take(']')) fail("a ']' is expected here");
  }
  step bracket() {
    step s;
    if (take('*')) {
      s.what = step::kind::every;
    } else if (take('\'')) {
      s.name = quoted();
    } else if (peek() >= '0' && peek() <= '9') {
      s.what = step::kind::index;
      const std::size_t from = at_;
      for (; peek() >= '0' && peek() <= '9'; ++at_) {
        if (at_ - from >= 9) fail_at(from, "this index is too large");
        s.index = s.index * 10 + static_cast<std::uint32_t>(peek() - '0');
      }
    } else {
      if (!is_name(peek()) || at_ >= text_.size()) fail("[0], [*], ['name'] or [name='text'] is expected here");
      s.what = step::kind::pick;
      s.name = name();
      if (!take('=')) fail("='text' is expected here, as in [key='page_location']; a name is written ['name']");
      if (!take('\'')) fail("a quoted text is expected here");
      s.text = quoted();
    }
    close();
    return s;
  }
  path steps() {
    path out;
    for (;;) {
      if (take('.')) {
        out.push_back({.what = step::kind::member, .name = name(), .text = {}, .index = 0});
      } else if (take('[')) {
        out.push_back(bracket());
      } else {
        return out;
      }
    }
  }
  alternative header() {
    alternative out{.from = alternative::root::header, .steps = {}, .text = {}};
    if (take('[')) {
      if (!take('\'')) fail("a quoted header name is expected here");
      out.text = quoted();
      close();
      return out;
    }
    if (!take('.')) fail("$header needs a name: $header.name or $header['name']");
    out.text = name();
    while (take('.')) out.text += '.' + name();  // header names often contain dots
    return out;
  }
  alternative one() {
    using root = alternative::root;
    const std::size_t from = at_;
    if (take('\'')) return {.from = root::literal, .steps = {}, .text = quoted()};
    if (!take('$')) {
      fail(at_ < text_.size() ? "an expression begins with $. (the value), $key, $header.name, $topic, $timestamp or a 'literal'"
                              : "an expression is missing here");
    }
    if (peek() == '.' || peek() == '[') return {.from = root::value, .steps = steps(), .text = {}};
    if (!is_name(peek()) || at_ >= text_.size()) fail("a path is expected after $, as in $.properties.email");
    const std::string word = name();
    if (word == "key") return {.from = root::key, .steps = steps(), .text = {}};
    if (word == "header") return header();
    if (word == "topic") return {.from = root::topic, .steps = {}, .text = {}};
    if (word == "timestamp") return {.from = root::timestamp, .steps = {}, .text = {}};
    fail_at(from,
            "there is no $" + word + "; use $." + word + " for a member of the value, or $key, $header.name, $topic, $timestamp");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

void throw_exception_from_error(const expression_error& e, const boost::source_location&) {
  throw std::invalid_argument(e.message);
}

boost::system::result<expression, expression_error> parse_expression(std::string_view text) {
  try {
    return parser(text).run();
  } catch (const expression_error& e) {
    return e;
  }
}

}  // namespace snap::event
