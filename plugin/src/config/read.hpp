// Reads a configuration: the key table's judgement, then the rules across keys. Pure: no file, network, clock. Any thread.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "config/settings.hpp"
#include "sca/config_spec.hpp"

namespace snap::config {

// The table itself (config/keys.cpp), for the connector's tables and the documentation generator. Constant, static storage.
[[nodiscard]] std::span<const sca_config_key* const> keys() noexcept;

enum class secrets : std::uint8_t { required, optional };  // optional: in a preview they may be missing or unresolved references

// Appends every issue, errors and warnings. nullopt iff one is an error.
[[nodiscard]] std::optional<settings> read_settings(std::span<const sca_pair> config, secrets need,
                                                    std::vector<sca::config_issue>& issues);

}  // namespace snap::config
