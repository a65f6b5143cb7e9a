// A connector whose one sink does what the test tells it, and a host that writes down what sink_task asks of it.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sca/sink_task.hpp"
#include "sca/views.hpp"

namespace sca::testing {

// The test decides how many records it takes, what it resolves and rejects; it answers positions from `positions`.
struct scripted_plugin : sca_connector {
  sca_sink sink{};
  const sca_host* host = nullptr;
  std::size_t room = 1000;                          // records it still takes
  std::map<std::uint64_t, std::int64_t> positions;  // assignment -> what progress() answers
  std::vector<std::pair<std::uint64_t, std::int64_t>> taken;
  std::vector<sca_rejection> reject_in_progress;  // handed over by the next progress()
  std::set<std::int64_t> reject_in_put;           // offsets
  std::function<void()> during_put;
  std::vector<std::string> calls;
  std::size_t puts = 0, shown = 0;         // calls of put, records seen by the last one
  std::map<std::string, sca_status> fail;  // slot -> status, once reached for ever
  int destroyed = 0;

  scripted_plugin();
  scripted_plugin(const scripted_plugin&) = delete;
  scripted_plugin& operator=(const scripted_plugin&) = delete;

  void reject(std::uint64_t assignment, std::int64_t offset) const;
  [[nodiscard]] sca_status note(const std::string& slot, sca_error* e);
};

struct test_record final : held_record {
  test_record(std::string topic, std::int32_t partition, std::int64_t offset, int& alive);
  ~test_record() override { --alive_; }
  test_record(const test_record&) = delete;
  test_record& operator=(const test_record&) = delete;

 private:
  std::string topic_;
  int& alive_;
};

struct recording_host final : sink_task_host {
  struct letter {
    dead_letter_ticket ticket;
    const held_record* record;
    std::int64_t offset;
    std::string code;
  };
  std::vector<letter> letters;
  std::vector<std::pair<int32_t, std::string>> log_lines;
  int wakes = 0;
  std::function<void(dead_letter_ticket)> on_letter;

  void wake() noexcept override { ++wakes; }
  int32_t log_level() noexcept override { return SCA_LOG_DEBUG; }
  void log(const sca_log_line& line) noexcept override { log_lines.emplace_back(line.level, std::string(view(line.message))); }
  void dead_letter(dead_letter_ticket ticket, const held_record& record, const rejection& why) override;
  [[nodiscard]] int misuses() const;
};

}  // namespace sca::testing
