// Names that are not known and ports where nobody listens.
#include "conversation.hpp"

#include <netdb.h>

#include <atomic>
#include <new>

using namespace net_test;
using Catch::Matchers::Contains;

TEST_CASE("a name that does not exist is a resolve failure that names it") {
  const trust t;
  // No name server is asked for a label of more than 63 letters: nothing leaves this machine.
  const std::string name = std::string(64, 'x') + ".invalid";
  auto options = options_for(443, t, name);
  options.net.connect_timeout = 10s;
  const answer a = conversation(std::move(options)).one();
  CHECK(a.failure == link_failure::resolve);
  CHECK_THAT(a.detail, Contains(name + ":443: resolve: "));
}

TEST_CASE("a name server without an answer is told from a name that does not exist") {
  const trust t;
  auto options = options_for(443, t, "somewhere.example");
  options.lookup = [](const char*, const char*, const addrinfo*, addrinfo**) { return EAI_AGAIN; };
  CHECK_THAT(conversation(options).one().detail, Contains("cannot be looked up now"));
  options.lookup = [](const char*, const char*, const addrinfo*, addrinfo**) { return EAI_NONAME; };
  CHECK_THAT(conversation(options).one().detail, Contains("not known"));
}

TEST_CASE("a lookup that gets no answer is made a second time, one that is answered is not") {
  const trust t;
  auto options = options_for(443, t, "somewhere.example");
  static std::atomic<int> calls;  // a lookup is a plain function
  calls = 0;
  options.lookup = [](const char*, const char*, const addrinfo*, addrinfo**) { return ++calls < 2 ? EAI_AGAIN : EAI_NONAME; };
  CHECK_THAT(conversation(options).one().detail, Contains("not known"));
  CHECK(calls == 2);
  CHECK_THAT(conversation(options).one().detail, Contains("not known"));
  CHECK(calls == 3);
}

TEST_CASE("a lookup that runs out of memory is made again, and ends nothing") {
  const trust t;
  support::tls_server server({.id = t.localhost()}, answering(support::ok()));
  auto options = options_for(server.port(), t);
  static std::atomic<int> calls;
  calls = 0;
  options.lookup = [](const char*, const char* service, const addrinfo* hints, addrinfo** found) {
    if (++calls == 1) throw std::bad_alloc();
    return ::getaddrinfo("127.0.0.1", service, hints, found);
  };
  CHECK(conversation(std::move(options)).one().status == 200);
  CHECK(calls == 2);
}

TEST_CASE("a lookup that takes too long is a connect time-out") {
  const trust t;
  auto options = options_for(443, t, "somewhere.example");
  options.net.connect_timeout = 50ms;
  options.lookup = [](const char*, const char*, const addrinfo*, addrinfo**) {
    std::this_thread::sleep_for(300ms);
    return EAI_AGAIN;
  };
  const answer a = conversation(std::move(options)).one();
  CHECK(a.failure == link_failure::timeout_connect);
  CHECK_THAT(a.detail, Contains("resolve: no address"));
}

TEST_CASE("requests that wait for the same lookup all hear of it, and the next lookup is a new one") {
  const trust t;
  auto options = options_for(443, t, "somewhere.example");
  options.net.max_in_flight = 3;
  options.lookup = [](const char*, const char*, const addrinfo*, addrinfo**) { return EAI_AGAIN; };
  conversation talk(std::move(options));
  talk.at_once = 3;
  for (const auto& a : talk.exchange(7)) CHECK(a.failure == link_failure::resolve);
}

TEST_CASE("a port where nobody listens is refused, by name and by address") {
  const trust t;
  const auto port = dead_port();
  const answer a = conversation(options_for(port, t)).one();
  CHECK(a.failure == link_failure::connect);
  CHECK_THAT(a.detail, Contains("localhost:" + std::to_string(port) + ": connect: Connection refused"));
  CHECK(conversation(options_for(port, t, "127.0.0.1")).one().failure == link_failure::connect);
}

TEST_CASE("an address that fails does not hide the next one") {
  const trust t;
  support::tls_server server({.id = t.localhost()}, answering(support::ok()));
  auto options = options_for(server.port(), t);
  // 127.0.0.2 refuses (nobody listens there), 127.0.0.1 serves
  options.lookup = [](const char*, const char* service, const addrinfo* hints, addrinfo** found) {
    addrinfo* second = nullptr;
    const int a = ::getaddrinfo("127.0.0.2", service, hints, found);
    const int b = ::getaddrinfo("127.0.0.1", service, hints, &second);
    (*found)->ai_next = second;
    return a != 0 ? a : b;
  };
  CHECK(conversation(std::move(options)).one().status == 200);
}
