// A configuration judged as a whole: the host's keys here, the sink's by the plugin, which is the only judge of them.
// Called for every POST, PUT and PATCH, by `validate`, and before a preview. Any thread.
#pragma once
#include <string>
#include <vector>

#include "config_providers.hpp"
#include "host_config.hpp"
#include "plugins.hpp"
#include "sca/config_spec.hpp"
#include "task.hpp"

namespace sinkhost {

struct validation {
  const sca_connector* connector = nullptr;  // null: connector.class names none
  std::vector<sca::config_issue> issues;     // errors and warnings, the host's first

  [[nodiscard]] std::size_t error_count() const noexcept;
  // "Connector configuration is invalid and contains the following N error(s):\nkey: message\n…", as Kafka Connect says it.
  [[nodiscard]] std::string message() const;
};

// Resolves the references first; a value that cannot be resolved is an issue, and the plugin's opinion on that key is left out.
[[nodiscard]] validation validate(const plugins& known, const string_map& config, const reference_source& references);

// Without resolving. Leaves out errors about SECRET keys and about keys that hold references. For judge_for_preview().
[[nodiscard]] validation validate_for_preview(const plugins& known, const string_map& config);

// The sink's part of a configuration, as the plugin gets it; the views refer into config.
[[nodiscard]] std::vector<sca_pair> sink_config(const string_map& config);

}  // namespace sinkhost
