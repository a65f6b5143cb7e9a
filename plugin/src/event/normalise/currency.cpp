// custom_data.currency: an ISO 4217 code, upper case.
#include "event/normalise/currencies.hpp"
#include "event/normalise/text.hpp"

namespace snap::event::normalise {

outcome currency(std::string_view raw, const context&, std::string& out) {
  out.clear();
  const std::string_view code = trim(raw);
  if (code.empty()) return outcome::empty;
  if (code.size() != 3) return outcome::malformed;
  for (const char c : code) out += ascii_upper(c);
  if (is_currency(out)) return outcome::text;
  out.clear();
  return outcome::malformed;
}

}  // namespace snap::event::normalise
