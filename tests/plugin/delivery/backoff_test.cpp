#include "delivery/backoff.hpp"

#include <catch2/catch.hpp>

using namespace snap::delivery;
using namespace std::chrono_literals;

TEST_CASE("full jitter doubles its ceiling with each failure up to the maximum") {
  struct row {
    unsigned failures;
    double unit;
    milliseconds delay;
  };
  const backoff_options o{.base = 200ms, .max = 60s};
  for (const row& r : {row{1, 0.0, 0ms}, row{1, 0.5, 100ms}, row{2, 0.5, 200ms}, row{3, 0.5, 400ms}, row{8, 0.5, 12'800ms},
                       row{9, 0.5, 25'600ms}, row{10, 0.5, 30s}, row{1'000'000, 0.5, 30s}, row{10, 0.0, 0ms}}) {
    CAPTURE(r.failures, r.unit);
    CHECK(full_jitter(o, r.failures, r.unit) == r.delay);
  }
}

TEST_CASE("a base above the maximum is the maximum") { CHECK(full_jitter({.base = 10s, .max = 1s}, 1, 0.5) == 500ms); }

TEST_CASE("the later of the server's wish and ours counts; a wish beyond 15 minutes is taken for the maximum") {
  struct row {
    milliseconds ours;
    std::optional<milliseconds> asked;
    milliseconds delay;
  };
  const backoff_options o{.base = 200ms, .max = 60s};
  for (const row& r : {row{300ms, {}, 300ms}, row{300ms, 0ms, 300ms}, row{300ms, 2s, 2s}, row{5s, 2s, 5s}, row{300ms, 120s, 120s},
                       row{300ms, 15min, 15min}, row{300ms, 15min + 1ms, 60s}, row{300ms, 63'072'000s, 60s}}) {
    CHECK(retry_delay(o, r.ours, r.asked) == r.delay);
  }
}

TEST_CASE("HTTP dates are read in all three forms of RFC 9110") {
  const wall_time expected{784'111'777s};
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == expected);
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == expected);
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == expected);
  for (const char* bad :
       {"", "x", "Sun,", "Sun, 06 Nov", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08.49.37 GMT", "Sun, 99999999999 Nov 1994 08:49:37 GMT"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_http_date(bad));
  }
}

TEST_CASE("Retry-After is read in seconds and as a date measured from the answer's own Date") {
  const wall_time now{1'000'000s};
  struct row {
    const char* value;
    const char* date;
    std::optional<milliseconds> delay;
  };
  for (const row& r : {
           row{"", "", {}},
           row{"0", "", 0ms},
           row{"2", "", 2s},
           row{"63072000", "", 63'072'000s},
           row{"99999999999999999999999", "", 3'162'240'000s},
           row{"-1", "", {}},
           row{"soon", "", {}},
           row{"Sun, 06 Nov 1994 08:49:47 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", 10s},
           row{"Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:47 GMT", 0ms},  // in the past
           row{"Mon, 12 Jan 1970 13:46:45 GMT", "", 5s},                                // no Date: from our clock
           row{"Mon, 12 Jan 1970 13:46:45 GMT", "nonsense", 5s},
       }) {
    CAPTURE(r.value, r.date);
    CHECK(parse_retry_after(r.value, r.date, now) == r.delay);
  }
}
