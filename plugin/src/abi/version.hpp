// The sink's version, from the project's CMakeLists.txt.
#pragma once
#include <string_view>

namespace snap::abi {

inline constexpr std::string_view version = SNAPCHAT_SINK_VERSION;

}  // namespace snap::abi
