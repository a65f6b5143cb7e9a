#include "packed.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <random>
#include <string>

#include "packing.hpp"

using namespace sca::jni;
using namespace sca::jni::testing;

TEST_CASE("a packed record comes out as it went in") {
  const auto read = unpack_records(pack({"orders", "renamed"}, {{.routed = 1, .headers = {{"a", "1"}, {"b", nullptr}}}}));
  REQUIRE(read.has_value());
  REQUIRE(read->size() == 1);
  const auto& r = (*read)[0]->record;
  CHECK(static_cast<const java_record&>(*(*read)[0]).sequence == 7);
  CHECK(r.offset == 40);
  CHECK(r.partition == 3);
  CHECK(r.timestamp_ms == 1'700'000'000'000);
  CHECK(sca::view(r.topic) == "orders");
  CHECK(sca::view(r.routed_topic) == "renamed");
  CHECK(sca::view(r.key) == "k");
  CHECK(sca::view(r.value) == "{}");
  REQUIRE(r.header_count == 2);
  CHECK(sca::view(r.headers[0].value) == "1");
  CHECK_FALSE(sca::view(r.headers[1].value).has_value());
}

TEST_CASE("a null value stays null and an empty one stays empty") {
  const auto read = unpack_records(pack({"t"}, {{.key = nullptr, .value = nullptr}, {.key = "", .value = ""}}));
  REQUIRE(read.has_value());
  CHECK_FALSE(sca::view((*read)[0]->record.value).has_value());
  CHECK_FALSE(sca::view((*read)[0]->record.key).has_value());
  CHECK(sca::view((*read)[1]->record.value) == "");
  CHECK(sca::view((*read)[1]->record.key) == "");
}

TEST_CASE("every truncation of a buffer is an error or fewer bytes than a record, never a crash") {
  const auto whole = pack({"orders"}, {{.headers = {{"h", "v"}}}, {.offset = 41}});
  for (std::size_t n = 0; n + 8 <= whole.size(); ++n)
    CHECK_FALSE(unpack_records(std::string_view(whole).substr(0, n)).has_value());
}

TEST_CASE("a record that names an unknown topic is refused by its number") {
  const auto read = unpack_records(pack({"orders"}, {{}, {.topic = 9}}));
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().message == "packed records: an unknown topic number in record 1");
}

TEST_CASE("a layout from the future is refused and said to be one") {
  auto bytes = pack({"orders"}, {{}});
  bytes[4] = 2;
  const auto read = unpack_records(bytes);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == SCA_UNSUPPORTED);
}

TEST_CASE("impossible counts are refused before memory is reserved for them") {
  auto bytes = pack({"orders"}, {{}});
  std::memset(bytes.data() + 8, 0x7f, 8);
  CHECK_FALSE(unpack_records(bytes).has_value());
}

TEST_CASE("random damage never crashes") {
  const auto whole = pack({"orders", "t2"}, {{.headers = {{"h", "v"}}}, {.offset = 41}, {.value = nullptr}});
  std::mt19937 random(42);
  for (int i = 0; i < 20'000; ++i) {
    auto damaged = whole;
    for (int n = 0; n < 3; ++n) damaged[random() % damaged.size()] = static_cast<char>(random());
    (void)unpack_records(damaged);
  }
  SUCCEED();
}

TEST_CASE("records may be let go in any order, and the last one frees their block") {
  auto read = unpack_records(pack({"orders"}, {{.value = "a"}, {.offset = 41, .value = "b"}, {.offset = 42, .value = "c"}}));
  REQUIRE(read.has_value());
  (*read)[1].reset();
  (*read)[0].reset();
  CHECK(sca::view((*read)[2]->record.value) == "c");
  (*read)[2].reset();  // the address sanitizer would tell of a block that is freed too early or never
}

TEST_CASE("a block that is used again shows nothing of what was in it") {
  record_blocks spares;
  for (int round = 0; round < 5; ++round) {
    const auto many =
        unpack_records(pack({"orders"}, {{.headers = {{"h", "v"}}}, {.offset = 41, .headers = {{"i", "w"}}}}), &spares);
    const auto one = unpack_records(pack({"t"}, {{.offset = 7, .value = nullptr}}), &spares);
    REQUIRE(many.has_value());
    REQUIRE(one.has_value());
    CHECK(sca::view((*many)[1]->record.headers[0].key) == "i");
    const auto& r = (*one)[0]->record;
    CHECK(sca::view(r.topic) == "t");
    CHECK(r.offset == 7);
    CHECK_FALSE(sca::view(r.value).has_value());
    CHECK(r.header_count == 0);
    CHECK(r.headers == nullptr);
  }
}

TEST_CASE("a malformed buffer leaves the spare blocks usable") {
  record_blocks spares;
  CHECK(unpack_records(pack({"orders"}, {{}}), &spares).has_value());
  CHECK_FALSE(unpack_records(pack({"orders"}, {{}, {.topic = 9}}), &spares).has_value());
  CHECK(unpack_records(pack({"orders"}, {{}}), &spares).has_value());
}
