#include <catch2/catch.hpp>

#include "normalise_support.hpp"

using namespace normalise_test;

namespace {
const std::string upper_digest = "542D240129883C019E106E3B1B2D3F3CB3537C43C425364DE8E951D5A3083345";
const std::string lower_digest = "542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345";
const std::string digest_of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr normalise::function hashed_keys[] = {normalise::email, normalise::phone,  normalise::person_name,
                                               normalise::city,  normalise::state,  normalise::country,
                                               normalise::zip,   normalise::gender, normalise::external_id};
}  // namespace

TEST_CASE("64 hex digits are kept as a digest, in lower case, by every hashed key") {
  for (const auto f : hashed_keys) {
    std::string out;
    CHECK(f(upper_digest, {}, out) == normalise::outcome::digest);
    CHECK(out == lower_digest);
    CHECK(f(" " + upper_digest + "\n", {}, out) == normalise::outcome::digest);
    CHECK(out == lower_digest);
  }
}

TEST_CASE("the digest of nothing is nothing") {
  for (const auto f : hashed_keys) CHECK(shown(f, digest_of_nothing) == "!empty");
}

TEST_CASE("a digest of another algorithm is told apart by its length") {
  for (const auto f : hashed_keys) {
    for (const std::size_t digits : {32u, 40u, 56u, 96u, 128u}) CHECK(shown(f, std::string(digits, 'a')) == "!foreign_digest");
  }
}

TEST_CASE("hex of a length that is no digest's is clear text") {
  CHECK(shown(normalise::external_id, std::string(33, 'A')) == std::string(33, 'a'));
  CHECK(shown(normalise::external_id, std::string(63, 'A')) == std::string(63, 'a'));
}

TEST_CASE("nothing but white space is empty, never the hash of the empty string") {
  for (const auto f : hashed_keys) {
    for (const auto* raw : {"", " ", "\t\r\n", "\u00A0\u3000", "\uFEFF\u200B"}) CHECK(shown(f, raw) == "!empty");
  }
  CHECK(shown(normalise::device_id, " ") == "!empty");
  CHECK(shown(normalise::ip_address, " ") == "!empty");
  CHECK(shown(normalise::currency, " ") == "!empty");
  CHECK(shown(normalise::person_name, " . - ") == "!empty");
}

TEST_CASE("bytes that are not UTF-8 are malformed, not a crash") {
  for (const auto f : hashed_keys) {
    for (const auto* raw : {"\xFF", "a\xC3", "\xED\xA0\x80", "+44 844 \xF8 412 4653"}) CHECK(shown(f, raw)[0] == '!');
  }
}

TEST_CASE("an e-mail address loses the white space around it and its capitals, nothing else") {
  CHECK(shown(normalise::email, "\u00A0 First.Last+Tag@Sub.Example.COM\u200B\n") == "first.last+tag@sub.example.com");
  CHECK(shown(normalise::email, "J\u00D6RG@B\u00DCCHER.DE") == "j\u00F6rg@b\u00FCcher.de");
}

TEST_CASE("what is no e-mail address is malformed") {
  for (const auto* raw :
       {"person", "@example.com", "a@b", "a@b@example.com", "a@.com", "a@example.", "a b@example.com", "a@exa\u00A0mple.com"}) {
    CAPTURE(raw);
    CHECK(shown(normalise::email, raw) == "!malformed");
  }
}

TEST_CASE("names lose punctuation of every script and keep symbols and accents") {
  CHECK(shown(normalise::person_name, "O\u2019Brien") == "obrien");
  CHECK(shown(normalise::person_name, "Mary-Ann") == "maryann");
  CHECK(shown(normalise::person_name, "\u00ABAn\u00EFs\u00BB") == "an\u00EFs");
  CHECK(shown(normalise::person_name, "\u300C\u592A\u90CE\u300D") == "\u592A\u90CE");
  CHECK(shown(normalise::person_name, "a$b") == "a$b");
  CHECK(shown(normalise::person_name, "!\"#%&'()*,-./:;?@[\\]_{}x") == "x");
}

TEST_CASE("white space inside a name becomes one blank, also where punctuation stood between") {
  CHECK(shown(normalise::person_name, "  Mary \t Ann ") == "mary ann");
  CHECK(shown(normalise::person_name, "Mary\u00A0\u2003Ann") == "mary ann");
  CHECK(shown(normalise::person_name, "Mary - Ann") == "mary ann");
  CHECK(shown(normalise::person_name, "\u00C9mile - Zola .") == "\u00E9mile zola");
}

