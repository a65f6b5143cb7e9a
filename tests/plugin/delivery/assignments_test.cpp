#include "delivery/assignments.hpp"

#include <catch2/catch.hpp>

using namespace snap::delivery;
using snap::event::code;

namespace {

settle done(std::vector<item> items, fate what = fate::delivered, code why = code::snap_invalid) {
  return {.items = std::move(items), .what = what, .why = why, .message = "text"};
}

item part(std::uint64_t assignment, std::uint64_t ticket) { return {.assignment = assignment, .ticket = ticket}; }

}  // namespace

TEST_CASE("a position moves over an unbroken run of settled records, in whatever order they are settled") {
  assignments a;
  a.open(1);
  CHECK(a.position(1) == SCA_NO_POSITION);
  const auto t0 = a.add(1, 10, 1), t1 = a.add(1, 20, 1), t2 = a.add(1, 35, 1);
  a.settle(done({part(1, t2), part(1, t1)}));
  CHECK(a.position(1) == SCA_NO_POSITION);
  CHECK(a.span() == 3);
  a.settle(done({part(1, t0)}));
  CHECK(a.position(1) == 36);
  CHECK(a.counts().delivered == 3);
  CHECK(a.span() == 0);
}

TEST_CASE("a skipped record is resolved at once, a rejected one when it has been handed out") {
  assignments a;
  a.open(1);
  a.skip(1, 5, code::record_tombstone);
  CHECK(a.position(1) == 6);
  a.reject(1, 6, SCA_STAGE_MAP, code::identity_missing, "why");
  CHECK(a.position(1) == 6);
  const auto out = a.take_rejected();
  REQUIRE(out.size() == 1);
  CHECK(out[0].offset == 6);
  CHECK(out[0].stage == SCA_STAGE_MAP);
  CHECK(out[0].why == code::identity_missing);
  CHECK(out[0].message == "why");
  CHECK(a.position(1) == 7);
  CHECK(a.take_rejected().empty());
  CHECK(a.counts().skipped[static_cast<std::size_t>(code::record_tombstone)] == 1);
  CHECK(a.counts().rejected[static_cast<std::size_t>(code::identity_missing)] == 1);
}

TEST_CASE("a record that fanned out is resolved with its last part") {
  assignments a;
  a.open(1);
  const auto t = a.add(1, 0, 3);
  a.settle(done({part(1, t), part(1, t)}));
  CHECK(a.position(1) == SCA_NO_POSITION);
  a.settle(done({part(1, t)}));
  CHECK(a.position(1) == 1);
  CHECK(a.counts().delivered == 1);
}

TEST_CASE("a fanned-out record is rejected once, whichever of its parts are refused, and before its position passes") {
  assignments a;
  a.open(1);
  const auto t = a.add(1, 0, 3);
  a.settle(done({part(1, t)}, fate::rejected));
  a.settle(done({part(1, t)}, fate::rejected, code::retry_timeout));
  const auto first = a.take_rejected();
  REQUIRE(first.size() == 1);
  CHECK(first[0].why == code::snap_invalid);
  CHECK(a.position(1) == SCA_NO_POSITION);
  a.settle(done({part(1, t)}));
  CHECK(a.take_rejected().empty());
  CHECK(a.position(1) == 1);
  CHECK(a.counts().delivered == 0);
  CHECK(a.counts().rejected[static_cast<std::size_t>(code::snap_invalid)] == 1);
}

TEST_CASE("rejected beats skipped beats delivered") {
  assignments a;
  a.open(1);
  const auto t = a.add(1, 0, 2), u = a.add(1, 1, 2);
  a.settle(done({part(1, t)}, fate::skipped, code::event_too_old));
  a.settle(done({part(1, t)}));
  a.settle(done({part(1, u)}, fate::skipped, code::event_too_old));
  a.settle(done({part(1, u)}, fate::rejected));
  CHECK(a.counts().skipped[static_cast<std::size_t>(code::event_too_old)] == 1);
  CHECK(a.counts().rejected[static_cast<std::size_t>(code::snap_invalid)] == 1);
}

TEST_CASE("what comes late for a closed assignment is dropped, its waiting rejections too") {
  assignments a;
  a.open(1);
  a.open(2);
  const auto t = a.add(1, 0, 1), u = a.add(2, 0, 1);
  a.reject(1, 1, SCA_STAGE_DECODE, code::record_not_json, "");
  a.close(1);
  a.settle(done({part(1, t), part(2, u), part(0, t)}));
  CHECK(a.position(1) == SCA_NO_POSITION);
  CHECK(a.position(2) == 1);
  CHECK(a.take_rejected().empty());
  CHECK(a.counts().delivered == 1);
}

TEST_CASE("forgotten events resolve nothing") {
  assignments a;
  a.open(1);
  const auto t = a.add(1, 0, 1);
  a.settle(done({part(1, t)}, fate::forgotten));
  CHECK(a.position(1) == SCA_NO_POSITION);
}
