// Expressions as they are written, for explanations.
#include <algorithm>

#include "event/expression.hpp"

namespace snap::event {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

bool is_plain_name(std::string_view name) noexcept {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '$';
  });
}

std::string written(const path& steps) {
  std::string out;
  for (const step& s : steps) {
    switch (s.what) {
      case step::kind::member: out += is_plain_name(s.name) ? "." + s.name : "[" + quoted(s.name) + "]"; break;
      case step::kind::index: out += "[" + std::to_string(s.index) + "]"; break;
      case step::kind::every: out += "[*]"; break;
      case step::kind::pick: out += "[" + s.name + "=" + quoted(s.text) + "]"; break;
    }
  }
  return out;
}

std::string written_call(const alternative& a) {
  std::string inside;
  for (const alternative& i : a.inside) {
    if (!inside.empty()) inside += a.by == transform::sum ? " * " : " | ";
    const bool wrapped = a.by == transform::sum && !i.text.empty();
    inside += wrapped ? "(" + to_text(i) + " | default(" + quoted(i.text) + "))" : to_text(i);
  }
  return std::string(name_of(a.by)) + "(" + inside + ")";
}

}  // namespace

std::string to_text(const alternative& a) {
  switch (a.from) {
    case alternative::root::value: return "$" + written(a.steps);
    case alternative::root::key: return "$key" + written(a.steps);
    case alternative::root::header: return "$header[" + quoted(a.text) + "]";
    case alternative::root::topic: return "$topic";
    case alternative::root::timestamp: return "$timestamp";
    case alternative::root::literal: return quoted(a.text);
    case alternative::root::call: return written_call(a);
  }
  return {};
}

}  // namespace snap::event
