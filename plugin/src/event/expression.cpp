#include "event/expression.hpp"

#include <algorithm>
#include <stdexcept>

#include "event/json/decimal.hpp"

namespace snap::event {
namespace {

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

// What may stand in a name without ['…']. Brackets, quotes and the signs that transforms need are kept out.
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
      if (at_default()) {
        out.otherwise = default_text();
        blanks();
        if (at_ < text_.size()) fail("nothing may follow default('…'): it is what counts when all else is absent");
        return out;
      }
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
  [[nodiscard]] bool at_default() const noexcept {
    constexpr std::string_view word = "default";
    const std::string_view rest = text_.substr(at_);
    return rest.starts_with(word) && (rest.size() == word.size() || !is_name(rest[word.size()]));
  }
  // default('text'), from its first letter on.
  std::string default_text() {
    at_ += std::string_view("default").size();
    open_call("default");
    if (!take('\'')) fail("a quoted text is expected here, as in default('EUR')");
    const std::size_t from = at_;
    std::string out = quoted();
    if (out.empty()) fail_at(from - 1, "an empty text is no value; leave default('') out");
    close_call();
    return out;
  }
  void open_call(std::string_view name_of_call) {
    blanks();
    if (!take('(')) fail("a '(' is expected after " + std::string(name_of_call));
    blanks();
  }
  void close_call() {
    blanks();
    if (!take(')')) fail("a ')' is expected here");
  }
  // After the transform's name, which begins at `from`.
  alternative call(const transform_row& row, std::size_t from) {
    constexpr unsigned deepest = 8;
    if (++depth_ > deepest) fail_at(from, "transforms are nested deeper than 8 levels");
    alternative out{.from = alternative::root::call, .steps = {}, .text = {}, .by = row.what};
    open_call(row.name);
    if (row.what == transform::sum) {
      out.inside = factors();
    } else {
      do {
        blanks();
        if (at_default()) fail("default('…') is the last alternative of the whole expression, outside of every transform");
        out.inside.push_back(one());
        blanks();
      } while (take('|'));
    }
    close_call();
    --depth_;
    return out;
  }
  std::vector<alternative> factors() {
    std::vector<alternative> out;
    do {
      blanks();
      const std::size_t from = at_;
      alternative next = factor();
      check_factor(out, next, from);
      out.push_back(std::move(next));
      blanks();
    } while (take('*'));
    return out;
  }
  // $.items[*].price, or ($.items[*].quantity | default('1'))
  alternative factor() {
    const bool wrapped = take('(');
    blanks();
    const std::size_t from = at_;
    if (!take('$') || (peek() != '.' && peek() != '[')) {
      fail_at(from, "sum adds what paths into the value find, as in sum($.items[*].price * $.items[*].quantity)");
    }
    alternative out{.from = alternative::root::value, .steps = steps(), .text = {}};
    if (!wrapped) return out;
    blanks();
    if (!take('|')) fail("' | default('…')' is expected here");
    blanks();
    const std::size_t where = at_;
    if (!at_default()) fail("default('…') is expected here");
    out.text = default_text();
    if (!json::is_plain_decimal(out.text)) fail_at(where, "the default of a factor must be a plain decimal, as in default('1')");
    close_call();
    return out;
  }
  // Rows are told apart by one [*], which all factors that have one share.
  void check_factor(const std::vector<alternative>& before, const alternative& next, std::size_t from) const {
    const auto is_every = [](const step& s) { return s.what == step::kind::every; };
    const auto list_of = [&](const path& p) { return path(p.begin(), std::find_if(p.begin(), p.end(), is_every)); };
    const auto picks = [](const step& s) { return s.what == step::kind::pick; };
    if (std::count_if(next.steps.begin(), next.steps.end(), is_every) > 1) {
      fail_at(from, "a path in sum() has at most one [*]: the rows that are added");
    }
    if (std::any_of(next.steps.begin(), next.steps.end(), picks)) fail_at(from, "a path in sum() cannot pick with [name='text']");
    for (const alternative& other : before) {
      const path list = list_of(other.steps);
      if (list.size() != other.steps.size() && list_of(next.steps).size() != next.steps.size() && list != list_of(next.steps)) {
        fail_at(from, "both factors must come from the rows of one list, as in $.items[*].price * $.items[*].quantity");
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
    if (!take('$')) return named();
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

  // What begins with neither '$' nor a quote: a transform.
  alternative named() {
    if (at_ >= text_.size()) fail("an expression is missing here");
    const std::size_t from = at_;
    const std::string word = is_name(peek()) ? name() : std::string{};
    blanks();
    if (word.empty() || peek() != '(') {
      fail_at(from,
              "an expression begins with $. (the value), $key, $header.name, $topic, $timestamp, a 'literal' or a transform " +
                  std::string("such as lower($.a)"));
    }
    std::string known;
    for (const transform_row& row : transforms()) {
      if (row.name == word) return call(row, from);
      known.append(row.name).append(", ");
    }
    fail_at(from, "there is no transform " + word + "; there are " + known + "and default");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned depth_ = 0;
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
