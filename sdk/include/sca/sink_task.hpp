// One running sink as a host sees it, with the duties every host has (sink_connector.h, "WORDS" and "SCENARIOS") done once:
//   - assignments get fresh numbers; an offset that does not grow closes the assignment and opens a new one;
//   - records are registered before put() and kept until their position has passed, for the dead letters;
//   - on a short put() the remainder is kept and offered again after a wake-up, and at the latest every offer_again;
//   - a position counts only when all dead letters below it are durable; without tolerance the task fails instead;
//   - a sink that has failed is only asked for progress, closed, stopped and destroyed.
// Threads: [serial], the host's task thread, as the sink itself; only sink_task_host::wake/log/log_level come from any thread.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sca/host_proxy.hpp"
#include "sca/sink_connector.h"
#include "sca/status.hpp"

namespace sca {

// A record on its way: whatever owns the bytes that `record` points to. sink_task sets record.assignment and destroys the object
// when the position has passed it. Hosts derive from it (a librdkafka message; a sequence number of the JNI bridge).
struct held_record {
  virtual ~held_record() = default;
  sca_record record{};  // topic, partition, offset and all views filled in by the host
};

using dead_letter_ticket = std::uint64_t;

// What a host gives its sink_task. Lives longer than it.
class sink_task_host {
 public:
  virtual ~sink_task_host() = default;
  virtual void wake() noexcept = 0;                         // [any] call pump() soon
  virtual int32_t log_level() noexcept = 0;                 // [any]
  virtual void log(const sca_log_line& line) noexcept = 0;  // [any]
  // [serial] Begins to make the record durable among the dead letters and returns at once; settled() follows, perhaps later,
  // once. Only called with tolerance::all. The record stays alive until settled() said so.
  virtual void dead_letter(dead_letter_ticket ticket, const held_record& record, const rejection& why) = 0;
  virtual const void* extension(const char*) noexcept { return nullptr; }  // [any]
};

enum class tolerance : std::uint8_t { none, all };  // errors.tolerance
enum class settlement : std::uint8_t { durable, failed };

struct sink_task_options {
  std::string connector;  // the user's name of it
  std::uint32_t task = 0;
  std::string host_name, host_version;
  tolerance errors = tolerance::none;
  std::chrono::milliseconds offer_again{1000};
};

struct committable {
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;  // the next one to read
};

class sink_task {
 public:
  using clock = std::chrono::steady_clock;

  // create() of the connector; the sink is not started. config: the sink's keys only, references resolved.
  [[nodiscard]] static result<std::unique_ptr<sink_task>> create(const sca_connector& connector, std::span<const sca_pair> config,
                                                                 sink_task_options options, sink_task_host& host);
  ~sink_task();  // stops and destroys the sink
  sink_task(const sink_task&) = delete;
  sink_task& operator=(const sink_task&) = delete;

  result<void> start();
  result<void> open(std::string_view topic, std::int32_t partition);
  // After it nothing of the partition is committable: on a revocation flush(), pump() and commit first; on a loss just close.
  void close(std::string_view topic, std::int32_t partition);

  // Takes the records over (of open partitions; others are dropped) and puts them; see backlog().
  result<void> offer(std::vector<std::unique_ptr<held_record>> records, clock::time_point now);
  // Offers the backlog again if it is due or the sink woke us, then asks for progress. Call after wake() and once a second.
  // The error is the sink's health, or "rejected and not tolerated", or a dead letter that could not be written.
  result<void> pump(clock::time_point now);
  void woken() noexcept;                                    // [any] the host's wake() arrived: the backlog is due at once
  [[nodiscard]] std::size_t backlog() const noexcept;       // records the sink would not take yet; > 0: pause the consumer
  [[nodiscard]] std::size_t held() const noexcept;          // records kept, backlog included
  void settled(dead_letter_ticket ticket, settlement how);  // [serial]

  // What may be committed and was not reported by an earlier call, partition by partition. A commit that failed: uncommitted().
  [[nodiscard]] std::vector<committable> take_committable();
  void uncommitted(std::span<const committable> failed);
  // True when every record handed over of the partition has passed: the host may commit its own consumer position.
  [[nodiscard]] bool idle(std::string_view topic, std::int32_t partition) const noexcept;

  result<void> flush(std::chrono::milliseconds timeout);
  void stop() noexcept;  // then pump() once more for the final word
  void collect_metrics(void (*visit)(void* ctx, const sca_metric*) noexcept, void* ctx);
  [[nodiscard]] const error* failure() const noexcept;  // null while healthy

 private:
  struct impl;
  explicit sink_task(std::unique_ptr<impl> i) noexcept;
  std::unique_ptr<impl> impl_;
};

}  // namespace sca
