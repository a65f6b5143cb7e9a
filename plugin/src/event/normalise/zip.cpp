// zp: lower case without spaces and dashes; US: five digits; UK: area, district and sector (Snapchat's Parameters page).
#include <algorithm>

#include "event/normalise/text.hpp"

namespace snap::event::normalise {
namespace {

// ZIP+4 as written: five digits, a dash, four digits.
[[nodiscard]] bool is_zip_plus_4(std::string_view text) noexcept {
  if (text.size() < 10 || !std::all_of(text.begin(), text.begin() + 5, is_digit) || is_digit(text[5])) return false;
  std::string_view rest = text.substr(5);
  const std::int32_t dash = next_code_point(rest);
  return dash != ' ' && is_dash_or_space(dash) && rest.size() == 4 && std::all_of(rest.begin(), rest.end(), is_digit);
}

[[nodiscard]] bool is_us_zip(std::string_view text) noexcept {
  return (text.size() == 5 || text.size() == 9) && std::all_of(text.begin(), text.end(), is_digit);
}

// A full UK postcode ends in the sector's digit and two letters of the unit (Royal Mail's PAF format).
[[nodiscard]] bool is_full_uk_postcode(std::string_view text) noexcept {
  return text.size() >= 5 && text.size() <= 7 && is_letter(text.front()) && is_digit(text[text.size() - 3]) &&
         is_letter(text[text.size() - 2]) && is_letter(text.back());
}

}  // namespace

outcome zip(std::string_view raw, const context& about, std::string& out) {
  if (const auto hashed = already_hashed(raw, out)) return *hashed;
  if (about.as == manner::rudder) return folded(raw, rudder_text, out);
  if (about.as == manner::segment) return folded(raw, segment_text, out);
  const bool plus_4 = is_zip_plus_4(trim(raw));
  const outcome result = folded(raw, {form::nfc, punctuation::goes, spaces::go}, out);
  if (result != outcome::text) return result;
  if (about.country == "us" && !is_us_zip(out)) {
    out.clear();
    return outcome::malformed;
  }
  if (about.country == "us" || plus_4) out.resize(5);
  if (about.country == "gb" && is_full_uk_postcode(out)) out.resize(out.size() - 2);
  return outcome::text;
}

}  // namespace snap::event::normalise
