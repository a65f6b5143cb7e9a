// A record as a host would hand it over, for benchmarks and fuzzers: one topic, one partition, no headers. The texts have to
// outlive it.
#pragma once
#include <cstdint>
#include <string_view>

#include "sca/views.hpp"

namespace test_support {

[[nodiscard]] inline sca_record record_of(std::string_view value, std::string_view key = {},
                                          std::int64_t timestamp_ms = 1650625078000) noexcept {
  static constexpr std::string_view topic = "orders";
  return {.struct_size = sizeof(sca_record),
          .partition = 0,
          .offset = 7,
          .assignment = 1,
          .timestamp_ms = timestamp_ms,
          .timestamp_type = SCA_TIMESTAMP_CREATE,
          .reserved = 0,
          .topic = {topic.data(), topic.size()},
          .routed_topic = {topic.data(), topic.size()},
          .key = key.empty() ? sca_bytes{nullptr, 0} : sca::bytes(key),
          .value = sca::bytes(value),
          .headers = nullptr,
          .header_count = 0};
}

}  // namespace test_support
