// notify() and arm(): what the engine's clockwork may rely on.
#include "conversation.hpp"

using namespace net_test;
using steady = snap::net::clock;

namespace {

class recorder : public snap::net::transport_handler {
 public:
  std::function<void(steady::time_point)> notified = [](steady::time_point) {}, timed = [](steady::time_point) {};
  void on_notify(steady::time_point now) override { notified(now); }
  void on_timer(steady::time_point now) override { timed(now); }
  void on_answer(answer, steady::time_point) override { FAIL("no request was sent"); }
};

std::unique_ptr<snap::net::transport> idle_client() {
  const trust t;
  std::string why;
  return snap::net::make_client(options_for(1, t), why);
}

}  // namespace

TEST_CASE("notify from many threads wakes the loop at least once after the last one, and not for each") {
  const auto client = idle_client();
  recorder handler;
  std::atomic<int> announced{0};
  int wakes = 0;
  constexpr int total = 4 * 2000;
  handler.notified = [&](steady::time_point) {
    ++wakes;
    if (announced == total) client->stop();
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < total / 4; ++n) {
        ++announced;
        client->notify();
      }
    });
  }
  client->run(handler);
  for (auto& thread : threads) thread.join();
  CHECK(wakes >= 1);
  CHECK(wakes <= total);
}

TEST_CASE("notifications before run are not lost and come as one") {
  const auto client = idle_client();
  recorder handler;
  int wakes = 0;
  for (int i = 0; i < 10; ++i) client->notify();
  handler.notified = [&](steady::time_point) {
    ++wakes;
    client->arm(steady::now() + 20ms);
  };
  handler.timed = [&](steady::time_point) { client->stop(); };
  client->run(handler);
  CHECK(wakes == 1);
}

TEST_CASE("a notification inside on_notify calls again") {
  const auto client = idle_client();
  recorder handler;
  int wakes = 0;
  handler.notified = [&](steady::time_point) {
    if (++wakes == 3) return client->stop();
    client->notify();
  };
  client->notify();
  client->run(handler);
  CHECK(wakes == 3);
}

TEST_CASE("the timer comes once, not before its time") {
  const auto client = idle_client();
  recorder handler;
  int times = 0;
  const auto when = steady::now() + 30ms;
  handler.notified = [&](steady::time_point) {
    if (times == 0) client->arm(when);
  };
  handler.timed = [&](steady::time_point now) {
    CHECK(now >= when);
    if (++times == 1) client->arm(when + 20ms);
    if (times == 2) client->stop();
  };
  client->notify();
  client->run(handler);
  CHECK(times == 2);
}

TEST_CASE("arming again replaces the earlier time, sooner or later") {
  const auto client = idle_client();
  recorder handler;
  const auto begin = steady::now();
  std::vector<std::chrono::milliseconds> fired;
  handler.notified = [&](steady::time_point) {
    client->arm(begin + 10s);
    client->arm(begin + 20ms);
    client->arm(begin + 60ms);
  };
  handler.timed = [&](steady::time_point now) {
    fired.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(now - begin));
    client->stop();
  };
  client->notify();
  client->run(handler);
  REQUIRE(fired.size() == 1);
  CHECK(fired[0] >= 60ms);
  CHECK(fired[0] < 1s);
}

TEST_CASE("time_point::max() disarms") {
  const auto client = idle_client();
  recorder handler;
  int times = 0;
  handler.notified = [&](steady::time_point) {
    client->arm(steady::now() + 10ms);
    client->arm(steady::time_point::max());
  };
  handler.timed = [&](steady::time_point) { ++times; };
  client->notify();
  std::thread stopper([&] {
    std::this_thread::sleep_for(60ms);
    client->stop();
  });
  client->run(handler);
  stopper.join();
  CHECK(times == 0);
}

TEST_CASE("a time in the past comes at once") {
  const auto client = idle_client();
  recorder handler;
  handler.notified = [&](steady::time_point now) { client->arm(now - 5s); };
  handler.timed = [&](steady::time_point) { client->stop(); };
  client->notify();
  const auto begin = steady::now();
  client->run(handler);
  CHECK(steady::now() - begin < 1s);
}
