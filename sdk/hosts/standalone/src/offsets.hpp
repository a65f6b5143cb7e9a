// Offsets of a connector's consumer group, for GET/PATCH/DELETE /connectors/{c}/offsets. Blocking, bounded by timeout; any
// thread. PATCH and DELETE are only called while the connector is STOPPED, so the group has no members.
// To forget an offset is to move it to where auto.offset.reset would begin now (offsets.cpp says why): that is what is listed
// then.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sca/status.hpp"
#include "task.hpp"

namespace sinkhost {

struct group_offset {
  std::string topic;
  std::int32_t partition = 0;
  std::optional<std::int64_t> offset;  // nullopt in alter_offsets: forget it
};

[[nodiscard]] sca::result<std::vector<group_offset>> list_offsets(const task_config& connector, const environment& env,
                                                                  std::chrono::milliseconds timeout);
[[nodiscard]] sca::result<void> alter_offsets(const task_config& connector, const environment& env,
                                              const std::vector<group_offset>& to, std::chrono::milliseconds timeout);
[[nodiscard]] sca::result<void> reset_offsets(const task_config& connector, const environment& env,
                                              std::chrono::milliseconds timeout);

}  // namespace sinkhost
