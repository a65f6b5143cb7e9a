#include "shop_event.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <string_view>

namespace bench {
namespace {

constexpr std::array<std::string_view, 8> first_names{"Maria",      "Jo\u00ebl", "Anna",        "Liam",
                                                      "Sof\u00eda", "Noah",      "J\u00fcrgen", "Olivia"};
constexpr std::array<std::string_view, 8> last_names{"Lindqvist", "O'Brien", "Garc\u00eda", "Smith",
                                                     "Nguyen",    "Odegard", "M\u00fcller", "Rossi"};
constexpr std::array<std::string_view, 4> countries{"us", "de", "fr", "se"};
constexpr std::array<std::string_view, 4> brands{"Northwind", "Contoso", "Fabrikam", "Tailspin"};

// A mixer (splitmix64), so that ids look like ids and do not compress.
[[nodiscard]] std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

[[nodiscard]] std::string uuid(std::uint64_t seed) {
  const std::uint64_t a = mix(seed), b = mix(a);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%08x-%04x-4%03x-a%03x-%012llx", static_cast<unsigned>(a >> 32),
                static_cast<unsigned>(a >> 16 & 0xffff), static_cast<unsigned>(a & 0xfff), static_cast<unsigned>(b >> 48 & 0xfff),
                static_cast<unsigned long long>(b & 0xffffffffffffu));
  return text.data();
}

[[nodiscard]] std::string iso_time(std::int64_t seconds, unsigned ms) {
  const std::time_t t = seconds;
  std::tm parts{};
  gmtime_r(&t, &parts);
  std::array<char, 32> day{};
  const std::size_t n = std::strftime(day.data(), day.size(), "%Y-%m-%dT%H:%M:%S.", &parts);
  return std::string(day.data(), n) + std::to_string(1000 + ms).substr(1) + "Z";
}

}  // namespace

std::string shop_event(std::uint64_t n, std::int64_t now_seconds) {
  const std::uint64_t r = mix(n);
  const auto first = first_names[r % 8], last = last_names[r / 8 % 8], country = countries[r / 64 % 4],
             brand = brands[r / 256 % 4];
  const std::string user = std::to_string(100000 + r % 900000);
  const std::string time = iso_time(now_seconds - static_cast<std::int64_t>(r % 3600), static_cast<unsigned>(r % 1000));
  const unsigned cents = 1000 + static_cast<unsigned>(r % 20000);
  const std::string price = std::to_string(cents / 100) + "." + std::to_string(cents / 10 % 10) + std::to_string(cents % 10);
  std::string e;
  e.reserve(1024);
  e += R"({"messageId":")" + uuid(n) + R"(","type":"track","event":"Order Completed","userId":"user-)" + user +
       R"(","timestamp":")" + time;
  e +=
      R"(","context":{"ip":"203.0.113.)" + std::to_string(r % 250) +
      R"(","userAgent":"Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) Safari/604.1","page":{"url":"https://shop.example/checkout?ScCid=)" +
      uuid(n + 1) + R"("},"traits":{"first_name":")";
  e += first;
  e += R"(","last_name":")";
  e += last;
  e += R"(","address":{"country":")";
  e += country;
  e += R"("}}},"properties":{"order_id":"order-)" + std::to_string(r % 10000000) + R"(","email":"shopper.)" + user +
       R"(@Example.com","phone":"+1 (415) 555-)" + std::to_string(1000 + r % 9000) + R"(","currency":"USD","revenue":)" + price +
       R"(,"total":)" + price + R"(,"products":[{"product_id":"SKU-)" + std::to_string(r % 5000) +
       R"(","name":"Canvas tote","category":"Bags","brand":")";
  e += brand;
  e += R"(","price":)" + price + R"(,"quantity":1},{"product_id":"SKU-)" + std::to_string(r % 4999) +
       R"(","name":"Wool socks","category":"Clothing","brand":")";
  e += brand;
  e += R"(","price":9.5,"quantity":2}]}})";
  return e;
}

}  // namespace bench
