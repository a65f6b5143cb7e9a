#include "bridge_task.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "packing.hpp"
#include "scripted_plugin.hpp"

using namespace sca::jni;
using sca::jni::testing::pack;

namespace {

// Reads what Java reads.
struct pulled {
  std::int32_t status = 0;
  std::string why;
  std::int64_t backlog = 0, held = 0;
  std::vector<std::string> positions, dead, lines;
  std::vector<std::int64_t> tickets;

  explicit pulled(const std::string& bytes) : at_(bytes.data()) {
    status = number<std::int32_t>();
    why = text();
    backlog = number<std::int64_t>();
    held = number<std::int64_t>();
    for (auto n = number<std::int32_t>(); n > 0; --n) {
      auto name = text();
      name += "-" + std::to_string(number<std::int32_t>());
      positions.push_back(name + "@" + std::to_string(number<std::int64_t>()));
    }
    for (auto n = number<std::int32_t>(); n > 0; --n) {
      tickets.push_back(number<std::int64_t>());
      auto letter = std::to_string(number<std::int64_t>());
      letter += " stage " + std::to_string(number<std::int32_t>()) + " ";
      letter += text();
      dead.push_back(letter + ": " + text());
    }
    for (auto n = number<std::int32_t>(); n > 0; --n) {
      auto level = std::to_string(number<std::int32_t>());
      lines.push_back(level + " " + text());
    }
    CHECK(at_ == bytes.data() + bytes.size());
  }

 private:
  template <class T>
  T number() {
    T v{};
    std::memcpy(&v, at_, sizeof v);
    at_ += sizeof v;
    return v;
  }
  std::string text() {
    const auto size = static_cast<std::size_t>(number<std::int32_t>());
    std::string out(at_, size);
    at_ += size;
    return out;
  }
  const char* at_;
};

struct subject {
  sca::testing::scripted_plugin plugin;
  std::unique_ptr<bridge_task> task;

  subject() {
    auto made = bridge_task::create(nullptr, plugin, {}, {}, SCA_LOG_INFO);
    REQUIRE(made.has_value());
    task = std::move(*made);
    REQUIRE(task->task().start().has_value());
    REQUIRE(task->task().open("orders", 3).has_value());
  }
  void log(std::int32_t level, const std::string& text) const {
    const sca_log_line line{.struct_size = sizeof line, .level = level, .message = sca::str(text), .file = nullptr, .line = 0};
    plugin.host->log(plugin.host, &line);
  }
};

}  // namespace

TEST_CASE("what is resolved is pulled as a position once, with the state of the task") {
  subject s;
  REQUIRE(s.task->offer(pack({"orders"}, {{.offset = 40}, {.offset = 41}})).has_value());
  s.plugin.positions[1] = 41;
  const pulled first(s.task->pull());
  CHECK(first.status == SCA_OK);
  CHECK(first.positions == std::vector<std::string>{"orders-3@41"});
  CHECK(first.held == 1);
  CHECK(pulled(s.task->pull()).positions.empty());
}

TEST_CASE("a rejection is pulled once, by the record's number, and its position only after it was settled") {
  subject s;
  s.plugin.reject_in_put = {40};
  REQUIRE(s.task->offer(pack({"orders"}, {{.sequence = 77, .offset = 40}})).has_value());
  s.plugin.positions[1] = 41;
  const pulled first(s.task->pull());
  CHECK(first.dead == std::vector<std::string>{"77 stage 2 record.bad: it is bad"});
  CHECK(first.positions.empty());
  CHECK(pulled(s.task->pull()).dead.empty());
  s.task->task().settled(static_cast<std::uint64_t>(first.tickets.at(0)), sca::settlement::durable);
  CHECK(pulled(s.task->pull()).positions == std::vector<std::string>{"orders-3@41"});
}

TEST_CASE("what the sink would not take is counted as backlog") {
  subject s;
  s.plugin.room = 1;
  REQUIRE(s.task->offer(pack({"orders"}, {{.offset = 40}, {.offset = 41}, {.offset = 42}})).has_value());
  CHECK(pulled(s.task->pull()).backlog == 2);
}

TEST_CASE("a failed sink is pulled with its reason, and what was safe before with it") {
  subject s;
  REQUIRE(s.task->offer(pack({"orders"}, {{.offset = 40}})).has_value());
  s.plugin.positions[1] = 41;
  s.plugin.fail["progress"] = SCA_UNAUTHENTICATED;
  const pulled p(s.task->pull());
  CHECK(p.status == SCA_UNAUTHENTICATED);
  CHECK(p.why == "progress failed");
  CHECK(p.positions == std::vector<std::string>{"orders-3@41"});
}

TEST_CASE("log lines of any thread are pulled in order, and a flood is cut and counted") {
  subject s;
  std::thread([&] { s.log(SCA_LOG_WARN, "from elsewhere"); }).join();
  CHECK(pulled(s.task->pull()).lines == std::vector<std::string>{"30 from elsewhere"});
  for (int i = 0; i < 1'500; ++i) s.log(SCA_LOG_INFO, "again");
  const auto lines = pulled(s.task->pull()).lines;
  REQUIRE(lines.size() == 1'001);
  CHECK(lines.back() == "30 500 log lines were dropped: they came faster than they are pulled");
}

TEST_CASE("the level that the sink asks for is the one set last") {
  subject s;
  CHECK(s.plugin.host->log_level(s.plugin.host) == SCA_LOG_INFO);
  s.task->log_at(SCA_LOG_DEBUG);
  CHECK(s.plugin.host->log_level(s.plugin.host) == SCA_LOG_DEBUG);
}

TEST_CASE("a task may be destroyed with records in flight, waiting and among the dead letters") {
  subject s;
  s.plugin.room = 2;
  s.plugin.reject_in_put = {40};
  REQUIRE(s.task->offer(pack({"orders"}, {{.offset = 40}, {.offset = 41}, {.offset = 42}})).has_value());
  REQUIRE(s.task->offer(pack({"orders"}, {{.offset = 43}})).has_value());
  CHECK(pulled(s.task->pull()).held == 4);
  s.task->task().close("orders", 3);  // the rejected record outlives its assignment
  s.task.reset();
  CHECK(s.plugin.destroyed == 1);
}

TEST_CASE("a malformed buffer fails the call and not the task") {
  subject s;
  CHECK_FALSE(s.task->offer("SCAB").has_value());
  REQUIRE(s.task->offer(pack({"orders"}, {{}})).has_value());
  CHECK(pulled(s.task->pull()).status == SCA_OK);
}
