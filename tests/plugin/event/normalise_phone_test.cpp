#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "normalise_support.hpp"

using namespace normalise_test;

namespace {
std::string phone(std::string_view raw, std::string_view country = "") {
  return shown(normalise::phone, raw, {.phone_country = country});
}
}  // namespace

// Agreed between this code and an independent implementation; tests/oracle/phones.py writes the file.
TEST_CASE("two thousand spellings of numbers of all countries give the expected digits") {
  std::ifstream file(PHONES_TSV);
  REQUIRE(file);
  int lines = 0, wrong = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    const std::size_t first = line.find('\t'), second = line.find('\t', first + 1);
    REQUIRE(second != std::string::npos);
    const std::string want = line.substr(second + 1);
    const std::string have = phone(line.substr(0, first), line.substr(first + 1, second - first - 1));
    ++lines;
    if (want == "-" ? have[0] == '!' : have == want) continue;
    ++wrong;
    UNSCOPED_INFO(line << " gave " << have);
  }
  CHECK(lines >= 1900);
  CHECK(wrong == 0);
}

TEST_CASE("digits of other scripts, wide plus signs and direction marks are read") {
  CHECK(phone("\u0660\u0660\u0669\u0666\u0666\u0665\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667") == "966501234567");
  CHECK(phone("\uFF0B\uFF14\uFF14 \uFF18\uFF14\uFF14 \uFF14\uFF11\uFF12 \uFF14\uFF16\uFF15\uFF13") == "448444124653");
  CHECK(phone("\u202A+44 844 412 4653\u202C") == "448444124653");
  CHECK(phone("\u200E+44\u00A0844\u202F412\u20114653") == "448444124653");
}

TEST_CASE("an extension is cut off, in the ways people write it") {
  for (const auto* tail :
       {"x12", " x 12", " ext. 12", " EXT 12", ";ext=12", " extension 12", " #12", " \u0434\u043E\u0431. 12", ",,12#"}) {
    CAPTURE(tail);
    CHECK(phone(std::string{"+44 844 412 4653"} + tail) == "448444124653");
  }
}

TEST_CASE("tel URIs are read, their context too") {
  CHECK(phone("tel:+44-844-412-4653") == "448444124653");
  CHECK(phone("TEL:+44-844-412-4653;ext=5") == "448444124653");
  CHECK(phone("tel:844-412-4653;phone-context=+44") == "448444124653");
}

TEST_CASE("a zero in brackets goes, except where zeros are part of the number") {
  CHECK(phone("+44 (0)844 412 4653") == "448444124653");
  CHECK(phone("0049 (0)30 1234567") == "49301234567");
  CHECK(phone("+34 (0)912 345 678") == "34912345678");
  CHECK(phone("+39 (0)6 1234 5678") == "390612345678");
}

TEST_CASE("leading zeros are kept where they are part of the number") {
  CHECK(phone("+39 06 1234 5678") == "390612345678");
  CHECK(phone("06 1234 5678", "it") == "390612345678");
  CHECK(phone("06 698 12345", "va") == "390669812345");
  CHECK(phone("0549 886377", "sm") == "3780549886377");
  CHECK(phone("+378 886377") == "3780549886377");
  CHECK(phone("+225 01 23 45 67 89") == "2250123456789");
  CHECK(phone("05 01 23 45 67", "ci") == "2250501234567");
  CHECK(phone("+229 01 97 12 34 56") == "2290197123456");
  CHECK(phone("97 12 34 56", "bj") == "2290197123456");  // before 2024-11-30
  CHECK(phone("+242 06 612 3456") == "242066123456");
}

TEST_CASE("Gabon's numbers lose the zero that today's plan dials, and keep the one of before 2019") {
  CHECK(phone("062 12 34 56", "ga") == "24162123456");
  CHECK(phone("011 72 34 56", "ga") == "24111723456");
  CHECK(phone("+241 62 12 34 56") == "24162123456");
  CHECK(phone("+241 062 12 34 56") == "24162123456");
  CHECK(phone("+241 01 72 34 56") == "24101723456");  // the plan of before 2019
}

TEST_CASE("countries without a trunk prefix take the number as it is") {
  CHECK(phone("912 345 678", "es") == "34912345678");
  CHECK(phone("22 33 44 55", "no") == "4722334455");
  CHECK(phone("32 12 34 56", "dk") == "4532123456");
  CHECK(phone("21 23 45 67", "lv") == "37121234567");
}