TEST_CASE("lower case is Unicode's full mapping") {
  CHECK(shown(normalise::person_name, "\u0130REM") == "i\u0307rem");
  CHECK(shown(normalise::person_name, "\u039F\u0394\u03A5\u03A3\u03A3\u0395\u03A5\u03A3") ==
        "\u03BF\u03B4\u03C5\u03C3\u03C3\u03B5\u03C5\u03C2");
  CHECK(shown(normalise::person_name, "\u03A3") == "\u03C3");
  CHECK(shown(normalise::person_name, "\u0421\u0415\u0420\u0413\u0415\u0419") == "\u0441\u0435\u0440\u0433\u0435\u0439");
  CHECK(shown(normalise::person_name, "STRA\u1E9EE") == "stra\u00DFe");
}

TEST_CASE("a name longer than the stack buffer comes out whole") {
  std::string raw, want;
  for (int i = 0; i < 1000; ++i) {
    raw += "\u00C9";
    want += "\u00E9";
  }
  CHECK(shown(normalise::person_name, raw) == want);
}

TEST_CASE("cities lose spaces as well") {
  CHECK(shown(normalise::city, "St. Louis") == "stlouis");
  CHECK(shown(normalise::city, " Menlo\u00A0Park ") == "menlopark");
  CHECK(shown(normalise::city, "Saint-\u00C9tienne") == "saint\u00E9tienne");
}

TEST_CASE("only male, female, m and f are genders") {
  CHECK(shown(normalise::gender, " Male ") == "m");
  CHECK(shown(normalise::gender, "FEMALE") == "f");
  CHECK(shown(normalise::gender, "m") == "m");
  for (const auto* raw : {"other", "unknown", "w", "1", "malefemale"}) CHECK(shown(normalise::gender, raw) == "!unknown");
}

TEST_CASE("external ids are trimmed and lower-cased, their punctuation stays") {
  CHECK(shown(normalise::external_id, " User-0042_A.b ") == "user-0042_a.b");
  CHECK(shown(normalise::external_id, "a b") == "a b");
}

TEST_CASE("device ids are plain, lower case, and absent when all zero") {
  CHECK(shown(normalise::device_id, " EA7583CD-A667-48BC-B806-42ECB2B48606 ") == "ea7583cd-a667-48bc-b806-42ecb2b48606");
  CHECK(shown(normalise::device_id, "00000000-0000-0000-0000-000000000000") == "!zero");
  CHECK(shown(normalise::device_id, "0000") == "!zero");
  for (const auto* raw : {"-", "two words", "caf\u00E9", "EA7583CD-A667", "EA7583CD-A667-48BC-B806-42ECB2B4860G"})
    CHECK(shown(normalise::device_id, raw) == "!malformed");
  CHECK(shown(normalise::device_id, std::string(129, 'a')) == "!malformed");
}

TEST_CASE("only a literal is an IP address") {
  for (const auto* raw : {"203.0.113.7", "2001:db8::1", "::ffff:192.0.2.1", "::"})
    CHECK(shown(normalise::ip_address, raw) == raw);
  CHECK(shown(normalise::ip_address, " 203.0.113.7\n") == "203.0.113.7");
  for (const auto* raw : {"localhost", "203.0.113.7:80", "203.0.113.7, 10.0.0.1", "[::1]", "fe80::1%eth0", "256.0.0.1", "1.2.3",
                          "01.2.3.4", "1.2.3.4/8", "2001:db8:::1", "2001:0db8:0000:0000:0000:0000:0000:0000:0001:0002"}) {
    CAPTURE(raw);
    CHECK(shown(normalise::ip_address, raw) == "!malformed");
  }
}

TEST_CASE("currencies are those of ISO 4217, upper case") {
  for (const auto* raw : {"usd", " Eur ", "XOF", "ZMW", "AED", "HRK"}) CHECK(shown(normalise::currency, raw).size() == 3);
  CHECK(shown(normalise::currency, "usd") == "USD");
  for (const auto* raw : {"US$", "EURO", "XXX", "XTS", "AAA", "us", "\u20AC"})
    CHECK(shown(normalise::currency, raw) == "!malformed");
}

TEST_CASE("every outcome has a name of its own") {
  using normalise::outcome;
  CHECK(to_string(outcome::text) == "text");
  CHECK(to_string(outcome::no_country) == "no_country");
  CHECK(to_string(outcome::zero) == "zero");
}
