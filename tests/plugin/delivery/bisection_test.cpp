// Requests that Snapchat refuses because of some of their events.
#include <catch2/catch.hpp>
#include <cmath>

#include "machine_world.hpp"

using namespace snap::delivery;
using namespace snap::delivery::testing;

namespace {

// What an INVALID answer says about which event is to blame.
enum class blame { none, zero_based, one_based, wrong, far_off };

std::string index_text(blame kind, std::size_t offender, std::size_t size) {
  switch (kind) {
    case blame::none: return "";
    case blame::zero_based: return std::to_string(offender);
    case blame::one_based: return std::to_string(offender + 1);
    case blame::wrong: return std::to_string((offender + size / 2) % size);
    case blame::far_off: return "123456789";
  }
  return "";
}

// Refuses a request as a whole when one of its events is bad.
world::server refusing(std::set<std::string> bad, blame kind, int status) {
  return [=](const sent& s) {
    for (std::size_t i = 0; i < s.events.size(); ++i) {
      if (bad.contains(s.events[i])) return invalid(index_text(kind, i, s.events.size()), status);
    }
    return http(200);
  };
}

std::set<std::string> every(std::size_t step, std::size_t n) {
  std::set<std::string> out;
  for (std::size_t i = step / 2; i < n; i += step) out.insert("e" + std::to_string(i));
  return out;
}

}  // namespace

TEST_CASE("the offenders are found and rejected, all others delivered, within 2k log2 n requests") {
  for (const int status : {200, 400}) {
    for (const blame kind : {blame::none, blame::zero_based, blame::one_based, blame::wrong, blame::far_off}) {
      for (const std::size_t step : {2000UL, 700UL, 100UL}) {
        const std::size_t n = 2000;
        const std::set<std::string> bad = every(step, n);
        CAPTURE(status, static_cast<int>(kind), bad.size());
        world w;
        w.take(n);
        w.serve(refusing(bad, kind, status));
        const auto rejected = w.with(fate::rejected);
        CHECK(std::set<std::string>(rejected.begin(), rejected.end()) == bad);
        CHECK(rejected.size() == bad.size());
        CHECK(w.with(fate::delivered).size() == n - bad.size());
        const double bound = 2 * static_cast<double>(bad.size()) * std::ceil(std::log2(n));
        const std::size_t wrong_hint = kind == blame::wrong ? 1 : 0;
        CHECK(static_cast<double>(w.requests() - 1 - wrong_hint) <= bound);
        if (kind == blame::zero_based || kind == blame::one_based) CHECK(w.requests() - 1 <= 4 * bad.size() + 22);
      }
    }
  }
}

TEST_CASE("a right index costs four requests an offender") {
  for (const blame kind : {blame::zero_based, blame::one_based}) {
    world w;
    w.take(2000);
    w.serve(refusing({"e1234"}, kind, 200));
    CHECK(w.requests() == 1 + 4);
  }
}

TEST_CASE("a wrong index is followed once and never again") {
  world w;
  w.take(2000);
  w.serve(refusing({"e10"}, blame::wrong, 200));
  const std::size_t first = w.requests();
  w.take(2000);
  w.serve(refusing({"e2010"}, blame::wrong, 200));
  CHECK(w.requests() - first <= first - 1);
}

TEST_CASE("when every event is refused each is rejected with what Snapchat said") {
  world w;
  w.take(64);
  w.serve([](const sent& s) { return invalid("0", s.events.size() > 1 ? 200 : 400); });
  CHECK(w.with(fate::rejected).size() == 64);
  CHECK(w.requests() <= 2 * 64 + 1 + 1);
  for (const settled& s : w.outcomes()) {
    CHECK(s.why == snap::event::code::snap_invalid);
    CHECK(s.message == "507 Insufficient customer information. (http 400, event_id " + s.events.front() + ")");
  }
}

TEST_CASE("a batch that is refused as a whole but whose halves are taken is delivered") {
  world w;
  w.take(100);
  w.serve([](const sent& s) { return s.events.size() > 50 ? invalid() : http(200); });
  CHECK(w.with(fate::delivered).size() == 100);
}

TEST_CASE("a body that is too large is halved, and later batches are made smaller") {
  machine_options o = one_lane();
  world w{o};
  const auto gateway = [](const sent& s) { return s.events.size() > 7000 ? http(413, "") : http(200); };
  o.batch.max_events = 10'000;
  world wide{o};
  wide.take(10'000);
  wide.serve(gateway);
  CHECK(wide.with(fate::delivered).size() == 10'000);
  const std::size_t before = wide.requests();
  wide.take(10'000);
  wide.serve([](const sent& s) {
    CHECK(s.events.size() < 7000);
    return http(200);
  });
  CHECK(wide.requests() - before <= 3);
  CHECK(wide.said().size() == 1);
  CHECK_THAT(wide.said().front().text, Catch::Contains("batches are limited to"));
}

TEST_CASE("an event that is too large alone is rejected, the others are delivered") {
  world w;
  w.take(16);
  w.serve([](const sent& s) {
    return std::find(s.events.begin(), s.events.end(), "e5") != s.events.end() ? http(413, "") : http(200);
  });
  CHECK(w.with(fate::rejected) == std::multiset<std::string>{"e5"});
  CHECK(w.with(fate::delivered).size() == 15);
  for (const settled& s : w.outcomes()) {
    if (s.what == fate::rejected) CHECK(s.why == snap::event::code::request_too_large);
  }
}

TEST_CASE("parts of a refused request go before what came later") {
  machine_options o = one_lane();
  o.max_in_flight = 1;
  o.batch.max_events = 2;
  world w{o};
  w.take(4);
  w.refuse(1);
  w.answer(2, 200);
  w.refuse(3);
  w.answer(4, 200);
  CHECK(w.fresh() == std::vector<sent>{{1, 0, {"e0", "e1"}}, {2, 0, {"e0"}}, {3, 0, {"e1"}}, {4, 0, {"e2", "e3"}}});
}
