#include "fetch_pace.hpp"

#include <catch2/catch.hpp>

using namespace sinkhost;
using namespace std::chrono_literals;

namespace {
constexpr fetch_pace::clock::time_point start{1h};
constexpr fetch_pace::options options{.messages = 3, .bytes = 1000, .interval = 5ms};
}  // namespace

TEST_CASE("fetching is hastened after so many messages, and counting begins anew") {
  fetch_pace p{options};
  p.took(1);
  p.took(1);
  CHECK_FALSE(p.due(start));
  p.took(1);
  CHECK(p.due(start));
  CHECK_FALSE(p.due(start + 1s));
}

TEST_CASE("fetching is hastened after so many bytes, for messages that are few and large") {
  fetch_pace p{options};
  p.took(1000);
  CHECK(p.due(start));
}

TEST_CASE("fetching is not hastened more often than the interval") {
  fetch_pace p{options};
  p.took(1000);
  CHECK(p.due(start));
  p.took(1000);
  CHECK_FALSE(p.due(start + 4ms));
  CHECK(p.due(start + 5ms));
}
