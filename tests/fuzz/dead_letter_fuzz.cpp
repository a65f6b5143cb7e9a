// Any topic, code and message as a dead letter: ten headers, whose message begins with the code, and a line for the log.
#include <cstdint>
#include <cstdlib>

#include "dead_letter_headers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  std::string_view rest(reinterpret_cast<const char*>(data) + 2, size - 2);
  const auto piece = [&](std::size_t n) {
    const std::string_view s = rest.substr(0, n);
    rest.remove_prefix(s.size());
    return s;
  };
  const std::string_view topic = piece(data[0] % 64), code = piece(data[1] % 32);
  sca_record record{};
  record.struct_size = sizeof record;
  record.topic = sca::str(topic);
  record.partition = data[0];
  record.offset = data[1];
  record.value = {reinterpret_cast<const std::uint8_t*>(rest.data()), rest.size()};
  const sca::rejection why{.assignment = 1, .offset = record.offset, .stage = data[0], .code = code, .message = rest};
  const auto headers = sinkhost::context_headers({"connector", 7}, record, why);
  if (headers.size() != 10 || !sinkhost::rejection_text(why).starts_with(code)) std::abort();
  if (sinkhost::log_text({"connector", 7}, &record, why).empty() || sinkhost::log_text({"connector", 7}, nullptr, why).empty())
    std::abort();
  return 0;
}
