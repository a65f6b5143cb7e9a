// The dead letters of one task: errors.* of its configuration, and an idempotent producer whose delivery reports settle them.
// Task thread only; callbacks run inside serve().
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dead_letter_headers.hpp"
#include "error_options.hpp"
#include "kafka_handles.hpp"
#include "sca/sink_task.hpp"
#include "task.hpp"
#include "task_log.hpp"

namespace sinkhost {

class dead_letters {
 public:
  using clock = std::chrono::steady_clock;
  struct settled {
    sca::dead_letter_ticket ticket = 0;
    sca::settlement how = sca::settlement::durable;
  };

  // Makes the producer, if there is a topic, and begins to create the topic.
  [[nodiscard]] static sca::result<std::unique_ptr<dead_letters>> open(const task_config& task, const environment& env,
                                                                       const task_log& log);
  ~dead_letters();
  dead_letters(const dead_letters&) = delete;
  dead_letters& operator=(const dead_letters&) = delete;

  // The record lives until serve() has returned its ticket.
  void send(sca::dead_letter_ticket ticket, const sca::held_record& record, const sca::rejection& why);
  // Serves the producer for at most so long, or until something is settled.
  [[nodiscard]] std::vector<settled> serve(clock::time_point now, std::chrono::milliseconds wait = std::chrono::milliseconds{0});

  [[nodiscard]] const error_options& options() const noexcept { return options_; }
  [[nodiscard]] std::size_t pending() const noexcept { return waiting_.size() + in_flight_; }
  // So many or so large ones are pending that no more records should be read: to the sink a rejected record is done with, so
  // nothing else bounds them.
  [[nodiscard]] bool full() const noexcept;
  [[nodiscard]] std::uint64_t written() const noexcept { return written_; }
  // Why the last letter that failed did, also after others got through; "" none failed.
  [[nodiscard]] const std::string& failure() const noexcept { return failure_; }
  // What a task says of its letters while they are pending; "" when there is nothing to say.
  [[nodiscard]] std::string waiting_text() const;

 private:
  struct letter {
    sca::dead_letter_ticket ticket = 0;
    const sca::held_record* record = nullptr;
    std::int32_t stage = SCA_STAGE_SEND;
    std::string code, message;
    [[nodiscard]] std::size_t size() const noexcept { return record->record.key.size + record->record.value.size; }
  };

  dead_letters(const task_config& task, error_options options, const task_log& log);
  sca::result<void> connect(const string_map& settings);
  void create_topic();
  void serve_topic_creation(clock::time_point now);
  void send_waiting();
  void failed(sca::dead_letter_ticket ticket, std::string why);
  [[nodiscard]] rd_kafka_resp_err_t produce(const letter& one);
  static void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) noexcept;
  static void on_error(rd_kafka_t*, int code, const char* reason, void* opaque) noexcept;

  const std::string connector_;
  const std::uint32_t task_;
  const error_options options_;
  const task_log& log_;
  client_opaque opaque_;
  client_handle client_;   // null without a topic
  queue_handle creation_;  // null once the topic is there, or is left to the broker
  clock::time_point give_up_creation_{};
  std::deque<letter> waiting_;  // for the topic, or for room in the producer's queue
  std::size_t bytes_waiting_ = 0;
  std::size_t in_flight_ = 0, bytes_in_flight_ = 0;
  std::uint64_t written_ = 0;
  std::vector<settled> settled_;
  std::string trouble_;  // why letters do not get through at the moment; "" when all is well
  std::string failure_;
};

}  // namespace sinkhost
