// One realistic purchase per preset from record to event, every byte of it: what a user of the preset gets.
#include "event/preset/preset.hpp"
#include "support.hpp"

using namespace event_test;

namespace {

constexpr std::string_view segment_record =
    R"({"type":"track","event":"Order Completed","messageId":"ajs-1","timestamp":"2022-04-22T10:57:58.123Z",
  "userId":"U-481516","context":{"ip":"203.0.113.47","userAgent":"Mozilla/5.0 X11",
    "page" : {"url" : "https:\/\/shop.example.com\/thanks?a=1&b=\"2\""}, "traits" : {
  "first_name" : " Zo\u00eb ", "last_name" : "O'Brien", "gender" : "Female", "address" : {
    "city" : "Menlo Park", "state" : "California", "country" : "United States", "postalCode" : "94025-1234"
  }
}
}
, "traits" : {"email" : " Zoe.OBrien@Example.com ", "phone" : "+1 (415) 555-1234"},
             "integrations" : {"All" : true},
                              "properties" : {
  "order_id" : "o-17", "revenue" : 59.80, "total" : "65.00", "currency" : "usd", "products" : [
    {"product_id" : "sku-1", "quantity" : 2, "price" : 19.90, "brand" : "Acme", "category" : "Shoes"},
    {"product_id" : "sku-2", "quantity" : 1, "price" : "20.00", "category" : "Socks"}
  ]
}
})";

constexpr std::string_view expected =
    R"({"event_name":"PURCHASE","event_time":1650625078,"action_source":"WEB","event_id":"ajs-1",)"
    R"("event_source_url":"https://shop.example.com/thanks?a=1&b=\"2\"",)"
    R"("user_data":{"em":["@em"],"ph":["@ph"],"external_id":["@id"],"fn":"@fn","ln":"@ln","ge":"@ge","country":"@country","ct":"@ct","st":"@st","zp":"@zp",)"
    R"("client_ip_address":"203.0.113.47","client_user_agent":"Mozilla/5.0 X11"},)"
    R"("custom_data":{"value":59.80,"currency":"USD","order_id":"o-17","num_items":3,"content_ids":["sku-1","sku-2"],"content_category":["Shoes","Socks"],)"
    R"("contents":[{"id":"sku-1","quantity":2,"item_price":19.90,"brand":"Acme"},{"id":"sku-2","quantity":1,"item_price":20.00}],"brands":["Acme"]}})";

struct digest {
  std::string_view mark, hex;
};
// SHA-256 of the normalised clear text beside each, computed with sha256sum.
constexpr digest digests[] = {
    {"@em", "03db3ee7047945f120df41983abd49346a4f75afc4b30ba715efabdfb24503bf"},       // zoe.obrien@example.com
    {"@ph", "c6a349dfaaf5c3a368d3135014cc1bc7aebf18f654f313f9c1d0b018a897b209"},       // 14155551234
    {"@id", "a86085e16f0822eff7273534a56793ce4bcd32d11162dd2cfdfd6d34936fed06"},       // u-481516
    {"@fn", "2752b88686847fa5c86f47b94ce652b7b3f22a91c37617d451a4db9afa431450"},       // zoë
    {"@ln", "b4cb6cb33fe4b865868de825023a1e2790dc12ac01ecc8d7c5afe8254071c8ba"},       // obrien
    {"@ge", "252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111"},       // f
    {"@country", "79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621"},  // us
    {"@ct", "0007a3d64c01e23d5075203c5977c14e4f7e01a3fc570686fcc50b5e1dd42685"},       // menlopark
    {"@st", "6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126"},       // ca
    {"@zp", "b9a9cf3cd3723a2e91b7c23ecf68456e872b6e5d86e5cab7f3d45a7302da32c7"},       // 94025
};

std::string with_digests(std::string_view text) {
  std::string out(text);
  for (const digest& d : digests) {
    const std::size_t at = out.find("\"" + std::string(d.mark) + "\"");
    if (at != std::string::npos) out.replace(at + 1, d.mark.size(), d.hex);
  }
  return out;
}

}  // namespace

TEST_CASE("a segment purchase arrives at Snapchat whole, hashed and exact") {
  CHECK(map(preset::segment, segment_record).json() == with_digests(expected));
}

TEST_CASE("a snap event that is mapped again stays the same, byte for byte") {
  const std::string once = map(preset::segment, segment_record).json();
  CHECK(map(preset::snap, once).json() == once);
}

TEST_CASE("a rudder purchase arrives whole, with the spec's names for people and places") {
  const outcome o = map(
      preset::rudder,
      R"({"type":"track","event":"Order Completed","channel":"web","messageId":"rud-1","originalTimestamp":"2022-04-22T10:57:58.123Z",
    "userId":"U-481516","context":{"ip":"203.0.113.47","userAgent":"Mozilla/5.0 X11","page":{"url":"https://shop.example.com/thanks"},"traits":{
  "email" : "zoe.obrien@example.com",
            "phone" : "0014155551234",
                      "firstName" : "Zoë",
                                    "lastname" : "O'BRIEN",
                                                 "gender" : "f",
                                                            "state" : "CA",
                                                                      "country" : "us",
                                                                                  "address" : {
    "city" : "menlo park", "zip" : "94025"
  }}},
    "properties":{
  "order_id" : "o-17",
               "value" : "59.80",
                         "currency" : "USD",
                                      "products" : [ {"product_id" : "sku-1", "quantity" : 2, "price" : 19.90} ]
}
})");
  CHECK(
      o.json() ==
      with_digests(
          R"({"event_name":"PURCHASE","event_time":1650625078,"action_source":"WEB","event_id":"o-17","event_source_url":"https://shop.example.com/thanks",)"
          R"("user_data":{"em":["@em"],"ph":["@ph"],"external_id":["@id"],"fn":"@fn","ln":"@ln","ge":"@ge","country":"@country","ct":"@ct","st":"@st","zp":"@zp","client_ip_address":"203.0.113.47","client_user_agent":"Mozilla/5.0 X11"},)"
          R"("custom_data":{"value":59.80,"currency":"USD","order_id":"o-17","num_items":2,"content_ids":["sku-1"],"contents":[{"id":"sku-1","quantity":2,"item_price":19.90}]}})"));
}

TEST_CASE("each preset can be read as a table") {
  using snap::event::describe_preset;
  CHECK_THAT(describe_preset(preset::segment), Catch::Contains("Order Completed") && Catch::Contains("PURCHASE") &&
                                                   Catch::Contains("$.properties.revenue | $.properties.total"));
  CHECK_THAT(describe_preset(preset::rudder),
             Catch::Contains("START_CHECKOUT PURCHASE") && Catch::Contains("attTrackingStatus is 2"));
  CHECK_THAT(describe_preset(preset::snap), Catch::Contains("physical_store") && Catch::Contains("copied from $.custom_data"));
}
