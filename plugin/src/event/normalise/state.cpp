// st: the state's code in lower case, "ca" (Snapchat's Parameters page); names lead to codes (interfaces.md §6).
#include "event/normalise/countries.hpp"
#include "event/normalise/lookup.hpp"
#include "event/normalise/states.hpp"

namespace snap::event::normalise {
namespace {

constexpr std::string_view beyond_the_fifty = "dc as gu mp pr vi um aa ae ap fm mh pw";

// Segment knows the fifty states by name and keeps everything else.
[[nodiscard]] outcome as_segment(std::string_view raw, std::string& out) {
  const std::string_view code = state_of_name("us", key_of(trim(raw), out).view());
  if (code.empty() || beyond_the_fifty.find(code) != std::string_view::npos) return folded(raw, segment_text, out);
  out.assign(code);
  return outcome::text;
}

struct word {
  std::string_view country, text;
};
// ISO 3166-2 writes "US-CA": the part before the dash names the country.
[[nodiscard]] word split(std::string_view text, std::string_view country) noexcept {
  const bool prefixed =
      text.size() >= 4 && text.size() <= 6 && (text[2] == '-' || text[2] == '_') && is_country(text.substr(0, 2));
  return prefixed ? word{text.substr(0, 2), text.substr(3)} : word{country, text};
}

// A subdivision code of ISO 3166-2 has one to three letters or digits.
[[nodiscard]] bool is_code(std::string_view key) noexcept { return !key.empty() && key.size() <= 3; }

}  // namespace

outcome state(std::string_view raw, const context& about, std::string& out) {
  if (const auto hashed = already_hashed(raw, out)) return *hashed;
  if (about.as == manner::rudder) return folded(raw, rudder_text, out);
  if (about.as == manner::segment) return as_segment(raw, out);
  const word w = split(trim(raw), about.country);
  if (w.text.empty()) {
    out.clear();
    return outcome::empty;
  }
  const char lower_country[2] = {w.country.empty() ? '\0' : ascii_lower(w.country[0]),
                                 w.country.size() < 2 ? '\0' : ascii_lower(w.country[1])};
  const std::string_view country{lower_country, w.country.size() == 2 ? 2u : 0u};
  const lookup_key key = key_of(w.text, out);
  out.clear();
  if (is_code(key.view()) && (is_state(country, key.view()) || (!country.empty() && !has_states(country)))) {
    out.assign(key.view());
    return outcome::text;
  }
  out.assign(key.fits() ? state_of_name(country, key.view()) : std::string_view{});
  return out.empty() ? outcome::unknown : outcome::text;
}

}  // namespace snap::event::normalise
