// ph: country code and national number, digits only (Snapchat's Parameters page), by E.164 and the countries' own rules.
#include <algorithm>
#include <array>
#include <optional>

#include "event/normalise/dial_plans.hpp"
#include "event/normalise/phone_text.hpp"
#include "event/normalise/text.hpp"

namespace snap::event::normalise {
namespace {

constexpr std::size_t e164_digits = 15;
constexpr std::string_view universal_idd = "00";
constexpr std::string_view nanp_idd = "011";
// Below this many digits nobody has left out a country: it is a short code or a slip.
constexpr std::size_t shortest_national = 5;

// A number being rearranged: fixed room, no allocation.
struct digits {
  std::array<char, phone_text::capacity + 4> buffer{};
  std::size_t size = 0;
  digits() = default;
  explicit digits(std::string_view text) noexcept : size(text.size()) { std::copy(text.begin(), text.end(), buffer.begin()); }
  [[nodiscard]] std::string_view view() const noexcept { return {buffer.data(), size}; }
  void insert(std::size_t at, std::string_view text) noexcept {
    std::copy_backward(buffer.begin() + at, buffer.begin() + size, buffer.begin() + size + text.size());
    std::copy(text.begin(), text.end(), buffer.begin() + at);
    size += text.size();
  }
  void erase(std::size_t at, std::size_t count) noexcept {
    std::copy(buffer.begin() + at + count, buffer.begin() + size, buffer.begin() + at);
    size -= count;
  }
};

[[nodiscard]] bool fits(const dial_plan& plan, std::string_view national) noexcept {
  if (national.size() < plan.shortest || national.size() > plan.longest) return false;
  return plan.special != quirk::nanp || national.front() >= '2';
}

// Calls f with each alternative of "a|b|c" until it returns true.
template <class F>
bool any_alternative(std::string_view list, F f) {
  while (!list.empty()) {
    const std::size_t bar = std::min(list.find('|'), list.size());
    if (f(list.substr(0, bar))) return true;
    list.remove_prefix(std::min(bar + 1, list.size()));
  }
  return false;
}

// Argentina's three-digit area codes (ENACOM); Buenos Aires has 11, all others have four digits.
constexpr std::string_view argentine_areas =
    "220 221 223 230 236 237 249 260 261 263 264 266 280 291 294 297 298 299 336 341 342 343 345 348 351 353 358 362 364 370 376 "
    "379 380 381 383 385 387 388";
[[nodiscard]] std::size_t argentine_area_size(std::string_view national) noexcept {
  if (national.starts_with("11")) return 2;
  return argentine_areas.find(national.substr(0, 3)) != std::string_view::npos ? 3 : 4;
}
// 11 15 1234 5678, as dialled inside the country, is 9 11 1234 5678 to the world.
void argentine_mobile(digits& national) noexcept {
  if (national.size == 13 && national.buffer[0] == '9') national.erase(0, 1);  // both marks at once
  if (national.size != 12) return;
  const std::size_t area = argentine_area_size(national.view());
  if (national.view().substr(area, 2) != "15") return;
  national.erase(area, 2);
  national.insert(0, "9");
}

// Rewrites that a plan's trunk prefix and lengths cannot express.
void apply_quirk(const dial_plan& plan, digits& national) noexcept {
  switch (plan.special) {
    case quirk::none:
    case quirk::keeps_zero:
    case quirk::nanp: return;
    case quirk::argentina:
      if (national.size >= 12 && national.buffer[0] == '0') national.erase(0, 1);
      argentine_mobile(national);
      return;
    case quirk::brazil:
      if ((national.size == 13 || national.size == 14) && national.buffer[0] == '0') national.erase(0, 3);
      return;
    case quirk::gabon: return;
    case quirk::san_marino:
      if (national.size == 6 && national.buffer[0] != '0') national.insert(0, "0549");
      return;
    case quirk::benin:
      if (national.size == 8) national.insert(0, "01");
      return;
  }
}

[[nodiscard]] constexpr bool zero_may_lead(quirk q) noexcept {
  return q == quirk::keeps_zero || q == quirk::gabon || q == quirk::san_marino || q == quirk::benin;
}

// The national significant number: trunk prefix off, quirks applied. False when its length is not of this plan.
[[nodiscard]] bool to_significant(const dial_plan& plan, digits& national) noexcept {
  apply_quirk(plan, national);
  const bool cut = any_alternative(plan.trunk, [&](std::string_view trunk) {
    if (!national.view().starts_with(trunk) || !fits(plan, national.view().substr(trunk.size()))) return false;
    if (plan.special == quirk::gabon && national.size == plan.longest) return false;
    national.erase(0, trunk.size());
    return true;
  });
  if (!cut && plan.trunk.empty() && !zero_may_lead(plan.special)) {
    while (national.size > 0 && national.buffer[0] == '0') national.erase(0, 1);  // written out of habit: +34 (0)91…
  }
  if (national.size > 0 && national.buffer[0] == '0' && !zero_may_lead(plan.special)) return false;
  return fits(plan, national.view());
}

struct number {
  const dial_plan* plan = nullptr;
  digits national;
};

// Digits that begin with a calling code; lone_zero as in phone_text, counted from here.
[[nodiscard]] std::optional<number> international(std::string_view text, std::size_t lone_zero) noexcept {
  const dial_plan* plan = plan_of_digits(text);
  if (plan == nullptr) return std::nullopt;
  const std::size_t code = code_size(*plan);
  number n{plan, digits{text.substr(code)}};
  if (lone_zero >= code && lone_zero < text.size() && !zero_may_lead(plan->special)) n.national.erase(lone_zero - code, 1);
  if (!to_significant(*plan, n.national) || code + n.national.size > e164_digits) return std::nullopt;
  return n;
}

// After an international prefix. Zeros before the calling code are slips: no calling code begins with one.
[[nodiscard]] std::optional<number> after_prefix(const phone_text& text, std::size_t prefix) noexcept {
  const std::string_view all = text.digits();
  const std::size_t at = std::min(all.find_first_not_of('0', prefix), all.size());
  const std::size_t zero =
      text.lone_zero == phone_text::nowhere || text.lone_zero < at ? phone_text::nowhere : text.lone_zero - at;
  return international(all.substr(at), zero);
}

[[nodiscard]] std::optional<number> by_idd(const phone_text& text, std::string_view prefixes) noexcept {
  std::optional<number> n;
  any_alternative(prefixes, [&](std::string_view idd) {
    if (text.digits().starts_with(idd)) n = after_prefix(text, idd.size());
    return n.has_value();
  });
  return n;
}

// Digits as dialled inside a country - or with its calling code, as many write them.
[[nodiscard]] std::optional<number> inside(const dial_plan& plan, const phone_text& text) noexcept {
  number home{&plan, digits{text.digits()}};
  const bool fits_home = to_significant(plan, home.national);
  const dial_plan* named = plan_of_digits(text.digits());
  std::optional<number> coded;
  if (named != nullptr && named->code == plan.code) coded = international(text.digits(), text.lone_zero);
  // Both readings fit: the calling code it is, because national numbers are written with their trunk zero, and the countries
  // without one do not begin numbers so. Italy does: 39x are mobile numbers.
  if (fits_home && coded && !zero_may_lead(plan.special)) return coded;
  if (fits_home) return home;
  return coded ? coded : after_prefix(text, 0);
}

[[nodiscard]] outcome write(const std::optional<number>& n, std::string& out) {
  if (!n) return outcome::malformed;
  std::array<char, 3> code{};
  std::size_t size = code_size(*n->plan);
  for (std::size_t i = size, rest = n->plan->code; i > 0; --i, rest /= 10) code[i - 1] = static_cast<char>('0' + rest % 10);
  out.append(code.data(), size).append(n->national.view());
  return outcome::text;
}

[[nodiscard]] outcome as_snapchat(std::string_view raw, const context& about, std::string& out) {
  phone_text text;
  if (!read_phone(raw, text)) return outcome::malformed;
  if (text.size == 0) return trim(raw).empty() ? outcome::empty : outcome::malformed;
  if (text.as == phone_text::writing::international) {
    if (const auto n = after_prefix(text, 0)) return write(n, out);
    return write(by_idd(text, nanp_idd), out);  // "+011 44 …"
  }
  const dial_plan* home = plan_of_country(about.phone_country);
  if (home != nullptr) {
    if (const auto n = by_idd(text, home->idd)) return write(n, out);
  }
  if (text.digits().starts_with(universal_idd)) return write(by_idd(text, universal_idd), out);
  if (home != nullptr) return write(inside(*home, text), out);
  if (const auto n = by_idd(text, nanp_idd)) return write(n, out);
  if (text.buffer[0] != '0') {
    if (const auto n = international(text.digits(), text.lone_zero)) return write(n, out);
  }
  return text.size >= shortest_national && text.size < e164_digits ? outcome::no_country : outcome::malformed;
}

// RudderStack: digits, then no zeros in front. Segment: zeros go only where they are the very first characters.
[[nodiscard]] outcome as_peer(std::string_view raw, manner peer, std::string& out) {
  if (peer == manner::segment) raw.remove_prefix(std::min(raw.find_first_not_of('0'), raw.size()));
  for (const char c : raw) {
    if (is_digit(c) && (peer == manner::segment || c != '0' || !out.empty())) out += c;
  }
  return out.empty() ? outcome::empty : outcome::text;
}

}  // namespace

outcome phone(std::string_view raw, const context& about, std::string& out) {
  if (const auto hashed = already_hashed(raw, out)) return *hashed;
  out.clear();
  return about.as == manner::snapchat ? as_snapchat(raw, about, out) : as_peer(raw, about.as, out);
}

}  // namespace snap::event::normalise
