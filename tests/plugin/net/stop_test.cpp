// stop(): prompt in every phase, from any thread, without a call-back afterwards and without a thread left behind.
#include "conversation.hpp"

#include <condition_variable>
#include <mutex>

#include "thread_count.hpp"

using namespace net_test;
using steady = snap::net::clock;

namespace {

// Sends some requests, and after run() returned expects silence.
class sender : public snap::net::transport_handler {
 public:
  sender(snap::net::transport& client, int requests) : client_(client), requests_(requests) {}
  void on_notify(steady::time_point) override {
    for (int i = 0; i < requests_; ++i) {
      client_.send({.id = static_cast<std::uint64_t>(i),
                    .path = "/x",
                    .token = sca::secret(std::string(token)),
                    .body = std::string(4'000'000, 'x')});
    }
  }
  void on_timer(steady::time_point) override {}
  void on_answer(answer, steady::time_point) override { ++answers; }
  int answers = 0;

 private:
  snap::net::transport& client_;
  int requests_;
};

// Runs, stops once `reached` says so, and returns how long run() went on after that.
std::chrono::milliseconds time_to_stop(snap::net::client_options options, const std::function<bool()>& reached) {
  options.net.connect_timeout = options.net.request_timeout = 20s;
  options.net.max_in_flight = 3;
  std::string why;
  const auto client = snap::net::make_client(std::move(options), why);
  sender handler(*client, 3);
  std::atomic<steady::rep> stopped_at{0};
  std::thread stopper([&] {
    const auto patience = steady::now() + 5s;
    while (!reached() && steady::now() < patience) std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(10ms);
    stopped_at = steady::now().time_since_epoch().count();
    client->stop();
  });
  client->notify();
  client->run(handler);
  const auto done = steady::now();
  stopper.join();
  CHECK(handler.answers == 0);
  return std::chrono::duration_cast<std::chrono::milliseconds>(done - steady::time_point(steady::duration(stopped_at)));
}

// The name service, held up until the test lets go. Static because a lookup is a plain function.
std::mutex gate_mutex;
std::condition_variable gate_changed;
bool gate_open = false, gate_reached = false;

int gated_lookup(const char*, const char*, const addrinfo*, addrinfo**) {
  std::unique_lock lock(gate_mutex);
  gate_reached = true;
  gate_changed.wait(lock, [] { return gate_open; });
  return EAI_AGAIN;
}

}  // namespace

TEST_CASE("stop during the name lookup returns promptly") {
  const trust t;
  auto options = options_for(443, t, "somewhere.example");
  options.lookup = &gated_lookup;
  // The destructor waits for the lookup (see name_lookup.hpp), so the gate opens shortly after run() has returned.
  std::atomic<bool> done{false};
  std::thread opener([&] {
    while (!done) std::this_thread::sleep_for(1ms);
    const std::lock_guard lock(gate_mutex);
    gate_open = true;
    gate_changed.notify_all();
  });
  const auto reached = [] {
    const std::lock_guard lock(gate_mutex);
    return gate_reached;
  };
  std::string why;
  const auto client = snap::net::make_client(options, why);
  sender handler(*client, 1);
  std::atomic<steady::rep> stopped_at{0};
  std::thread stopper([&] {
    while (!reached()) std::this_thread::sleep_for(1ms);
    stopped_at = steady::now().time_since_epoch().count();
    client->stop();
  });
  client->notify();
  client->run(handler);
  CHECK(steady::now() - steady::time_point(steady::duration(stopped_at)) < 200ms);
  stopper.join();
  CHECK(handler.answers == 0);
  done = true;
  opener.join();
}

TEST_CASE("stop while the TCP connection is being made returns promptly") {
  const trust t;
  // 192.0.2.0/24 is reserved for documentation: no answer, or no route at once, which ends the phase and is fine as well
  auto options = options_for(443, t, "192.0.2.1");
  std::string why;
  const auto client = snap::net::make_client(options, why);
  sender handler(*client, 1);
  client->notify();
  steady::time_point stopped_at;
  std::thread stopper([&] {
    std::this_thread::sleep_for(30ms);
    stopped_at = steady::now();
    client->stop();
  });
  client->run(handler);
  const auto done = steady::now();
  stopper.join();
  CHECK(done - stopped_at < 200ms);
}

TEST_CASE("stop while the proxy is asked returns promptly") {
  const trust t;
  std::atomic<bool> asked{false};
  support::tls_server proxy({.with = support::security::plain}, [&](support::peer& p) {
    (void)p.read_request();
    asked = true;
    p.hang();
  });
  auto options = options_for(443, t);
  options.net.proxy = {.host = "127.0.0.1", .port = proxy.port(), .credentials = {}};
  CHECK(time_to_stop(options, [&] { return asked.load(); }) < 200ms);
}

TEST_CASE("stop in the TLS handshake returns promptly") {
  const trust t;
  std::atomic<bool> said_hello{false};
  support::tls_server server({.with = support::security::plain}, [&](support::peer& p) {
    said_hello = !p.read_some().empty();
    p.hang();
  });
  CHECK(time_to_stop(options_for(server.port(), t), [&] { return said_hello.load(); }) < 200ms);
}

TEST_CASE("stop while requests are written returns promptly") {
  const trust t;
  support::tls_server server({.id = t.localhost()}, [](support::peer& p) { p.pause(10s); });
  CHECK(time_to_stop(options_for(server.port(), t), [&] { return server.handshakes() == 3; }) < 200ms);
}

TEST_CASE("stop while answers are awaited returns promptly") {
  const trust t;
  std::atomic<int> read{0};
  support::tls_server server({.id = t.localhost()}, [&](support::peer& p) {
    (void)p.read_request();
    ++read;
    p.hang();
  });
  CHECK(time_to_stop(options_for(server.port(), t), [&] { return read == 3; }) < 200ms);
}

TEST_CASE("stop before run makes run return at once") {
  const trust t;
  std::string why;
  const auto client = snap::net::make_client(options_for(443, t), why);
  sender handler(*client, 1);
  client->notify();
  client->stop();
  client->run(handler);
  CHECK(handler.answers == 0);
}

TEST_CASE("no thread is left when the client is gone") {
  const trust t;
  const auto before = support::threads_at_rest();
  {
    support::tls_server server({.id = t.localhost()}, answering(support::ok()));
    CHECK(conversation(options_for(server.port(), t)).one().status == 200);
  }
  CHECK(support::threads_return_to(before));
}

TEST_CASE("the server sees the sessions end when run returns, before the client is destroyed") {
  const trust t;
  std::atomic<bool> ended{false};
  support::tls_server server({.id = t.localhost()}, [&](support::peer& p) {
    while (p.read_request()) p.write(support::ok());
    ended = true;
  });
  conversation talk(options_for(server.port(), t));
  CHECK(talk.one().status == 200);
  for (int i = 0; i < 1000 && !ended; ++i) std::this_thread::sleep_for(1ms);
  CHECK(ended);
}
