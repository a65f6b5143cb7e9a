// The JSON bodies of Kafka Connect's REST. Everything that could be secret is masked here and nowhere later. Pure; any thread.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "herder_types.hpp"
#include "offsets.hpp"
#include "plugins.hpp"
#include "validation.hpp"

namespace sinkhost {

// plugin may be null (its library is not there): then every value of the sink is masked.
[[nodiscard]] std::string connector_info_body(const connector_view& c,
                                              const sca_connector* plugin);  // {"name","config","tasks","type"}
[[nodiscard]] std::string config_body(const connector_view& c, const sca_connector* plugin);
[[nodiscard]] std::string status_body(const connector_view& c, std::string_view worker_id);
[[nodiscard]] std::string tasks_body(const connector_view& c, const sca_connector* plugin);
[[nodiscard]] std::string task_status_body(const task_view& t, std::string_view worker_id);
[[nodiscard]] std::string offsets_body(const std::vector<group_offset>& offsets);
[[nodiscard]] std::string topics_body(const std::string& name, const std::vector<std::string>& topics);
[[nodiscard]] std::string names_body(const std::vector<std::string>& names);

[[nodiscard]] std::string plugins_body(const plugins& known);
[[nodiscard]] std::string plugin_keys_body(const sca_connector& plugin);  // the host's keys and the sink's, as definitions
[[nodiscard]] std::string config_infos_body(const sca_connector& plugin, const string_map& config, const validation& verdict);

}  // namespace sinkhost
