// What decode + map + hash + render of one purchase costs, beside a bare limit in the same run: the record parsed into a
// Boost.JSON document with parser and buffer reused, as many SHA-256 digests as the event holds with one reused context, and one
// copy of the event's size. The last lines are `ratio PRESET X`, medians of many pairs; more than 2.0 for segment fails the run.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
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

constexpr std::string_view ga4_tag_manager =
    R"({"event_name":"purchase","client_id":"1712345678.1699000000","user_id":"u-481516","timestamp":1650625078123,"page_location":"https://shop.example.com/checkout/thanks?ScCid=5d7C9ac3-3840","page_referrer":"https://shop.example.com/","page_title":"Thank you","ip_override":"203.0.113.47","user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/100.0","language":"en-us","screen_resolution":"1536x960","x-ga-gcs":"G111","x-ga-measurement_id":"G-ABCDEF1234","ga_session_id":"1650624000","currency":"USD","value":59.80,"transaction_id":"o-20220422-17","user_data":{"email_address":"Zoe.OBrien@Example.com","phone_number":"+14155551234","address":{"first_name":"Zoe","last_name":"O'Brien","city":"Menlo Park","region":"California","postal_code":"94025","country":"US"}},"items":[{"item_id":"sku-1","item_brand":"Acme","item_category":"Shoes","price":19.90,"quantity":2},{"item_id":"sku-2","item_category":"Socks","price":20.00,"quantity":1}]})";

constexpr std::string_view ga4_protocol =
    R"({"client_id":"1712345678.1699000000","user_id":"u-481516","timestamp_micros":1650625078123456,"ip_override":"203.0.113.47","user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/100.0","user_data":{"sha256_email_address":["0b34a8b04cfd9f0b4a4d7f3b7f3b2b4b5c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f"],"address":[{"sha256_first_name":"81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2","city":"Menlo Park","region":"California","postal_code":"94025","country":"US"}]},"consent":{"ad_user_data":"GRANTED"},"events":[{"name":"session_start","params":{"session_id":"1650624000"}},{"name":"purchase","params":{"session_id":"1650624000","engagement_time_msec":100,"page_location":"https://shop.example.com/checkout/thanks?ScCid=5d7C9ac3-3840","currency":"USD","value":59.80,"transaction_id":"o-20220422-17","items":[{"item_id":"sku-1","item_brand":"Acme","item_category":"Shoes","price":19.90,"quantity":2},{"item_id":"sku-2","item_category":"Socks","price":20.00,"quantity":1}]}}]})";

constexpr std::string_view ga4_export =
    R"({"event_date":"20220422","event_timestamp":"1650625078123456","event_name":"purchase","event_params":[{"key":"page_location","value":{"string_value":"https://shop.example.com/checkout/thanks?ScCid=5d7C9ac3-3840"}},{"key":"page_title","value":{"string_value":"Thank you"}},{"key":"ga_session_id","value":{"int_value":"1650624000"}},{"key":"ga_session_number","value":{"int_value":"3"}},{"key":"engagement_time_msec","value":{"int_value":"1200"}},{"key":"currency","value":{"string_value":"USD"}},{"key":"value","value":{"double_value":59.80}},{"key":"transaction_id","value":{"string_value":"o-20220422-17"}},{"key":"email","value":{"string_value":"Zoe.OBrien@Example.com"}}],"user_id":"u-481516","user_pseudo_id":"1712345678.1699000000","privacy_info":{"ads_storage":"Yes","analytics_storage":"Yes","uses_transient_token":"No"},"device":{"category":"desktop","operating_system":"Linux","language":"en-us","is_limited_ad_tracking":"No","web_info":{"browser":"Chrome","browser_version":"100.0","hostname":"shop.example.com"}},"geo":{"continent":"Americas","country":"United States","region":"California","city":"Menlo Park"},"platform":"WEB","stream_id":"1234567890","ecommerce":{"total_item_quantity":"3","purchase_revenue_in_usd":59.80,"purchase_revenue":59.80,"unique_items":"2","transaction_id":"o-20220422-17"},"items":[{"item_id":"sku-1","item_name":"Sneaker","item_brand":"Acme","item_category":"Shoes","price":19.90,"quantity":"2"},{"item_id":"sku-2","item_name":"Socks","item_category":"Socks","price":20.00,"quantity":"1"}]})";

constexpr std::string_view posthog_line =
    R"({"uuid":"u-1","event":"Order Completed","distinct_id":"user_42","timestamp":"2022-04-22T10:57:58.123Z","properties":{"$current_url":"https://shop.example/thanks?ScCid=AbC-1","$ip":"203.0.113.9","$raw_user_agent":"Mozilla/5.0 X11; Linux x86_64 AppleWebKit/537.36 Chrome/100.0","$lib":"web","$is_identified":true,"order_id":"3e94","revenue":90.0,"currency":"usd","products":[{"product_id":"c6e7","sku":"18499-12","price":30,"quantity":1,"category":"merch"},{"product_id":"101c","price":30,"quantity":2}],"$browser":"Chrome","$os":"Linux","$session_id":"0190f0a1-7b6c-7c11-9d2e-1f2a3b4c5d6e","$device_id":"0190f0a1","$host":"shop.example","$pathname":"/thanks"},"person_id":"p","person_properties":{"email":"Jane@Example.com","phone":"+1 (415) 555-1234","first_name":"Jane","last_name":"O'Neil","city":"New York","country":"US","zip":"10001"}})";

