// SIGTERM and SIGINT as something to wait for. Made first, on the main thread: threads started later inherit the blocked signals,
// so only waiting takes them.
#pragma once
#include <chrono>
#include <optional>
#include <string_view>

namespace sinkhost {

class stop_signals {
 public:
  stop_signals();
  // The signal's name, or nullopt when none came in time.
  [[nodiscard]] std::optional<std::string_view> wait_for(std::chrono::milliseconds time) const;
};

// While alive, a signal that comes ends the process at once (status 1), and so does the deadline.
class drain_guard {
 public:
  explicit drain_guard(std::chrono::milliseconds deadline);
};

}  // namespace sinkhost
