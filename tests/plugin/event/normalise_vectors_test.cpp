// Snapchat's published vectors and those computed from its rules (snap-api.md §5.1, presets.md A).
#include <catch2/catch.hpp>

#include "normalise_support.hpp"

using namespace normalise_test;

TEST_CASE("Snapchat's vectors of e-mail addresses come out") {
  CHECK(hashed(normalise::email, "Person@Example.com") == "542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345");
  CHECK(hashed(normalise::email, "    test123@example.com  ") ==
        "20b82517b67108ed3a171539dc5dd1da605660249b02f38dd70f572a545c7d18");
  CHECK(hashed(normalise::email, "   Test123@gmail.com    ") ==
        "cc779c04191c2e736d89e45c11339c8382832bcaf70383f7df94e3d08ba7a6d9");
}

TEST_CASE("Snapchat's vectors of phone numbers come out") {
  const std::string published = "dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383";
  for (const auto* raw : {"+44 844 412 4653", "0044 844 412 4653", "+0044 844 412 4653", "+44 (0)844 412 4653", "448444124653"}) {
    CAPTURE(raw);
    CHECK(hashed(normalise::phone, raw) == published);
  }
  CHECK(hashed(normalise::phone, "0844 412 4653", {.phone_country = "GB"}) == published);
  for (const auto* raw : {"+1 (415) 555-1234", "1.415.555.1234"}) {
    CAPTURE(raw);
    CHECK(hashed(normalise::phone, raw).starts_with("c6a349df"));
  }
}

TEST_CASE("the phone vectors of Snapchat's older SDKs come out") {
  for (const auto* raw : {"+44-447-234-2344", "0044-447-234-2344", "+44-0447-234-2344", "+44 0447 234 2344"}) {
    CAPTURE(raw);
    CHECK(hashed(normalise::phone, raw) == "19f25a18866af88fc60189c3af85010a0b971cf976053787fe21e004538c20a0");
  }
  for (const auto* raw : {"+1-447-234-2344", "+1-(447) 234 2344"}) {
    CAPTURE(raw);
    CHECK(hashed(normalise::phone, raw) == "34053b331d29734f081bf74160cd33bc2f621b3b6f8ec991500bebf49f14e014");
  }
  for (const auto* raw : {"447-234-2344", "4472342344", "(447)-234-2344", "447 234-2344"}) {
    CAPTURE(raw);
    CHECK(hashed(normalise::phone, raw, {.phone_country = "us"}) ==
          "34053b331d29734f081bf74160cd33bc2f621b3b6f8ec991500bebf49f14e014");
  }
}

TEST_CASE("Snapchat's vectors of names and places come out") {
  CHECK(hashed(normalise::person_name, "John") == "96d9632f363564cc3032521409cf22a852f2032eec099ed5967c0d000cec607a");
  CHECK(hashed(normalise::person_name, "Rapha\u00EBl") == "e74bb89e718fe1e19c422a48382870399f8bf7ca8dfa008739e75b0be76627b7");
  CHECK(hashed(normalise::person_name, "Raphae\u0308l") == "e74bb89e718fe1e19c422a48382870399f8bf7ca8dfa008739e75b0be76627b7");
  CHECK(hashed(normalise::person_name, "O'Connor") == "7a0fbfdf40cbeb97429bdb88f512cecd27f0d44b7e57986ab578423bb61936ac");
  CHECK(hashed(normalise::city, "New York") == "350c754ba4d38897693aa077ef43072a859d23f613443133fecbbd90a3512ca5");
  CHECK(hashed(normalise::city, "S\u00E3o Paulo") == "3eda1428ae1aece064071f8d40f08fe2bc59ffa66c171a163caf15122ec4d7f0");
  CHECK(hashed(normalise::state, "NY") == "1b06e2003f8420d6fa42badd8f77ec0f706b976b7a48b13c567dc5a559681683");
  CHECK(hashed(normalise::zip, "10001-1234") == "e443169117a184f91186b401133b20be670c7c0896f9886075e5d9b81e9d076b");
  CHECK(hashed(normalise::country, "US") == "79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621");
  CHECK(hashed(normalise::gender, "M") == "62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a");
  CHECK(hashed(normalise::gender, "F") == "252f10c83610ebca1a059c0bae8255eba2f95be4d1d7bcfa89d7248a82d9f111");
}
