// SIGTERM and SIGINT as something to wait for. Made first, on the main thread: threads started later inherit the blocked signals,
// so only waiting takes them.
#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace sinkhost {

class stop_signals {
 public:
  stop_signals();
  // The signal's name, or nullopt when none came in time.
  [[nodiscard]] std::optional<std::string_view> wait_for(std::chrono::milliseconds time) const;
};

// From now on, a signal that comes ends the process at once (status 1), and so does the deadline; while this lives, the log says
// so.
class drain_guard {
 public:
  explicit drain_guard(std::chrono::milliseconds deadline);
  ~drain_guard();
  drain_guard(const drain_guard&) = delete;
  drain_guard& operator=(const drain_guard&) = delete;

 private:
  struct drain;
  std::shared_ptr<drain> drain_;
};

}  // namespace sinkhost
