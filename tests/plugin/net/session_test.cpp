// Keep-alive: reuse, its limits, stale sessions, TLS resumption.
#include "conversation.hpp"

#include <openssl/ssl.h>
#include <signal.h>

using namespace net_test;
using support::ok;

TEST_CASE("requests one after another share one session") {
  const trust t;
  support::tls_server server({.id = t.localhost()}, answering(ok()));
  conversation talk(options_for(server.port(), t));
  const auto answers = talk.exchange(5);
  for (const auto& a : answers) CHECK(a.status == 200);
  CHECK(server.accepted() == 1);
  CHECK(talk.stats().sessions_opened == 1);
}

TEST_CASE("as many sessions as requests are in flight, and no more") {
  const trust t;
  std::atomic<int> now{0}, most{0};
  support::tls_server server({.id = t.localhost()}, [&](support::peer& p) {
    while (p.read_request()) {
      const int n = ++now;
      int seen = most;
      while (n > seen && !most.compare_exchange_weak(seen, n)) {
      }
      p.pause(30ms);
      --now;
      p.write(ok());
    }
  });
  auto options = options_for(server.port(), t);
  options.net.max_in_flight = 3;
  conversation talk(std::move(options));
  talk.at_once = 3;
  CHECK(talk.exchange(12).size() == 12);
  CHECK(most == 3);
  CHECK(server.accepted() == 3);
}

TEST_CASE("handshakes at once are bounded, and every request is still answered") {
  const trust t;
  support::tls_server server({.id = t.localhost(), .handshake_delay = 50ms}, answering(ok()));
  auto options = options_for(server.port(), t);
  options.net.max_in_flight = 6;
  options.max_dialling = 2;
  conversation talk(std::move(options));
  talk.at_once = 6;
  for (const auto& a : talk.exchange(6)) CHECK(a.status == 200);
}

TEST_CASE("a session that the server closes while idle is replaced unnoticed") {
  const trust t;
  support::tls_server server({.id = t.localhost()}, [](support::peer& p) {
    if (p.read_request()) p.write(ok());
    p.close_with_notify();
  });
  conversation talk(options_for(server.port(), t));
  talk.between = 50ms;
  for (const auto& a : talk.exchange(3)) CHECK(a.status == 200);
  CHECK(server.accepted() == 3);
  CHECK(talk.stats().resends == 0);  // seen in time: nothing was sent into the closed session
}

TEST_CASE("a request that met a stale session is sent once more on a fresh one") {
  const trust t;
  support::tls_server server({.id = t.localhost()}, [](support::peer& p) {
    if (p.read_request()) p.write(ok());
    if (p.index() != 0) return p.hang();
    (void)p.read_request();  // the first session swallows its second request
    p.reset();
  });
  conversation talk(options_for(server.port(), t));
  const auto answers = talk.exchange(2);
  CHECK(answers[0].status == 200);
  CHECK(answers[1].failure == link_failure::none);
  CHECK(answers[1].status == 200);
  CHECK(answers[1].id == 2);
  CHECK(talk.stats().resends == 1);
  CHECK(server.accepted() == 2);
}

TEST_CASE("a request is not sent a third time") {
  const trust t;
  std::atomic<int> requests{0};
  support::tls_server server({.id = t.localhost()}, [&](support::peer& p) {
    while (p.read_request()) {
      if (++requests == 1) {
        p.write(ok());
      } else {
        p.reset();
      }
    }
  });
  conversation talk(options_for(server.port(), t));
  const auto answers = talk.exchange(2);
  CHECK(answers[1].failure == link_failure::reset);
  CHECK(requests == 3);
}

TEST_CASE("a stale request is not given to another idle session, which may be stale too") {
  const trust t;
  std::atomic<int> requests{0};
  support::tls_server server({.id = t.localhost()}, [&](support::peer& p) {
    if (!p.read_request()) return;
    ++requests;
    while (requests < 2) p.pause(1ms);  // both sessions answer together, so both are idle afterwards
    p.write(ok());
    if (p.index() > 1) return p.hang();
    (void)p.read_request();
    p.reset();
  });
  auto options = options_for(server.port(), t);
  options.net.max_in_flight = 2;
  conversation talk(std::move(options));
  talk.at_once = 2;
  const auto answers = talk.exchange(4);
  for (const auto& a : answers) CHECK(a.status == 200);
  CHECK(talk.stats().resends == 2);
}

TEST_CASE("a request that timed out on an old session is not sent again") {
  const trust t;
  support::tls_server server({.id = t.localhost()}, [](support::peer& p) {
    if (p.read_request()) p.write(ok());
    p.hang();
  });
  auto options = options_for(server.port(), t);
  options.net.request_timeout = 100ms;
  conversation talk(std::move(options));
  const auto answers = talk.exchange(2);
  CHECK(answers[1].failure == link_failure::timeout_request);
  CHECK(talk.stats().resends == 0);
  CHECK(server.accepted() == 1);
}

