// Any bytes as a record's value: what the decoder takes is JSON to a full parser too, and its tape is sound.
#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>

#include "event/source.hpp"

namespace event = snap::event;

namespace {

struct subject {
  subject() {
    for (const char* path : {"$.a.b[0].c", "$.list[*].x", "$.list[key='k'].v", "$['any name']", "$.whole", "$.a"})
      all.compile(event::parse_expression(path).value(), event::json::want::whole);
    all.freeze();
  }
  event::sources all;
};

// A node's children end where it ends.
bool sound(const event::json::node& n, const event::json::node* end) {
  if (n.span < 1 || &n + n.span > end) return false;
  if (!event::json::is_container(n.what)) return n.span == 1;
  for (const event::json::node& child : event::json::children(n)) {
    if (!sound(child, &n + n.span)) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static subject s;
  static event::json::decoder decoder(s.all.value_paths);
  std::string_view value(reinterpret_cast<const char*>(data), size);
  if (!decoder.decode(value)) return 0;
  for (const event::json::node& n : decoder.result().tape) {
    if (!sound(n, decoder.result().tape.data() + decoder.result().tape.size())) std::abort();
  }
  if (value.starts_with("\xEF\xBB\xBF")) value.remove_prefix(3);
  boost::json::parse_options deep;
  deep.max_depth = 128;
  boost::system::error_code failed;
  boost::json::parse(value, failed, {}, deep);
  if (failed) std::abort();
  return 0;
}