TEST_CASE("trunk prefixes other than 0") {
  CHECK(phone("8 (495) 123-45-67", "ru") == "74951234567");
  CHECK(phone("+7 8 495 123 45 67") == "74951234567");
  CHECK(phone("8 800 555 35 35", "ru") == "78005553535");
  CHECK(phone("8 701 234 56 78", "kz") == "77012345678");
  CHECK(phone("06 1 234 5678", "hu") == "3612345678");
  CHECK(phone("06 20 123 4567", "hu") == "36201234567");
  CHECK(phone("+36 06 20 123 4567") == "36201234567");
  CHECK(phone("1 415 555 1234", "us") == "14155551234");
  CHECK(phone("0 612 34567", "lt") == "37061234567");
  CHECK(phone("8 612 34567", "lt") == "37061234567");
  CHECK(phone("8 029 123 45 67", "by") == "375291234567");
  CHECK(phone("8029 1234567", "by") == "375291234567");
  CHECK(phone("050 123 45 67", "ua") == "380501234567");
  CHECK(phone("8 050 123 45 67", "ua") == "380501234567");
}

TEST_CASE("Mexico's former prefixes are dropped") {
  for (const auto* raw : {"55 1234 5678", "01 55 1234 5678", "044 55 1234 5678", "045 55 1234 5678"})
    CHECK(phone(raw, "mx") == "525512345678");
  CHECK(phone("+52 1 55 1234 5678") == "525512345678");
  CHECK(phone("+52 55 1234 5678") == "525512345678");
}

TEST_CASE("Argentina's 15 inside the country is a 9 from abroad") {
  CHECK(phone("011 15-2345-6789", "ar") == "5491123456789");
  CHECK(phone("0351 15-234-5678", "ar") == "5493512345678");
  CHECK(phone("02966 15-43-2100", "ar") == "5492966432100");
  CHECK(phone("+54 9 11 2345-6789") == "5491123456789");
  CHECK(phone("+54 11 15 2345-6789") == "5491123456789");
  CHECK(phone("011 4345-6789", "ar") == "541143456789");
}

TEST_CASE("Brazil's carrier digits after the trunk zero are dropped") {
  CHECK(phone("0 21 11 91234-5678", "br") == "5511912345678");
  CHECK(phone("0 15 11 3123-4567", "br") == "551131234567");
  CHECK(phone("(011) 91234-5678", "br") == "5511912345678");
}

TEST_CASE("a calling code that is repeated without a plus is recognised") {
  CHECK(phone("44 844 412 4653", "gb") == "448444124653");
  CHECK(phone("33 6 12 34 56 78", "fr") == "33612345678");
  CHECK(phone("49 151 23456789", "de") == "4915123456789");
  CHECK(phone("393 123 4567", "it") == "393931234567");  // 39x are Italian mobile numbers
  CHECK(phone("14155551234", "gb") == "14155551234");    // too long for the country: another one's
}

TEST_CASE("international prefixes: 00 everywhere, others where they are dialled") {
  CHECK(phone("0044 844 412 4653", "us") == "448444124653");
  CHECK(phone("011 44 844 412 4653", "us") == "448444124653");
  CHECK(phone("011 44 844 412 4653") == "448444124653");
  CHECK(phone("+011 44 844 412 4653") == "448444124653");
  CHECK(phone("0114 496 0123", "gb") == "441144960123");  // Sheffield
  CHECK(phone("0011 44 844 412 4653", "au") == "448444124653");
  CHECK(phone("010 44 844 412 4653", "jp") == "448444124653");
  CHECK(phone("8 10 44 844 412 4653", "ru") == "448444124653");
  CHECK(phone("+00 44 844 412 4653") == "448444124653");
}

TEST_CASE("a national number without a country is no_country") {
  CHECK(phone("0844 412 4653") == "!no_country");
  CHECK(phone("(0) 844 412 4653") == "!no_country");
  CHECK(phone("4155551234") == "!no_country");
  CHECK(phone("0844 412 4653", "zz") == "!no_country");
}

TEST_CASE("what is no phone number is malformed") {
  for (const auto* raw :
       {"+44", "+44 84", "+44 844 412 4653 999", "+999 123 456 789", "12", "abc", "+44 844 412 4653 or +44 844 412 4654",
        "+44 844 412 4653 call me", "1-800-FLOWERS", "0000000000", "+1 115 555 1234", "+1 015 555 1234", "-", "+",
        "123456789012345678901234567890123456789", "person@example.com"}) {
    CAPTURE(raw);
    CHECK(phone(raw) == "!malformed");
  }
}
