// country: ISO 3166-1 alpha-2 in lower case, from a code, an alpha-3 code or a name (interfaces.md §6).
#include "event/normalise/countries.hpp"
#include "event/normalise/lookup.hpp"

namespace snap::event::normalise {
namespace {

// "Republic of Finland", "Kingdom of Norway": what stands before the short name, as a key. Longer ones first.
constexpr std::string_view forms_of_state[] = {"federaldemocraticrepublic",
                                               "democraticsocialistrepublic",
                                               "democraticrepublic",
                                               "federativerepublic",
                                               "socialistrepublic",
                                               "federalrepublic",
                                               "islamicrepublic",
                                               "peoplesrepublic",
                                               "arabrepublic",
                                               "republic",
                                               "kingdom",
                                               "principality",
                                               "commonwealth",
                                               "grandduchy",
                                               "sultanate",
                                               "state"};

[[nodiscard]] std::string_view from_name(std::string_view key) noexcept {
  const std::string_view code = country_of_name(key, naming::any);
  if (!code.empty()) return code;
  for (const std::string_view form : forms_of_state) {
    if (key.starts_with(form)) return country_of_name(key.substr(form.size()), naming::any);
  }
  return {};
}

// Segment keeps what its table of names does not know, codes included.
[[nodiscard]] outcome as_segment(std::string_view raw, std::string& out) {
  if (const std::string_view code = country_of_name(key_of(trim(raw), out).view(), naming::official); !code.empty()) {
    out.assign(code);
    return outcome::text;
  }
  return folded(raw, segment_text, out);
}

}  // namespace

outcome country(std::string_view raw, const context& about, std::string& out) {
  if (const auto hashed = already_hashed(raw, out)) return *hashed;
  if (about.as == manner::rudder) return folded(raw, rudder_text, out);
  if (about.as == manner::segment) return as_segment(raw, out);
  const std::string_view word = trim(raw);
  if (word.empty()) {
    out.clear();
    return outcome::empty;
  }
  if (is_country(word)) {
    out.clear();
    for (const char c : word) out += ascii_lower(c);
    return outcome::text;
  }
  const lookup_key key = key_of(word, out);
  std::string_view code = key.view().size() == 3 ? country_of_alpha3(key.view()) : std::string_view{};
  if (code.empty() && key.view().size() == 2 && is_country(key.view())) code = key.view();  // "U.S."
  if (code.empty() && key.fits()) code = from_name(key.view());
  out.assign(code);
  return code.empty() ? outcome::unknown : outcome::text;
}

}  // namespace snap::event::normalise
