// The connector's static tables: what a host sees before it creates a sink.
#pragma once
#include <span>
#include <string>

#include "abi/sink.hpp"
#include "sca/config_spec.hpp"
#include "sca/describe.h"
#include "sca/sink_connector.h"

namespace snap::abi {

extern const sca_connector snapchat_connector;
extern const sca_connector_preview preview_extension;
extern const sca_connector_describe describe_extension;

// Every error in one text: people mend a configuration in one go. The ABI cuts it at 504 bytes.
[[nodiscard]] std::string all_errors(std::span<const sca::config_issue> issues);

// sca_connector::create with surroundings of the caller's choice.
[[nodiscard]] sca::result<sca_sink*> create_sink(const sca_host* host, std::span<const sca_pair> config, surroundings around);

}  // namespace snap::abi
