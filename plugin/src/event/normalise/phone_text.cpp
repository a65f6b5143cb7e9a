#include "event/normalise/phone_text.hpp"

#include "event/normalise/text.hpp"

namespace snap::event::normalise {
namespace {

// Words before an extension, lower case, as they are written in several countries; then digits, then nothing.
constexpr std::string_view extension_words[] = {
    "x",     "ext", "extn",    "extension", "extensi\xC3\xB3n",        "xtn", "int", "anexo",
    "poste", "dw",  "toestel", "ramal",     "\xD0\xB4\xD0\xBE\xD0\xB1"};

[[nodiscard]] bool is_plus(std::int32_t c) noexcept { return c == '+' || c == 0xFF0B; }
[[nodiscard]] bool is_open(std::int32_t c) noexcept { return c == '(' || c == '[' || c == 0xFF08 || c == 0xFF3B; }
[[nodiscard]] bool is_close(std::int32_t c) noexcept { return c == ')' || c == ']' || c == 0xFF09 || c == 0xFF3D; }

[[nodiscard]] bool starts_with_word(std::string_view text, std::string_view lower_word) noexcept {
  if (text.size() < lower_word.size()) return false;
  for (std::size_t i = 0; i < lower_word.size(); ++i) {
    if (ascii_lower(text[i]) != lower_word[i]) return false;
  }
  return true;
}

// What may follow the number: ';' opens the parameters of a tel URI, ',' and 'p' a pause, '#' or a word an extension.
[[nodiscard]] bool is_extension(std::string_view text) noexcept {
  if (text.front() == ';' || text.front() == ',') return true;
  std::string_view rest = text;
  if (const std::int32_t first = next_code_point(rest); first != '#' && first != 0xFF03) {
    rest = text;
    std::size_t longest = 0;
    for (const std::string_view word : extension_words) {
      if (word.size() > longest && starts_with_word(text, word)) longest = word.size();
    }
    if (longest == 0) return false;
    rest.remove_prefix(longest);
  }
  while (!rest.empty()) {
    const std::int32_t c = next_code_point(rest);
    if (digit_value(c) < 0 && !is_separator(c) && c != '#') return false;
  }
  return true;
}

// RFC 3966: "tel:863-1234;phone-context=+1-914-555" has the number's first digits behind it.
[[nodiscard]] std::string_view phone_context(std::string_view text) noexcept {
  constexpr std::string_view name = ";phone-context=";
  const std::size_t at = text.find(name);
  if (at == std::string_view::npos) return {};
  const std::string_view value = text.substr(at + name.size());
  return value.starts_with('+') ? value.substr(0, value.find(';')) : std::string_view{};
}

struct reader {
  phone_text& out;
  std::size_t opened = phone_text::nowhere;  // digits seen when the last bracket opened

  [[nodiscard]] bool add(int digit) noexcept {
    if (out.size == phone_text::capacity) return false;
    out.buffer[out.size++] = static_cast<char>('0' + digit);
    return true;
  }
  void close() noexcept {
    if (opened == phone_text::nowhere) return;
    if (opened > 0 && out.size == opened + 1 && out.buffer[opened] == '0') out.lone_zero = opened;
    opened = phone_text::nowhere;
  }
  // One character that is no digit; false when it ends the number or spoils it.
  [[nodiscard]] bool take(std::int32_t c) noexcept {
    if (c == ' ' || c == '-' || c == '.') return true;
    if (is_plus(c)) {
      if (out.size != 0) return false;
      out.as = phone_text::writing::international;
    } else if (is_open(c)) {
      opened = out.size;
    } else if (is_close(c)) {
      close();
    } else {
      return out.size == 0 || (is_separator(c) && c != ',' && c != ';' && c != '#' && c != '*' && c != 0xFF03);
    }
    return true;
  }
  [[nodiscard]] bool read(std::string_view text) noexcept {
    while (!text.empty()) {
      if (is_digit(text.front())) {  // most of every number
        if (!add(text.front() - '0')) return false;
        text.remove_prefix(1);
        continue;
      }
      const std::string_view here = text;
      const std::int32_t c = next_code_point(text);
      const int digit = c < 0 ? -1 : digit_value(c);
      if (digit >= 0) {
        if (!add(digit)) return false;
      } else if (c < 0 || !take(c)) {
        return c >= 0 && is_extension(here);
      }
    }
    return true;
  }
};

}  // namespace

bool read_phone(std::string_view raw, phone_text& out) noexcept {
  out.size = 0;
  out.as = phone_text::writing::national;
  out.lone_zero = phone_text::nowhere;
  reader in{out};
  raw = trim(raw);
  if (starts_with_word(raw, "tel:")) raw.remove_prefix(4);
  const std::string_view context = phone_context(raw);
  if (!context.empty() && !raw.starts_with('+') && !in.read(context)) return false;
  return in.read(raw);
}

}  // namespace snap::event::normalise
