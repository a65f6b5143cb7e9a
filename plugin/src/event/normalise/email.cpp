// em: trimmed and lower-cased (Snapchat's Parameters page). Segment removes every white space first.
#include "event/normalise/text.hpp"

namespace snap::event::normalise {
namespace {

// One '@' with something before it, and after it a dot between two labels. More would refuse addresses that exist.
[[nodiscard]] bool is_address(std::string_view text) noexcept {
  const std::size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.find('@', at + 1) != std::string_view::npos) return false;
  const std::string_view domain = text.substr(at + 1);
  if (domain.empty() || domain.front() == '.' || domain.back() == '.') return false;
  if (domain.find('.') == std::string_view::npos) return false;
  while (!text.empty()) {
    if (text.front() > ' ' && text.front() < 0x7F) {
      text.remove_prefix(1);
      continue;
    }
    const std::int32_t c = next_code_point(text);
    if (c <= ' ' || c == 0x7F || (c > 0x7F && is_dash_or_space(c) && c != 0x30FC)) return false;
  }
  return true;
}

}  // namespace

outcome email(std::string_view raw, const context& about, std::string& out) {
  if (const auto hashed = already_hashed(raw, out)) return *hashed;
  const folding rules = about.as == manner::segment ? segment_text : rudder_text;
  const outcome result = folded(raw, rules, out);
  if (result != outcome::text) return result;
  if (is_address(out)) return outcome::text;
  out.clear();
  return outcome::malformed;
}

}  // namespace snap::event::normalise
