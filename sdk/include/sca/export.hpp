// The one exported symbol of a plugin library.
//   constexpr sca_connector my_connector = {...};
//   SCA_EXPORT_PLUGIN(&my_connector)      // in one .cpp, outside any namespace; several connectors are separated by commas
#pragma once
#include "sca/sink_connector.h"

#define SCA_EXPORT_PLUGIN(...)                                                             \
  extern "C" SCA_EXPORT const sca_plugin* sink_connector_plugin_v1(void) noexcept {        \
    static constexpr const sca_connector* connectors[] = {__VA_ARGS__};                    \
    static constexpr sca_plugin plugin = {sizeof(sca_plugin), SCA_ABI_VERSION, connectors, \
                                          sizeof(connectors) / sizeof(connectors[0])};     \
    return &plugin;                                                                        \
  }
