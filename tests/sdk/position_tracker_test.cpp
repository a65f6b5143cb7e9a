#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "sca/position_tracker.hpp"

using sca::position_tracker;

TEST_CASE("a tracker without records has no position") {
  const position_tracker t;
  CHECK(t.position() == SCA_NO_POSITION);
  CHECK(t.unresolved_span() == 0);
}

TEST_CASE("the position follows the unbroken run of resolved records") {
  position_tracker t;
  const auto a = t.add(10), b = t.add(11), c = t.add(12);
  t.resolve(b);
  CHECK(t.position() == SCA_NO_POSITION);
  t.resolve(a);
  CHECK(t.position() == 12);
  t.resolve(c);
  CHECK(t.position() == 13);
  CHECK(t.unresolved_span() == 0);
}

TEST_CASE("gaps between offsets do not hold the position back") {
  position_tracker t;
  const auto a = t.add(5), b = t.add(900);
  t.resolve(a);
  CHECK(t.position() == 6);
  t.resolve(b);
  CHECK(t.position() == 901);
}

TEST_CASE("a record of several parts is resolved by the last of them") {
  position_tracker t;
  const auto a = t.add(0, 3);
  t.resolve(a);
  t.resolve(a);
  CHECK(t.position() == SCA_NO_POSITION);
  t.resolve(a);
  CHECK(t.position() == 1);
}

TEST_CASE("a record of no parts is resolved when it is added, in its turn") {
  position_tracker t;
  const auto a = t.add(0);
  (void)t.add(1, 0);
  CHECK(t.position() == SCA_NO_POSITION);
  t.resolve(a);
  CHECK(t.position() == 2);
}

TEST_CASE("resolving too often, or what was never added, is ignored") {
  position_tracker t;
  const auto a = t.add(0);
  (void)t.add(1);
  t.resolve(a);
  t.resolve(a);
  t.resolve(a);
  t.resolve(77);
  CHECK(t.position() == 1);
  CHECK(t.unresolved_span() == 1);
}

TEST_CASE("a ticket names its offset until the position has passed it") {
  position_tracker t;
  const auto a = t.add(40), b = t.add(41);
  CHECK(t.offset_of(a) == 40);
  CHECK(t.offset_of(b) == 41);
  CHECK(t.offset_of(9) == SCA_NO_POSITION);
  t.resolve(a);
  CHECK(t.offset_of(a) == SCA_NO_POSITION);
  CHECK(t.offset_of(b) == 41);
}

TEST_CASE("in random histories the position is one past the last record before the first unresolved one") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    position_tracker tracker;
    std::map<std::int64_t, unsigned> parts;  // the model: offset -> parts to come
    std::vector<std::pair<position_tracker::ticket, std::int64_t>> tickets;
    std::int64_t offset = below(5);
    for (int step = 0; step < 200; ++step) {
      if (tickets.empty() || below(3) == 0) {
        offset += 1 + below(4);
        const unsigned n = below(4);
        tickets.emplace_back(tracker.add(offset, n), offset);
        parts[offset] = n;
      } else {
        const auto [ticket, at] = tickets[below(static_cast<unsigned>(tickets.size()))];
        tracker.resolve(ticket);
        if (parts[at] > 0) --parts[at];
      }
      std::int64_t expected = SCA_NO_POSITION;
      for (const auto& [at, left] : parts) {
        if (left > 0) break;
        expected = at + 1;
      }
      REQUIRE(tracker.position() == expected);
    }
  }
}
