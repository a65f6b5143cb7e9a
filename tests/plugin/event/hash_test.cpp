#include <string>
#include <string_view>
#include <utility>

#include <catch2/catch.hpp>

#include "event/hash.hpp"

namespace {

std::string hex(snap::event::sha256_hex& hash, std::string_view text) {
  const auto digits = hash(text);
  return {digits.begin(), digits.end()};
}

}  // namespace

// FIPS 180-4 examples, as published by NIST.
TEST_CASE("the digests of FIPS 180-4 come out, one after the other from one context") {
  snap::event::sha256_hex hash;
  for (int round = 0; round < 3; ++round) {
    CHECK(hex(hash, "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex(hash, "") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hex(hash, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  }
}

TEST_CASE("a long text is hashed whole") {
  snap::event::sha256_hex hash;
  CHECK(hex(hash, std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a moved digest context goes on working") {
  snap::event::sha256_hex first;
  snap::event::sha256_hex second = std::move(first);
  CHECK(hex(second, "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
