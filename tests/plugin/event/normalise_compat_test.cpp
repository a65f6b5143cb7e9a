// mapping.compat: the same text as the peer hashes (presets.md A and B).
#include <catch2/catch.hpp>

#include "normalise_support.hpp"

using namespace normalise_test;

namespace {
constexpr normalise::context rudder{.country = "us", .phone_country = "gb", .as = normalise::manner::rudder};
constexpr normalise::context segment{.country = "us", .phone_country = "gb", .as = normalise::manner::segment};
const std::string right = "dc008fda", double_zero = "02f381f9", zero_inside = "2d3b9580";
std::string ph(const char* raw, const normalise::context& about) { return hashed(normalise::phone, raw, about).substr(0, 8); }
}  // namespace

TEST_CASE("RudderStack's phone hashes are met") {
  CHECK(ph("+44 844 412 4653", rudder) == right);
  CHECK(ph("0044 844 412 4653", rudder) == right);
  CHECK(ph("+0044 844 412 4653", rudder) == right);
  CHECK(ph("+44 (0)844 412 4653", rudder) == zero_inside);
  CHECK(ph("+1 (415) 555-1234", rudder) == "c6a349df");
  CHECK(shown(normalise::phone, "0844 412 4653", rudder) == "8444124653");
  CHECK(shown(normalise::phone, "\u0660\u0660\u0669\u0666\u0666\u0665\u0660", rudder) == "!empty");
  CHECK(shown(normalise::phone, "000", rudder) == "!empty");
}

TEST_CASE("Segment's phone hashes are met") {
  CHECK(ph("+44 844 412 4653", segment) == right);
  CHECK(ph("0044 844 412 4653", segment) == right);
  CHECK(ph("+0044 844 412 4653", segment) == double_zero);
  CHECK(ph("+44 (0)844 412 4653", segment) == zero_inside);
  CHECK(ph("+1 (415) 555-1234", segment) == "c6a349df");
  CHECK(shown(normalise::phone, "\u0660\u0660\u0669", segment) == "!empty");
}

TEST_CASE("RudderStack trims and lower-cases names and places and keeps the rest") {
  CHECK(shown(normalise::person_name, "O'Brien", rudder) == "o'brien");
  CHECK(shown(normalise::person_name, " Mary Ann ", rudder) == "mary ann");
  CHECK(shown(normalise::city, "St. Louis", rudder) == "st. louis");
  CHECK(shown(normalise::zip, "10001-1234", rudder) == "10001-1234");
  CHECK(shown(normalise::state, " California ", rudder) == "california");
  CHECK(shown(normalise::country, "United States", rudder) == "united states");
  CHECK(shown(normalise::gender, "Male", rudder) == "male");
  CHECK(shown(normalise::external_id, " A B ", rudder) == "a b");
  CHECK(shown(normalise::device_id, "EA7583CD-A667-48BC-B806-42ECB2B48606", rudder) == "EA7583CD-A667-48BC-B806-42ECB2B48606");
  CHECK(shown(normalise::email, " Person@Example.com ", rudder) == "person@example.com");
}

TEST_CASE("Segment removes white space, maps its names and keeps punctuation") {
  CHECK(shown(normalise::person_name, "O'Brien", segment) == "o'brien");
  CHECK(shown(normalise::person_name, " Mary Ann ", segment) == "maryann");
  CHECK(shown(normalise::city, "St. Louis", segment) == "st.louis");
  CHECK(shown(normalise::zip, "SW1A 1AA", segment) == "sw1a1aa");
  CHECK(shown(normalise::zip, "10001-1234", segment) == "10001-1234");
  CHECK(shown(normalise::state, "New York", segment) == "ny");
  CHECK(shown(normalise::state, "District of Columbia", segment) == "districtofcolumbia");
  CHECK(shown(normalise::state, "Ontario", segment) == "ontario");
  CHECK(shown(normalise::country, "United States", segment) == "us");
  CHECK(shown(normalise::country, "USA", segment) == "usa");
  CHECK(shown(normalise::country, "UK", segment) == "uk");
  CHECK(shown(normalise::gender, "Female", segment) == "f");
  CHECK(shown(normalise::external_id, " A B ", segment) == "ab");
  CHECK(shown(normalise::email, " Per son@Example.com ", segment) == "person@example.com");
}

TEST_CASE("the peers do not compose accents") {
  CHECK(shown(normalise::person_name, "Raphae\u0308l", rudder) == "raphae\u0308l");
  CHECK(shown(normalise::person_name, "Raphae\u0308l", segment) == "raphae\u0308l");
}
