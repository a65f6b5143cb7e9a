// Names a partition; value type.
#pragma once
#include <compare>
#include <cstdint>
#include <string>

namespace sinkhost {

struct topic_partition {
  std::string topic;
  std::int32_t partition = 0;
  [[nodiscard]] friend auto operator<=>(const topic_partition&, const topic_partition&) = default;
};

}  // namespace sinkhost
