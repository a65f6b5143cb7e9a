// Recognises values that the sender has hashed already.
#include <algorithm>
#include <array>

#include "event/normalise/text.hpp"

namespace snap::event::normalise {
namespace {

constexpr std::size_t sha256_digits = 64;
// MD5, SHA-1, SHA-224, SHA-384, SHA-512: digests that Snapchat cannot compare with its own.
constexpr std::array<std::size_t, 5> foreign_digits{32, 40, 56, 96, 128};
constexpr std::string_view sha256_of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

[[nodiscard]] constexpr bool is_hex(char c) noexcept { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

}  // namespace

std::optional<outcome> already_hashed(std::string_view text, std::string& out) {
  if (text.size() < foreign_digits.front()) return std::nullopt;  // the common case, decided at once
  text = trim(text);
  const bool own = text.size() == sha256_digits;
  if (!own && std::find(foreign_digits.begin(), foreign_digits.end(), text.size()) == foreign_digits.end()) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), is_hex)) return std::nullopt;
  out.clear();
  if (!own) return outcome::foreign_digest;
  for (const char c : text) out += ascii_lower(c);
  if (out != sha256_of_nothing) return outcome::digest;
  out.clear();
  return outcome::empty;
}

}  // namespace snap::event::normalise
