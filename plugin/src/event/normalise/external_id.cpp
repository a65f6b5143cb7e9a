// external_id: the advertiser's own id, trimmed and lower-cased, nothing else: its punctuation tells ids apart.
#include "event/normalise/text.hpp"

namespace snap::event::normalise {

outcome external_id(std::string_view raw, const context& about, std::string& out) {
  if (const auto hashed = already_hashed(raw, out); hashed) return *hashed;
  return folded(raw, about.as == manner::segment ? segment_text : rudder_text, out);
}

}  // namespace snap::event::normalise
