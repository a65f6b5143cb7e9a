#include "delivery/backoff.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace snap::delivery {
namespace {

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Takes words off the front of a date; every failure ends in ok() == false.
class date_reader {
 public:
  explicit date_reader(std::string_view text) noexcept : rest_(text) {}
  [[nodiscard]] bool ok() const noexcept { return ok_; }

  [[nodiscard]] unsigned number(char end) noexcept {
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);  // asctime pads the day
    unsigned value = 0;
    const auto [p, e] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    ok_ = ok_ && e == std::errc{};
    rest_.remove_prefix(ok_ ? static_cast<std::size_t>(p - rest_.data()) : rest_.size());
    if (end != 0) skip(end);
    return value;
  }
  [[nodiscard]] unsigned month(char end) noexcept {
    const auto at = std::find(months.begin(), months.end(), rest_.substr(0, 3));
    ok_ = ok_ && at != months.end();
    rest_.remove_prefix(std::min<std::size_t>(3, rest_.size()));
    skip(end);
    return static_cast<unsigned>(at - months.begin()) + 1;
  }

 private:
  void skip(char c) noexcept {
    ok_ = ok_ && rest_.starts_with(c);
    if (ok_) rest_.remove_prefix(1);
  }
  std::string_view rest_;
  bool ok_ = true;
};

struct fields {
  unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

void read_clock(date_reader& r, fields& f, char end) noexcept {
  f.hour = r.number(':');
  f.minute = r.number(':');
  f.second = r.number(end);
}

}  // namespace

milliseconds full_jitter(const backoff_options& o, unsigned failures, double unit) noexcept {
  milliseconds ceiling = std::min(o.base, o.max);
  for (unsigned i = 1; i < failures && ceiling < o.max; ++i) ceiling = std::min(ceiling * 2, o.max);
  return milliseconds{static_cast<std::int64_t>(static_cast<double>(ceiling.count()) * unit)};
}

milliseconds retry_delay(const backoff_options& o, milliseconds ours, std::optional<milliseconds> asked) noexcept {
  if (!asked) return ours;
  return std::max(ours, *asked <= longest_wish ? *asked : o.max);
}

std::optional<milliseconds> parse_retry_after(std::string_view value, std::string_view date, wall_time now) noexcept {
  if (value.empty()) return std::nullopt;
  if (value.find_first_not_of("0123456789") == std::string_view::npos) {
    constexpr std::int64_t century = 100LL * 366 * 86'400;  // more digits than that are no time; keeps the product in range
    std::int64_t seconds = 0;
    const auto [p, e] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (e != std::errc{} || seconds > century) seconds = century;
    return std::chrono::seconds{seconds};
  }
  const auto until = parse_http_date(value);
  if (!until) return std::nullopt;
  return std::max(milliseconds{0}, *until - parse_http_date(date).value_or(now));
}

std::optional<wall_time> parse_http_date(std::string_view text) noexcept {
  fields f;
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) {  // asctime: "Sun Nov  6 08:49:37 1994"
    if (text.size() < 4) return std::nullopt;
    date_reader r{text.substr(4)};
    f.month = r.month(' ');
    f.day = r.number(' ');
    read_clock(r, f, ' ');
    f.year = r.number(0);
    if (!r.ok()) return std::nullopt;
  } else {
    const bool dashes = comma > 3;  // RFC 850: "Sunday, 06-Nov-94 08:49:37 GMT"
    const char between = dashes ? '-' : ' ';
    date_reader r{text.substr(comma + 1)};
    f.day = r.number(between);
    f.month = r.month(between);
    f.year = r.number(' ');
    if (dashes) f.year += f.year < 70 ? 2000 : 1900;
    read_clock(r, f, ' ');
    if (!r.ok()) return std::nullopt;
  }
  const std::chrono::year_month_day day{std::chrono::year{static_cast<int>(std::min(f.year, 9999u))}, std::chrono::month{f.month},
                                        std::chrono::day{f.day}};
  if (!day.ok() || f.hour > 23 || f.minute > 59 || f.second > 60) return std::nullopt;
  return std::chrono::sys_days{day} + std::chrono::hours{f.hour} + std::chrono::minutes{f.minute} +
         std::chrono::seconds{f.second};
}

}  // namespace snap::delivery
