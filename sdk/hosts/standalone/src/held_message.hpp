// A consumed message on its way through the sink: owns librdkafka's message, whose bytes the record's views point into. It pins
// the fetch response it came in, so what is held is bounded by the sink's own buffer. Task thread only.
#pragma once
#include <vector>

#include "kafka_handles.hpp"
#include "sca/sink_task.hpp"

namespace sinkhost {

class held_message final : public sca::held_record {
 public:
  explicit held_message(message_handle message);

 private:
  void take_headers();

  message_handle message_;
  std::vector<sca_header> headers_;
};

}  // namespace sinkhost
