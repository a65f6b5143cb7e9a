// The configuration keys that are the host's own, with Kafka Connect's names, and the rules among them.
// Which keys are kept from the plugin is is_host_key() (task.hpp); what they may hold is here. Pure; any thread.
#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "sca/config_spec.hpp"
#include "task.hpp"

namespace sinkhost {

enum class requirement : std::uint8_t {
  to_run,      // everything a running connector needs
  to_preview,  // no name and no topics: nothing is consumed
};

[[nodiscard]] std::span<const sca_config_key* const> host_keys() noexcept;
// Judges the host's keys of a configuration whose references are resolved. Converters and transforms are warnings: they are
// ignored.
void check_host_keys(const string_map& config, requirement need, std::vector<sca::config_issue>& issues);
// Writes what the check takes as those who read it expect it: numbers and switches without blanks, switches in lower case.
void normalise_host_values(string_map& config);

// Of the name of a connector; "" is fine. It becomes a consumer group and a file name.
[[nodiscard]] std::string connector_name_problem(std::string_view name);

}  // namespace sinkhost
