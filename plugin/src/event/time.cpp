#include "event/time.hpp"

#include "event/json/decimal.hpp"
#include "event/text.hpp"

namespace snap::event {
namespace {

using std::chrono::milliseconds;

constexpr time_point year_2000 = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};

// Seconds, milliseconds or microseconds, told apart by their size. milli: the same in thousandths, where it can be seconds.
template <class Number>
std::optional<time_point> by_size(Number whole, Number milli) noexcept {
  constexpr Number seconds_below = 100'000'000'000, ms_below = seconds_below * 1'000, us_below = ms_below * 1'000;
  Number ms = 0;
  if (whole < seconds_below) {
    ms = milli;
  } else if (whole < ms_below) {
    ms = whole;
  } else if (whole < us_below) {
    ms = whole / 1'000;
  } else {
    return std::nullopt;
  }
  return time_point{milliseconds{static_cast<std::int64_t>(ms)}};
}

std::optional<time_point> from_number(std::string_view text) noexcept {
  const auto d = json::parse_decimal(text);
  if (!d || d->mantissa < 0) return std::nullopt;
  constexpr json::wide no_seconds = 1'000'000'000'000;
  if (d->scale == 0 && d->mantissa <= INT64_MAX) {  // nearly all; a machine word divides several times faster
    const auto whole = static_cast<std::int64_t>(d->mantissa);
    return by_size(whole, whole < no_seconds ? whole * 1'000 : whole);
  }
  json::wide whole = d->mantissa, milli = d->mantissa;
  for (unsigned i = 0; i < d->scale; ++i) whole /= 10;
  // the value in thousandths, cut off: at most 38 digits minus the scale, so it cannot overflow where it is used
  for (unsigned i = 3; i < d->scale; ++i) milli /= 10;
  for (unsigned i = d->scale; i < 3 && whole < no_seconds; ++i) milli *= 10;
  return by_size(whole, milli);
}

// A cursor over RFC 3339 text. Any mistake makes it bad, once and for all.
struct cursor {
  std::string_view rest;
  bool good = true;

  int digits(std::size_t n) noexcept {
    if (rest.size() < n) good = false;
    int out = 0;
    for (std::size_t i = 0; good && i < n; ++i) {
      good = is_digit(rest[i]);
      out = out * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(good ? n : 0);
    return out;
  }
  bool take(std::string_view any) noexcept {
    if (rest.empty() || any.find(rest[0]) == std::string_view::npos) return false;
    rest.remove_prefix(1);
    return true;
  }
  void need(std::string_view any) noexcept { good = good && take(any); }
};

milliseconds fraction(cursor& c) noexcept {
  if (!c.take(".,")) return milliseconds{0};
  int out = 0, scale = 100;
  std::size_t n = 0;
  for (; n < c.rest.size() && is_digit(c.rest[n]); ++n, scale /= 10) out += (c.rest[n] - '0') * scale;
  c.rest.remove_prefix(n);
  c.good = c.good && n > 0;
  return milliseconds{out};
}

std::chrono::minutes zone(cursor& c) noexcept {
  if (c.take("Zz")) return std::chrono::minutes{0};
  const bool west = c.rest.starts_with('-');
  c.need("+-");
  const int hours = c.digits(2);
  (void)c.take(":");  // +0200 is not RFC 3339, but its meaning is certain
  const int minutes = c.digits(2);
  c.good = c.good && hours < 24 && minutes < 60;
  const std::chrono::minutes out{hours * 60 + minutes};
  return west ? -out : out;
}

std::optional<time_point> from_text(std::string_view text, no_zone without) noexcept {
  cursor c{text};
  const int year = c.digits(4);
  c.need("-");
  const int month = c.digits(2);
  c.need("-");
  const int day = c.digits(2);
  const bool spaced = c.rest.starts_with(' ');
  c.need("Tt ");
  const int hour = c.digits(2);
  c.need(":");
  const int minute = c.digits(2);
  c.need(":");
  const int second = c.digits(2);
  if (!c.good) return std::nullopt;
  const milliseconds below_second = fraction(c);
  const bool utc = without == no_zone::is_utc && spaced && c.rest.empty();
  const std::chrono::minutes offset = utc ? std::chrono::minutes{0} : zone(c);
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  // second 60 is a leap second: the first moment of the next minute
  if (!c.good || !c.rest.empty() || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return time_point{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second} + below_second - offset;
}

}  // namespace

std::optional<time_point> parse_time(const json::value& v, no_zone zone) noexcept {
  if (!v.textual()) return std::nullopt;
  const std::string_view text = trim(v.text);
  const bool number = v.what == json::kind::number || json::is_plain_decimal(text);
  const auto out = number ? from_number(text) : from_text(text, zone);
  return out && *out >= year_2000 ? out : std::nullopt;
}

}  // namespace snap::event
