// What decode + map + hash + render of one purchase costs, beside a bare limit in the same run: the record parsed into a
// Boost.JSON document with parser and buffer reused, as many SHA-256 digests as the event holds with one reused context, and one
// copy of the event's size. The last lines are `ratio PRESET X`, medians of repetitions; more than 2.0 for segment fails the run.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "event/mapper.hpp"

namespace {

namespace config = snap::config;
namespace event = snap::event;

constexpr std::int64_t now_ms = 1650628800000;

constexpr std::string_view segment_purchase =
    R"({"type":"track","event":"Order Completed","messageId":"ajs-next-1650625078123-7d3c","timestamp":"2022-04-22T10:57:58.123Z","userId":"u-481516","context":{"ip":"203.0.113.47","userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/100.0","page":{"url":"https://shop.example.com/checkout/thanks","referrer":"https://shop.example.com/"},"traits":{"first_name":"Zo\u00eb","last_name":"O'Brien","address":{"city":"Menlo Park","state":"California","country":"US","postalCode":"94025"}},"locale":"en-US"},"traits":{"email":"Zoe.OBrien@Example.com","phone":"+1 (415) 555-1234"},"properties":{"order_id":"o-20220422-17","revenue":59.80,"currency":"USD","products":[{"product_id":"sku-1","quantity":2,"price":19.90,"brand":"Acme","category":"Shoes"},{"product_id":"sku-2","quantity":1,"price":20.00,"category":"Socks"}]}})";

constexpr std::string_view rudder_purchase =
    R"({"type":"track","event":"Order Completed","channel":"web","messageId":"rud-1650625078123-7d3c","originalTimestamp":"2022-04-22T10:57:58.123Z","userId":"u-481516","context":{"ip":"203.0.113.47","userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/100.0","page":{"url":"https://shop.example.com/checkout/thanks","referrer":"https://shop.example.com/"},"traits":{"email":"Zoe.OBrien@Example.com","phone":"+1 (415) 555-1234","firstName":"Zoe","lastName":"O'Brien","state":"California","country":"US","address":{"city":"Menlo Park","zip":"94025"}},"locale":"en-US"},"properties":{"order_id":"o-20220422-17","value":59.80,"currency":"USD","products":[{"product_id":"sku-1","quantity":2,"price":19.90,"brand":"Acme","category":"Shoes"},{"product_id":"sku-2","quantity":1,"price":20.00,"category":"Socks"}]}})";

constexpr std::string_view snap_purchase =
    R"({"event_name":"PURCHASE","event_time":1650625078,"action_source":"WEB","event_id":"ajs-next-1650625078123-7d3c","event_source_url":"https://shop.example.com/checkout/thanks","user_data":{"em":["Zoe.OBrien@Example.com"],"ph":["+1 (415) 555-1234"],"external_id":["u-481516"],"fn":"Zoe","ln":"O'Brien","ct":"Menlo Park","st":"California","country":"US","zp":"94025","client_ip_address":"203.0.113.47","client_user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/100.0"},"custom_data":{"value":59.80,"currency":"USD","order_id":"o-20220422-17","num_items":3,"content_ids":["sku-1","sku-2"],"content_category":["Shoes","Socks"],"contents":[{"id":"sku-1","quantity":2,"item_price":19.90,"brand":"Acme"},{"id":"sku-2","quantity":1,"item_price":20.00}]}})";

struct subject {
  std::string_view name;
  config::preset preset;
  std::string_view record;
};
constexpr std::array<subject, 3> subjects{{{"snap", config::preset::snap, snap_purchase},
                                           {"segment", config::preset::segment, segment_purchase},
                                           {"rudder", config::preset::rudder, rudder_purchase}}};

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

sca_record record_of(std::string_view value) {
  static constexpr std::string_view topic = "orders";
  return {.struct_size = sizeof(sca_record),
          .partition = 0,
          .offset = 7,
          .assignment = 1,
          .timestamp_ms = now_ms,
          .timestamp_type = SCA_TIMESTAMP_CREATE,
          .reserved = 0,
          .topic = {topic.data(), topic.size()},
          .routed_topic = {topic.data(), topic.size()},
          .key = {nullptr, 0},
          .value = {reinterpret_cast<const std::uint8_t*>(value.data()), value.size()},
          .headers = nullptr,
          .header_count = 0};
}

constexpr std::chrono::sys_time<std::chrono::milliseconds> now{std::chrono::milliseconds{now_ms}};

// The event that the mapper makes of a subject: the limit has to match its size and number of digests.
std::string mapped_event(const subject& s) {
  const config::settings settings = settings_for(s.preset);
  event::mapper m(settings);
  std::string out;
  const event::mapped& answer = m.map(record_of(s.record), now, out);
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

void map_it(benchmark::State& state, const subject& s) {
  const config::settings settings = settings_for(s.preset);
  event::mapper m(settings);
  const sca_record record = record_of(s.record);
  std::string out;
  for (auto step : state) {
    out.clear();
    benchmark::DoNotOptimize(m.map(record, now, out));
    benchmark::DoNotOptimize(out.data());
  }
}

void bare_limit(benchmark::State& state, const subject& s) {
  const std::string event_text = mapped_event(s);
  const std::size_t digests = digests_in(event_text);
  static std::array<unsigned char, 1U << 16U> memory;
  boost::json::static_resource resource(memory.data(), memory.size());
  boost::json::parser parser;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  std::array<unsigned char, 32> digest{};
  std::string out(event_text.size(), ' ');
  for (auto step : state) {
    resource.release();
    parser.reset(&resource);
    parser.write(s.record.data(), s.record.size());
    {
      const boost::json::value v = parser.release();
      benchmark::DoNotOptimize(&v);
    }
    for (std::size_t i = 0; i < digests; ++i) {
      EVP_DigestInit_ex(context.get(), nullptr, nullptr);
      EVP_DigestUpdate(context.get(), "zoe.obrien@example.com", 22);
      EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
      benchmark::DoNotOptimize(digest.data());
    }
    std::copy(event_text.begin(), event_text.end(), out.begin());
    benchmark::DoNotOptimize(out.data());
  }
}

// Prints as usual and keeps the medians.
class medians : public benchmark::ConsoleReporter {
 public:
  medians() : ConsoleReporter(OO_Tabular) {}
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& r : runs) {
      if (r.aggregate_name == "median") of[r.run_name.function_name] = r.GetAdjustedCPUTime();
    }
  }
  std::map<std::string, double> of;
};

}  // namespace

