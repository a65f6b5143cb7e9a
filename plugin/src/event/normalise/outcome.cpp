#include "event/normalise/normalise.hpp"

namespace snap::event::normalise {

std::string_view to_string(outcome o) noexcept {
  switch (o) {
    case outcome::text: return "text";
    case outcome::digest: return "digest";
    case outcome::empty: return "empty";
    case outcome::malformed: return "malformed";
    case outcome::foreign_digest: return "foreign_digest";
    case outcome::other_rules: return "other_rules";
    case outcome::no_country: return "no_country";
    case outcome::unknown: return "unknown";
    case outcome::zero: return "zero";
    case outcome::placeholder: return "placeholder";
    case outcome::refused: return "refused";
  }
  return "malformed";
}

}  // namespace snap::event::normalise
