#include "sca/nearest.hpp"

#include <catch2/catch.hpp>
#include <string>

namespace {

constexpr std::string_view names[] = {"batch.max.events", "batch.max.bytes", "asset.*.pixel.id", "topic", "ADD_CART"};

std::string_view near(std::string_view typed) { return sca::nearest(names, typed); }

}  // namespace

TEST_CASE("a letter too few, too many, wrong or swapped with its neighbour is one edit") {
  for (const char* typed : {"topc", "toppic", "tepic", "tpoic", "topic"}) CHECK(near(typed) == "topic");
}

TEST_CASE("the name with the fewest edits is meant, and of equals the first") {
  CHECK(near("batch.max.event") == "batch.max.events");
  CHECK(near("batch.max.byte") == "batch.max.bytes");
  constexpr std::string_view twins[] = {"aab", "aac"};
  CHECK(sca::nearest(twins, "aaa") == "aab");
}

TEST_CASE("a third of the longer name may be wrong, not more") {
  CHECK(near("ADD_TO_CART") == "ADD_CART");
  CHECK(near("ADD_TO_A_CART") == "");
  CHECK(near("epics") == "");
}

TEST_CASE("the star of a family takes any run of letters") {
  CHECK(near("aset.north.pixel.id") == "asset.*.pixel.id");
  CHECK(near("asset.a-rather-long-alias-of-an-advertiser.pixle.id") == "asset.*.pixel.id");
  CHECK(near("somebody.elses.own.setting") == "");
}

TEST_CASE("nothing is near to an empty or an endless text") {
  CHECK(near("") == "");
  CHECK(near(std::string(129, 't')) == "");
  CHECK(sca::nearest({}, "topic") == "");
}
