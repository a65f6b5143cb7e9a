// Reads librdkafka's statistics (STATISTICS.md): only what its API does not tell otherwise. Pure.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

namespace sinkhost {

struct client_statistics {
  std::size_t brokers = 0;     // known by configuration or metadata
  std::size_t brokers_up = 0;  // of them connected, authenticated and usable
};
// Empty when the text is not what librdkafka writes.
[[nodiscard]] std::optional<client_statistics> read_statistics(std::string_view json);

}  // namespace sinkhost
