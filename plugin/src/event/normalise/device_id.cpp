// madid, idfv: plain, lower case, hyphens kept (snap-api.md §1.8). A device that limits tracking reports zeros: no id.
#include <algorithm>

#include "event/normalise/text.hpp"

namespace snap::event::normalise {
namespace {
// Every advertising id that exists is shorter; longer text is not an id, and it would travel unhashed.
constexpr std::size_t longest_id = 128;
}  // namespace

outcome device_id(std::string_view raw, const context& about, std::string& out) {
  out.clear();
  const std::string_view id = trim(raw);
  if (id.empty()) return outcome::empty;
  if (id.size() > longest_id || !std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7F; }))
    return outcome::malformed;
  if (id.find_first_not_of("0-") == std::string_view::npos)
    return id.find('0') == std::string_view::npos ? outcome::malformed : outcome::zero;
  if (already_hashed(id, out) == outcome::empty) return outcome::empty;  // the digest of no id
  out.assign(id);
  if (about.as != manner::rudder) std::transform(out.begin(), out.end(), out.begin(), ascii_lower);
  return outcome::text;
}

}  // namespace snap::event::normalise
