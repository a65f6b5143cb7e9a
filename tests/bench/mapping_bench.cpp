// What decode + map + hash + render of one purchase costs, beside a bare limit in the same run: the record parsed into a
// Boost.JSON document with parser and buffer reused, as many SHA-256 digests as the event holds with one reused context, and one
// copy of the event's size. One line a preset; a ratio above 2.0 fails the run.
// `bench_mapping NAME [SECONDS]`: only that one, and for a profiler only the mapping, so long.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "event/mapper.hpp"
#include "mapping_records.hpp"
#include "measure.hpp"
#include "record.hpp"

namespace {

namespace config = snap::config;
namespace event = snap::event;

constexpr double most = 2.0;
constexpr std::int64_t now_ms = 1650628800000;

struct subject {
  std::string_view name;
  config::preset preset;
  std::string_view record;
};
constexpr std::array<subject, 8> subjects{{{"snap", config::preset::snap, bench::snap_purchase},
                                           {"segment", config::preset::segment, bench::segment_purchase},
                                           {"rudder", config::preset::rudder, bench::rudder_purchase},
                                           {"ga4", config::preset::ga4, bench::ga4_tag_manager},
                                           {"ga4_protocol", config::preset::ga4, bench::ga4_protocol},
                                           {"ga4_export", config::preset::ga4, bench::ga4_export},
                                           {"posthog", config::preset::posthog, bench::posthog_line},
                                           {"mparticle", config::preset::mparticle, bench::mparticle_batch}}};

config::settings settings_for(config::preset p) {
  config::settings s;
  s.mapping.from = p;
  s.mapping.max_age_online = s.mapping.max_age_offline = std::chrono::hours{24 * 37};
  s.mapping.future_max = std::chrono::minutes{5};
  s.tokens.resize(1);
  s.lanes = {{.asset_id = "pixel", .token = 0, .alias = ""}};
  s.routes = {{.alias = "", .pixel_lane = 0, .app_lane = config::no_lane, .app_id = ""}};
  return s;
}

constexpr std::chrono::sys_time<std::chrono::milliseconds> now{std::chrono::milliseconds{now_ms}};

// The event that the mapper makes of a subject: the limit has to match its size and number of digests.
std::string mapped_event(const subject& s) {
  const config::settings settings = settings_for(s.preset);
  event::mapper m(settings);
  std::string out;
  const event::mapped& answer = m.map(test_support::record_of(s.record, {}, now_ms), now, out);
  if (answer.what == event::fate::send) return out;
  std::fprintf(stderr, "%s: %s\n", std::string(s.name).c_str(), std::string(answer.message).c_str());
  std::exit(2);
}

std::size_t digests_in(std::string_view json) {
  std::size_t found = 0, run = 0;
  for (const char c : json) {
    run = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ? run + 1 : 0;
    found += run == 64 ? 1 : 0;
  }
  return found;
}

// One purchase, again and again.
class mapping {
 public:
  explicit mapping(const subject& s)
      : settings_(settings_for(s.preset)), mapper_(settings_), record_(test_support::record_of(s.record, {}, now_ms)) {}
  void operator()() {
    out_.clear();
    benchmark::DoNotOptimize(mapper_.map(record_, now, out_));
    benchmark::DoNotOptimize(out_.data());
  }

 private:
  config::settings settings_;
  event::mapper mapper_;
  sca_record record_;
  std::string out_;
};

// What nobody can do without: read the JSON, compute the digests, put the event's bytes somewhere.
class bare_limit {
 public:
  bare_limit(std::string_view record, std::string_view event, std::size_t digests)
      : record_(record), event_(event), digests_(digests), out_(event.size(), ' ') {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void operator()() {
    resource_.release();
    parser_.reset(&resource_);
    parser_.write(record_.data(), record_.size());
    {
      const boost::json::value v = parser_.release();
      benchmark::DoNotOptimize(&v);
    }
    for (std::size_t i = 0; i < digests_; ++i) {
      EVP_DigestInit_ex(context_.get(), nullptr, nullptr);
      EVP_DigestUpdate(context_.get(), "zoe.obrien@example.com", 22);
      EVP_DigestFinal_ex(context_.get(), digest_.data(), nullptr);
      benchmark::DoNotOptimize(digest_.data());
    }
    std::copy(event_.begin(), event_.end(), out_.begin());
    benchmark::DoNotOptimize(out_.data());
  }

 private:
  std::string_view record_;
  std::string event_;
  std::size_t digests_;
  std::string out_;
  std::array<unsigned char, 1U << 16U> memory_{};
  boost::json::static_resource resource_{memory_.data(), memory_.size()};
  boost::json::parser parser_;
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  std::array<unsigned char, 32> digest_{};
};

// false: too slow.
bool measure(const subject& s) {
  constexpr int rounds = 301, times = 200;
  const std::string event = mapped_event(s);
  const std::size_t digests = digests_in(event);
  const auto limit = std::make_unique<bare_limit>(s.record, event, digests);
  const auto map = std::make_unique<mapping>(s);
  const auto all = bench::in_turn(*limit, *map, rounds, times);
  const double ratio = bench::median_of(all, [](const bench::pair_of_ns& r) { return r.subject / r.limit; });
  const double limit_us = bench::median_of(all, [](const bench::pair_of_ns& r) { return r.limit; }) / 1000;
  const double map_us = bench::median_of(all, [](const bench::pair_of_ns& r) { return r.subject; }) / 1000;
  std::printf("| %-12s | %6zu | %5zu | %7zu | %8.2f | %8.2f | %5.2f |%s\n", std::string(s.name).c_str(), s.record.size(),
              event.size(), digests, limit_us, map_us, ratio, ratio > most ? " too slow" : "");
  return ratio <= most;
}

void map_for(const subject& s, double seconds) {
  mapping map(s);
  const double until = bench::cpu_ns() + seconds * 1e9;
  while (bench::cpu_ns() < until) (void)bench::ns_of(map, 1000);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view only = argc > 1 ? argv[1] : "";
  if (argc > 2) {
    for (const subject& s : subjects) {
      if (s.name == only) map_for(s, std::atof(argv[2]));
    }
    return 0;
  }
  std::printf(
      "Processor time of one event, bytes and us; the ratio's limit is %.1f. Medians of 301 rounds of 200 events, limit and "
      "mapping "
      "in turn.\n",
      most);
  std::printf("| preset       | record | event | digests | limit us | map us   | ratio |\n");
  std::printf("| ------------ | -----: | ----: | ------: | -------: | -------: | ----: |\n");
  bool good = true;
  for (const subject& s : subjects) {
    if (only.empty() || s.name == only) good = measure(s) && good;
  }
  return good ? 0 : 1;
}
