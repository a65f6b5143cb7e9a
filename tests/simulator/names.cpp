#include "names.hpp"

#include <algorithm>
#include <array>

namespace simulator {
namespace {

constexpr std::array<std::string_view, 31> event_names{"PURCHASE",
                                                       "SAVE",
                                                       "START_CHECKOUT",
                                                       "ADD_CART",
                                                       "VIEW_CONTENT",
                                                       "ADD_BILLING",
                                                       "SIGN_UP",
                                                       "SEARCH",
                                                       "PAGE_VIEW",
                                                       "SUBSCRIBE",
                                                       "AD_CLICK",
                                                       "AD_VIEW",
                                                       "COMPLETE_TUTORIAL",
                                                       "LEVEL_COMPLETE",
                                                       "INVITE",
                                                       "LOGIN",
                                                       "SHARE",
                                                       "RESERVE",
                                                       "ACHIEVEMENT_UNLOCKED",
                                                       "ADD_TO_WISHLIST",
                                                       "SPENT_CREDITS",
                                                       "RATE",
                                                       "START_TRIAL",
                                                       "LIST_VIEW",
                                                       "APP_INSTALL",
                                                       "APP_OPEN",
                                                       "CUSTOM_EVENT_1",
                                                       "CUSTOM_EVENT_2",
                                                       "CUSTOM_EVENT_3",
                                                       "CUSTOM_EVENT_4",
                                                       "CUSTOM_EVENT_5"};

// Codes in use, one blank between them; three letters each, so a search for the code between blanks is exact.
constexpr std::string_view currencies =
    " AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP "
    "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR "
    "ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT "
    "MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD "
    "SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES "
    "VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL HRK SLL ";

}  // namespace

bool is_event_name(std::string_view name) { return std::find(event_names.begin(), event_names.end(), name) != event_names.end(); }

bool is_currency(std::string_view code) {
  if (code.size() != 3 || code.find(' ') != std::string_view::npos) return false;
  for (std::size_t at = 1; at + 4 <= currencies.size(); at += 4)
    if (currencies.substr(at, 3) == code) return true;
  return false;
}

}  // namespace simulator
