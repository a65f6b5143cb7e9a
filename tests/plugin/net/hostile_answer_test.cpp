// Servers that break off, babble, drip or never end: each has its own name, none hangs, none grows.
#include "conversation.hpp"

using namespace net_test;
using Catch::Matchers::Contains;
using support::ok;

TEST_CASE("a reset before the request is read is a reset") {
  const answer a = ask([](support::peer& p) { p.reset(); });
  CHECK((a.failure == link_failure::reset || a.failure == link_failure::closed_early));
  CHECK_THAT(a.detail, Contains("localhost:"));
}

TEST_CASE("a reset while the request is read is a reset") {
  const trust t;
  support::tls_server server({.id = t.localhost()}, [](support::peer& p) {
    (void)p.read_some();
    p.reset();
  });
  conversation talk(options_for(server.port(), t));
  talk.body.assign(8'000'000, 'x');
  const answer a = talk.one();
  CHECK(a.failure == link_failure::reset);
  CHECK_THAT(a.detail, Contains("localhost:") && Contains("reset"));
}

TEST_CASE("a reset after the request was read is a reset") {
  const answer a = ask([](support::peer& p) {
    (void)p.read_request();
    p.reset();
  });
  CHECK(a.failure == link_failure::reset);
}

TEST_CASE("a server that never answers times out") {
  const answer a = ask([](support::peer& p) { p.hang(); }, 100ms);
  CHECK(a.failure == link_failure::timeout_request);
  CHECK_THAT(a.detail, Contains("localhost:") && Contains("within 100 ms"));
}

TEST_CASE("a server that never reads times out") {
  const trust t;
  support::tls_server server({.id = t.localhost()}, [](support::peer& p) { p.pause(5s); });
  auto options = options_for(server.port(), t);
  options.net.request_timeout = 150ms;
  conversation talk(std::move(options));
  talk.body.assign(16'000'000, 'x');
  const answer a = talk.one();
  CHECK(a.failure == link_failure::timeout_request);
  CHECK_THAT(a.detail, Contains("request not taken"));
}

TEST_CASE("an answer that drips for ever times out") {
  const answer a = ask(
      [](support::peer& p) {
        (void)p.read_request();
        p.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        while (p.write("x")) p.pause(5ms);
      },
      150ms);
  CHECK(a.failure == link_failure::timeout_request);
}

TEST_CASE("half an answer is closed early") {
  const std::string half = GENERATE("HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf");
  const answer a = ask([&](support::peer& p) {
    (void)p.read_request();
    p.write(half);
    p.close_with_notify();
  });
  CHECK(a.failure == link_failure::closed_early);
  CHECK_THAT(a.detail, Contains("middle of its answer"));
}

TEST_CASE("a session closed without an answer is closed early") {
  const answer a = ask([](support::peer& p) {
    (void)p.read_request();
    p.close_with_notify();
  });
  CHECK(a.failure == link_failure::closed_early);
  CHECK_THAT(a.detail, Contains("before its answer"));
}

TEST_CASE("a whole answer is taken although TLS is cut after it") {
  const answer a = ask([](support::peer& p) {
    (void)p.read_request();
    p.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
    p.close_without_notify();
  });
  CHECK(a.failure == link_failure::none);
  CHECK(a.body == "{}");
}

TEST_CASE("an answer without a length ends with close_notify, and with nothing less") {
  const auto script = [](auto close) {
    return [close](support::peer& p) {
      (void)p.read_request();
      p.write("HTTP/1.1 200 OK\r\n\r\nwithout a length");
      (p.*close)();
    };
  };
  CHECK(ask(script(&support::peer::close_with_notify)).body == "without a length");
  CHECK(ask(script(&support::peer::close_without_notify)).failure == link_failure::closed_early);
}

TEST_CASE("garbage is malformed, shown escaped and bounded") {
  const answer a = ask([](support::peer& p) {
    (void)p.read_request();
    p.write(std::string("SSH-2.0-\x1b[31m\xff ") + std::string(500, 'A'));
    p.hang();
  });
  CHECK(a.failure == link_failure::response_malformed);
  CHECK_THAT(a.detail, Contains("SSH-2.0-\\x1B[31m\\xFF") && !Contains(std::string(100, 'A')));
}

TEST_CASE("an answer of five megabytes is cut off") {
  const answer a = ask(answering("HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n" + std::string(5'000'000, 'x')));
  CHECK(a.failure == link_failure::response_too_large);
  CHECK_THAT(a.detail, Contains("1048576"));
}

TEST_CASE("five megabytes in chunks, or without a length, are cut off too") {
  const auto script =
      GENERATE(as<std::string>{}, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n");
  const answer a = ask([&](support::peer& p) {
    (void)p.read_request();
    p.write(script);
    const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
    for (int i = 0; i < 80 && p.write(chunk); ++i) {
    }
    p.hang();
  });
  CHECK(a.failure == link_failure::response_too_large);
}

TEST_CASE("a header without an end is cut off") {
  const answer a = ask([](support::peer& p) {
    (void)p.read_request();
    p.write("HTTP/1.1 200 OK\r\n");
    for (int i = 0; p.write("X-" + std::to_string(i) + ": " + std::string(100, 'x') + "\r\n"); ++i) {
    }
  });
  CHECK(a.failure == link_failure::response_too_large);
}

TEST_CASE("several requests in flight when the server dies fail one by one") {
  const trust t;
  auto server =
      std::make_unique<support::tls_server>(support::server_options{.id = t.localhost()}, [](support::peer& p) { p.hang(); });
  auto options = options_for(server->port(), t);
  options.net.max_in_flight = 4;
  options.net.request_timeout = 200ms;
  conversation talk(std::move(options));
  talk.at_once = 4;
  std::thread killer([&] {
    while (server->handshakes() < 4) std::this_thread::yield();
    server.reset();
  });
  const auto answers = talk.exchange(4);
  killer.join();
  for (const auto& a : answers) CHECK(a.failure != link_failure::none);
}
