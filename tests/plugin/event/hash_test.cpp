#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "event/hash.hpp"

namespace {

std::string hex(std::string_view text) {
  const auto digits = snap::event::sha256_hex{}(text);
  return {digits.begin(), digits.end()};
}

}  // namespace

// FIPS 180-4 examples, as published by NIST.
TEST_CASE("the digests of FIPS 180-4 come out") {
  CHECK(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("a long text is hashed whole") {
  CHECK(hex(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
