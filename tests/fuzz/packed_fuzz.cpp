// Any bytes as a packed buffer of records: an error that names what is wrong, or records whose every byte can be read.
#include <cstdint>
#include <cstdlib>

#include "packed.hpp"

namespace {

std::size_t sum(sca_bytes b) {
  std::size_t n = 0;
  for (std::size_t i = 0; b.data != nullptr && i < b.size; ++i) n += b.data[i];
  return n;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = sca::jni::unpack_records({reinterpret_cast<const char*>(data), size});
  if (!read.has_value()) {
    if (read.error().message.empty()) std::abort();
    return 0;
  }
  std::size_t n = 0;
  for (const auto& held : *read) {
    const sca_record& r = held->record;
    n += sum(r.key) + sum(r.value) + r.topic.size + r.routed_topic.size;
    for (std::size_t h = 0; h < r.header_count; ++h) n += r.headers[h].key.size + sum(r.headers[h].value);
  }
  return n == ~std::size_t{0} ? 1 : 0;
}
