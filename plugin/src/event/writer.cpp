#include "event/writer.hpp"

#include <algorithm>

#include "event/json/decimal.hpp"

namespace snap::event {

void writer::grow(std::size_t n) {
  const std::size_t wanted = std::max<std::size_t>({4096, capacity_ * 2, size_ + n});
  auto larger = std::make_unique<char[]>(wanted);
  if (size_ > 0) std::memcpy(larger.get(), buffer_.get(), size_);
  buffer_ = std::move(larger);
  capacity_ = wanted;
}

void writer::escaped(std::string_view s) {
  static constexpr std::string_view hex = "0123456789abcdef";
  const auto special = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; };
  raw("\"");
  for (std::size_t from = 0; from < s.size();) {
    std::size_t to = from;
    while (to < s.size() && !special(s[to])) ++to;
    raw(s.substr(from, to - from));
    if (to == s.size()) break;
    const auto c = static_cast<unsigned char>(s[to]);
    switch (c) {
      case '"': raw("\\\""); break;
      case '\\': raw("\\\\"); break;
      case '\n': raw("\\n"); break;
      case '\r': raw("\\r"); break;
      case '\t': raw("\\t"); break;
      default:
        raw("\\u00");
        raw(hex.substr(c >> 4U, 1));
        raw(hex.substr(c & 15U, 1));
    }
    from = to + 1;
  }
  raw("\"");
}

namespace {

bool copy_children(const json::node& n, writer& out) {
  const bool object = n.what == json::kind::object;
  const std::size_t from = out.size();
  for (const json::node& child : json::children(n)) {
    const std::size_t before = out.size();
    out.comma();
    if (object) {
      out.text(child.key, child.key_plain);
      out.raw(":");
    }
    if (!copy_value(child, out)) out.rewind(before);
  }
  if (out.size() == from) return false;
  object ? out.close_object(from) : out.close_list(from);
  return true;
}

}  // namespace

bool copy_value(const json::node& n, writer& out) {
  switch (n.what) {
    case json::kind::absent:
    case json::kind::null: return false;
    case json::kind::boolean: out.raw(n.text); return true;
    case json::kind::number:
      if (!json::in_range(n.text)) return false;
      out.raw(n.text);
      return true;
    case json::kind::string: out.text(n.text, n.plain); return true;
    case json::kind::array:
    case json::kind::object: return copy_children(n, out);
  }
  return false;
}

}  // namespace snap::event
