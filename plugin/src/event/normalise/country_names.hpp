// Names sorted by their keys when compiled, so that a look-up is a binary search. For countries.cpp and country_names.cpp.
#pragma once
#include "event/normalise/lookup.hpp"

namespace snap::event::normalise {

// The first eight letters of a key as a number that sorts like them.
[[nodiscard]] constexpr std::uint64_t head_of(std::string_view key) noexcept {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) out = out << 8U | (i < key.size() ? static_cast<unsigned char>(key[i]) : 0U);
  return out;
}

struct named_country {
  lookup_key key;
  std::string_view alpha2;
  std::uint64_t head = 0;
};

// Of rows with the members name and alpha2.
template <class Row, std::size_t N>
[[nodiscard]] constexpr std::array<named_country, N> names_of(const Row (&rows)[N]) {
  std::array<named_country, N> out{};
  for (std::size_t i = 0; i < N; ++i) {
    const lookup_key key{rows[i].name};
    out[i] = {key, rows[i].alpha2, head_of(key.view())};
  }
  std::sort(out.begin(), out.end(), [](const named_country& a, const named_country& b) { return a.key < b.key; });
  return out;
}

template <std::size_t N>
[[nodiscard]] constexpr bool all_fit(const std::array<named_country, N>& names) {
  return std::all_of(names.begin(), names.end(), [](const named_country& n) { return n.key.fits(); });
}

// By heads, which are numbers and so cost no call each; few names share one.
template <std::size_t N>
[[nodiscard]] std::string_view find(const std::array<named_country, N>& names, std::string_view key) noexcept {
  const std::uint64_t head = head_of(key);
  auto at = std::lower_bound(names.begin(), names.end(), head,
                             [](const named_country& n, std::uint64_t wanted) { return n.head < wanted; });
  while (at != names.end() && at->head == head && at->key.view() != key) ++at;
  return at != names.end() && at->head == head ? at->alpha2 : std::string_view{};
}

// "" when it is none.
[[nodiscard]] std::string_view country_of_alternative_name(std::string_view lookup_key) noexcept;

}  // namespace snap::event::normalise
