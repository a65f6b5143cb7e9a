// One task of a Java worker: an sca::sink_task whose wishes (dead letters, log lines, metrics) wait until Java pulls them.
// Native threads never enter the JVM. Threads: the worker's task thread; wake, log and log_level come from any.
#pragma once
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "packed.hpp"
#include "sca/loader.hpp"
#include "sca/sink_task.hpp"

namespace sca::jni {

class bridge_task final : public sink_task_host {
 public:
  // plugin is kept loaded as long as the task lives.
  [[nodiscard]] static result<std::unique_ptr<bridge_task>> create(std::shared_ptr<library> plugin,
                                                                   const sca_connector& connector,
                                                                   std::span<const sca_pair> config, sink_task_options options,
                                                                   int32_t log_level);

  [[nodiscard]] sink_task& task() noexcept { return *task_; }
  // The packed records of one put of Java's.
  [[nodiscard]] result<void> offer(std::string_view packed);
  void log_at(int32_t level) noexcept { level_.store(level, std::memory_order_relaxed); }

  // Asks the sink for progress, then packs everything that Java has not seen yet:
  //   i32 status (SCA_OK: healthy) | text why | i64 backlog | i64 held
  //   i32 n, n × committable: text topic | i32 partition | i64 offset
  //   i32 n, n × dead letter: i64 ticket | i64 sequence | i32 stage | text code | text message
  //   i32 n, n × log line:    i32 level | text message
  [[nodiscard]] std::string pull();
  //   i32 n, n × metric: i32 kind | text name | text help | i32 labels, (text, text)… | f64 value | i32 bounds, f64… | i64…
  //   counts (bounds + 1)
  [[nodiscard]] std::string metrics();

  void wake() noexcept override;
  int32_t log_level() noexcept override { return level_.load(std::memory_order_relaxed); }
  void log(const sca_log_line& line) noexcept override;
  void dead_letter(dead_letter_ticket ticket, const held_record& record, const rejection& why) override;

 private:
  struct dead {
    dead_letter_ticket ticket;
    std::int64_t sequence;
    std::int32_t stage;
    std::string code, message;
  };
  struct line {
    std::int32_t level;
    std::string message;
  };
  explicit bridge_task(std::shared_ptr<library> plugin) noexcept : plugin_(std::move(plugin)) {}

  std::shared_ptr<library> plugin_;
  std::atomic<int32_t> level_{SCA_LOG_INFO};
  std::vector<dead> dead_;
  std::mutex lines_mutex_;
  std::deque<line> lines_;
  std::size_t dropped_lines_ = 0;
  std::atomic<bool> woken_{false};
  record_blocks blocks_;
  std::unique_ptr<sink_task> task_;  // last: its records lie in blocks, and the sink may log until it is destroyed
};

}  // namespace sca::jni
