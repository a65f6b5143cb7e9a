// What one mapping.field override costs: a purchase mapped with eight overrides of a kind, the same without any, and eight bare
// SHA-256 digests of an e-mail address in hex, one after the other and many times. The limit is 0.1 us for each value that the
// override reads; sha256 may take a bare digest on top. On a machine that needs longer for the digest than 0.17 us, as the one of
// design.md does ("Measured limits"), the 0.1 us grow in proportion. One line a kind; one above its limit fails the run.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "event/mapper.hpp"
#include "measure.hpp"
#include "record.hpp"

namespace {

namespace config = snap::config;
namespace event = snap::event;

constexpr std::size_t overrides = 8;
constexpr int rounds = 301;
constexpr double limit_ns = 100, digest_reference_ns = 170;
constexpr std::chrono::sys_time<std::chrono::milliseconds> now{std::chrono::milliseconds{1650628800000}};

struct kind {
  std::string_view name;
  std::string_view value;       // of the record's member that the override reads; @ is its number
  std::string_view expression;  // likewise
  unsigned reads = 1;           // values
  unsigned digests = 0;
};

constexpr kind kinds[] = {
    {"path", R"("m@":"Running shoes, size 42")", "$.extra.m@"},
    {"alternatives", R"("m@":"Running shoes, size 42")", "$.extra.a@ | $.extra.b@ | $.extra.m@"},
    {"literal", R"("m@":"Running shoes, size 42")", "'Running shoes, size 42'"},
    {"default", R"("m@":"Running shoes, size 42")", "$.extra.a@ | default('Running shoes, size 42')"},
    {"lower", R"("m@":"Zoe.OBrien@Example.com")", "lower($.extra.m@)"},
    {"digits", R"("m@":"+1 (415) 555-1234")", "digits($.extra.m@)"},
    {"number", R"("m@":"1299.00")", "number($.extra.m@)"},
    {"number_grouped", R"("m@":"1,299.00")", "number($.extra.m@)"},
    {"iso_country", R"("m@":"DE")", "iso_country($.extra.m@)"},
    {"iso_country_name", R"("m@":"Germany")", "iso_country($.extra.m@)"},
    {"first", R"("m@":["first","second"])", "first($.extra.m@)"},
    {"sum", R"("m@":[{"p":19.90,"q":2},{"p":20.00,"q":1}])", "sum($.extra.m@[*].p * $.extra.m@[*].q)", 4},
    {"sha256", R"("m@":"zoe.obrien@example.com")", "sha256($.extra.m@)", 1, 1},
};

std::string numbered(std::string_view text, std::size_t n) {
  std::string out;
  for (const char c : text) out += c == '@' ? std::to_string(n) : std::string(1, c);
  return out;
}
// An e-mail address keeps its own sign.
std::string value_of(const kind& k, std::size_t n) {
  const std::size_t colon = k.value.find(':');
  return numbered(k.value.substr(0, colon), n) + std::string(k.value.substr(colon));
}

std::string record_for(const kind& k) {
  std::string extra;
  for (std::size_t i = 0; i < overrides; ++i) extra += (i == 0 ? "" : ",") + value_of(k, i);
  return R"({"type":"track","event":"Order Completed","messageId":"m-1","timestamp":"2022-04-22T10:57:58.123Z","userId":"u-481516",)"
         R"("traits":{"email":"zoe@example.com"},"extra":{)" +
         extra + R"(},"properties":{"order_id":"o-17","revenue":59.80,"currency":"USD"}})";
}

config::settings settings_for(const kind& k, std::size_t count) {
  config::settings s;
  s.mapping.from = config::preset::segment;
  s.mapping.max_age_online = s.mapping.max_age_offline = std::chrono::hours{24 * 37};
  s.mapping.future_max = std::chrono::minutes{5};
  s.tokens.resize(1);
  s.lanes = {{.asset_id = "pixel", .token = 0, .alias = ""}};
  s.routes = {{.alias = "", .pixel_lane = 0, .app_lane = config::no_lane, .app_id = ""}};
  for (std::size_t i = 0; i < count; ++i) {
    s.mapping.fields.emplace_back("custom_data.m" + std::to_string(i),
                                  event::parse_expression(numbered(k.expression, i)).value());
  }
  return s;
}

class mapping {
 public:
  mapping(const kind& k, std::size_t count)
      : settings_(settings_for(k, count)),
        mapper_(settings_),
        text_(record_for(k)),
        record_(test_support::record_of(text_, {}, now.time_since_epoch().count())) {}
  void operator()() {
    out_.clear();
    benchmark::DoNotOptimize(mapper_.map(record_, now, out_));
    benchmark::DoNotOptimize(out_.data());
  }
  [[nodiscard]] std::string_view event() {
    (*this)();
    return out_;
  }

