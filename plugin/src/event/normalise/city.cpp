// ct: lower case, neither spaces nor punctuation, as in "menlopark" (Snapchat's Parameters page).
#include "event/normalise/text.hpp"

namespace snap::event::normalise {

outcome city(std::string_view raw, const context& about, std::string& out) {
  if (const auto hashed = already_hashed(raw, out)) return *hashed;
  switch (about.as) {
    case manner::snapchat: return folded(raw, {form::nfc, punctuation::goes, spaces::go}, out);
    case manner::rudder: return folded(raw, rudder_text, out);
    case manner::segment: return folded(raw, segment_text, out);
  }
  return outcome::malformed;
}

}  // namespace snap::event::normalise
