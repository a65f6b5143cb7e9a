#include "event/json/decimal.hpp"

#include <algorithm>
#include <charconv>

#include "event/text.hpp"

namespace snap::event::json {
namespace {

constexpr unsigned most_scale = 30;

// What most amounts are: up to 18 digits and no exponent fit a machine word, in which arithmetic is several times faster.
std::optional<decimal> parse_short(std::string_view text) noexcept {
  constexpr std::size_t most = 18;
  const bool minus = text.starts_with('-');
  if (minus) text.remove_prefix(1);
  if (text.empty() || text.size() > most || !is_digit(text.front()) || !is_digit(text.back())) return std::nullopt;
  std::int64_t mantissa = 0;
  std::size_t point = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      mantissa = mantissa * 10 + (text[i] - '0');
    } else if (text[i] == '.' && point == text.size()) {
      point = i;
    } else {
      return std::nullopt;
    }
  }
  return decimal{minus ? -mantissa : mantissa, point == text.size() ? 0 : static_cast<unsigned>(text.size() - point - 1)};
}

[[nodiscard]] bool is_short(wide number) noexcept { return number == static_cast<std::int64_t>(number); }

bool push_digit(wide& mantissa, int digit) noexcept {
  return !__builtin_mul_overflow(mantissa, wide{10}, &mantissa) && !__builtin_add_overflow(mantissa, wide{digit}, &mantissa);
}

bool shift(wide& mantissa, unsigned digits) noexcept {
  for (; digits > 0; --digits) {
    if (__builtin_mul_overflow(mantissa, wide{10}, &mantissa)) return false;
  }
  return true;
}

}  // namespace

std::optional<decimal> parse_decimal(std::string_view text) noexcept {
  if (const auto plain = parse_short(text)) return plain;
  decimal out;
  std::size_t i = text.starts_with('-') ? 1 : 0;
  const std::size_t first = i;
  bool fraction = false;
  std::size_t digits = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && !fraction && i > first) {
      fraction = true;
      continue;
    }
    if (!is_digit(c)) break;
    if (!push_digit(out.mantissa, c - '0')) return std::nullopt;
    out.scale += fraction ? 1U : 0U;
    ++digits;
  }
  if (digits == 0 || text[i - 1] == '.' || out.scale > most_scale) return std::nullopt;
  if (text[0] == '-') out.mantissa = -out.mantissa;
  if (i == text.size()) return out;
  if (text[i] != 'e' && text[i] != 'E') return std::nullopt;
  text.remove_prefix(i + 1);
  if (text.starts_with('+')) text.remove_prefix(1);
  int exponent = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (out.is_zero()) return decimal{};
  if (exponent < -30 || exponent > 30) return std::nullopt;
  const int scale = static_cast<int>(out.scale) - exponent;
  if (scale > static_cast<int>(most_scale)) return std::nullopt;
  if (scale < 0 && !shift(out.mantissa, static_cast<unsigned>(-scale))) return std::nullopt;
  out.scale = scale < 0 ? 0U : static_cast<unsigned>(scale);
  return out;
}

std::optional<decimal> add(decimal a, decimal b) noexcept {
  const unsigned scale = std::max(a.scale, b.scale);
  if (!shift(a.mantissa, scale - a.scale) || !shift(b.mantissa, scale - b.scale)) return std::nullopt;
  decimal out{.scale = scale};
  if (__builtin_add_overflow(a.mantissa, b.mantissa, &out.mantissa)) return std::nullopt;
  return out;
}

std::optional<decimal> multiply(decimal a, decimal b) noexcept {
  decimal out{.scale = a.scale + b.scale};
  if (is_short(a.mantissa) && is_short(b.mantissa)) {
    out.mantissa = a.mantissa * b.mantissa;
  } else if (__builtin_mul_overflow(a.mantissa, b.mantissa, &out.mantissa)) {
    return std::nullopt;
  }
  // a factor like 2.0 must not add digits that the other one did not have
  const unsigned wanted = std::max(a.scale, b.scale);
  while (out.scale > wanted && out.mantissa % 10 == 0) {
    out.mantissa /= 10;
    --out.scale;
  }
  return out.scale > most_scale ? std::nullopt : std::optional(out);
}

decimal_text to_text(decimal d) noexcept {
  decimal_text out;
  std::size_t at = out.digits.size();
  unsigned written = 0;
  const auto write = [&](auto rest) {
    do {
      // modulo before the sign is dropped: the most negative number has no positive twin
      const int digit = static_cast<int>(rest % 10);
      out.digits[--at] = static_cast<char>('0' + (digit < 0 ? -digit : digit));
      rest /= 10;
      if (++written == d.scale) out.digits[--at] = '.';
    } while (rest != 0 || written <= d.scale);
  };
  is_short(d.mantissa) ? write(static_cast<std::int64_t>(d.mantissa)) : write(d.mantissa);
  if (d.mantissa < 0) out.digits[--at] = '-';
  out.from = static_cast<std::uint8_t>(at);
  return out;
}

std::optional<std::int64_t> to_integer(decimal d) noexcept {
  for (; d.scale > 0; --d.scale) {
    if (d.mantissa % 10 != 0) return std::nullopt;
    d.mantissa /= 10;
  }
  if (d.mantissa > INT64_MAX || d.mantissa < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(d.mantissa);
}

bool in_range(std::string_view text) noexcept {
  const bool plain = std::none_of(text.begin(), text.end(), [](char c) { return c == 'e' || c == 'E'; });
  if (text.size() < 300 && plain) return true;
  double unused = 0;
  return std::from_chars(text.data(), text.data() + text.size(), unused).ec == std::errc{};
}

bool is_plain_decimal(std::string_view text) noexcept {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const auto digits = [](std::string_view s) { return !s.empty() && std::all_of(s.begin(), s.end(), is_digit); };
  return digits(whole) && (point == std::string_view::npos || digits(text.substr(point + 1)));
}

std::optional<decimal> decimal_of(const value& v) noexcept {
  if (v.what == kind::number) return parse_decimal(v.text);
  const std::string_view text = trim(v.text);
  return v.what == kind::string && is_plain_decimal(text) ? parse_decimal(text) : std::nullopt;
}

bool counts(const value& v) noexcept {
  if (v.what == kind::number) return in_range(v.text);
  const std::string_view text = trim(v.text);
  return v.what == kind::string && is_plain_decimal(text) && in_range(text);
}

bool is_json_number(std::string_view plain) noexcept {
  if (plain.starts_with('-')) plain.remove_prefix(1);
  return plain.size() == 1 || plain[0] != '0' || plain[1] == '.';
}

}  // namespace snap::event::json
