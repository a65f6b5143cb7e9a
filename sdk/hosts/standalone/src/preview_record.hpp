// One record of a preview, as users write it: {"topic":…,"partition":…,"offset":…,"timestamp":…,"key":…,"value":…,"headers":{…}}.
// Pure; any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sca/status.hpp"

namespace sinkhost {

struct preview_record {
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::optional<std::int64_t> timestamp;  // ms since the epoch
  std::optional<std::string> key, value;  // nullopt: Kafka's null
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
  std::vector<std::string> ignored;  // members that mean nothing here, perhaps misspelt
};

// What a record has that does not say so.
struct record_defaults {
  std::string topic;
  std::int64_t offset = 0;
};

// A string is the raw text, null a tombstone, any other JSON its bytes unchanged; value_base64 and key_base64 give arbitrary
// bytes. value (or value_base64) is required; of a repeated member the last counts.
[[nodiscard]] sca::result<preview_record> parse_record(std::string_view json, const record_defaults& defaults);

}  // namespace sinkhost
