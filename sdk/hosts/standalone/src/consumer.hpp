// A librdkafka consumer in a group: messages, rebalances, commits. Everything happens on the task thread, inside poll() and
// close(); only wake() comes from any thread. Written to the API of 2.0.2 and round its defects (no batch queue, no offset store,
// bounded commit and close through queues of our own, because rd_kafka_commit() and rd_kafka_consumer_close() wait without end).
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "held_message.hpp"
#include "kafka_handles.hpp"
#include "sca/secret.hpp"
#include "sca/sink_task.hpp"
#include "sca/status.hpp"
#include "task.hpp"
#include "task_log.hpp"
#include "topic_partition.hpp"

namespace sinkhost {

struct kafka_trouble {
  rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::string text;
  std::string topic = {};  // that it is about; "" none
};

struct commit_outcome {
  sca::committable position;
  rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
};

// What the owner of a consumer is told, inside poll() and close(). May throw: it becomes defect().
class consumer_events {
 public:
  virtual ~consumer_events() = default;
  virtual void assigned(const std::vector<topic_partition>& partitions) = 0;  // before the first message of them
  virtual void ready(const std::vector<topic_partition>& partitions) = 0;     // they may be paused from now on
  virtual void revoked(const std::vector<topic_partition>& partitions) = 0;   // flush and commit now; they are gone afterwards
  virtual void lost(const std::vector<topic_partition>& partitions) = 0;      // they are gone already: commit nothing
  virtual void committed(const std::vector<commit_outcome>& outcomes) = 0;    // once per commit_async() and commit_now()
  virtual void trouble(const kafka_trouble& what) = 0;                        // librdkafka retries by itself
  virtual void broken(const kafka_trouble& what) = 0;                         // it does not: this consumer is finished
  virtual void statistics(std::string_view json) = 0;
  virtual void defect(std::string_view what) noexcept = 0;
};

class consumer {
 public:
  // Connects in the background and joins no group yet. events and log outlive it.
  [[nodiscard]] static sca::result<std::unique_ptr<consumer>> open(const string_map& settings, consumer_events& events,
                                                                   const task_log& log);
  ~consumer();  // never waits for the group: close() first to leave it in good order. May leave the client behind, see there
  consumer(const consumer&) = delete;
  consumer& operator=(const consumer&) = delete;

  sca::result<void> subscribe(const std::vector<std::string>& subscription);
  // Null: nothing came in time, or wake(), or an event was served.
  [[nodiscard]] std::unique_ptr<held_message> poll(std::chrono::milliseconds timeout);
  void wake() noexcept;  // [any] ends a poll() that waits

  // Room was made in the queue: look now whether to fetch, instead of within a second (fetch_pace.hpp). Costs a few microseconds.
  void hasten_fetch() noexcept;

  void pause(std::span<const topic_partition> partitions);
  void resume(std::span<const topic_partition> partitions);

  sca::result<void> commit_async(std::span<const sca::committable> positions);
  void commit_now(std::span<const sca::committable> positions, std::chrono::milliseconds timeout);

  [[nodiscard]] std::optional<std::int64_t> position(const topic_partition& of) const;        // next one to read
  [[nodiscard]] std::optional<std::int64_t> high_watermark(const topic_partition& of) const;  // as last fetched, no request

  // Leaves the group; rebalance events arrive. False: not within the deadline.
  bool close(std::chrono::milliseconds deadline);

  // It is in its first rebalance: the group has taken it in and has assigned nothing yet, not even no partitions. Not after
  // close().
  [[nodiscard]] bool in_first_rebalance() const noexcept;

 private:
  consumer(consumer_events& events, const task_log& log);
  void give_up_first_rebalance() noexcept;
  void prepare_hastening(const string_map& settings);
  static void on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t*, void* opaque) noexcept;
  static void on_commit(rd_kafka_t*, rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t*, void* opaque) noexcept;
  static void on_error(rd_kafka_t*, int code, const char* reason, void* opaque) noexcept;
  static int on_statistics(rd_kafka_t*, char* json, std::size_t size, void* opaque) noexcept;
  void rebalance(rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* partitions);
  void change_assignment(rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* partitions);
  void tell_committed(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t* list);
  void handle_error_message(const rd_kafka_message_t& message);

  // What the client's own threads may touch as long as they live.
  struct companion {
    task_log log;
    client_opaque opaque;
  };

  consumer_events& events_;
  std::unique_ptr<companion> companion_;
  client_handle client_;
  queue_handle queue_;  // for wake(); released before client_
  bool hastens_ = false;
  bool assigned_once_ = false;
  std::optional<bool> ended_in_first_rebalance_;  // known since close() began
  std::string user_;                              // of SASL, as configured; "" without
  sca::secret password_;
};

}  // namespace sinkhost
