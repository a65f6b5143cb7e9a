// Any text as an expression: it is refused with a column inside the text, or it can be compiled and evaluated.
#include <cstdint>
#include <cstdlib>

#include "event/source.hpp"
#include "record.hpp"

namespace event = snap::event;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = event::parse_expression(text);
  if (parsed.has_error()) {
    if (parsed.error().column < 1 || parsed.error().column > size + 1 || parsed.error().message.empty()) std::abort();
    return 0;
  }
  constexpr std::string_view value = R"({"a":{"b":[{"c":1,"k":"x"},{"c":null},7]},"l":[[1,2],[3]],"t":"text","":{"":0}})";
  constexpr std::string_view key = R"({"id":7,"a":[{"b":1}]})";
  event::sources all;
  const event::compiled c = all.compile(parsed.value(), event::json::want::whole);
  all.freeze();
  event::json::decoder decoder(all.value_paths);
  if (!decoder.decode(value)) std::abort();
  event::reader read(all);
  const sca_record record = test_support::record_of(value, key);
  read.begin(record, decoder.result(), {});
  std::size_t seen = 0;
  read(c).each_scalar([&](const event::json::value& v) { seen += v.text.size(); });
  return seen > (1U << 20U) ? 1 : 0;
}
