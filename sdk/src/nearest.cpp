#include "sca/nearest.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace sca {
namespace {

constexpr std::size_t longest = 128;
using edit_row = std::array<std::size_t, longest + 1>;

constexpr std::size_t least(std::size_t a, std::size_t b) noexcept { return b < a ? b : a; }

// The edits between two names of at most `longest` bytes, or some number above MOST when there are more: a mistyped configuration
// is compared with every key there is, so what cannot be near is left early.
std::size_t edits(std::string_view pattern, std::string_view name, std::size_t most) noexcept {
  const bool family = pattern.find('*') != std::string_view::npos;
  if (pattern.size() - (family ? 1 : 0) > name.size() + most || (!family && name.size() > pattern.size() + most)) return most + 1;
  edit_row rows[3];
  edit_row *before = &rows[0], *above = &rows[1], *row = &rows[2];
  std::size_t fewest_above = 0;  // of row `above`
  for (std::size_t j = 0; j <= name.size(); ++j) (*above)[j] = j;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool any = pattern[i] == '*';
    std::size_t fewest = (*row)[0] = (*above)[0] + (any ? 0 : 1);
    for (std::size_t j = 1; j <= name.size(); ++j) {
      std::size_t n = least((*above)[j], (*row)[j - 1]) + (any ? 0 : 1);
      if (!any) n = least(n, (*above)[j - 1] + (pattern[i] == name[j - 1] ? 0 : 1));
      if (!any && i > 0 && j > 1 && pattern[i] == name[j - 2] && pattern[i - 1] == name[j - 1])
        n = least(n, (*before)[j - 2] + 1);
      (*row)[j] = n;
      fewest = least(fewest, n);
    }
    // A swap of neighbours reaches back two rows.
    if (fewest > most && fewest_above > most) return most + 1;
    fewest_above = fewest;
    std::swap(before, above);
    std::swap(above, row);
  }
  return (*above)[name.size()];
}

}  // namespace

std::string_view nearest(std::span<const std::string_view> names, std::string_view typed) noexcept {
  if (typed.empty() || typed.size() > longest) return {};
  std::size_t best = longest;
  std::string_view found;
  for (const std::string_view name : names) {
    if (name.size() > longest) continue;
    // Of a family only its own letters count: its '*' has taken the rest of what was typed.
    const bool family = name.find('*') != std::string_view::npos;
    const std::size_t letters = family ? name.size() - 1 : name.size() < typed.size() ? typed.size() : name.size();
    const std::size_t allowed = letters < 6 ? 1 : letters / 3;
    const std::size_t n = edits(name, typed, least(allowed, best));
    if (n > allowed || n >= best) continue;
    best = n;
    found = name;
  }
  return found;
}

}  // namespace sca
