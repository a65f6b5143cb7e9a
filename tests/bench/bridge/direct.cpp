// The same records through the C++ loader and sca::sink_task, without a JVM: the limit the bridge is measured against.
// usage: bench_direct LIBRARY RECORDS        prints nanoseconds a record: the median of rounds, in processor time of the thread
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "sca/loader.hpp"
#include "sca/sink_task.hpp"

namespace {

constexpr std::int64_t batch = 500;
constexpr int partitions = 4;
constexpr std::int64_t per_partition = batch / partitions;
constexpr int rounds = 20;

struct quiet_host final : sca::sink_task_host {
  void wake() noexcept override {}
  int32_t log_level() noexcept override { return SCA_LOG_MISUSE; }
  void log(const sca_log_line&) noexcept override {}
  void dead_letter(sca::dead_letter_ticket, const sca::held_record&, const sca::rejection&) override {}
};

// A host owns the bytes of what it hands over: as with librdkafka and the bridge, they are copied once.
struct owned_record final : sca::held_record {
  std::string value;
};

template <class T>
void must(const sca::result<T>& r) {
  if (r) return;
  std::fprintf(stderr, "bench_direct: %s\n", r.error().message.c_str());
  std::exit(1);
}

// Of this thread: what else runs on the machine does not count.
double processor_nanoseconds() {
  timespec t{};
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

// One poll of the consumer from `offset` on, partition after partition.
std::vector<std::unique_ptr<sca::held_record>> poll(std::int64_t offset, const std::string& value) {
  std::vector<std::unique_ptr<sca::held_record>> records;
  records.reserve(batch);
  for (int p = 0; p < partitions; ++p) {
    for (std::int64_t i = 0; i < per_partition; ++i) {
      auto r = std::make_unique<owned_record>();
      r->value = value;
      r->record = {.struct_size = sizeof(sca_record),
                   .partition = p,
                   .offset = offset + i,
                   .assignment = 0,
                   .timestamp_ms = 1,
                   .timestamp_type = SCA_TIMESTAMP_CREATE,
                   .reserved = 0,
                   .topic = SCA_STR("orders"),
                   .routed_topic = SCA_STR("orders"),
                   .key = {nullptr, 0},
                   .value = sca::bytes(r->value),
                   .headers = nullptr,
                   .header_count = 0};
      records.push_back(std::move(r));
    }
  }
  return records;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  sca::load_error why{};
  const auto library = sca::library::open(argv[1], why);
  if (!library) {
    std::fprintf(stderr, "bench_direct: %s\n", why.message.c_str());
    return 1;
  }
  const std::int64_t polls = std::stoll(argv[2]) / rounds / batch;
  quiet_host host;
  sca::sink_task_options options;
  options.connector = "bench";
  auto made = sca::sink_task::create(*library->connectors()[0], {}, options, host);
  must(made);
  auto& task = **made;
  must(task.start());
  for (int p = 0; p < partitions; ++p) must(task.open("orders", p));
  const std::string value(810, 'x');
  std::vector<double> took;
  std::int64_t offset = 0;
  for (int round = 0; round < rounds; ++round) {
    const double begin = processor_nanoseconds();
    for (std::int64_t n = 0; n < polls; ++n, offset += per_partition) {
      const auto now = sca::sink_task::clock::now();
      must(task.offer(poll(offset, value), now));
      must(task.pump(now));
      if (task.take_committable().empty()) return 1;
    }
    took.push_back((processor_nanoseconds() - begin) / static_cast<double>(polls * batch));
  }
  std::sort(took.begin(), took.end());
  std::printf("%.1f\n", took[took.size() / 2]);
  return 0;
}
