// Recognises values that the sender has hashed already.
#include <algorithm>
#include <array>

#include "event/normalise/eight.hpp"
#include "event/normalise/text.hpp"

namespace snap::event::normalise {
namespace {

constexpr std::size_t sha256_digits = 64;
// MD5, SHA-1, SHA-224, SHA-384, SHA-512: digests that Snapchat cannot compare with its own.
constexpr std::array<std::size_t, 5> foreign_digits{32, 40, 56, 96, 128};
constexpr std::string_view sha256_of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

constexpr std::string_view hex = "0123456789abcdef";

// The 43 digits that 32 bytes have in base64 (6 bits each, the last 2 bits are nothing), as 64 hex digits.
bool hex_of_base64(std::string_view text, std::string& out) {
  if (text.ends_with('=')) text.remove_suffix(1);
  if (text.size() != 43) return false;
  unsigned bits = 0, waiting = 0;
  for (const char c : text) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t six = digits.find(c == '-' ? '+' : c == '_' ? '/' : c);
    if (six == std::string_view::npos) return false;
    bits = bits << 6U | static_cast<unsigned>(six);
    for (waiting += 6; waiting >= 4 && out.size() < sha256_digits; waiting -= 4) out += hex[bits >> (waiting - 4) & 15U];
    bits &= (1U << waiting) - 1;
  }
  return bits == 0;
}

}  // namespace

outcome sha256_digest(std::string_view raw, const context&, std::string& out) {
  raw = trim(raw);
  out.clear();
  if (raw.empty()) return outcome::empty;
  if (const auto known = already_hashed(raw, out)) return *known;
  std::string digits;
  if (!hex_of_base64(raw, digits)) return outcome::malformed;
  return already_hashed(digits, out).value_or(outcome::malformed);
}

std::optional<outcome> already_hashed(std::string_view text, std::string& out) {
  if (text.size() < foreign_digits.front()) return std::nullopt;  // the common case, decided at once
  text = trim(text);
  const bool own = text.size() == sha256_digits;
  if (!own && std::find(foreign_digits.begin(), foreign_digits.end(), text.size()) == foreign_digits.end()) return std::nullopt;
  const bool digits = is_ascii(text) && lower_words(text, wanted::hex_digits, out);
  if (digits && own && out != sha256_of_nothing) return outcome::digest;
  out.clear();
  if (!digits) return std::nullopt;
  return own ? outcome::empty : outcome::foreign_digest;
}

}  // namespace snap::event::normalise
