#include "config/read.hpp"

#include <array>

#include "config/reader.hpp"

namespace snap::config {
namespace {

// A key that begins so and that the table does not have is a slip, not somebody else's key.
constexpr std::string_view own_prefixes[] = {"snapchat.", "mapping.", "event.", "identity.", "consent.", "record.",
                                             "privacy.",  "asset.",   "batch.", "max.",      "buffer.",  "connect.",
                                             "request.",  "retry.",   "rate.",  "tombstone", "ssl.",     "proxy."};

// Values that are planned: the plain "not one of" would make people look for their own mistake.
struct planned {
  std::string_view key, value, message;
};
constexpr planned not_yet[] = {
    {"snapchat.mode", "audiences", "this build cannot feed audiences yet; it can send conversions"},
};

void explain_planned(std::span<const sca_pair> config, std::span<sca::config_issue> issues) {
  for (sca::config_issue& issue : issues) {
    for (const planned& p : not_yet) {
      if (issue.code != "choice" || issue.key != p.key) continue;
      const bool said = std::any_of(config.begin(), config.end(), [&](const sca_pair& pair) {
        return sca::view(pair.key) == p.key && trimmed(sca::view(pair.value)) == p.value;
      });
      if (said) issue.message = p.message;
    }
  }
}

}  // namespace

std::optional<settings> read_settings(std::span<const sca_pair> config, secrets need, std::vector<sca::config_issue>& issues) {
  const std::size_t first = issues.size();
  const sca::config_spec spec(keys(), {.own_prefixes = own_prefixes});
  const sca::config_values values = spec.parse(config, issues);
  explain_planned(config, std::span(issues).subspan(first));

  settings out;
  reader in(values, need, issues);
  read_assets(in, out);
  read_mapping(in, out.mapping);
  read_net(in, out.net);
  read_sending(in, out);
  if (sca::has_error(std::span(issues).subspan(first))) return std::nullopt;
  return out;
}

}  // namespace snap::config
