// The thread of a task: poll, offer, pump, settle, commit, in turns. It is the host of its sink (sca::sink_task_host) and hears
// its consumer's events; everything but the members marked [any] runs on this one thread.
//
// Order that matters:
//   - the sink is stopped before the consumer is destroyed, because wake() reaches into the consumer until stop() returns;
//   - the sink_task, which holds messages, goes before the consumer that they belong to (members below, in reverse);
//   - a revoked partition is flushed, committed and closed inside the rebalance callback, before it is given back.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "back_pressure.hpp"
#include "commit_schedule.hpp"
#include "consumer.hpp"
#include "dead_letters.hpp"
#include "fetch_pace.hpp"
#include "sca/sink_task.hpp"
#include "task.hpp"
#include "task_log.hpp"
#include "task_metrics.hpp"
#include "task_report.hpp"
#include "topic_partition.hpp"

namespace sinkhost {

class task_loop final : private sca::sink_task_host, private consumer_events {
 public:
  using clock = std::chrono::steady_clock;

  task_loop(task_config config, environment env, initial_state start);
  ~task_loop() override;
  task_loop(const task_loop&) = delete;
  task_loop& operator=(const task_loop&) = delete;

  void run() noexcept;  // the whole life of the thread

  void pause() noexcept;                                                        // [any]
  void resume() noexcept;                                                       // [any]
  void request_stop(clock::time_point end) noexcept;                            // [any] run() returns about then at the latest
  [[nodiscard]] const task_report& report() const noexcept { return report_; }  // [any]
  void wake() noexcept override;                                                // [any] also the sink's

 private:
  struct partition_state {
    std::int64_t next = -1;   // one more than the last message taken
    std::int64_t first = -1;  // the first message taken, or where the last commit ended: what committed counts from
    std::int64_t committed = -1;
  };
  using partition_map = std::map<topic_partition, partition_state>;
  using message_list = std::vector<std::unique_ptr<sca::held_record>>;

  // sca::sink_task_host
  std::int32_t log_level() noexcept override;            // [any]
  void log(const sca_log_line& line) noexcept override;  // [any]
  void dead_letter(sca::dead_letter_ticket ticket, const sca::held_record& record, const sca::rejection& why) override;
  // consumer_events
  void assigned(const std::vector<topic_partition>& partitions) override;
  void ready(const std::vector<topic_partition>& partitions) override;
  void revoked(const std::vector<topic_partition>& partitions) override;
  void lost(const std::vector<topic_partition>& partitions) override;
  void committed(const std::vector<commit_outcome>& outcomes) override;
  void trouble(const kafka_trouble& what) override;
  void broken(const kafka_trouble& what) override;
  void statistics(std::string_view json) override;
  void defect(std::string_view what) noexcept override;

  // task_life.cpp: beginning and end
  sca::result<void> prepare();
  sca::result<void> make_sink();
  void set_to_wake(consumer* to);
  void finish() noexcept;
  void drain(clock::time_point until);
  // task_loop.cpp: a turn
  void turn();
  void apply(gate wanted);
  void take_messages(std::chrono::milliseconds patience);
  void note(const sca_record& record);
  [[nodiscard]] std::chrono::milliseconds poll_patience(clock::time_point now) const;
  void wait_for_wake(std::chrono::milliseconds limit);
  void settle(clock::time_point now, std::chrono::milliseconds wait);
  void pump(clock::time_point now);
  void commit_if_due(clock::time_point now);
  [[nodiscard]] std::vector<sca::committable> sink_positions();
  void add_own_positions(std::vector<sca::committable>& to) const;
  void drop_committed(std::vector<sca::committable>& positions) const;
  void housekeep(clock::time_point now);
  void close_partitions(const std::vector<topic_partition>& partitions);
  [[nodiscard]] std::vector<topic_partition> assigned_partitions() const;
  void fail(const sca::error& why) noexcept;
  template <class F>
  void attempt(F&& call) {  // a call whose error ends the task
    if (auto done = call(); !done) fail(done.error());
  }

  const task_config config_;
  const environment env_;
  const task_log log_;
  task_report report_;

  // [any]
  std::atomic<bool> rest_;  // the user's wish: paused
  std::atomic<bool> stop_{false};
  std::atomic<clock::time_point> stop_by_{};
  std::atomic<bool> woken_{false};
  std::mutex wake_mutex_;  // never held while the sink is called
  std::condition_variable hold_;
  consumer* to_wake_ = nullptr;  // guarded by wake_mutex_

  std::unique_ptr<consumer> consumer_;
  std::unique_ptr<dead_letters> letters_;
  std::unique_ptr<sca::sink_task> sink_;

  partition_map partitions_;
  partition_map::iterator recent_ = partitions_.end();  // of the last message; consecutive ones are mostly of one partition
  // Polled and not offered yet. A rebalance may come between two polls of a turn: then those of its partitions leave from here
  // too.
  message_list in_hand_;
  back_pressure pressure_;
  gate gate_ = gate::open;
  commit_schedule commits_;
  bool commit_wanted_ = false;  // positions may have moved since the last commit
  fetch_pace pace_;
  host_counters counters_;
  std::size_t unpumped_ = 0;  // messages since the last pump
  clock::time_point last_pump_{};
  clock::time_point pump_due_{};
  clock::time_point housekeeping_due_{};
  std::string connection_text_;  // the last word about a single connection, the cause behind "all brokers down"
  bool offline_ = false;         // the broker's notice is about connections, so a connection ends it
  std::string denied_topic_;     // it is about access to this topic, so a record of it ends it
  bool broken_ = false;          // failed: no turn any more
  bool closing_ = false;         // everything is flushed and committed; revocations only close
};

}  // namespace sinkhost
