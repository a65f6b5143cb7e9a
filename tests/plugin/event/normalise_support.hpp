// Shorthand of the normalisation tests: what came out, in one text that a failing check prints.
#pragma once
#include <string>
#include <string_view>

#include "event/hash.hpp"
#include "event/normalise/normalise.hpp"

namespace normalise_test {

namespace normalise = snap::event::normalise;

// The text of a kept value, "!outcome" of a dropped one.
inline std::string shown(normalise::function f, std::string_view raw, const normalise::context& about = {}) {
  std::string out = "what was there before";
  const normalise::outcome o = f(raw, about, out);
  return normalise::kept(o) ? out : "!" + std::string{to_string(o)};
}

inline std::string hashed(normalise::function f, std::string_view raw, const normalise::context& about = {}) {
  std::string out;
  const normalise::outcome o = f(raw, about, out);
  if (o != normalise::outcome::text) return out;
  const auto digits = snap::event::sha256_hex{}(out);
  return {digits.begin(), digits.end()};
}

}  // namespace normalise_test
