// create -> start -> … -> stop -> progress -> destroy, also in the odd orders that are legal.
#include <array>
#include <future>
#include <string>
#include <thread>

#include "session.hpp"

namespace sca::testing {

namespace {

using namespace std::chrono_literals;

void life_cycle(session& s) {
  s.load();
  auto sink = s.started();
  sink->put_all({s.good(1, 0), s.good(1, 1)});
  (void)sink->progress();
  sink->flush(100ms);
  (void)sink->progress();
  sink->close(1);
  sink->stop();
  positions at;
  (void)sink->try_progress(at);
  sink->destroy();
}

void create_then_destroy(session& s) {
  s.load();
  for (int i = 0; i < 3; ++i) {
    auto sink = s.created();
    if (i > 0) sink->stop();  // legal always, also before start
    sink->destroy();
  }
}

void stop_twice(session& s) {
  s.load();
  auto sink = s.started();
  (void)sink->put({s.good(1, 0)});
  sink->stop();
  sink->stop();
  sink->close(1);  // legal after stop
  sink->stop();
  sink->destroy();
}

void stop_is_prompt(session& s) {
  s.load();
  auto sink = s.started();
  std::vector<record_spec> records;
  for (std::int64_t i = 0; i < 100; ++i) records.push_back(s.good(1, i));
  (void)sink->put(records);
  pause_for(200ms);  // now something is in flight
  const auto from = clock::now();
  sink->stop();
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - from);
  expect(took < s.allowed(1s), "stop took " + std::to_string(took.count()) + " ms");
  if (took > s.allowed(500ms)) warn("stop took " + std::to_string(took.count()) + " ms; well under a second is asked for");
}

void no_thread_after_stop(session& s) {
  s.load();
  const std::size_t before = thread_count();
  auto sink = s.started();
  (void)sink->put({s.good(1, 0), s.good(1, 1), s.good(1, 2)});
  pause_for(100ms);
  sink->stop();
  expect(threads_return_to(before, 100ms), std::to_string(thread_count() - before) + " threads are left after stop");
}

void destroy_closes_files(session& s) {
  s.load();
  const auto run = [&] {
    auto sink = s.started();
    (void)sink->put({s.good(1, 0)});
    (void)sink->progress();
    sink->stop();
    sink->destroy();
  };
  run();
  const std::size_t before = descriptor_count();
  for (int i = 0; i < 5; ++i) run();
  expect(descriptor_count() <= before, std::to_string(descriptor_count() - before) + " files are left open after five sinks");
}

void stop_is_final(session& s) {
  s.load();
  auto sink = s.started();
  (void)sink->put({s.good(1, 0), s.good(1, 1), s.good(1, 2), s.good(1, 3)});
  sink->stop();
  positions first, second;
  (void)sink->try_progress(first);
  const auto wakes = sink->host.wakes();
  pause_for(300ms);
  (void)sink->try_progress(second);
  expect(first == second, "positions moved after stop");
  expect(sink->host.wakes() == wakes, "wake() was called after stop");
}

void process_is_left_alone(session& s) {
  s.load();
  census before = census::take();
  auto sink = s.started();
  (void)sink->put({s.good(1, 0)});
  pause_for(50ms);
  census during = census::take();
  during.threads = before.threads;  // those are the sink's right
  during.descriptors = before.descriptors;
  const std::string changed = before.difference(during);
  expect(changed.empty(), "the running sink left " + changed);
}

void many_sinks(session& s) {
  s.load();
  std::vector<std::future<void>> tasks;
  for (int t = 0; t < 4; ++t)
    tasks.push_back(std::async(std::launch::async, [&] {
      auto sink = s.started();
      for (std::int64_t i = 0; i < 50; ++i) (void)sink->put({s.good(1, i)});
      (void)sink->progress();
      sink->stop();
    }));
  for (auto& t : tasks) t.get();
}

void any_thread_in_turn(session& s) {
  s.load();
  const auto elsewhere = [](auto&& f) { std::async(std::launch::async, f).get(); };
  std::unique_ptr<running_sink> sink;
  elsewhere([&] { sink = s.created(); });
  elsewhere([&] { sink->start(); });
  elsewhere([&] { (void)sink->open(); });
  for (std::int64_t i = 0; i < 5; ++i) {
    elsewhere([&] { (void)sink->put({s.good(1, i)}); });
    elsewhere([&] { (void)sink->progress(); });
  }
  elsewhere([&] { sink->stop(); });
  elsewhere([&] { sink->destroy(); });
}

void flush_keeps_its_time(session& s) {
  s.load();
  auto sink = s.started();
  if (sink->sink->flush == nullptr) skip("the sink has no flush");
  const auto timed = [&](std::chrono::milliseconds timeout) {
    const auto from = clock::now();
    sink->flush(timeout);
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - from);
  };
  expect(timed(0ms) < 200ms, "flush(0) of an empty sink waited");
  (void)sink->put({s.good(1, 0), s.good(1, 1)});
  expect(timed(0ms) < 200ms, "flush(0) waited");
  expect(timed(300ms) < 800ms, "flush(300) took much longer");
}

void flush_resolves(session& s) {
  s.load();
  auto sink = s.started();
  if (sink->sink->flush == nullptr) skip("the sink has no flush");
  sink->put_all({s.good(1, 0), s.good(1, 1), s.good(1, 2)});
  if (s.subject.traits.to == delivery::unreachable) skip("nothing can be delivered here");
  sink->flush(5s);
  expect(sink->progress().at(1) == 3, "flush returned before its time, and records are unresolved");
}

constexpr auto cases = std::to_array<conformance_case>({
    {"life-cycle", "A sink goes through its whole life without an error.", life_cycle},
    {"create-then-destroy", "A sink that was never started can be stopped and destroyed.", create_then_destroy},
    {"stop-twice", "stop may come twice, and close may follow it.", stop_twice},
    {"stop-is-prompt", "stop returns in well under a second, whatever is in flight.", stop_is_prompt},
    {"no-thread-after-stop", "When stop has returned, no thread of the sink is left.", no_thread_after_stop},
    {"destroy-closes-files", "When destroy has returned, no file or socket of the sink is left open.", destroy_closes_files},
    {"stop-is-final", "After stop no position moves and wake is not called.", stop_is_final},
    {"process-is-left-alone", "A running sink leaves signals, environment and working directory alone.", process_is_left_alone},
    {"many-sinks", "Different sinks run in parallel.", many_sinks},
    {"any-thread-in-turn", "Each call may come on another thread.", any_thread_in_turn},
    {"flush-keeps-its-time", "flush(0) does not wait, and no flush waits much longer than it was told.", flush_keeps_its_time},
    {"flush-resolves", "A flush that returns before its time has resolved all records.", flush_resolves},
});

}  // namespace

std::span<const conformance_case> life_cases() { return cases; }

}  // namespace sca::testing
