#include "sca/sink_base.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "sca/testing/fake_host.hpp"
#include "sca/testing/record_batch.hpp"

using sca::testing::fake_host;
using sca::testing::record_batch;
using sca::testing::record_spec;

namespace {

struct text : sca_error {
  text() : sca_error(SCA_ERROR_INIT) {}
  [[nodiscard]] std::string str() const { return message; }
};

// Only what the base class leaves abstract.
class void_sink : public sca::sink_base {
 public:
  using sca::sink_base::sink_base;

 private:
  sca::result<void> do_open(std::uint64_t, std::string_view, std::int32_t) override { return {}; }
  void do_close(std::uint64_t) override {}
  sca::result<void> do_put(std::span<const sca_record* const> records, std::size_t& accepted) override {
    accepted = records.size();
    return {};
  }
  sca::result<void> do_progress(std::span<sca_position>) override { return {}; }
};

// Each step does what the test says.
class scripted_sink : public sca::sink_base {
 public:
  struct script {
    std::function<sca::result<void>()> start, open, progress, flush;
    std::function<void()> close, stop;
    std::function<sca::result<void>(std::size_t&)> put;
    std::function<const void*()> extension;
    int stops = 0, destroyed = 0;
    bool positions_clean = true;
  };
  scripted_sink(const sca_host* host, script& s) : sink_base(host), script_(s) {}
  ~scripted_sink() override { ++script_.destroyed; }

 private:
  static sca::result<void> run(const std::function<sca::result<void>()>& f) { return f ? f() : sca::result<void>{}; }
  sca::result<void> do_start() override { return run(script_.start); }
  sca::result<void> do_open(std::uint64_t, std::string_view, std::int32_t) override { return run(script_.open); }
  void do_close(std::uint64_t) override {
    if (script_.close) script_.close();
  }
  sca::result<void> do_put(std::span<const sca_record* const> records, std::size_t& accepted) override {
    if (script_.put) return script_.put(accepted);
    accepted = records.size();
    return {};
  }
  sca::result<void> do_progress(std::span<sca_position> positions) override {
    for (const sca_position& p : positions) script_.positions_clean = script_.positions_clean && p.offset == SCA_NO_POSITION;
    return run(script_.progress);
  }
  sca::result<void> do_flush(std::chrono::milliseconds) override { return run(script_.flush); }
  void do_stop() override {
    ++script_.stops;
    if (script_.stop) script_.stop();
  }
  const void* do_extension(std::string_view) override { return script_.extension ? script_.extension() : nullptr; }
  script& script_;
};

struct subject {
  fake_host host;
  scripted_sink::script script;
  sca_sink* sink = sca::sink_base::release(std::make_unique<scripted_sink>(host.abi(), script));
  text error;

  ~subject() {
    sink->stop(sink);
    sink->destroy(sink);
  }
  subject() = default;
  subject(const subject&) = delete;
  subject& operator=(const subject&) = delete;

  [[nodiscard]] std::size_t misuses() const { return host.logged_at(SCA_LOG_MISUSE); }
  sca_status start() { return sink->start(sink, &error); }
  sca_status open(std::uint64_t id) {
    const sca_assignment a{.struct_size = sizeof a, .partition = 0, .id = id, .topic = SCA_STR("orders")};
    return sink->open(sink, &a, &error);
  }
  void running() {
    REQUIRE(start() == SCA_OK);
    REQUIRE(open(1) == SCA_OK);
  }
  sca_status put(std::vector<std::pair<std::uint64_t, std::int64_t>> records, std::size_t& accepted) {
    std::vector<record_spec> specs;
    for (const auto& [assignment, offset] : records)
      specs.push_back({.assignment = assignment, .offset = offset, .key = {}, .value = "v", .headers = {}});
    record_batch batch(specs);
    return sink->put(sink, batch.data(), batch.size(), &accepted, &error);
  }
  sca_status put(std::vector<std::pair<std::uint64_t, std::int64_t>> records) {
    std::size_t accepted = 0;
    return put(std::move(records), accepted);
  }
  sca_status progress() { return sink->progress(sink, nullptr, 0, &error); }
};

}  // namespace

