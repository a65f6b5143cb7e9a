// lower and digits: not match keys, but transforms of expressions, of the same form.
#include "event/normalise/eight.hpp"
#include "event/normalise/text.hpp"

namespace snap::event::normalise {

outcome lower(std::string_view raw, const context&, std::string& out) {
  const std::string_view text = trim(raw);
  if (!is_ascii(text)) return folded(text, {form::as_it_is, punctuation::stays, spaces::stay}, out);
  (void)lower_words(text, wanted::any_ascii, out);  // nothing is unwanted
  return out.empty() ? outcome::empty : outcome::text;
}

outcome digits(std::string_view raw, const context&, std::string& out) {
  out.resize(raw.size());  // a digit of another script is longer than ours
  char* to = out.data();
  if (is_ascii(raw)) {
    for (const char c : raw) {
      *to = c;
      to += is_digit(c) ? 1 : 0;
    }
  } else {
    while (!raw.empty()) {
      if (const int value = digit_value(next_code_point(raw)); value >= 0) *to++ = static_cast<char>('0' + value);
    }
  }
  out.resize(static_cast<std::size_t>(to - out.data()));
  return out.empty() ? outcome::empty : outcome::text;
}

}  // namespace snap::event::normalise
