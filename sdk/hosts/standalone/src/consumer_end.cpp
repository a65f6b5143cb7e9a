// How a consumer leaves its group and ends.
#include <cstring>

#include "consumer.hpp"
#include "kafka_config.hpp"

namespace sinkhost {

using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

// Else queue_, then client_: the order of the members. Before 2.3.0 librdkafka aborts the whole process when a client is
// destroyed in its first rebalance (librdkafka issue 4312). So such a client is left behind with its threads; it is closed, and
// so in no group, unless that took too long, and then the group drops it for not polling.
consumer::~consumer() {
  if (rd_kafka_version() >= version_that_ends_in_first_rebalance || !client_) return;
  give_up_first_rebalance();
  if (assigned_once_ || !*ended_in_first_rebalance_) return;
  companion_->log.info(
      "stopped in its first rebalance: its Kafka client is left behind, because this librdkafka could not end it");
  rd_kafka_set_log_level(client_.get(), 0);
  queue_.reset();
  static_cast<void>(client_.release());
  static_cast<void>(companion_.release());
}

bool consumer::in_first_rebalance() const noexcept {
  if (assigned_once_) return false;
  const char* protocol = rd_kafka_rebalance_protocol(client_.get());  // "NONE" until the group has answered
  return protocol != nullptr && std::strcmp(protocol, "COOPERATIVE") == 0;
}

// Unsubscribed, the client takes no answer of the group any more: what holds now holds to its end.
void consumer::give_up_first_rebalance() noexcept {
  if (ended_in_first_rebalance_) return;
  if (!assigned_once_) rd_kafka_unsubscribe(client_.get());
  ended_in_first_rebalance_ = in_first_rebalance();
}

bool consumer::close(milliseconds deadline) {
  const auto end = clock::now() + deadline;
  give_up_first_rebalance();
  // Events go to a queue of ours; the consumer's own must not be held while it closes.
  queue_handle events{rd_kafka_queue_new(client_.get())};
  const error_handle refused{rd_kafka_consumer_close_queue(client_.get(), events.get())};
  if (refused) return rd_kafka_consumer_closed(client_.get()) != 0;
  while (rd_kafka_consumer_closed(client_.get()) == 0) {
    if (clock::now() >= end) return false;
    // Not rd_kafka_queue_poll_callback: it aborts the process on a fetched message, and some may be here already. They are
    // dropped uncommitted, so they are read again.
    const message_handle dropped{rd_kafka_consume_queue(events.get(), 20)};
  }
  return true;
}

}  // namespace sinkhost
