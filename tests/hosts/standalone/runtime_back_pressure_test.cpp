#include "back_pressure.hpp"

#include <catch2/catch.hpp>

using namespace sinkhost;
using namespace std::chrono_literals;
using wish = back_pressure::wish;

namespace {
constexpr back_pressure::clock::time_point start{1h};
}

TEST_CASE("a sink that is full for a moment is waited for without a pause") {
  back_pressure p{300ms};
  CHECK(p.next(start, 0, wish::read) == gate::open);
  CHECK(p.next(start, 10, wish::read) == gate::held);
  CHECK(p.next(start + 299ms, 5, wish::read) == gate::held);
  CHECK(p.rest_of_patience(start + 299ms) == 1ms);
  CHECK(p.next(start + 299ms, 0, wish::read) == gate::open);
}

TEST_CASE("a sink that stays full gets its partitions paused until it has taken all") {
  back_pressure p{300ms};
  CHECK(p.next(start, 10, wish::read) == gate::held);
  CHECK(p.next(start + 300ms, 10, wish::read) == gate::paused);
  CHECK(p.next(start + 10s, 1, wish::read) == gate::paused);
  CHECK(p.next(start + 11s, 0, wish::read) == gate::open);
  CHECK(p.next(start + 12s, 3, wish::read) == gate::held);  // patience begins anew
}

TEST_CASE("the user's pause holds whether the sink is full or not") {
  back_pressure p{300ms};
  CHECK(p.next(start, 0, wish::rest) == gate::paused);
  CHECK(p.next(start, 4, wish::rest) == gate::paused);
  CHECK(p.next(start, 4, wish::read) == gate::paused);  // full still
  CHECK(p.next(start, 0, wish::read) == gate::open);
  CHECK(p.next(start, 4, wish::read) == gate::held);
  CHECK(p.next(start, 4, wish::rest) == gate::paused);
}
