// --embedded-broker: librdkafka's mock cluster in this process, so that a first run needs nothing else. It keeps nothing:
// about 5 MB or 100 000 messages a partition, in memory, gone when the process ends. Said in the log and in the docs.
#pragma once
#include <memory>
#include <string>

#include "sca/status.hpp"

struct rd_kafka_mock_cluster_s;

namespace sinkhost {

// environment::brokers is broker_kind::embedded then: a few settings and requests differ.
class embedded_broker {
 public:
  [[nodiscard]] static sca::result<std::unique_ptr<embedded_broker>> start();
  ~embedded_broker();
  [[nodiscard]] const std::string& bootstrap_servers() const noexcept { return bootstrap_servers_; }
  [[nodiscard]] rd_kafka_mock_cluster_s* cluster() const noexcept;  // for tests that break it

 private:
  embedded_broker();
  struct impl;
  std::unique_ptr<impl> impl_;
  std::string bootstrap_servers_;
};

}  // namespace sinkhost
