// Any bytes as an HTTP answer: the same however the network cuts them, and within the limits.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "net/answer_reader.hpp"

namespace net = snap::net;
using state = net::answer_reader::state;

namespace {

constexpr net::answer_limits limits{.header_bytes = 512, .body_bytes = 256, .fields = 10, .interim = 3};

struct outcome {
  state end = state::more;
  int status = 0;
  std::string body;
  friend bool operator==(const outcome&, const outcome&) = default;
};

outcome read(std::string_view bytes, std::size_t piece, net::answer_to to) {
  net::answer_reader reader(limits, to);
  outcome o;
  for (std::size_t at = 0; at < bytes.size() && o.end == state::more; at += piece) o.end = reader.feed(bytes.substr(at, piece));
  if (o.end == state::more) o.end = reader.end(net::stream_end::clean);
  if (o.end == state::more) std::abort();  // the end is the end
  if (o.end == state::failed) {
    if (reader.error().what == net::link_failure::none) std::abort();
    return o;  // which of several faults is seen first may depend on the cuts
  }
  net::answer_parts parts = reader.take();
  if (parts.body.size() > limits.body_bytes || parts.status < 200 || parts.status > 999) std::abort();
  o.status = parts.status;
  o.body = std::move(parts.body);
  return o;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto to = data[0] == 'c' ? net::answer_to::connect : net::answer_to::post;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const outcome whole = read(bytes, bytes.size() + 1, to);
  for (const std::size_t piece : {1U, 2U, 7U}) {
    if (!(read(bytes, piece, to) == whole)) std::abort();
  }
  return 0;
}
