// A connector as users write it: Kafka Connect's JSON ({"name":…,"config":{…}}, or the flat object) or a .properties file.
// Read by `run --connector`, `preview`, `validate`, the REST server and the state store. Pure but for load_connector_file; any
// thread.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "json_slice.hpp"
#include "sca/status.hpp"
#include "task.hpp"

namespace sinkhost {

enum class target_state : std::uint8_t { running, paused, stopped };
[[nodiscard]] std::string_view to_text(target_state s) noexcept;  // RUNNING, PAUSED, STOPPED
[[nodiscard]] std::optional<target_state> target_state_from(std::string_view text) noexcept;

struct connector_document {
  std::string name;  // "" when only config["name"] or nothing names it
  string_map config;
  std::optional<target_state> initial;  // initial_state
};

// {"name":…,"config":{…},"initial_state":…} or a flat object of keys.
[[nodiscard]] sca::result<connector_document> parse_connector(std::string_view json);
// An object of keys. Numbers and booleans become their text as written; objects, arrays and null are errors that name the key.
[[nodiscard]] sca::result<string_map> parse_config(std::string_view json);
// The same where null is allowed: PATCH uses it to take a key out.
[[nodiscard]] sca::result<std::map<std::string, std::optional<std::string>>> parse_config_patch(std::string_view json);

// By extension (.properties, .json), else by the first character. The name falls back to config["name"]. Errors name the file.
[[nodiscard]] sca::result<connector_document> load_connector_file(const std::filesystem::path& file);

}  // namespace sinkhost
