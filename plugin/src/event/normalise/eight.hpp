// ASCII text in lower case, eight characters at once. For this folder only; pure, any thread.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace snap::event::normalise {

// A byte's top bit is set where the character is in from…to.
constexpr std::uint64_t every_byte = 0x0101010101010101u, top_bits = 0x80 * every_byte;
[[nodiscard]] constexpr std::uint64_t in_range(std::uint64_t eight, char from, char to) noexcept {
  const auto at_least = [=](int c) { return eight + static_cast<std::uint64_t>(0x80 - c) * every_byte; };
  return at_least(from) & ~at_least(to + 1) & top_bits;
}
[[nodiscard]] constexpr std::uint64_t lower_eight(std::uint64_t eight) noexcept {
  return eight | in_range(eight, 'A', 'Z') >> 2U;
}
// All of them digits, or letters up to `last`.
[[nodiscard]] constexpr bool are_words(std::uint64_t lowered, char last) noexcept {
  return (in_range(lowered, 'a', last) | in_range(lowered, '0', '9')) == top_bits;
}

enum class wanted : std::uint8_t { any_ascii, letters_and_digits, hex_digits };

// false: there is something else in it than what is wanted, and out has no meaning.
[[nodiscard]] inline bool lower_words(std::string_view ascii, wanted what, std::string& out) {
  const auto lower = [&](std::uint64_t eight, char* to) {
    eight = lower_eight(eight);
    std::memcpy(to, &eight, sizeof eight);
    return what == wanted::any_ascii || are_words(eight, what == wanted::hex_digits ? 'f' : 'z');
  };
  std::uint64_t eight = '0' * every_byte;
  constexpr std::size_t step = sizeof eight;
  const std::size_t size = ascii.size();
  out.resize(std::max(size, step));
  bool good = true;
  if (size < step) {
    std::copy(ascii.begin(), ascii.end(), reinterpret_cast<char*>(&eight));
    good = lower(eight, out.data());
  }
  for (std::size_t at = 0; good && at + step <= size;) {
    std::memcpy(&eight, ascii.data() + at, step);
    good = lower(eight, out.data() + at);
    at = at + step == size ? size : std::min(at + step, size - step);  // the last eight may overlap those before them
  }
  out.resize(size);
  return good;
}

}  // namespace snap::event::normalise
