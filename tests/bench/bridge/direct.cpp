// The same records through the C++ loader and sca::sink_task, without a JVM: the limit the bridge is measured against.
// usage: bench_direct LIBRARY RECORDS        prints nanoseconds a record
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "sca/loader.hpp"
#include "sca/sink_task.hpp"

namespace {

constexpr std::size_t batch = 500;
constexpr int partitions = 4;

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

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  sca::load_error why{};
  const auto library = sca::library::open(argv[1], why);
  if (!library) {
    std::fprintf(stderr, "bench_direct: %s\n", why.message.c_str());
    return 1;
  }
  const std::size_t total = std::stoull(argv[2]);
  quiet_host host;
  sca::sink_task_options options;
  options.connector = "bench";
  auto made = sca::sink_task::create(*library->connectors()[0], {}, options, host);
  must(made);
  auto& task = **made;
  must(task.start());
  for (int p = 0; p < partitions; ++p) must(task.open("orders", p));
  const std::string value(810, 'x');
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t at = 0; at < total; at += batch) {
    std::vector<std::unique_ptr<sca::held_record>> records;
    records.reserve(batch);
    for (std::size_t i = at; i < at + batch; ++i) {
      auto r = std::make_unique<owned_record>();
      r->value = value;
      r->record = {.struct_size = sizeof(sca_record),
                   .partition = static_cast<int32_t>(i % partitions),
                   .offset = static_cast<int64_t>(i / partitions),
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
    const auto now = sca::sink_task::clock::now();
    must(task.offer(std::move(records), now));
    must(task.pump(now));
    if (task.take_committable().empty()) return 1;
  }
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
  std::printf("%.1f\n", took.count() / static_cast<double>(total));
  return 0;
}
