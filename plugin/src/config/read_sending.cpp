#include "config/reader.hpp"

namespace snap::config {
namespace {

[[nodiscard]] std::uint32_t count(const reader& in, std::string_view key) {
  return static_cast<std::uint32_t>(in.values().integer(key));
}
[[nodiscard]] std::uint64_t bytes(const reader& in, std::string_view key) {
  return static_cast<std::uint64_t>(in.values().integer(key));
}

}  // namespace

void read_sending(reader& in, settings& out) {
  const sca::config_values& v = in.values();
  out.batch = {.max_events = count(in, "batch.max.events"),
               .max_bytes = bytes(in, "batch.max.bytes"),
               .linger = v.duration("batch.linger.ms"),
               .test_event_code = std::string(in.text("snapchat.test.event.code"))};
  out.buffer = {.max_records = count(in, "buffer.max.records"), .max_bytes = bytes(in, "buffer.max.bytes")};
  out.retry = {.backoff = v.duration("retry.backoff.ms"),
               .backoff_max = v.duration("retry.backoff.max.ms"),
               .timeout = v.duration("retry.timeout.ms")};

  if (out.buffer.max_bytes < out.batch.max_bytes) {
    in.error("buffer.max.bytes", "conflict",
             std::to_string(out.buffer.max_bytes) + " is below batch.max.bytes (" + std::to_string(out.batch.max_bytes) +
                 "), so no batch could fill; raise it, or lower batch.max.bytes");
  }
  if (out.retry.backoff > out.retry.backoff_max) {
    in.error("retry.backoff.ms", "conflict",
             std::to_string(out.retry.backoff.count()) + " is above retry.backoff.max.ms (" +
                 std::to_string(out.retry.backoff_max.count()) + "); lower it, or raise retry.backoff.max.ms");
  }
  if (out.buffer.max_records < out.batch.max_events) {
    in.warning("buffer.max.records", "risky",
               "is below batch.max.events (" + std::to_string(out.batch.max_events) +
                   "), so batches are sent by batch.linger.ms and never fill; raise it, or lower batch.max.events");
  }
}

}  // namespace snap::config
