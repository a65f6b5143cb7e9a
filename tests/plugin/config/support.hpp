// Shorthand of the configuration tests: a small valid configuration, and what reading a changed one gives.
#pragma once
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/read.hpp"

namespace config_test {

using snap::config::secrets;
using snap::config::settings;

inline const std::string pixel = "11111111-2222-3333-4444-555555555555";
inline const std::string app = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
inline const std::string token = "TOKEN-that-must-not-appear";

struct reading {
  std::optional<settings> result;
  std::vector<sca::config_issue> issues;

  // The issue of a key, or null. of: a code, "" any.
  [[nodiscard]] const sca::config_issue* issue(std::string_view key, std::string_view code = "") const {
    for (const auto& i : issues) {
      if (i.key == key && (code.empty() || i.code == code)) return &i;
    }
    return nullptr;
  }
  [[nodiscard]] bool has_error(std::string_view key, std::string_view code, std::string_view says = "") const {
    const auto* i = issue(key, code);
    return i != nullptr && i->severity == SCA_ISSUE_ERROR && i->message.find(says) != std::string::npos && !result;
  }
  [[nodiscard]] bool has_warning(std::string_view key, std::string_view code) const {
    const auto* i = issue(key, code);
    return i != nullptr && i->severity == SCA_ISSUE_WARNING && result.has_value();
  }
  [[nodiscard]] std::string text() const {
    std::string out;
    for (const auto& i : issues)
      out += (i.severity == SCA_ISSUE_ERROR ? "error " : "warning ") + i.key + " [" + i.code + "] " + i.message + "\n";
    return out;
  }
};

using pairs = std::initializer_list<std::pair<std::string, std::string>>;

inline reading read_raw(const std::vector<std::pair<std::string, std::string>>& config, secrets need = secrets::required) {
  std::vector<sca_pair> raw;
  for (const auto& [key, value] : config) raw.push_back({sca::str(key), sca::str(value)});
  reading out;
  out.result = snap::config::read_settings(raw, need, out.issues);
  return out;
}

inline reading read_only(pairs config, secrets need = secrets::required) {
  return read_raw({config.begin(), config.end()}, need);
}

// The valid configuration with these keys set; an empty value takes the key away.
inline reading read_with(pairs changes, secrets need = secrets::required) {
  std::map<std::string, std::string> config{{"snapchat.access.token", token}, {"snapchat.pixel.id", pixel}};
  for (const auto& [key, value] : changes) {
    if (value.empty())
      config.erase(key);
    else
      config[key] = value;
  }
  return read_raw({config.begin(), config.end()}, need);
}

}  // namespace config_test
