// Owners for what librdkafka hands out by pointer. rd_kafka_destroy() waits for ever while a list, message, queue or event of the
// handle is alive (librdkafka issue 3796), so none of these is ever held by a bare pointer. Any thread.
#pragma once
#include <librdkafka/rdkafka.h>

#include <memory>

namespace sinkhost {

template <auto destroy>
struct destroy_with {
  template <class T>
  void operator()(T* p) const noexcept {
    destroy(p);
  }
};

template <class T, auto destroy>
using kafka_owner = std::unique_ptr<T, destroy_with<destroy>>;

using conf_handle = kafka_owner<rd_kafka_conf_t, rd_kafka_conf_destroy>;
using partition_list = kafka_owner<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;
using message_handle = kafka_owner<rd_kafka_message_t, rd_kafka_message_destroy>;
using queue_handle = kafka_owner<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using event_handle = kafka_owner<rd_kafka_event_t, rd_kafka_event_destroy>;
using error_handle = kafka_owner<rd_kafka_error_t, rd_kafka_error_destroy>;
using headers_handle = kafka_owner<rd_kafka_headers_t, rd_kafka_headers_destroy>;
using new_topic_handle = kafka_owner<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
using admin_options_handle = kafka_owner<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;
using metadata_handle = kafka_owner<const rd_kafka_metadata_t, rd_kafka_metadata_destroy>;

// The client itself. A consumer is closed before it comes here, or is not to be: closing inside destroy cannot be bounded.
struct destroy_client {
  void operator()(rd_kafka_t* rk) const noexcept { rd_kafka_destroy_flags(rk, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE); }
};
using client_handle = std::unique_ptr<rd_kafka_t, destroy_client>;

}  // namespace sinkhost
