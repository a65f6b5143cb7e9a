// What the delivery machine costs an event: rendered events come in payloads as puts bring them, go out in 2000-event requests,
// and are settled. Without network, mapping or threads. Prints microseconds an event; exit status 1 above the limit.
//   bench_delivery [LIMIT_US]      default 0.3
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "delivery/machine.hpp"

namespace {

using namespace snap::delivery;

constexpr std::size_t events_a_put = 500, rounds = 400;

// The put thread's part, not measured: payloads with buffers that went round once.
std::vector<payload> puts(std::size_t n, std::vector<std::string>& buffers) {
  static const std::string event(1094, 'x');
  std::vector<payload> out(n);
  for (payload& p : out) {
    if (!buffers.empty()) {
      p.reuse(std::move(buffers.back()));
      buffers.pop_back();
    }
    for (std::size_t i = 0; i < events_a_put; ++i) p.append(event, {.assignment = 1, .ticket = i});
  }
  return out;
}

double measure() {
  machine_options o;
  o.batch.max_bytes = 4'000'000;  // so that 2000 of these events fit
  o.lanes = {{.asset_id = "p", .alias = "", .token = 0}};
  o.tokens = {token_origin::fixed};
  machine m{o, [] { return 0.5; }};
  std::vector<std::string> buffers;
  std::chrono::nanoseconds in_machine{0};
  std::size_t settled = 0;
  instant now{.at = steady_time{} + std::chrono::hours{1}, .wall = wall_time{std::chrono::seconds{1'700'000'000}}};
  for (std::size_t round = 0; round < rounds; ++round) {
    std::vector<payload> in = puts(4, buffers);
    const auto start = std::chrono::steady_clock::now();
    actions out;
    for (payload& p : in) m.take(0, std::move(p), now, out);
    snap::net::answer a;
    a.status = 200;
    a.body = R"({"status":"VALID","reason":"Events have been processed successfully."})";
    for (const action& each : out) {
      if (const auto* s = std::get_if<send>(&each)) a.id = s->id;
    }
    out.clear();  // the request is done with the body
    actions done;
    m.answered(a, now, done);
    const auto end = std::chrono::steady_clock::now();
    for (const action& each : done) {
      if (const auto* s = std::get_if<settle>(&each)) settled += s->items.size();
    }
    for (std::string& b : m.spare_buffers()) buffers.push_back(std::move(b));
    m.spare_buffers().clear();
    in_machine += end - start;
    now.at += std::chrono::milliseconds{1};
  }
  if (settled != rounds * 4 * events_a_put) {
    std::fprintf(stderr, "settled %zu events instead of %zu\n", settled, rounds * 4 * events_a_put);
    std::exit(2);
  }
  return std::chrono::duration<double, std::micro>(in_machine).count() / static_cast<double>(settled);
}

}  // namespace

int main(int argc, char** argv) {
  const double limit = argc > 1 ? std::atof(argv[1]) : 0.3;
  double best = measure();
  for (int i = 0; i < 4; ++i) best = std::min(best, measure());
  std::printf("delivery machine: %.3f us an event (limit %.2f)\n", best, limit);
  return best <= limit ? 0 : 1;
}
