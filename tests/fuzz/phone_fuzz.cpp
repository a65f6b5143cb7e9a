// Any text as a phone number of any country: dropped, or the digits of an international number, which are a number once more.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "event/normalise/normalise.hpp"

namespace normalise = snap::event::normalise;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string country(input.substr(0, 2));
  const normalise::context context{.country = country, .phone_country = country};
  std::string digits, again;
  if (normalise::phone(input.substr(country.size()), context, digits) != normalise::outcome::text) return 0;
  if (digits.size() < 4 || digits.size() > 15 || digits.find_first_not_of("0123456789") != std::string::npos) std::abort();
  if (normalise::phone("+" + digits, {}, again) != normalise::outcome::text || again != digits) std::abort();
  return 0;
}