constexpr std::string_view mparticle_batch =
    R"({"schema_version":2,"environment":"production","mpid":-7346244611012968789,"ip":"203.0.113.9","user_identities":[{"identity_type":"customer_id","identity":"C-9"},{"identity_type":"email","identity":"Ann@Example.com"},{"identity_type":"mobile_number","identity":"+14155551234"}],"user_attributes":{"$firstname":"Ann","$zip":"10016","$country":"USA","$lastname":"Lee","$city":"New York","$state":"NY"},"device_info":{"platform":"web","os_version":"15.1","locale_language":"en","locale_country":"US","timezone_offset":-3.5,"ios_advertising_id":"613FF528-AFD1-4C1B-9628-E6ED25ECE9C0","att_authorization_status":"authorized","http_header_user_agent":"A"},"application_info":{"package":"com.shop","application_version":"7"},"consent_state":{"ccpa":{"data_sale_opt_out":{"consented":false}}},"events":[{"event_type":"session_start","data":{"timestamp_unixtime_ms":1650625070000}},{"event_type":"commerce_event","message_id":"m","data":{"timestamp_unixtime_ms":1650625078123,"source_message_id":"s","currency_code":"USD","product_action":{"action":"purchase","transaction_id":"O","tax_amount":2,"products":[{"id":"P1","price":20,"quantity":2,"total_product_amount":"40"},{"id":"P2","price":2.5,"quantity":1}],"total_amount":42.5}}}]})";

struct subject {
  std::string_view name;
  config::preset preset;
  std::string_view record;
};
constexpr std::array<subject, 8> subjects{{{"snap", config::preset::snap, snap_purchase},
                                           {"segment", config::preset::segment, segment_purchase},
                                           {"rudder", config::preset::rudder, rudder_purchase},
                                           {"ga4", config::preset::ga4, ga4_tag_manager},
                                           {"ga4_protocol", config::preset::ga4, ga4_protocol},
                                           {"ga4_export", config::preset::ga4, ga4_export},
                                           {"posthog", config::preset::posthog, posthog_line},
                                           {"mparticle", config::preset::mparticle, mparticle_batch}}};

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

// One purchase, again and again.
class mapping {
 public:
  explicit mapping(const subject& s) : settings_(settings_for(s.preset)), mapper_(settings_), record_(record_of(s.record)) {}
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
  explicit bare_limit(const subject& s)
      : record_(s.record), event_(mapped_event(s)), digests_(digests_in(event_)), out_(event_.size(), ' ') {
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

template <class Work>
void loop(benchmark::State& state, const subject& s) {
  const auto work = std::make_unique<Work>(s);
  for (auto step : state) (*work)();
}

template <class Work>
double seconds_of(Work& work, int times) {
  const auto from = std::chrono::steady_clock::now();
  for (int i = 0; i < times; ++i) work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
}

// The median of many short pairs, one after the other: what else the machine does meets both halves of a pair alike.
double ratio_of(const subject& s) {
  constexpr int pairs = 201, times = 500;
  const auto limit = std::make_unique<bare_limit>(s);
  const auto map = std::make_unique<mapping>(s);
  std::vector<double> ratios;
  for (int i = 0; i < pairs; ++i) ratios.push_back(seconds_of(*map, times) / seconds_of(*limit, times));
  std::nth_element(ratios.begin(), ratios.begin() + pairs / 2, ratios.end());
  return ratios[pairs / 2];
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  for (const subject& s : subjects) {
    const std::string name(s.name);
    std::printf("%-12s record %zu bytes, event %zu bytes, %zu digests\n", name.c_str(), s.record.size(), mapped_event(s).size(),
                digests_in(mapped_event(s)));
    benchmark::RegisterBenchmark(("limit_" + name).c_str(), loop<bare_limit>, s)->Unit(benchmark::kMicrosecond);
    benchmark::RegisterBenchmark(("map_" + name).c_str(), loop<mapping>, s)->Unit(benchmark::kMicrosecond);
  }
  benchmark::RunSpecifiedBenchmarks();
  bool good = true;
  for (const subject& s : subjects) {
    const double ratio = ratio_of(s);
    if (s.preset == config::preset::segment && ratio > 2.0) good = false;
    std::printf("ratio %s %.2f\n", std::string(s.name).c_str(), ratio);
  }
  return good ? 0 : 1;
}
