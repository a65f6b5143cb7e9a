// The one exported symbol of libsnapchat_sink.so.
#include "abi/connector.hpp"
#include "sca/export.hpp"

SCA_EXPORT_PLUGIN(&snap::abi::snapchat_connector)
