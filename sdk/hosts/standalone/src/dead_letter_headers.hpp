// The __connect.errors.* headers of a dead letter, by the names and in the order of Kafka Connect. Pure.
//
// stage and class.name are those that Kafka Connect writes for every record that a sink itself gives up
// (WorkerErrantRecordReporter): TASK_PUT and SinkTask, whether the sink failed to decode, to map or to send it. So a reader of
// the dead letters cannot tell the hosts apart; the sink's own stage is in the stack trace, its code begins the message.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sca/host_proxy.hpp"
#include "sca/sink_connector.h"

namespace sinkhost {

struct dead_letter_origin {
  std::string_view connector;
  std::uint32_t task = 0;
};

using text_header = std::pair<std::string_view, std::string>;  // names are literals

[[nodiscard]] std::string rejection_text(const sca::rejection& why);  // "code: message"
[[nodiscard]] std::vector<text_header> context_headers(const dead_letter_origin& origin, const sca_record& record,
                                                       const sca::rejection& why);
// As Kafka Connect logs it; where the record stands only with errors.log.include.messages.
[[nodiscard]] std::string log_text(const dead_letter_origin& origin, const sca_record* record, const sca::rejection& why);

}  // namespace sinkhost
