// Any bytes as a body of the REST interface or a line of a preview: refused with a reason, or read.
#include <cstdint>
#include <cstdlib>

#include "connector_json.hpp"
#include "preview_record.hpp"

namespace {

template <class T>
void has_reason_or_value(const sca::result<T>& r) {
  if (!r.has_value() && (r.error().message.empty() || r.error().message.size() > 2000)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  has_reason_or_value(sinkhost::parse_connector(body));
  has_reason_or_value(sinkhost::parse_config(body));
  has_reason_or_value(sinkhost::parse_config_patch(body));
  has_reason_or_value(sinkhost::parse_record(body, {.topic = "t", .offset = 3}));
  return 0;
}
