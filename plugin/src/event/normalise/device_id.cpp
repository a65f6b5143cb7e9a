// madid, idfv: plain, lower case, hyphens kept (snap-api.md §1.8). A device that limits tracking reports zeros: no id.
#include <algorithm>

#include "event/normalise/text.hpp"

namespace snap::event::normalise {
namespace {
// Every advertising id that exists is shorter; longer text is not an id, and it would travel unhashed.
constexpr std::size_t longest_id = 128;

// The id as it stands, or why it is none.
outcome as_written(std::string_view raw, std::string& out) {
  out.clear();
  const std::string_view id = trim(raw);
  if (id.empty()) return outcome::empty;
  if (id.size() > longest_id || !std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7F; }))
    return outcome::malformed;
  if (id.find_first_not_of("0-") == std::string_view::npos)
    return id.find('0') == std::string_view::npos ? outcome::malformed : outcome::zero;
  if (already_hashed(id, out) == outcome::empty) return outcome::empty;  // the digest of no id
  out.assign(id);
  return outcome::text;
}

outcome in_lower_case(outcome o, std::string& out) {
  if (o == outcome::text) std::transform(out.begin(), out.end(), out.begin(), ascii_lower);
  return o;
}

}  // namespace

outcome device_id(std::string_view raw, const context& about, std::string& out) {
  const outcome o = as_written(raw, out);
  return about.as == manner::rudder ? o : in_lower_case(o, out);
}

// Both peers send it as it is.
outcome vendor_id(std::string_view raw, const context& about, std::string& out) {
  const outcome o = as_written(raw, out);
  return about.as == manner::snapchat ? in_lower_case(o, out) : o;
}

}  // namespace snap::event::normalise