TEST_CASE("a sink that overrides nothing answers every slot") {
  fake_host host;
  sca_sink* sink = sca::sink_base::release(std::make_unique<void_sink>(host.abi()));
  text error;
  CHECK(sink->struct_size == sizeof(sca_sink));
  CHECK(sink->start(sink, &error) == SCA_OK);
  const sca_assignment a{.struct_size = sizeof a, .partition = 3, .id = 7, .topic = SCA_STR("orders")};
  CHECK(sink->open(sink, &a, &error) == SCA_OK);
  const record_spec spec{.assignment = 7, .offset = 0, .key = {}, .value = "v", .headers = {}};
  record_batch batch({&spec, 1});
  std::size_t accepted = 0;
  CHECK(sink->put(sink, batch.data(), 1, &accepted, &error) == SCA_OK);
  CHECK(accepted == 1);
  sca_position position{7, 99};
  CHECK(sink->progress(sink, &position, 1, &error) == SCA_OK);
  CHECK(position.offset == SCA_NO_POSITION);
  CHECK(sink->flush(sink, 0, &error) == SCA_OK);
  CHECK(sink->get_extension(sink, SCA_EXT_METRICS) == nullptr);
  sink->close(sink, 7);
  sink->stop(sink);
  sink->stop(sink);
  CHECK(sink->progress(sink, nullptr, 0, &error) == SCA_OK);
  sink->destroy(sink);
  CHECK(host.log().empty());
}

TEST_CASE("what a slot throws becomes a status, a message and lasting failure") {
  subject s;
  SECTION("start") {
    s.script.start = []() -> sca::result<void> { throw std::runtime_error("no luck"); };
    CHECK(s.start() == SCA_INTERNAL);
    CHECK(s.error.str() == "start threw: no luck");
    CHECK(s.progress() == SCA_INTERNAL);  // says so from now on
  }
  SECTION("put, with the records it had taken counted") {
    s.running();
    s.script.put = [](std::size_t& accepted) -> sca::result<void> {
      accepted = 1;
      throw std::runtime_error("second record");
    };
    std::size_t accepted = 0;
    CHECK(s.put({{1, 0}, {1, 1}}, accepted) == SCA_INTERNAL);
    CHECK(accepted == 1);
    CHECK(s.error.str() == "put threw: second record");
  }
  SECTION("out of memory") {
    s.running();
    s.script.flush = []() -> sca::result<void> { throw std::bad_alloc(); };
    CHECK(s.sink->flush(s.sink, 0, &s.error) == SCA_OUT_OF_MEMORY);
  }
  SECTION("what is no std::exception") {
    s.running();
    s.script.progress = []() -> sca::result<void> { throw 7; };
    CHECK(s.progress() == SCA_INTERNAL);
    CHECK_THAT(s.error.str(), Catch::Contains("progress threw"));
  }
  SECTION("close and stop, which cannot answer, log it") {
    s.running();
    s.script.close = [] { throw std::runtime_error("close"); };
    s.script.stop = [] { throw std::runtime_error("stop"); };
    s.sink->close(s.sink, 1);
    s.sink->stop(s.sink);
    CHECK(s.host.logged_at(SCA_LOG_ERROR) == 2);
  }
  SECTION("get_extension answers nothing") {
    s.script.extension = []() -> const void* { throw std::runtime_error("extension"); };
    CHECK(s.sink->get_extension(s.sink, "x/1") == nullptr);
  }
}

