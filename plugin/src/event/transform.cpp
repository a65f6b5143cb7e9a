#include "event/transform.hpp"

#include <algorithm>
#include <array>

#include "event/json/decimal.hpp"
#include "event/normalise/normalise.hpp"
#include "event/text.hpp"

namespace snap::event {
namespace {

// In the order of the enum.
constexpr auto table = std::to_array<transform_row>({
    {"lower", transform::lower, "lower($.plan)", "The text in Unicode lower case, without white space at its ends."},
    {"digits", transform::digits, "digits($.order.number)", "The text's digits; those of other scripts become 0 to 9."},
    {"sha256", transform::sha256, "sha256($.customer.number)",
     "64 hexadecimal digits: the SHA-256 of the text as it is. A text that already is such a digest stays. Match keys are hashed "
     "without it, and after their normalisation, which is what Snapchat matches."},
    {"number", transform::number, "number($.price)",
     "A JSON number, from a number or from a text that can mean only one: 12.50, 1,299.00, 1.299,00, 25,10. 1,299 can mean two."},
    {"iso_country", transform::iso_country, "iso_country($.country)",
     "The country's ISO 3166-1 alpha-2 code in lower case, from that code, the alpha-3 code or a name."},
    {"first", transform::first, "first($.emails)", "Of a list the first member that is a text, a number, true or false."},
    {"text", transform::text, "text($.query)",
     "The text or number; of a list the first member that is one. Blank texts, true, false and objects are passed over."},
    {"sum", transform::sum, "sum($.items[*].price * $.items[*].quantity)",
     "The exact decimal sum over the rows of one list, of one path or of a product. A row without one of them, or with something "
     "that is no plain decimal, leaves the sum unknown; ($.items[*].quantity | default('1')) says what counts in its place."},
});

bool is_digest(std::string_view text) noexcept {
  return text.size() == 64 && std::all_of(text.begin(), text.end(),
                                          [](char c) { return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f'); });
}

// The results need an escape only where the text already did: case folding makes no quotes.
json::value normalised(normalise::function by, const json::value& in, std::string& kept) {
  if (by(in.text, {}, kept) != normalise::outcome::text || kept.empty()) return {};
  json::value out{std::string_view(kept)};
  out.plain = in.plain;
  return out;
}

json::value digest(const json::value& in, sha256_hex& hash, std::string& kept) {
  if (const std::string_view known = trim(in.text); is_digest(known)) {
    kept.resize(known.size());
    std::transform(known.begin(), known.end(), kept.begin(), ascii_lower);
  } else if (known.empty()) {
    return {};  // the digest of nothing names nobody
  } else {
    const sha256_hex::digits digits = hash(in.text);
    kept.assign(digits.begin(), digits.end());
  }
  json::value out{std::string_view(kept)};
  out.plain = true;
  return out;
}

json::value number(const json::value& in, std::string& kept) {
  const auto text = in.what == json::kind::number ? (json::in_range(in.text) ? std::optional(in.text) : std::nullopt)
                                                  : read_number(in.text, kept);
  if (!text) return {};
  json::value out(*text);
  out.what = json::kind::number;
  return out;
}

// A text with a comma, or with several points: which sign groups digits by three, and which one begins the fraction? Writes
// the digits behind the sign, with a point where the fraction begins. false: it could mean two numbers, or none.
bool read_separated(std::string_view text, std::string& kept) {
  std::size_t points = 0, commas = 0, run = 0, first = 0, mark = 0;
  bool threes = true;  // between separators
  char last = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_digit(c)) {
      ++run;
      continue;
    }
    if ((c != '.' && c != ',') || run == 0) return false;
    if (points + commas == 0) {
      first = run;
    } else {
      threes = threes && run == 3;
    }
    ++(c == '.' ? points : commas);
    last = c;
    mark = i;
    run = 0;
  }
  if (run == 0) return false;
  const bool grouped = threes && first <= 3 && text.front() != '0';
  if (points + commas == 1) {
    if (run == 3) return false;  // 1,299: thousands, or thousandths?
  } else if (points == 0 || commas == 0) {
    if (!grouped || run != 3) return false;
    mark = text.size();
  } else if (!grouped || (last == '.' ? points : commas) != 1) {
    return false;
  }
  kept.resize(kept.size() + text.size());
  char* to = kept.data() + kept.size() - text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    *to = i == mark ? '.' : text[i];
    to += i == mark || is_digit(text[i]) ? 1 : 0;
  }
  kept.resize(static_cast<std::size_t>(to - kept.data()));
  return true;
}

}  // namespace

std::span<const transform_row> transforms() noexcept { return table; }

std::string_view name_of(transform t) noexcept { return table[static_cast<std::size_t>(t)].name; }

std::optional<std::string_view> read_number(std::string_view text, std::string& kept) {
  text = trim(text);
  if (!json::is_plain_decimal(text)) {
    const bool minus = text.starts_with('-');
    if (minus) text.remove_prefix(1);
    kept.assign(minus ? "-" : "");
    if (!read_separated(text, kept)) return std::nullopt;
    text = kept;
  }
  constexpr std::size_t in_every_range = 300;  // digits that a double can hold, roughly
  if (json::is_json_number(text)) return text.size() < in_every_range ? std::optional(text) : std::nullopt;
  const auto d = json::parse_decimal(text);  // superfluous zeros in front
  if (!d) return std::nullopt;
  const json::decimal_text written = json::to_text(*d);
  kept.assign(written.view());
  return kept;
}

json::value apply(transform t, const json::value& in, sha256_hex& hash, std::string& kept) {
  if (!in.textual()) return {};
  switch (t) {
    case transform::lower: return normalised(normalise::lower, in, kept);
    case transform::digits: return normalised(normalise::digits, in, kept);
    case transform::iso_country: return normalised(normalise::country, in, kept);
    case transform::sha256: return digest(in, hash, kept);
    case transform::number: return number(in, kept);
    case transform::first:
    case transform::text:
    case transform::sum: break;
  }
  return {};
}

}  // namespace snap::event
