// What the tests of sink_task share: a task over a scripted sink, and short names for what hosts do with it. The clock is `now`.
#pragma once
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "sca/testing/catch_result.hpp"
#include "scripted_plugin.hpp"

namespace sca::testing {

struct task_subject {
  explicit task_subject(tolerance errors = tolerance::all) {
    sink_task_options options;
    options.errors = errors;
    task = sink_task::create(plugin, {}, options, host).value();
    REQUIRE(task->start());
    REQUIRE(task->open("orders", 0));
  }

  result<void> offer(std::vector<std::int64_t> offsets, std::int32_t partition = 0) {
    std::vector<std::unique_ptr<held_record>> records;
    for (const auto offset : offsets) records.push_back(std::make_unique<test_record>("orders", partition, offset, alive));
    return task->offer(std::move(records), now);
  }
  result<void> pump() { return task->pump(now); }
  // What take_committable() gives for partition 0, or -1.
  std::int64_t committable() {
    for (const auto& c : task->take_committable())
      if (c.partition == 0) return c.offset;
    return -1;
  }
  void resolve_to(std::int64_t position, std::uint64_t assignment = 1) { plugin.positions[assignment] = position; }
  void reject_later(std::int64_t offset, std::uint64_t assignment = 1) {
    sca_rejection r{};
    r.assignment = assignment;
    r.offset = offset;
    plugin.reject_in_progress.push_back(r);
  }
  [[nodiscard]] std::string failure() const { return task->failure() == nullptr ? "" : task->failure()->message; }

  int alive = 0;
  scripted_plugin plugin;
  recording_host host;
  std::unique_ptr<sink_task> task;
  sink_task::clock::time_point now{};
};

using taken = std::vector<std::pair<std::uint64_t, std::int64_t>>;

}  // namespace sca::testing
