// How many threads this process has, for tests that no thread is left behind. One thread at a time.
#pragma once
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <thread>

namespace support {

[[nodiscard]] inline std::size_t thread_count() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

// A joined thread's folder can outlive the join by a moment.
[[nodiscard]] inline bool threads_return_to(std::size_t count) {
  for (int tries = 0; thread_count() > count; ++tries) {
    if (tries == 1000) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

// To be asked before anything is counted: a sanitizer starts a thread of its own with the process's first one.
[[nodiscard]] inline std::size_t threads_at_rest() {
  const std::size_t before = thread_count();
  std::thread([] {}).join();
  (void)threads_return_to(before);
  return thread_count();
}

}  // namespace support
