// Secrets never come back from the REST server: they are shown as a mask, and a PUT that brings the mask back keeps what is
// stored. Pure; any thread.
#pragma once
#include <string_view>
#include <vector>

#include "sca/sink_connector.h"
#include "task.hpp"

namespace sinkhost {

inline constexpr std::string_view mask_text = "********";

// A SECRET key of the plugin, a type this host does not know, any key when the plugin is not there (null), and keys nobody
// describes whose names speak of credentials (consumer.override.sasl.jaas.config).
[[nodiscard]] bool is_secret_key(std::string_view key, const sca_connector* plugin);

// What may be shown of a value: itself, or the mask. A value that is one reference shows as it is.
[[nodiscard]] std::string shown_value(std::string_view key, std::string_view value, const sca_connector* plugin);
[[nodiscard]] string_map masked(const string_map& config, const sca_connector* plugin);

// Puts the stored value where the mask stands; returns the keys for which nothing is stored.
[[nodiscard]] std::vector<std::string> unmask(string_map& config, const string_map& stored);

}  // namespace sinkhost