int main(int argc, char** argv) {
  // Limit and mapping take turns, so that whatever else the machine does meets both alike.
  std::string take_turns = "--benchmark_enable_random_interleaving=true";
  std::vector<char*> arguments(argv, argv + argc);
  arguments.insert(arguments.begin() + 1, take_turns.data());
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  for (const subject& s : subjects) {
    const std::string name(s.name);
    std::printf("%-8s record %zu bytes, event %zu bytes, %zu digests\n", name.c_str(), s.record.size(), mapped_event(s).size(),
                digests_in(mapped_event(s)));
    const auto settle = [](benchmark::internal::Benchmark* b) {
      b->MinTime(0.1)->Repetitions(11)->ReportAggregatesOnly(true)->Unit(benchmark::kMicrosecond);
    };
    settle(benchmark::RegisterBenchmark(("limit_" + name).c_str(), bare_limit, s));
    settle(benchmark::RegisterBenchmark(("map_" + name).c_str(), map_it, s));
  }
  medians report;
  benchmark::RunSpecifiedBenchmarks(&report);
  bool good = true;
  for (const subject& s : subjects) {
    const std::string name(s.name);
    if (!report.of.contains("map_" + name) || !report.of.contains("limit_" + name)) continue;  // filtered out
    const double ratio = report.of.at("map_" + name) / report.of.at("limit_" + name);
    if (s.preset == config::preset::segment && ratio > 2.0) good = false;
    std::printf("ratio %s %.2f\n", name.c_str(), ratio);
  }
  return good ? 0 : 1;
}
