#include "health.hpp"

#include <fmt/format.h>

#include <optional>

#include "json_slice.hpp"

namespace sinkhost {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_silence{60'000};  // a turn of a task's thread takes seconds at most

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string with_reason(std::string what, const std::string& trace) {
  return trace.empty() ? what : what + ": " + first_line(trace);
}

std::optional<std::string> trouble_of(const task_view& t, milliseconds stuck_after) {
  if (t.state == "FAILED") return with_reason("failed", t.trace);
  if (t.state != "RUNNING") return std::nullopt;
  if (t.silent >= longest_silence) {
    return fmt::format(
        "stuck: its thread has not come round for {} s; a call into the sink or into Kafka's client does not return",
        t.silent.count() / 1000);
  }
  if (t.stalled < stuck_after) return std::nullopt;
  return with_reason(fmt::format("stuck: nothing has got done for {} s", t.stalled.count() / 1000), t.trace);
}

std::vector<std::string> troubles_of(const std::vector<connector_view>& connectors, milliseconds stuck_after) {
  std::vector<std::string> out;
  for (const connector_view& c : connectors) {
    if (c.state == "FAILED") out.push_back(with_reason(c.name + " failed", c.trace));
    for (const task_view& t : c.tasks) {
      if (const auto trouble = trouble_of(t, stuck_after)) out.push_back(fmt::format("{} task {} {}", c.name, t.id, *trouble));
    }
  }
  return out;
}

}  // namespace

std::string json_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? "," : "") + json_quoted(text);
  return out + "]";
}

rest_response health_answer(const std::vector<connector_view>& connectors, const std::vector<std::string>& at_startup,
                            milliseconds stuck_after) {
  auto problems = troubles_of(connectors, stuck_after);
  if (!problems.empty()) {
    const auto count = problems.size();
    problems.insert(problems.end(), at_startup.begin(), at_startup.end());
    return {.status = 503,
            .body = fmt::format(
                R"({{"status":"unhealthy","message":"{} connector(s) or task(s) have failed or are stuck","problems":{}}})",
                count, json_list(problems))};
  }
  if (at_startup.empty()) {
    return {.status = 200,
            .body = R"({"status":"healthy","message":"sink-host has completed startup and is ready to handle requests."})"};
  }
  return {.status = 200,
          .body = fmt::format(R"({{"status":"degraded","message":"{} problem(s) at startup","problems":{}}})", at_startup.size(),
                              json_list(at_startup))};
}

}  // namespace sinkhost
