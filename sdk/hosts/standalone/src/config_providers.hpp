// References in configuration values: ${file:path:key} (a properties file) and ${env:NAME}. Stored and shown as written, resolved
// when a configuration is judged and when tasks start. Called by the herder and by `validate`; preview never resolves. Any
// thread.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sca/config_spec.hpp"
#include "sca/status.hpp"
#include "task.hpp"

namespace sinkhost {

// Where the values come from; tests give their own.
struct reference_source {
  std::function<std::optional<std::string>(const std::string& name)> env;
  std::function<sca::result<std::string>(const std::string& path)> file;  // the whole text
};
[[nodiscard]] reference_source system_references();

struct resolved_config {
  string_map config;                      // a value that could not be resolved is left out
  std::vector<sca::config_issue> issues;  // each names the key and the reference, never a value
};
[[nodiscard]] resolved_config resolve_references(const string_map& config, const reference_source& from);

// The value is one reference and nothing else, so showing it gives nothing away.
[[nodiscard]] bool is_reference(std::string_view value) noexcept;
[[nodiscard]] bool has_reference(std::string_view value) noexcept;

}  // namespace sinkhost