TEST_CASE("a failed sink says so for ever, and its do_progress is still asked") {
  subject s;
  s.running();
  int asked = 0;
  s.script.flush = []() -> sca::result<void> { return sca::fail(SCA_UNAUTHENTICATED, "token revoked"); };
  s.script.progress = [&]() -> sca::result<void> {
    ++asked;
    return {};
  };
  CHECK(s.sink->flush(s.sink, 0, &s.error) == SCA_UNAUTHENTICATED);
  CHECK(s.progress() == SCA_UNAUTHENTICATED);
  CHECK(s.error.str() == "token revoked");
  CHECK(asked == 1);
  CHECK(s.misuses() == 0);
  CHECK(s.put({{1, 0}}) == SCA_UNAUTHENTICATED);
  CHECK(s.open(2) == SCA_UNAUTHENTICATED);
  CHECK(s.misuses() == 2);  // those two may not follow a failure
}

TEST_CASE("the first failure is the one that is remembered") {
  subject s;
  s.running();
  s.script.progress = []() -> sca::result<void> { return sca::fail(SCA_UNAVAILABLE, "first"); };
  CHECK(s.progress() == SCA_UNAVAILABLE);
  s.script.progress = []() -> sca::result<void> { return sca::fail(SCA_INTERNAL, "second"); };
  CHECK(s.progress() == SCA_UNAVAILABLE);
  CHECK(s.error.str() == "first");
}

TEST_CASE("calls in the wrong order are answered SCA_MISUSE and logged as the host's fault") {
  subject s;
  SECTION("open before start") { CHECK(s.open(1) == SCA_MISUSE); }
  SECTION("put before start") { CHECK(s.put({{1, 0}}) == SCA_MISUSE); }
  SECTION("progress before start") { CHECK(s.progress() == SCA_MISUSE); }
  SECTION("flush before start") { CHECK(s.sink->flush(s.sink, 0, &s.error) == SCA_MISUSE); }
  SECTION("start twice") {
    s.running();
    CHECK(s.start() == SCA_MISUSE);
  }
  SECTION("start after stop") {
    s.sink->stop(s.sink);
    CHECK(s.start() == SCA_MISUSE);
  }
  SECTION("put after stop") {
    s.running();
    s.sink->stop(s.sink);
    CHECK(s.put({{1, 0}}) == SCA_MISUSE);
  }
  SECTION("assignment 0") {
    s.running();
    CHECK(s.open(0) == SCA_MISUSE);
  }
  SECTION("an assignment that is open") {
    s.running();
    CHECK(s.open(1) == SCA_MISUSE);
  }
  SECTION("a record of an assignment that is not open") {
    s.running();
    CHECK(s.put({{2, 0}}) == SCA_MISUSE);
  }
  SECTION("no records") {
    s.running();
    CHECK(s.put({}) == SCA_MISUSE);
  }
  SECTION("accepted that is not 0") {
    s.running();
    std::size_t accepted = 3;
    CHECK(s.put({{1, 0}}, accepted) == SCA_MISUSE);
  }
  SECTION("an offset that does not grow") {
    s.running();
    CHECK(s.put({{1, 5}}) == SCA_OK);
    CHECK(s.put({{1, 5}}) == SCA_MISUSE);
  }
  SECTION("an offset that does not grow within one put") {
    s.running();
    CHECK(s.put({{1, 5}, {1, 4}}) == SCA_MISUSE);
  }
  SECTION("a record that is shorter than version 1.0") {
    s.running();
    const record_spec spec{.assignment = 1, .offset = 0, .key = {}, .value = "v", .headers = {}};
    record_batch batch({&spec, 1});
    batch[0].struct_size = 40;
    std::size_t accepted = 0;
    CHECK(s.sink->put(s.sink, batch.data(), 1, &accepted, &s.error) == SCA_MISUSE);
  }
  SECTION("progress without an array") {
    s.running();
    CHECK(s.sink->progress(s.sink, nullptr, 2, &s.error) == SCA_MISUSE);
  }
  CHECK(s.misuses() == 1);
  CHECK_FALSE(s.error.str().empty());
}

