#include "json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <numeric>
#include <optional>
#include <set>

namespace simulator {
namespace {

namespace bj = boost::json;

// Receives the parser's events and builds the value; `open_` is the path from the root to the container being filled.
class tree_builder {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  using view = bj::string_view;

  bool on_document_begin(bj::error_code&) { return true; }
  bool on_document_end(bj::error_code&) { return true; }
  bool on_object_begin(bj::error_code&) { return open(json_kind::object); }
  bool on_object_end(std::size_t, bj::error_code&) { return close(); }
  bool on_array_begin(bj::error_code&) { return open(json_kind::array); }
  bool on_array_end(std::size_t, bj::error_code&) { return close(); }
  bool on_key_part(view part, std::size_t, bj::error_code&) { return keep(part); }
  bool on_key(view part, std::size_t, bj::error_code&) {
    keep(part);
    open_.back().names.push_back(std::exchange(pending_, {}));
    return true;
  }
  bool on_string_part(view part, std::size_t, bj::error_code&) { return keep(part); }
  bool on_string(view part, std::size_t, bj::error_code&) { return keep(part) && scalar(json_kind::text); }
  bool on_number_part(view part, bj::error_code&) { return keep(part); }
  bool on_int64(std::int64_t, view part, bj::error_code&) { return keep(part) && number(); }
  bool on_uint64(std::uint64_t, view part, bj::error_code&) { return keep(part) && number(); }
  bool on_double(double, view part, bj::error_code&) { return keep(part) && number(); }
  bool on_bool(bool flag, bj::error_code&) {
    json made{.kind = json_kind::boolean, .flag = flag, .text = {}, .names = {}, .items = {}};
    return add(std::move(made));
  }
  bool on_null(bj::error_code&) { return add({}); }
  bool on_comment_part(view, bj::error_code&) { return true; }
  bool on_comment(view, bj::error_code&) { return true; }

  json take() { return std::move(*root_); }

 private:
  bool keep(view part) {
    pending_.append(part.data(), part.size());
    return true;
  }
  bool scalar(json_kind kind) {
    return add({.kind = kind, .flag = false, .text = std::exchange(pending_, {}), .names = {}, .items = {}});
  }
  bool number() {
    const bool whole = pending_.find_first_of(".eE") == std::string::npos;
    return scalar(whole ? json_kind::integer : json_kind::real);
  }
  bool open(json_kind kind) {
    open_.push_back({.kind = kind, .flag = false, .text = {}, .names = {}, .items = {}});
    return true;
  }
  bool close() {
    json done = std::move(open_.back());
    open_.pop_back();
    return add(std::move(done));
  }
  bool add(json value) {
    if (open_.empty())
      root_ = std::move(value);
    else
      open_.back().items.push_back(std::move(value));
    return true;
  }

  std::vector<json> open_;
  std::string pending_;
  std::optional<json> root_;
};

void write_canonical(const json& value, std::string& out) {
  switch (value.kind) {
    case json_kind::null: out += "null"; return;
    case json_kind::boolean: out += value.flag ? "true" : "false"; return;
    case json_kind::integer:
    case json_kind::real: out += value.text; return;
    case json_kind::text: out += quoted(value.text); return;
    case json_kind::array:
    case json_kind::object: break;
  }
  const bool object = value.is(json_kind::object);
  std::vector<std::size_t> order(value.items.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (object) std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return value.names[a] < value.names[b]; });
  out += object ? '{' : '[';
  for (const auto index : order) {
    if (index != order.front()) out += ',';
    if (object) out += quoted(value.names[index]) + ':';
    write_canonical(value.items[index], out);
  }
  out += object ? '}' : ']';
}

}  // namespace

const json* json::find(std::string_view name) const {
  const auto at = std::find(names.begin(), names.end(), name);
  return at == names.end() ? nullptr : &items[static_cast<std::size_t>(at - names.begin())];
}

std::variant<json, parse_failure> parse_json(std::string_view text) {
  bj::basic_parser<tree_builder> parser{bj::parse_options{}};
  bj::error_code error;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (!error && used < text.size()) error = bj::error::extra_data;
  if (error) return parse_failure{error.message()};
  return parser.handler().take();
}

std::string_view repeated_name(const json& value) {
  std::set<std::string_view> seen;
  for (const auto& name : value.names)
    if (!seen.insert(name).second) return name;
  for (const auto& item : value.items)
    if (const auto found = repeated_name(item); !found.empty()) return found;
  return {};
}

bool holds_null(const json& value) {
  return value.is(json_kind::null) || std::any_of(value.items.begin(), value.items.end(), holds_null);
}

std::string canonical(const json& value) {
  std::string out;
  write_canonical(value, out);
  return out;
}

std::string quoted(std::string_view text) { return bj::serialize(bj::string_view{text.data(), text.size()}); }

std::string text_of(const json& object, std::string_view name, std::string_view fallback) {
  const json* found = object.find(name);
  return std::string{found != nullptr && found->is(json_kind::text) ? std::string_view{found->text} : fallback};
}

long long integer_of(const json& object, std::string_view name, long long fallback) {
  const json* found = object.find(name);
  if (found == nullptr || !found->is(json_kind::integer)) return fallback;
  long long value = fallback;
  const auto read = std::from_chars(found->text.data(), found->text.data() + found->text.size(), value);
  return read.ec == std::errc{} ? value : fallback;
}

}  // namespace simulator
