// The happy script, replayed with every fault at every step: nothing is lost, nothing is delivered twice, no event changes its
// name.
#include <catch2/catch.hpp>

#include "machine_world.hpp"

using namespace snap::delivery;
using namespace snap::delivery::testing;
namespace net = snap::net;
using net::link_failure;

namespace {

struct fault {
  const char* name;
  net::answer what;
};

std::vector<fault> transient_faults() {
  std::vector<fault> out;
  for (std::size_t i = 0; i < retry_reason_count; ++i) {
    if (retry_reasons[i].from != link_failure::none)
      out.push_back({retry_reasons[i].label.data(), broken(retry_reasons[i].from)});
  }
  for (const int status : {408, 425, 429, 500, 502, 503, 504}) out.push_back({"status", http(status, "")});
  net::answer later = http(429, "");
  later.retry_after = "2";
  out.push_back({"429 with Retry-After", later});
  out.push_back({"a portal", http(200, "<html>")});
  out.push_back({"413", http(413, "")});
  out.push_back({"INVALID", invalid()});
  out.push_back({"INVALID with an index", invalid("2")});
  return out;
}

constexpr std::size_t events = 40;

machine_options script_options() {
  machine_options o = one_lane();
  o.lanes.push_back({.asset_id = "p-2", .alias = "b", .token = 0});
  o.batch.max_events = 4;
  o.max_in_flight = 3;
  return o;
}

// Ten requests over two lanes; the faults stand for the answers with those numbers.
void play(world& w, const std::map<std::size_t, net::answer>& faults) {
  w.take(events / 2, 0);
  w.take(events / 2, 1);
  std::size_t step = 0;
  w.serve([&](const sent&) {
    const auto at = faults.find(step++);
    return at == faults.end() ? http(200) : at->second;
  });
}

void check_all_delivered(world& w) {
  const auto delivered = w.with(fate::delivered);
  CHECK(delivered.size() == events);
  CHECK(std::set<std::string>(delivered.begin(), delivered.end()).size() == events);
  CHECK(w.failures().empty());
  CHECK(w.next() == milliseconds::max());
}

}  // namespace

TEST_CASE("the script without faults takes ten requests") {
  world w{script_options()};
  play(w, {});
  check_all_delivered(w);
  CHECK(w.requests() == 10);
}

TEST_CASE("one fault at any step delays and loses nothing") {
  for (const fault& f : transient_faults()) {
    for (std::size_t step = 0; step < 10; ++step) {
      CAPTURE(f.name, f.what.status, step);
      world w{script_options()};
      play(w, {{step, f.what}});
      check_all_delivered(w);
    }
  }
}

TEST_CASE("two faults at any two steps lose nothing") {
  const std::vector<fault> faults = transient_faults();
  for (std::size_t a = 0; a < faults.size(); ++a) {
    const fault& second = faults[(a * 7 + 3) % faults.size()];
    for (std::size_t step = 0; step < 10; ++step) {
      for (std::size_t later = step + 1; later < 14; ++later) {
        CAPTURE(faults[a].name, second.name, step, later);
        world w{script_options()};
        play(w, {{step, faults[a].what}, {later, second.what}});
        // Two faults may blame a lone event; then it is rejected, never lost.
        CHECK(w.with(fate::delivered).size() + w.with(fate::rejected).size() == events);
        CHECK(w.failures().empty());
      }
    }
  }
}

TEST_CASE("a fatal answer at any step stops everything and settles nothing that was not answered") {
  for (const int status : {302, 401, 403, 404, 405}) {
    for (std::size_t step = 0; step < 10; ++step) {
      CAPTURE(status, step);
      world w{script_options()};
      play(w, {{step, http(status, "")}});
      CHECK(w.failures().size() == 1);
      CHECK(w.with(fate::delivered).size() == 4 * step);
      CHECK(w.with(fate::rejected).empty());
      CHECK(w.with(fate::skipped).empty());
      const std::size_t before = w.requests();
      w.pass(1h);
      CHECK(w.requests() == before);
    }
  }
}

TEST_CASE("an outage of an hour costs few requests and ends within its own length") {
  machine_options o = one_lane();
  o.batch.max_events = 10;
  world w{o};
  w.random = 0.7;
  w.take(200);
  const steady_time start = w.now().at;
  w.serve([&](const sent&) { return w.now().at - start < 1h ? http(503) : http(200); });
  CHECK(w.with(fate::delivered).size() == 200);
  CHECK(w.requests() < 200);
  CHECK(w.now().at - start < 1h + 2min);
}
