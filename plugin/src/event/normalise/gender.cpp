// ge: m or f (snap-api.md §1.8). The peers hash other words too; their manner does the same.
#include "event/normalise/text.hpp"

namespace snap::event::normalise {

outcome gender(std::string_view raw, const context& about, std::string& out) {
  if (const auto hashed = already_hashed(raw, out)) return *hashed;
  const outcome result = folded(raw, about.as == manner::segment ? segment_text : rudder_text, out);
  if (result != outcome::text || about.as == manner::rudder) return result;
  if (out == "male") out = "m";
  if (out == "female") out = "f";
  if (out == "m" || out == "f" || about.as == manner::segment) return outcome::text;
  out.clear();
  return outcome::unknown;
}

}  // namespace snap::event::normalise
