// Names as people write them, made comparable: lower-case letters and digits only, without accents and without the words
// "and", "of", "the". The tables of countries and states are sorted by such keys when they are compiled.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "event/normalise/text.hpp"

namespace snap::event::normalise {

class lookup_key {
 public:
  constexpr lookup_key() = default;
  // ASCII text; anything else of it is skipped, as punctuation is.
  constexpr explicit lookup_key(std::string_view text) noexcept {
    std::size_t word = 0;
    for (const char c : text) {
      if (is_letter(c) || is_digit(c)) {
        add(ascii_lower(c));
      } else if (c == ' ' || c == '-' || c == '&' || c == '_') {
        word = end_word(word);
      }
    }
    if (word != 0) end_word(word);  // alone the word is all there is: AND is Andorra's code
  }
  [[nodiscard]] constexpr std::string_view view() const noexcept { return {text_.data(), size_}; }
  [[nodiscard]] constexpr bool fits() const noexcept { return fits_; }
  friend constexpr auto operator<=>(const lookup_key& a, const lookup_key& b) noexcept { return a.view() <=> b.view(); }
  friend constexpr bool operator==(const lookup_key& a, const lookup_key& b) noexcept { return a.view() == b.view(); }

 private:
  constexpr void add(char c) noexcept {
    if (size_ < text_.size())
      text_[size_++] = c;
    else
      fits_ = false;
  }
  // Drops the word that began at `word` if it carries no meaning; where the next one begins.
  constexpr std::size_t end_word(std::size_t word) noexcept {
    const std::string_view last = view().substr(word);
    if (last == "and" || last == "of" || last == "the") size_ = static_cast<std::uint8_t>(word);
    return size_;
  }
  std::array<char, 46> text_{};
  std::uint8_t size_ = 0;
  bool fits_ = true;
};

// The key of any UTF-8 text; scratch is a buffer of the caller's.
[[nodiscard]] inline lookup_key key_of(std::string_view text, std::string& scratch) {
  if (is_ascii(text)) return lookup_key{text};
  if (!fold(text, {form::without_marks, punctuation::stays, spaces::stay}, scratch)) return {};
  return lookup_key{scratch};
}

}  // namespace snap::event::normalise
