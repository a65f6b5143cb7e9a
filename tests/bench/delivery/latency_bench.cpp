// How much of a slow link the sink uses: an endpoint on loopback that answers 150 ms late, the real engine and TLS client, full
// batches. The bound is batch x in-flight / RTT, with the RTT that a request with one event takes in the same run. Prints both;
// exit status 1 below the limit.
//   bench_latency [SHARE [ROUNDS]]      default 0.9, 40 round trips
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "engine/engine.hpp"
#include "net/client.hpp"
#include "tls_server.hpp"

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;
using seconds = std::chrono::duration<double>;

constexpr auto latency = 150ms;
constexpr std::size_t batch = 2000, in_flight = 4, event_bytes = 900;

// Answers each request so late; the requests of one connection wait for one another, as HTTP/1.1 has it.
void answer_late(support::peer& p) {
  while (p.read_request()) {
    p.pause(latency);
    if (!p.write(support::ok())) return;
  }
}

snap::config::settings settings_for(std::uint16_t port, const std::filesystem::path& ca) {
  snap::config::settings s;
  s.lanes = {{.asset_id = "p", .token = 0, .alias = ""}};
  s.tokens = {{.value = sca::secret{"a-benchmark-token"}, .file = {}}};
  s.net.to = {.host = "localhost", .port = port, .path = "", .authority = "localhost:" + std::to_string(port)};
  s.net.ca_file = ca;
  s.net.max_in_flight = in_flight;
  s.batch.max_events = batch;
  s.batch.linger = 0ms;
  s.buffer = {.max_records = 4 * batch * in_flight, .max_bytes = std::uint64_t{64} << 20};
  return s;
}

class pipeline {
 public:
  explicit pipeline(const snap::config::settings& s)
      : engine_(s, {.wake = [] {}, .log = tell, .wall = {}}, tokens_of(s), client_of(s)) {
    engine_.start();
  }
  // Feeds n events as fast as they are admitted and waits until the last one is settled.
  seconds deliver(std::size_t n) {
    const auto start = steady::now();
    std::size_t fed = 0, settled = 0;
    while (settled < n) {
      for (std::size_t i = 0; i < 500 && fed < n && engine_.admits(); ++i) feed(fed++);
      engine_.publish();
      std::size_t news = 0;
      for (const auto& s : engine_.take_settled()) news += s.items.size();
      settled += news;
      if (engine_.failure()) fail(engine_.failure()->message);
      if (news == 0 && (fed == n || !engine_.admits())) std::this_thread::sleep_for(200us);
    }
    return steady::now() - start;
  }

 private:
  [[noreturn]] static void fail(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(2);
  }
  static void tell(std::int32_t level, std::string_view text) {
    if (level >= SCA_LOG_WARN) std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
  }
  static snap::engine::token_store tokens_of(const snap::config::settings& s) {
    auto tokens = snap::engine::token_store::load(s.tokens);
    if (!tokens) fail(tokens.error().message);
    return std::move(*tokens);
  }
  static std::unique_ptr<snap::net::transport> client_of(const snap::config::settings& s) {
    std::string why;
    auto client = snap::net::make_client({.net = s.net, .user_agent = "bench"}, why);
    if (!client) fail(why);
    return client;
  }
  void feed(std::uint64_t ticket) {
    auto& in = engine_.records();
    std::string& out = in.begin();
    const snap::event::output o{.lane = 0,
                                .at = out.size(),
                                .size = event_bytes,
                                .event_id = {},
                                .time = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()),
                                .max_age = 24h};
    out.append(event_bytes, 'x');  // the endpoint does not look
    in.keep({&o, 1}, 1, ticket);
  }
  snap::engine::engine engine_;
};

}  // namespace

int main(int argc, char** argv) {
  const double wanted = argc > 1 ? std::atof(argv[1]) : 0.9;
  const std::size_t rounds = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 40;
  const support::certificate_authority authority("Benchmark Authority");
  support::tls_server server({.id = authority.issue({.dns = {"localhost"}, .ip = {"127.0.0.1"}})}, answer_late);
  const auto ca = std::filesystem::temp_directory_path() / ("bench-latency-" + std::to_string(server.port()) + ".pem");
  std::ofstream(ca) << authority.certificate_pem();
  const auto settings = settings_for(server.port(), ca);
  double rtt = 1e9, rate = 0;
  {
    pipeline p(settings);
    (void)p.deliver(in_flight * batch);  // sessions are open from here
    for (int i = 0; i < 5; ++i) rtt = std::min(rtt, p.deliver(1).count());
    const std::size_t events = rounds * in_flight * batch;
    rate = static_cast<double>(events) / p.deliver(events).count();
  }
  std::filesystem::remove(ca);
  const double bound = static_cast<double>(batch * in_flight) / rtt;
  std::printf("at %.0f ms: %.0f events/s of %.0f (%zu x %zu / RTT), share %.3f (limit %.2f)\n", rtt * 1000, rate, bound, batch,
              in_flight, rate / bound, wanted);
  return rate / bound >= wanted ? 0 : 1;
}
