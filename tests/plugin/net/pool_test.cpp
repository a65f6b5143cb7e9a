#include "net/pool.hpp"

#include <catch2/catch.hpp>

using snap::net::decide;
using snap::net::pool_counts;
using snap::net::pool_decision;

TEST_CASE("nothing waits, nothing opens") {
  CHECK(decide({.idle = 1, .max_sessions = 4, .max_dialling = 4}) == pool_decision{0, 0});
}

TEST_CASE("each waiting request gets a session up to the limit") {
  CHECK(decide({.waiting = 2, .max_sessions = 4, .max_dialling = 4}) == pool_decision{2, 0});
  CHECK(decide({.waiting = 9, .busy = 3, .max_sessions = 4, .max_dialling = 4}) == pool_decision{1, 0});
  CHECK(decide({.waiting = 1, .busy = 4, .max_sessions = 4, .max_dialling = 4}) == pool_decision{0, 0});
}

TEST_CASE("dials under way serve those who wait") {
  CHECK(decide({.waiting = 2, .dialling = 2, .max_sessions = 8, .max_dialling = 8}) == pool_decision{0, 0});
  CHECK(decide({.waiting = 3, .dialling = 2, .max_sessions = 8, .max_dialling = 8}) == pool_decision{1, 0});
}

TEST_CASE("handshakes at once are bounded") {
  CHECK(decide({.waiting = 8, .max_sessions = 8, .max_dialling = 3}) == pool_decision{3, 0});
  CHECK(decide({.waiting = 8, .dialling = 3, .max_sessions = 8, .max_dialling = 3}) == pool_decision{0, 0});
}

TEST_CASE("an idle session goes when a request needs a fresh one and there is no room") {
  CHECK(decide({.waiting = 1, .idle = 2, .busy = 2, .max_sessions = 4, .max_dialling = 4}) == pool_decision{1, 1});
  CHECK(decide({.waiting = 1, .idle = 1, .max_sessions = 4, .max_dialling = 4}) == pool_decision{1, 0});
}

TEST_CASE("the limits hold for every state, and nobody is forgotten") {
  for (std::size_t waiting = 0; waiting < 5; ++waiting) {
    for (std::size_t idle = 0; idle < 4; ++idle) {
      for (std::size_t busy = 0; busy < 4; ++busy) {
        for (std::size_t dialling = 0; dialling < 3; ++dialling) {
          const pool_counts now{waiting, idle, busy, dialling, 4, 2};
          const auto d = decide(now);
          CAPTURE(waiting, idle, busy, dialling, d.open, d.evict);
          CHECK(d.evict <= idle);
          CHECK(dialling + d.open <= std::max(now.max_dialling, dialling));
          CHECK(idle - d.evict + busy + dialling + d.open <= std::max(now.max_sessions, idle + busy + dialling));
          // whoever waits has a dial or a busy session to wait for
          CHECK((waiting == 0 || dialling + d.open > 0 || busy > 0));
        }
      }
    }
  }
}
