// Any text as a configuration, properties or JSON: refused with an issue that says which key and what, or settings; the token is
// never quoted.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "config/read.hpp"
#include "connector_json.hpp"
#include "properties.hpp"

namespace {

constexpr std::string_view token = "TOKEN-that-must-not-appear";

sinkhost::string_map pairs_of(std::string_view text) {
  if (text.starts_with('{')) {
    auto document = sinkhost::parse_connector(text);
    return document.has_value() ? std::move(document->config) : sinkhost::string_map{};
  }
  auto read = sinkhost::parse_properties(text);
  return read.has_value() ? std::move(*read) : sinkhost::string_map{};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.find(token) != std::string_view::npos) return 0;  // keys are quoted
  sinkhost::string_map config = pairs_of(text);
  config["snapchat.access.token"] = token;
  std::vector<sca_pair> raw;
  for (const auto& [key, value] : config) raw.push_back({sca::str(key), sca::str(value)});
  std::vector<sca::config_issue> issues;
  const auto settings = snap::config::read_settings(raw, snap::config::secrets::required, issues);
  bool errors = false;
  for (const sca::config_issue& i : issues) {
    if (i.message.empty() || i.code.empty() || i.message.find(token) != std::string::npos) std::abort();
    errors = errors || i.severity == SCA_ISSUE_ERROR;
  }
  if (settings.has_value() == errors) std::abort();
  return 0;
}
