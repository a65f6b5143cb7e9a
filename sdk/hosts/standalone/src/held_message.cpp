#include "held_message.hpp"

#include <cstring>

namespace sinkhost {
namespace {

sca_bytes bytes_of(const void* data, std::size_t size) noexcept { return {static_cast<const std::uint8_t*>(data), size}; }

std::int32_t type_of(rd_kafka_timestamp_type_t type) noexcept {
  switch (type) {
    case RD_KAFKA_TIMESTAMP_CREATE_TIME: return SCA_TIMESTAMP_CREATE;
    case RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME: return SCA_TIMESTAMP_LOG_APPEND;
    case RD_KAFKA_TIMESTAMP_NOT_AVAILABLE: break;
  }
  return SCA_TIMESTAMP_NONE;
}

}  // namespace

held_message::held_message(message_handle message) : message_(std::move(message)) {
  const char* topic = rd_kafka_topic_name(message_->rkt);  // lives as long as the message
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const std::int64_t timestamp = rd_kafka_message_timestamp(message_.get(), &type);
  record.struct_size = sizeof record;
  record.partition = message_->partition;
  record.offset = message_->offset;
  record.timestamp_type = type_of(type);
  record.timestamp_ms = record.timestamp_type == SCA_TIMESTAMP_NONE ? -1 : timestamp;
  record.topic = {topic, std::strlen(topic)};
  record.routed_topic = record.topic;  // this host has no transformations
  record.key = bytes_of(message_->key, message_->key_len);
  record.value = bytes_of(message_->payload, message_->len);
  take_headers();
}

void held_message::take_headers() {
  rd_kafka_headers_t* headers = nullptr;  // the message's own
  if (rd_kafka_message_headers(message_.get(), &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  headers_.reserve(rd_kafka_header_cnt(headers));
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
    headers_.push_back({.key = {name, std::strlen(name)}, .value = bytes_of(value, size)});
  }
  record.headers = headers_.data();
  record.header_count = headers_.size();
}

}  // namespace sinkhost
