// What the mapper's tests share: settings with the documented defaults, one record in, the outcome in a form that reads well.
#pragma once
#include <catch2/catch.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/settings.hpp"
#include "event/mapper.hpp"

namespace event_test {

using namespace std::string_literals;
using snap::config::preset;

inline constexpr std::string_view pixel = "11111111-1111-1111-1111-111111111111";
inline constexpr std::string_view snap_app = "22222222-2222-2222-2222-222222222222";
inline constexpr std::int64_t noon = 1650628800000;  // 2022-04-22T12:00:00Z: what every test calls now

[[nodiscard]] snap::config::settings defaults(preset from);
[[nodiscard]] snap::event::expression expr(std::string_view text);
[[nodiscard]] std::string sha256(std::string_view text);

// A record around a value.
struct given {
  std::string value;
  std::optional<std::string> key;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string topic = "orders", routed_topic = "orders";
  std::int32_t partition = 3;
  std::int64_t offset = 42;
  std::optional<std::int64_t> timestamp;
  bool null_value = false;
};

struct outcome {
  std::string fate;                  // send, reject, skip
  std::string stage, code, message;  // of reject and skip
  std::vector<std::string> events;   // the JSON of each
  std::vector<std::uint32_t> lanes;
  std::vector<std::string> ids;

  [[nodiscard]] const std::string& json() const { return events.at(0); }
  // The value at a JSON pointer of event n: a text's content, anything else as JSON, "-" when there is none.
  [[nodiscard]] std::string at(std::string_view pointer, std::size_t n = 0) const;
  [[nodiscard]] bool has(std::string_view raw) const { return json().find(raw) != std::string::npos; }
};

using change = std::function<void(snap::config::settings&)>;

// map(preset::segment, R"({…})")["/user_data/em/0"]
class mapping {
 public:
  explicit mapping(preset from, const change& c = {});
  [[nodiscard]] outcome operator()(const given& g);
  [[nodiscard]] outcome operator()(std::string_view value) {
    given g;
    g.value = value;
    return (*this)(g);
  }
  void explain(snap::event::trace& into) { mapper_.explain(&into); }
  [[nodiscard]] std::uint64_t count(std::string_view key, std::string_view what) const;

 private:
  snap::config::settings settings_;
  snap::event::mapper mapper_;
};

template <class Input>
[[nodiscard]] outcome map(preset from, const Input& in, const change& c = {}) {
  return mapping(from, c)(in);
}

// A change of one override: over("user_data.em", "$.mail").
[[nodiscard]] change over(std::string_view field, std::string_view expression);

// Smallest records that are sent, with more members after them: segment(R"("properties":{…})").
[[nodiscard]] std::string snap_event(std::string_view more = {}, std::string_view name = "PAGE_VIEW");
[[nodiscard]] std::string segment(std::string_view name, std::string_view properties = "{}", std::string_view more = {});
[[nodiscard]] std::string rudder(std::string_view name, std::string_view properties = "{}", std::string_view more = {});

// JSON rules that every output keeps: it reads as JSON, has no null, no empty text where an identifier stands.
[[nodiscard]] std::string fault_of(std::string_view json);

}  // namespace event_test
