// Match keys of sources that need more than a list of alternatives: conditions of the record, values that are hashed already, a
// parameter of a URL, several values of one person.
#include "event/render.hpp"
#include "event/text.hpp"

namespace snap::event {
namespace {

// The value is left as it stands in the URL: click ids are opaque.
std::string_view query_parameter(std::string_view url, std::string_view name) {
  const std::size_t question = url.find('?');
  if (question == std::string_view::npos) return {};
  std::string_view query = url.substr(question + 1);
  query = query.substr(0, query.find('#'));
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && equals + 1 < pair.size() && same_word(pair.substr(0, equals), name))
      return pair.substr(equals + 1);
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
  }
  return {};
}

}  // namespace

bool renderer::detailed_key(const instruction& i, const decision& d, evidence& e, writer& out) {
  const detail& m = *i.more;
  if (!m.only_if.empty() && choose(m.only_if) == nullptr) return false;
  if (const json::value url = (*from_)(m.url).one; url.what == json::kind::string) {
    if (const std::string_view id = query_parameter(url.text, m.parameter); !id.empty() && !is_placeholder(id)) {
      filled_ = filled::parameter;
      plain_key(i, {.one = json::value(id), .many = {}}, d, e, out);
      return true;
    }
  }
  if (m.alternatives == take::every) return every_alternative(i, e, out);
  if (found f = value_of(i); f.present()) {
    if (m.as == reading::up_to_comma && f.one.what == json::kind::string) f.one.text = f.one.text.substr(0, f.one.text.find(','));
    match_key(i, f, d, e, out);
    return true;
  }
  if (const found f = (*from_)(m.digests, program_->preset->blank); f.present()) {
    instruction hashed_already = i;
    hashed_already.by = &normalise::sha256_digest;
    filled_ = filled::digests;
    hashed(hashed_already, f, e, out);
    return true;
  }
  const found f = (*from_)(m.unusable, program_->preset->blank);
  f.each_scalar([&](const json::value&) {
    counts_->dropped(i.key, normalise::outcome::other_rules);
    e.foreign_digest = true;
  });
  return f.present();
}

bool renderer::every_alternative(const instruction& i, evidence& e, writer& out) {
  digests_.clear();
  for (std::uint32_t a = 0; a < i.from.count; ++a) {
    if (const found f = (*from_)({i.from.from + a, 1}, program_->preset->blank); f.present()) collect_digests(i, f, e);
  }
  if (digests_.empty()) return false;
  write_digests(i, e, out);
  return true;
}

}  // namespace snap::event
