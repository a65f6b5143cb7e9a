// java.util.Properties' text format, read as Kafka Connect reads it (UTF-8). For connector configurations and ${file:…}
// references. Pure; any thread.
#pragma once
#include <string_view>

#include "sca/status.hpp"
#include "task.hpp"

namespace sinkhost {

// Comments (# and !), '=', ':' or a blank between key and value, a backslash before the line's end continues it, \t \n \r \f
// \uXXXX, any other escaped character stands for itself. A repeated key: the last wins. Errors name the line, never a value.
[[nodiscard]] sca::result<string_map> parse_properties(std::string_view text);

}  // namespace sinkhost
