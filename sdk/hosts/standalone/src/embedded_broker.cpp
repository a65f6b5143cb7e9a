#include "embedded_broker.hpp"

#include <array>

#include "kafka_handles.hpp"
#include "task_log.hpp"

// after rdkafka.h, which it needs and does not include
#include <librdkafka/rdkafka_mock.h>

namespace sinkhost {
namespace {

using cluster_handle = kafka_owner<rd_kafka_mock_cluster_t, rd_kafka_mock_cluster_destroy>;

}  // namespace

struct embedded_broker::impl {
  task_log log{"embedded-broker"};
  client_opaque opaque{&log, nullptr};
  client_handle client;    // the cluster lives on its event loop
  cluster_handle cluster;  // destroyed before it
};

embedded_broker::embedded_broker() : impl_(std::make_unique<impl>()) {}
embedded_broker::~embedded_broker() = default;

sca::result<std::unique_ptr<embedded_broker>> embedded_broker::start() {
  std::unique_ptr<embedded_broker> self{new embedded_broker};
  auto& in = *self->impl_;
  std::array<char, 512> reason{};
  conf_handle conf{rd_kafka_conf_new()};
  rd_kafka_conf_set_opaque(conf.get(), &in.opaque);
  rd_kafka_conf_set_log_cb(conf.get(), &log_of_client);
  rd_kafka_conf_set(conf.get(), "client.id", "embedded-broker", reason.data(), reason.size());
  rd_kafka_conf_set(conf.get(), "log_level", "3", reason.data(), reason.size());  // it warns that it knows no other broker
  in.client.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), reason.data(), reason.size()));
  if (!in.client) return sca::fail(SCA_UNAVAILABLE, std::string{"the embedded broker did not start: "} + reason.data());
  static_cast<void>(conf.release());  // the client's now
  in.cluster.reset(rd_kafka_mock_cluster_new(in.client.get(), 1));
  if (!in.cluster) return sca::fail(SCA_UNAVAILABLE, "the embedded broker did not start: no free port on 127.0.0.1");
  self->bootstrap_servers_ = rd_kafka_mock_cluster_bootstraps(in.cluster.get());
  in.log.warn(
      "Kafka is simulated inside this process at " + self->bootstrap_servers_ +
      ": for trying out. It keeps at most 5 MB or 100 000 messages a partition, in memory, and forgets all of it, committed "
      "offsets too, when the process ends. Use --bootstrap.servers for a real one.");
  return self;
}

rd_kafka_mock_cluster_s* embedded_broker::cluster() const noexcept { return impl_->cluster.get(); }

}  // namespace sinkhost
