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

constexpr auto hex_digits = [] {
  std::array<bool, 256> is{};
  for (const char c : std::string_view{"0123456789abcdefABCDEF"}) is[static_cast<unsigned char>(c)] = true;
  return is;
}();
[[nodiscard]] constexpr bool is_hex(char c) noexcept { return hex_digits[static_cast<unsigned char>(c)]; }

}  // namespace

std::optional<outcome> already_hashed(std::string_view text, std::string& out) {
  if (text.size() < foreign_digits.front()) return std::nullopt;  // the common case, decided at once
  text = trim(text);
  const bool own = text.size() == sha256_digits;
  if (!own && std::find(foreign_digits.begin(), foreign_digits.end(), text.size()) == foreign_digits.end()) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), is_hex)) return std::nullopt;
  out.clear();
  if (!own) return outcome::foreign_digest;
  out.resize(text.size());
  std::transform(text.begin(), text.end(), out.begin(), ascii_lower);
  if (out != sha256_of_nothing) return outcome::digest;
  out.clear();
  return outcome::empty;
}

}  // namespace snap::event::normalise
