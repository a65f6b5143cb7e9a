#include <catch2/catch.hpp>

#include "normalise_support.hpp"

using namespace normalise_test;

TEST_CASE("a country is known by code, alpha-3 code and name") {
  for (const auto* raw : {"DE", "de", "deu", "DEU", "Germany", " GERMANY ", "Deutschland", "Federal Republic of Germany"}) {
    CHECK(shown(normalise::country, raw) == "de");
  }
  for (const auto* raw : {"us", "USA", "U.S.", "u.s.a.", "United States", "United States of America", "The United States"}) {
    CHECK(shown(normalise::country, raw) == "us");
  }
  for (const auto* raw : {"uk", "UK", "gb", "gbr", "Great Britain", "United Kingdom", "England"})
    CHECK(shown(normalise::country, raw) == "gb");
  for (const auto* raw : {"C\u00F4te d\u2019Ivoire", "Cote d'Ivoire", "Ivory Coast", "CIV"})
    CHECK(shown(normalise::country, raw) == "ci");
  CHECK(shown(normalise::country, "T\u00FCrkiye") == "tr");
  CHECK(shown(normalise::country, "Bosnia & Herzegovina") == "ba");
  CHECK(shown(normalise::country, "Korea, Republic of") == "kr");
  CHECK(shown(normalise::country, "Congo") == "cg");
  CHECK(shown(normalise::country, "DR Congo") == "cd");
  CHECK(shown(normalise::country, "the Netherlands") == "nl");
  CHECK(shown(normalise::country, "R\u00E9union") == "re");
}

TEST_CASE("a code that is also a small word is a code") {
  CHECK(shown(normalise::country, "AND") == "ad");
  CHECK(shown(normalise::country, "The Bahamas") == "bs");
  CHECK(shown(normalise::country, "the") == "!unknown");
}

TEST_CASE("the form of state before a country's name does not matter") {
  CHECK(shown(normalise::country, "Republic of Finland") == "fi");
  CHECK(shown(normalise::country, "Kingdom of the Netherlands") == "nl");
  CHECK(shown(normalise::country, "Republic of the Congo") == "cg");
  CHECK(shown(normalise::country, "Democratic Republic of the Congo") == "cd");
  CHECK(shown(normalise::country, "Republic of China") == "tw");
  CHECK(shown(normalise::country, "Dominican Republic") == "do");
  CHECK(shown(normalise::country, "Dominica") == "dm");
  CHECK(shown(normalise::country, "Republic") == "!unknown");
}

TEST_CASE("former codes of Indian states are kept, former names lead to today's") {
  CHECK(shown(normalise::state, "Orissa", {.country = "in"}) == "od");
  CHECK(shown(normalise::state, "OR", {.country = "in"}) == "or");
  CHECK(shown(normalise::state, "Telangana", {.country = "in"}) == "ts");
  CHECK(shown(normalise::state, "--", {.country = "in"}) == "!unknown");
}

TEST_CASE("a name that two countries could mean, or that no list has, is unknown") {
  for (const auto* raw : {"Virgin Islands", "ROC", "America", "Emirates"}) CHECK(shown(normalise::country, raw) == "!unknown");
}

TEST_CASE("a country that no table has is unknown") {
  for (const auto* raw :
       {"xx", "zzz", "Atlantis", "12", "\u65E5\u672C", "...", "A very long text that is certainly not the name of any country"}) {
    CHECK(shown(normalise::country, raw) == "!unknown");
  }
}

TEST_CASE("a state's name leads to its code") {
  CHECK(shown(normalise::state, "California") == "ca");
  CHECK(shown(normalise::state, " new  york ", {.country = "us"}) == "ny");
  CHECK(shown(normalise::state, "District of Columbia") == "dc");
  CHECK(shown(normalise::state, "Qu\u00E9bec", {.country = "ca"}) == "qc");
  CHECK(shown(normalise::state, "Newfoundland & Labrador") == "nl");
  CHECK(shown(normalise::state, "New South Wales", {.country = "au"}) == "nsw");
  CHECK(shown(normalise::state, "S\u00E3o Paulo", {.country = "br"}) == "sp");
  CHECK(shown(normalise::state, "Bavaria", {.country = "de"}) == "by");
  CHECK(shown(normalise::state, "Puerto Rico") == "pr");
}

TEST_CASE("a state's code is kept when its country has it") {
  CHECK(shown(normalise::state, "TX") == "tx");
  CHECK(shown(normalise::state, "US-CA") == "ca");
  CHECK(shown(normalise::state, "NSW", {.country = "au"}) == "nsw");
  CHECK(shown(normalise::state, "zz", {.country = "us"}) == "!unknown");
  CHECK(shown(normalise::state, "on", {.country = "us"}) == "!unknown");
  CHECK(shown(normalise::state, "zz") == "!unknown");
}

TEST_CASE("where the states are not in the tables a code passes and a name does not") {
  CHECK(shown(normalise::state, "75", {.country = "fr"}) == "75");
  CHECK(shown(normalise::state, "IDF", {.country = "fr"}) == "idf");
  CHECK(shown(normalise::state, "FR-IDF") == "idf");
  CHECK(shown(normalise::state, "\u00CEle-de-France", {.country = "fr"}) == "!unknown");
}

TEST_CASE("a US zip has five digits, when the country or the form says that it is one") {
  CHECK(shown(normalise::zip, "94025-1234") == "94025");
  CHECK(shown(normalise::zip, "94025\u20131234") == "94025");
  CHECK(shown(normalise::zip, "940251234", {.country = "us"}) == "94025");
  CHECK(shown(normalise::zip, "940251234") == "940251234");
  CHECK(shown(normalise::zip, "94025", {.country = "us"}) == "94025");
  CHECK(shown(normalise::zip, "9402", {.country = "us"}) == "!malformed");
  CHECK(shown(normalise::zip, "K1A 0B1", {.country = "us"}) == "!malformed");
}

TEST_CASE("a British postcode ends with its sector, others are kept whole") {
  CHECK(shown(normalise::zip, "SW1A 1AA", {.country = "gb"}) == "sw1a1");
  CHECK(shown(normalise::zip, "m1 1ae", {.country = "gb"}) == "m11");
  CHECK(shown(normalise::zip, "SW1A", {.country = "gb"}) == "sw1a");
  CHECK(shown(normalise::zip, "SW1A 1AA") == "sw1a1aa");
  CHECK(shown(normalise::zip, "K1A 0B1", {.country = "ca"}) == "k1a0b1");
  CHECK(shown(normalise::zip, "1234-567", {.country = "pt"}) == "1234567");
  CHECK(shown(normalise::zip, " D-80331 ") == "d80331");
}
