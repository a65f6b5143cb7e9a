// Text tools of the match keys: trimming, folding, digests that came ready-made. ASCII takes the short way; the rest goes
// through utf8proc in a buffer on the stack. For this folder only; pure, any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "event/normalise/normalise.hpp"

namespace snap::event::normalise {

[[nodiscard]] bool is_ascii(std::string_view text) noexcept;
[[nodiscard]] constexpr char ascii_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
[[nodiscard]] constexpr char ascii_upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
// Blank, tab, line feed, vertical tab, form feed, carriage return.
[[nodiscard]] constexpr bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Without white space and invisible marks (BOM, zero width, bidi) at both ends.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

enum class form : std::uint8_t { as_it_is, nfc, without_marks };  // without_marks: NFD less its accents, for table look-ups
enum class punctuation : std::uint8_t { stays, goes };            // general category P
enum class spaces : std::uint8_t { stay, become_one, go };        // inside; the ends are always trimmed

struct folding {
  form normal = form::nfc;
  punctuation marks = punctuation::stays;
  spaces inner = spaces::stay;
};

// Trims, brings to the normal form, lower-cases (Unicode's full mapping, final sigma included) and drops what the rules say.
// Punctuation goes before spaces are looked at, so "O ' Brien" has one space. False: not UTF-8; out is empty then.
bool fold(std::string_view text, const folding& rules, std::string& out);
// As above, and the outcome that follows: text, empty or malformed.
[[nodiscard]] outcome folded(std::string_view text, const folding& rules, std::string& out);

// The peers' spelling of names, cities, states and the like: no normal form, punctuation kept.
inline constexpr folding rudder_text{form::as_it_is, punctuation::stays, spaces::stay};
inline constexpr folding segment_text{form::as_it_is, punctuation::stays, spaces::go};

// digest, empty or foreign_digest when the text is hex of a digest's length; nullopt when it is clear text.
[[nodiscard]] std::optional<outcome> already_hashed(std::string_view text, std::string& out);

// The code point at the front, which is cut off. -1 for a byte that is not UTF-8 (one byte is cut off).
[[nodiscard]] std::int32_t next_code_point(std::string_view& text) noexcept;
// 0…9 of any script's decimal digits, else -1.
[[nodiscard]] int digit_value(std::int32_t code_point) noexcept;
// General categories P and Z, format characters, and the dashes and tildes that Unicode counts as symbols or letters.
[[nodiscard]] bool is_separator(std::int32_t code_point) noexcept;
[[nodiscard]] bool is_dash_or_space(std::int32_t code_point) noexcept;

}  // namespace snap::event::normalise
