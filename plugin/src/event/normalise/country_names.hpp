// Names sorted by their keys when compiled, so that a look-up is a binary search. For countries.cpp and country_names.cpp.
#pragma once
#include "event/normalise/lookup.hpp"

namespace snap::event::normalise {

struct named_country {
  lookup_key key;
  std::string_view alpha2;
};

// Of rows with the members name and alpha2.
template <class Row, std::size_t N>
[[nodiscard]] constexpr std::array<named_country, N> names_of(const Row (&rows)[N]) {
  std::array<named_country, N> out{};
  for (std::size_t i = 0; i < N; ++i) out[i] = {lookup_key{rows[i].name}, rows[i].alpha2};
  std::sort(out.begin(), out.end(), [](const named_country& a, const named_country& b) { return a.key < b.key; });
  return out;
}

template <std::size_t N>
[[nodiscard]] constexpr bool all_fit(const std::array<named_country, N>& names) {
  return std::all_of(names.begin(), names.end(), [](const named_country& n) { return n.key.fits(); });
}

template <std::size_t N>
[[nodiscard]] std::string_view find(const std::array<named_country, N>& names, std::string_view key) noexcept {
  const auto at = std::lower_bound(names.begin(), names.end(), key,
                                   [](const named_country& n, std::string_view k) { return n.key.view() < k; });
  return at != names.end() && at->key.view() == key ? at->alpha2 : std::string_view{};
}

// "" when it is none.
[[nodiscard]] std::string_view country_of_alternative_name(std::string_view lookup_key) noexcept;

}  // namespace snap::event::normalise
