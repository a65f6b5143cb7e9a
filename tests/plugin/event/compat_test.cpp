// mapping.compat: one whole event of each peer, with the texts that the peer hashes and the ids that it sends (presets.md A, B),
// but with types that Snapchat documents.
#include "support.hpp"

using namespace event_test;
using snap::config::compat;

namespace {

change as(compat peer) {
  return [=](snap::config::settings& s) { s.mapping.peer = peer; };
}

const std::string traits =
    R"({"email":" Jane.Doe@Mail.example ","phone":"+44 (0)844 412 4653","firstName":" Mary Ann ","lastName":"O'Brien","first_name":" Mary Ann ",
    "last_name":"O'Brien","gender":"Female","state":"New York","country":"United States","zip":"10001-1234",
    "address":{"city":"St. Louis","state":"New York","country":"United States","postalCode":"10001-1234"}})";
const std::string device =
    R"("device":{"id":"8C61383F-2216-4713-8C1C-1CB0A5D7A4CC","advertisingId":"EA7583CD-A667-48BC-B806-42ECB2B48606"})";

outcome purchase(preset p, const change& c, std::string_view more = R"("order_id":" o-1 ","client_dedup_id":" dedup 1 ",)") {
  return map(
      p,
      R"({"type":"track","event":"Order Completed","messageId":" m-1 ","timestamp":"2022-04-22T10:57:58.000Z","userId":" User 1 ","traits":)" +
          traits + R"(,"context":{"traits":)" + traits + "," + device + R"(},"properties":{)" + std::string(more) +
          R"("revenue":"12.5","currency":"usd","products":[{"product_id":7,"price":"6.25","quantity":2}]}})",
      c);
}

void check_types(const outcome& o) {
  CHECK(o.has(R"("event_time":1650625078,)"));
  CHECK(o.at("/custom_data/content_ids") == R"(["7"])");
  CHECK(o.has(R"("value":12.5,)"));
  CHECK(o.has(R"("num_items":2)"));
}

}  // namespace

TEST_CASE("compat=rudder sends RudderStack's hashes and ids") {
  const outcome o = purchase(preset::rudder, as(compat::rudder));
  REQUIRE(o.fate == "send");
  CHECK(o.at("/event_id") == " dedup 1 ");
  CHECK(o.at("/user_data/em/0") == sha256("jane.doe@mail.example"));
  CHECK(o.at("/user_data/ph/0") == sha256("4408444124653"));
  CHECK(o.at("/user_data/fn") == sha256("mary ann"));
  CHECK(o.at("/user_data/ln") == sha256("o'brien"));
  CHECK(o.at("/user_data/ge") == sha256("female"));
  CHECK(o.at("/user_data/ct") == sha256("st. louis"));
  CHECK(o.at("/user_data/st") == sha256("new york"));
  CHECK(o.at("/user_data/country") == sha256("united states"));
  CHECK(o.at("/user_data/zp") == sha256("10001-1234"));
  CHECK(o.at("/user_data/idfv") == "8C61383F-2216-4713-8C1C-1CB0A5D7A4CC");
  CHECK(o.at("/user_data/madid") == "EA7583CD-A667-48BC-B806-42ECB2B48606");
  check_types(o);
}

TEST_CASE("compat=segment sends Segment's hashes and ids") {
  const outcome o = purchase(preset::segment, as(compat::segment));
  REQUIRE(o.fate == "send");
  CHECK(o.at("/event_id") == "m-1");
  CHECK(o.at("/user_data/em/0") == sha256("jane.doe@mail.example"));
  CHECK(o.at("/user_data/ph/0") == sha256("4408444124653"));
  CHECK(o.at("/user_data/fn") == sha256("maryann"));
  CHECK(o.at("/user_data/ln") == sha256("o'brien"));
  CHECK(o.at("/user_data/ge") == sha256("f"));
  CHECK(o.at("/user_data/ct") == sha256("st.louis"));
  CHECK(o.at("/user_data/st") == sha256("ny"));
  CHECK(o.at("/user_data/country") == sha256("us"));
  CHECK(o.at("/user_data/zp") == sha256("10001-1234"));
  CHECK(o.at("/user_data/external_id/0") == sha256("user1"));
  CHECK(o.at("/user_data/idfv") == "8C61383F-2216-4713-8C1C-1CB0A5D7A4CC");
  CHECK(o.at("/user_data/madid") == "ea7583cd-a667-48bc-b806-42ecb2b48606");
  check_types(o);
}

TEST_CASE("without compat the same events follow Snapchat's rules") {
  const preset p = GENERATE(preset::rudder, preset::segment);
  const outcome o = purchase(p, as(compat::none));
  CHECK(o.at("/event_id") == (p == preset::rudder ? " dedup 1 " : " m-1 "));
  CHECK(o.at("/user_data/ph/0") == sha256("448444124653"));
  CHECK(o.at("/user_data/fn") == sha256("mary ann"));
  CHECK(o.at("/user_data/ln") == sha256("obrien"));
  CHECK(o.at("/user_data/ge") == sha256("f"));
  CHECK(o.at("/user_data/ct") == sha256("stlouis"));
  CHECK(o.at("/user_data/st") == sha256("ny"));
  CHECK(o.at("/user_data/country") == sha256("us"));
  CHECK(o.at("/user_data/zp") == sha256("10001"));
  CHECK(o.at("/user_data/external_id/0") == sha256("user 1"));
  CHECK(o.at("/user_data/idfv") == "8c61383f-2216-4713-8c1c-1cb0a5d7a4cc");
  check_types(o);
}

TEST_CASE("compat: copies of a fan-out have one id, as the peers send them") {
  const compat peer = GENERATE(compat::rudder, compat::segment);
  const auto ids = [&](compat c) {
    return purchase(preset::rudder,
                    [&](auto& s) {
                      s.mapping.peer = c;
                      s.mapping.event_names = {{"Order Completed", "PURCHASE"}, {"Order Completed", "CUSTOM_EVENT_1"}};
                    })
        .ids;
  };
  CHECK(ids(peer).at(0) == ids(peer).at(1));
  CHECK(ids(compat::none).at(0) != ids(compat::none).at(1));
}

TEST_CASE("compat: where the peer sends no id, the record's own or a derived one is sent") {
  CHECK(purchase(preset::rudder, as(compat::rudder), "").at("/event_id") == " m-1 ");
}

TEST_CASE("a birthday is not sent, with or without compat") {
  const compat peer = GENERATE(compat::none, compat::rudder, compat::segment);
  CHECK(map(preset::segment, segment("Signed Up", "{}", R"("context":{"traits":{"birthday":"1990-01-31"}})"), as(peer))
            .at("/user_data/db") == "-");
  CHECK(map(preset::snap, snap_event(R"("user_data":{"em":"a@b.co","db":"19900131"})"), as(peer)).at("/user_data/db") == "-");
}
