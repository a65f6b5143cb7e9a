#include "dead_letter_headers.hpp"

#include <fmt/format.h>

#include "sca/views.hpp"

namespace sinkhost {
namespace {

constexpr std::string_view stage = "TASK_PUT";
constexpr std::string_view class_name = "org.apache.kafka.connect.sink.SinkTask";
constexpr std::string_view exception = "org.apache.kafka.connect.errors.DataException";

std::string_view own_stage(std::int32_t s) noexcept {
  switch (s) {
    case SCA_STAGE_DECODE: return "decode";
    case SCA_STAGE_MAP: return "map";
    default:  // an open set; whatever else there is counts as sending
      return "send";
  }
}

std::string_view type_name(std::int32_t type) noexcept {
  switch (type) {
    case SCA_TIMESTAMP_CREATE: return "CreateTime";
    case SCA_TIMESTAMP_LOG_APPEND: return "LogAppendTime";
    default: return "NoTimestampType";
  }
}

}  // namespace

std::string rejection_text(const sca::rejection& why) {
  return why.message.empty() ? std::string{why.code} : fmt::format("{}: {}", why.code, why.message);
}

std::vector<text_header> context_headers(const dead_letter_origin& origin, const sca_record& record, const sca::rejection& why) {
  const auto text = rejection_text(why);
  const auto topic = sca::view(record.topic);
  return {
      {"__connect.errors.topic", std::string{topic}},
      {"__connect.errors.partition", std::to_string(record.partition)},
      {"__connect.errors.offset", std::to_string(record.offset)},
      {"__connect.errors.connector.name", std::string{origin.connector}},
      {"__connect.errors.task.id", std::to_string(origin.task)},
      {"__connect.errors.stage", std::string{stage}},
      {"__connect.errors.class.name", std::string{class_name}},
      {"__connect.errors.exception.class.name", std::string{exception}},
      {"__connect.errors.exception.message", text},
      {"__connect.errors.exception.stacktrace", fmt::format("{}: {}\n\tat {} ({}-{}@{})\n", exception, text, own_stage(why.stage),
                                                            topic, record.partition, record.offset)},
  };
}

std::string log_text(const dead_letter_origin& origin, const sca_record* record, const sca::rejection& why) {
  auto text = fmt::format("Error encountered in task {}-{}. Executing stage '{}' ({}) with class '{}'", origin.connector,
                          origin.task, stage, own_stage(why.stage), class_name);
  if (record != nullptr) {
    text += fmt::format(", where consumed record is {{topic='{}', partition={}, offset={}, timestamp={}, timestampType={}}}",
                        sca::view(record->topic), record->partition, record->offset, record->timestamp_ms,
                        type_name(record->timestamp_type));
  }
  return text + ". " + rejection_text(why);
}

}  // namespace sinkhost