TEST_CASE("records of several assignments may be mixed in one put") {
  subject s;
  s.running();
  REQUIRE(s.open(2) == SCA_OK);
  CHECK(s.put({{1, 5}, {2, 1}, {1, 6}, {2, 2}}) == SCA_OK);
  CHECK(s.misuses() == 0);
}

TEST_CASE("records that were not accepted may be offered again") {
  subject s;
  s.running();
  s.script.put = [](std::size_t& accepted) -> sca::result<void> {
    accepted = 1;
    return {};
  };
  CHECK(s.put({{1, 5}, {1, 6}, {1, 7}}) == SCA_OK);
  CHECK(s.put({{1, 6}, {1, 7}}) == SCA_OK);
  CHECK(s.put({{1, 6}}) == SCA_MISUSE);  // this one was taken
}

TEST_CASE("a put that claims more than it was given is a defect of the sink and counts nothing") {
  subject s;
  s.running();
  s.script.put = [](std::size_t& accepted) -> sca::result<void> {
    accepted = 9;
    return {};
  };
  std::size_t accepted = 0;
  CHECK(s.put({{1, 0}}, accepted) == SCA_INTERNAL);
  CHECK(accepted == 0);
  CHECK(s.misuses() == 0);
}

TEST_CASE("an assignment that failed to open is not open") {
  subject s;
  REQUIRE(s.start() == SCA_OK);
  s.script.open = []() -> sca::result<void> { return sca::fail(SCA_UNAVAILABLE, "no"); };
  CHECK(s.open(1) == SCA_UNAVAILABLE);
  s.sink->close(s.sink, 1);
  CHECK(s.misuses() == 1);
}

TEST_CASE("do_stop runs once, and only for a sink whose start was tried") {
  subject s;
  SECTION("never started") {
    s.sink->stop(s.sink);
    CHECK(s.script.stops == 0);
  }
  SECTION("started") {
    s.running();
    s.sink->stop(s.sink);
    s.sink->stop(s.sink);
    CHECK(s.script.stops == 1);
  }
  SECTION("failed to start, perhaps half-way") {
    s.script.start = []() -> sca::result<void> { return sca::fail(SCA_UNAVAILABLE, "no"); };
    CHECK(s.start() == SCA_UNAVAILABLE);
    s.sink->stop(s.sink);
    CHECK(s.script.stops == 1);
  }
  CHECK(s.misuses() == 0);
}

TEST_CASE("positions come to do_progress set to none") {
  subject s;
  s.running();
  sca_position positions[] = {{1, 77}, {2, 78}};
  CHECK(s.sink->progress(s.sink, positions, 2, &s.error) == SCA_OK);
  CHECK(s.script.positions_clean);
  CHECK(positions[1].offset == SCA_NO_POSITION);
}

TEST_CASE("a call from inside another one is refused without touching the sink") {
  subject s;
  s.running();
  sca_status nested = SCA_OK;
  s.script.flush = [&]() -> sca::result<void> {
    text e;
    nested = s.sink->progress(s.sink, nullptr, 0, &e);
    return {};
  };
  CHECK(s.sink->flush(s.sink, 0, &s.error) == SCA_OK);
  CHECK(nested == SCA_MISUSE);
  CHECK(s.misuses() == 1);
  CHECK(s.progress() == SCA_OK);
}

TEST_CASE("destroying a running sink stops it first and says who forgot") {
  fake_host host;
  scripted_sink::script script;
  sca_sink* sink = sca::sink_base::release(std::make_unique<scripted_sink>(host.abi(), script));
  text error;
  REQUIRE(sink->start(sink, &error) == SCA_OK);
  sink->destroy(sink);
  CHECK(script.stops == 1);
  CHECK(script.destroyed == 1);
  CHECK(host.logged_at(SCA_LOG_MISUSE) == 1);
}
