#include "event/normalise/currencies.hpp"

#include <algorithm>
#include <array>

namespace snap::event::normalise {
namespace {

// Source: ISO 4217 list one (current funds and currencies), less XXX and XTS, which stand for no money. Then those of list three
// that were withdrawn so lately that shops still write them.
constexpr std::string_view codes =
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW "
    "CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP "
    "MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG "
    "SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND "
    "VUV WST XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XUA YER ZAR ZMW ZWG "
    "ANG BGN BYR CUC HRK LTL MRO SLL STD VEF ZMK ZWL";

constexpr std::size_t letters = 26;
[[nodiscard]] constexpr std::size_t place(std::string_view code) noexcept {
  std::size_t at = 0;
  for (const char c : code) at = at * letters + static_cast<std::size_t>(c - 'A');
  return at;
}
constexpr auto known = [] {
  std::array<std::uint64_t, (letters * letters * letters + 63) / 64> bits{};
  for (std::size_t i = 0; i < codes.size(); i += 4) {
    const std::size_t at = place(codes.substr(i, 3));
    bits[at / 64] |= std::uint64_t{1} << (at % 64);
  }
  return bits;
}();

}  // namespace

bool is_currency(std::string_view code) noexcept {
  if (code.size() != 3 || !std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) return false;
  const std::size_t at = place(code);
  return (known[at / 64] >> (at % 64) & 1) != 0;
}

}  // namespace snap::event::normalise