 private:
  config::settings settings_;
  event::mapper mapper_;
  std::string text_;
  sca_record record_;
  std::string out_;
};

class bare_digests {
 public:
  bare_digests() { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }
  void operator()() {
    for (std::size_t i = 0; i < overrides; ++i) {
      EVP_DigestInit_ex(context_.get(), nullptr, nullptr);
      EVP_DigestUpdate(context_.get(), "zoe.obrien@example.com", 22);
      EVP_DigestFinal_ex(context_.get(), digest_.data(), nullptr);
      for (std::size_t b = 0; b < digest_.size(); ++b) {
        hex_[2 * b] = "0123456789abcdef"[digest_[b] >> 4U];
        hex_[2 * b + 1] = "0123456789abcdef"[digest_[b] & 15U];
      }
      benchmark::DoNotOptimize(hex_.data());
    }
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  std::array<unsigned char, 32> digest_{};
  std::array<char, 64> hex_{};
};

struct measured {
  double ns, digest_ns;
};

// Medians of many short rounds: what else the machine does meets all three of a round alike.
measured cost_of(const kind& k) {
  constexpr int times = 100;
  const auto with = std::make_unique<mapping>(k, overrides), without = std::make_unique<mapping>(k, 0);
  bare_digests digests;
  std::vector<double> differences, bare;
  for (int i = 0; i < rounds; ++i) {
    differences.push_back(bench::ns_of(*with, times) - bench::ns_of(*without, times));
    bare.push_back(bench::ns_of(digests, times));
  }
  const auto one = static_cast<double>(overrides);
  return {bench::median(std::move(differences)) / one, bench::median(std::move(bare)) / one};
}

// A kind that sends nothing would be fast.
bool writes_all(const kind& k) {
  mapping m(k, overrides);
  const std::string_view event = m.event();
  for (std::size_t i = 0; i < overrides; ++i) {
    if (event.find("\"m" + std::to_string(i) + "\":") != std::string_view::npos) continue;
    std::fprintf(stderr, "%s: the event lacks custom_data.m%zu\n", std::string(k.name).c_str(), i);
    return false;
  }
  return true;
}

}  // namespace

int main() {
  std::printf("Processor time of one override in ns, medians of %d rounds: with eight overrides, without, eight bare digests.\n",
              rounds);
  std::printf("| override         | values | record | override | bare digest | limit |\n");
  std::printf("| ---------------- | -----: | -----: | -------: | ----------: | ----: |\n");
  bool good = true;
  for (const kind& k : kinds) {
    if (!writes_all(k)) return 2;
    const measured m = cost_of(k);
    const double limit = k.reads * limit_ns * std::max(1.0, m.digest_ns / digest_reference_ns) + k.digests * m.digest_ns;
    good = good && m.ns <= limit;
    std::printf("| %-16s | %6u | %6zu | %8.1f | %11.0f | %5.0f |%s%s\n", std::string(k.name).c_str(), k.reads,
                record_for(k).size(), m.ns, m.digest_ns, limit, k.digests == 0 ? "" : " a digest and 100",
                m.ns <= limit ? "" : " too slow");
  }
  return good ? 0 : 1;
}
