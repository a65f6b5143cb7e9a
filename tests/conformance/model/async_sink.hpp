// The sink of the model: asynchronous, on sink_base and position_tracker, with a thread that delivers out of order, needs several
// parts for some records, fails attempts, rejects late, and is full now and then. Which records are rejected depends on the
// offset.
#pragma once
#include "sca/sink_connector.h"
#include "world.hpp"

namespace model {

inline constexpr const char* world_extension = "org.example.model-world/1";  // of the host: {world*, defect, seed}
struct stage {
  world* where;
  defect planted;
  unsigned seed;
};

[[nodiscard]] const sca_connector& async_connector() noexcept;

}  // namespace model
