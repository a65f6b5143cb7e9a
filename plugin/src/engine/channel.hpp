// What passes between the put thread and the network thread: payloads, closed assignments and flushes one way, used buffers the
// other. The lock is held to swap vectors, never while anything is done with them.
#pragma once
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "delivery/payload.hpp"

namespace snap::engine {

struct chunk {
  std::uint32_t lane = 0;
  delivery::payload content;
};

enum class flush_wish : std::uint8_t { none, asked };

struct work {
  std::vector<chunk> chunks;
  std::vector<std::uint64_t> closed;  // assignments; their payloads may be among the chunks, so those come first
  flush_wish flush = flush_wish::none;
};

class channel {
 public:
  void push(chunk c) {
    const std::lock_guard lock{work_mutex_};
    work_.chunks.push_back(std::move(c));
  }
  void close(std::uint64_t assignment) {
    const std::lock_guard lock{work_mutex_};
    work_.closed.push_back(assignment);
  }
  void ask_flush() {
    const std::lock_guard lock{work_mutex_};
    work_.flush = flush_wish::asked;
  }
  [[nodiscard]] work take() {
    const std::lock_guard lock{work_mutex_};
    return std::exchange(work_, {});
  }

  void give_back(std::vector<std::string>& buffers) {
    const std::lock_guard lock{work_mutex_};
    for (; !buffers.empty() && spare_.size() < max_spare; buffers.pop_back()) spare_.push_back(std::move(buffers.back()));
    buffers.clear();
  }
  [[nodiscard]] std::string buffer() {
    const std::lock_guard lock{work_mutex_};
    if (spare_.empty()) return {};
    std::string out = std::move(spare_.back());
    spare_.pop_back();
    return out;
  }

 private:
  static constexpr std::size_t max_spare = 4;  // each as large as a batch: they count towards the process's memory
  std::mutex work_mutex_;
  work work_;
  std::vector<std::string> spare_;
};

}  // namespace snap::engine
