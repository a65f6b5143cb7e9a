// Expressions of the configuration: `$.a.b[0].c | lower($key.email) | $header.name | $topic | $timestamp | 'literal'`.
// Compiled once when the configuration is read; evaluated per record by the mapper. Grammar: interfaces.md §1 and §6
// "Expressions"; transforms: transform.hpp. This header is what config/ needs: parse and keep. Evaluation is in event/ only.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/system/result.hpp>

#include "event/transform.hpp"

namespace snap::event {

struct step {
  enum class kind : std::uint8_t { member, index, every, pick };  // .name or ['name'] · [0] · [*] · [name='text']
  kind what = kind::member;
  std::string name;         // of member and pick
  std::string text;         // of pick
  std::uint32_t index = 0;  // of index
  friend bool operator==(const step&, const step&) = default;
};
using path = std::vector<step>;

struct alternative {
  enum class root : std::uint8_t { value, key, header, topic, timestamp, literal, call };
  root from = root::value;
  path steps;                         // of value and key
  std::string text;                   // of header (its name) and literal; of a factor of sum() what counts where it is absent
  transform by = transform::lower;    // of call
  std::vector<alternative> inside{};  // of call: alternatives in order, or the factors of sum()
  friend bool operator==(const alternative&, const alternative&) = default;
};

// Alternatives in order; the first that is present and not null wins. Where none is, and nobody else knows a value either,
// `otherwise`: the text of default('…').
struct expression {
  std::vector<alternative> alternatives;
  std::optional<std::string> otherwise{};
  [[nodiscard]] bool empty() const noexcept { return alternatives.empty() && !otherwise; }
  friend bool operator==(const expression&, const expression&) = default;
};

struct expression_error {
  std::size_t column = 1;  // 1-based, in bytes, of the character that is wrong
  std::string message;     // what is wrong and what would be right
};
[[noreturn]] void throw_exception_from_error(const expression_error& e, const boost::source_location&);

// As it is written in a configuration.
[[nodiscard]] std::string to_text(const alternative& a);

[[nodiscard]] boost::system::result<expression, expression_error> parse_expression(std::string_view text);

}  // namespace snap::event