TEST_CASE("an old session that breaks inside the answer is an error, not a resend") {
  const trust t;
  support::tls_server server({.id = t.localhost()}, [](support::peer& p) {
    if (p.read_request()) p.write(ok());
    if (p.read_request()) p.write("HTTP/1.1 200 OK\r\nContent-");
    p.close_with_notify();
  });
  conversation talk(options_for(server.port(), t));
  const auto answers = talk.exchange(2);
  CHECK(answers[1].failure == link_failure::closed_early);
  CHECK(talk.stats().resends == 0);
}

TEST_CASE("Connection: close and HTTP/1.0 end the session") {
  const std::string fields = GENERATE("HTTP/1.1 200 OK\r\nConnection: close\r\n", "HTTP/1.0 200 OK\r\n");
  const trust t;
  support::tls_server server({.id = t.localhost()}, answering(fields + "Content-Length: 2\r\n\r\n{}"));
  conversation talk(options_for(server.port(), t));
  for (const auto& a : talk.exchange(2)) CHECK(a.body == "{}");
  CHECK(server.accepted() == 2);
}

TEST_CASE("bytes beyond the answer end the session") {
  const trust t;
  support::tls_server server({.id = t.localhost()}, answering(ok() + "HTTP/1.1 200 OK\r\n"));
  conversation talk(options_for(server.port(), t));
  for (const auto& a : talk.exchange(2)) CHECK(a.status == 200);
  CHECK(server.accepted() == 2);
}

TEST_CASE("an idle session is closed before the server does it") {
  const trust t;
  std::atomic<int> ended{0};
  support::tls_server server({.id = t.localhost()}, [&](support::peer& p) {
    while (p.read_request()) p.write(ok());
    ++ended;
  });
  auto options = options_for(server.port(), t);
  options.idle_limit = 30ms;
  conversation talk(std::move(options));
  talk.between = 150ms;
  for (const auto& a : talk.exchange(2)) CHECK(a.status == 200);
  CHECK(server.accepted() == 2);
  CHECK(ended >= 1);
}

TEST_CASE("a new session resumes the TLS session of an earlier one") {
  const trust t;
  std::atomic<int> resumed{0};
  support::tls_server server({.id = t.localhost()}, [&](support::peer& p) {
    if (p.resumed()) ++resumed;
    if (p.read_request()) p.write(ok());
    p.close_with_notify();
  });
  conversation talk(options_for(server.port(), t));
  talk.between = 20ms;
  for (const auto& a : talk.exchange(3)) CHECK(a.status == 200);
  CHECK(resumed == 2);
  CHECK(talk.stats().sessions_resumed == 2);
}

TEST_CASE("a TLS session at which a server hangs up is not offered again") {
  const trust t;
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  support::tls_server server({.id = t.localhost(), .max_version = version, .old = support::old_sessions::fatal},
                             [](support::peer& p) {
                               if (p.read_request()) p.write(ok());
                               p.close_with_notify();
                             });
  conversation talk(options_for(server.port(), t));
  talk.between = 20ms;
  const auto answers = talk.exchange(3);
  CHECK(answers[0].status == 200);
  CHECK(answers[1].failure != link_failure::none);
  CHECK(answers[2].status == 200);
}

namespace {

// Plain C: a handler may only touch such a thing.
volatile sig_atomic_t sigpipes = 0;

class count_sigpipe {
 public:
  count_sigpipe() {
    sigpipes = 0;
    before_ = ::signal(SIGPIPE, [](int) { sigpipes = sigpipes + 1; });
  }
  ~count_sigpipe() { ::signal(SIGPIPE, before_); }
  count_sigpipe(const count_sigpipe&) = delete;
  count_sigpipe& operator=(const count_sigpipe&) = delete;

 private:
  void (*before_)(int);
};

}  // namespace

TEST_CASE("no SIGPIPE is raised by writing to, or politely closing, a session that has gone") {
  const count_sigpipe counting;
  const trust t;
  support::tls_server server({.id = t.localhost()}, [](support::peer& p) {
    if (p.index() % 2 == 0) return p.reset();  // while four megabytes are on their way
    (void)p.read_request();
    p.write(ok());
    p.pause(20ms);
    p.reset();  // about when the client says close_notify
  });
  auto options = options_for(server.port(), t);
  options.idle_limit = 20ms;
  conversation talk(std::move(options));
  talk.body.assign(4'000'000, 'x');
  talk.between = 25ms;
  CHECK(talk.exchange(12).size() == 12);
  CHECK(sigpipes == 0);
}
