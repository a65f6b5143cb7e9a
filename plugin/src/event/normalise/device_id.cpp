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

// IDFA and GAID are UUIDs. Snapchat refuses an event with another form, and other text would travel unhashed.
bool is_uuid(std::string_view id) {
  constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  const auto fits = [](char f, char c) {
    return f == '-' ? c == '-' : is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
  };
  return std::equal(form.begin(), form.end(), id.begin(), id.end(), fits);
}

}  // namespace

outcome device_id(std::string_view raw, const context& about, std::string& out) {
  const outcome o = as_written(raw, out);
  if (kept(o) && !is_uuid(out)) {
    out.clear();
    return outcome::malformed;
  }
  return about.as == manner::rudder ? o : in_lower_case(o, out);
}

// Both peers send it as it is.
outcome vendor_id(std::string_view raw, const context& about, std::string& out) {
  const outcome o = as_written(raw, out);
  return about.as == manner::snapchat ? in_lower_case(o, out) : o;
}

}  // namespace snap::event::normalise
