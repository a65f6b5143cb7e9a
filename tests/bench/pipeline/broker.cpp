// bench_broker: librdkafka's mock cluster with the benchmark's input in it. The mock keeps only 5 MB or 100 000 messages a
// partition, so the input is spread over many. Prints "bootstrap HOST:PORT events N bytes B" when all is produced, then waits for
// SIGTERM.
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <signal.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>

#include "shop_event.hpp"

namespace {

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "bench_broker: %s\n", what.c_str());
  std::exit(1);
}

struct kafka_deleter {
  void operator()(rd_kafka_t* k) const noexcept { rd_kafka_destroy(k); }
};
struct topic_deleter {
  void operator()(rd_kafka_topic_t* t) const noexcept { rd_kafka_topic_destroy(t); }
};

void set(rd_kafka_conf_t* conf, const char* key, const char* value) {
  std::array<char, 256> error{};
  if (rd_kafka_conf_set(conf, key, value, error.data(), error.size()) != RD_KAFKA_CONF_OK) fail(error.data());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) fail("usage: bench_broker TOPIC PARTITIONS EVENTS");
  const std::string topic = argv[1];
  const int partitions = std::atoi(argv[2]);
  const auto events = static_cast<std::uint64_t>(std::atoll(argv[3]));
  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  sigaddset(&end, SIGINT);
  sigprocmask(SIG_BLOCK, &end, nullptr);  // before librdkafka's threads, which inherit it

  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  set(conf, "test.mock.num.brokers", "1");
  set(conf, "log_level", "4");  // not the notice that this is a mock
  set(conf, "linger.ms", "50");
  set(conf, "batch.num.messages", "1000");
  set(conf, "queue.buffering.max.messages", "1000000");
  std::array<char, 256> error{};
  const std::unique_ptr<rd_kafka_t, kafka_deleter> producer(rd_kafka_new(RD_KAFKA_PRODUCER, conf, error.data(), error.size()));
  if (!producer) fail(error.data());
  rd_kafka_mock_cluster_t* cluster = rd_kafka_handle_mock_cluster(producer.get());
  if (rd_kafka_mock_topic_create(cluster, topic.c_str(), partitions, 1) != 0) fail("topic " + topic);
  if (rd_kafka_mock_topic_create(cluster, (topic + "-dead").c_str(), 1, 1) != 0) fail("topic " + topic + "-dead");

  const std::unique_ptr<rd_kafka_topic_t, topic_deleter> to(rd_kafka_topic_new(producer.get(), topic.c_str(), nullptr));
  const std::int64_t now = std::time(nullptr);
  std::uint64_t bytes = 0;
  for (std::uint64_t n = 0; n < events; ++n) {
    const std::string value = bench::shop_event(n, now);
    bytes += value.size();
    const auto partition = static_cast<int>(n * static_cast<std::uint64_t>(partitions) / events);
    // librdkafka copies; its C signature wants a mutable pointer all the same
    while (rd_kafka_produce(to.get(), partition, RD_KAFKA_MSG_F_COPY, const_cast<char*>(value.data()), value.size(), nullptr, 0,
                            nullptr) != 0) {
      if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL) fail(rd_kafka_err2str(rd_kafka_last_error()));
      rd_kafka_poll(producer.get(), 10);
    }
  }
  if (rd_kafka_flush(producer.get(), 60'000) != RD_KAFKA_RESP_ERR_NO_ERROR) fail("not all events were produced");
  std::printf("bootstrap %s events %llu bytes %llu\n", rd_kafka_mock_cluster_bootstraps(cluster),
              static_cast<unsigned long long>(events), static_cast<unsigned long long>(bytes));
  std::fflush(stdout);
  int signal = 0;
  sigwait(&end, &signal);
  return 0;
}
