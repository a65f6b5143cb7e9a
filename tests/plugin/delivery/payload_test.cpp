#include "delivery/payload.hpp"

#include <catch2/catch.hpp>

using namespace snap::delivery;

namespace {

constexpr payload_limits wide{};

payload of(std::initializer_list<std::string_view> events, std::uint64_t assignment = 1) {
  payload p;
  std::uint64_t ticket = 0;
  for (const std::string_view e : events) p.append(e, {.assignment = assignment, .ticket = ticket++});
  return p;
}

std::string body(const payload& p) { return p.body() + envelope_end(""); }

std::vector<std::uint64_t> tickets(const payload& p) {
  std::vector<std::uint64_t> out;
  for (const item& i : p.items()) out.push_back(i.ticket);
  return out;
}

}  // namespace

TEST_CASE("the envelope's end carries the test event code, escaped") {
  CHECK(envelope_end("") == "]}");
  CHECK(envelope_end("TEST1") == R"(],"test_event_code":"TEST1"})");
  CHECK(envelope_end("a\"b\\c\n") == R"(],"test_event_code":"a\"b\\c\u000a"})");
}

TEST_CASE("events stand in the body with a comma between") {
  CHECK(body(of({"{1}"})) == R"({"data":[{1}]})");
  CHECK(body(of({"{1}", "{22}"})) == R"({"data":[{1},{22}]})");
  CHECK(of({"{1}", "{22}", "{3}"}).event(1) == "{22}");
}

TEST_CASE("an event that is rendered in place and dropped leaves no trace") {
  payload p = of({"{1}"});
  p.begin_event() += "half";
  p.drop_event();
  CHECK(body(p) == R"({"data":[{1}]})");
  payload empty;
  empty.begin_event() += "half";
  empty.drop_event();
  CHECK(empty.empty());
  CHECK(body(of({"{2}"})) == R"({"data":[{2}]})");
  empty.begin_event() += "{9}";
  empty.keep_event({.size = 3});
  CHECK(body(empty) == R"({"data":[{9}]})");
}

TEST_CASE("a payload moves whole into an empty one, without a copy of its bytes") {
  payload from = of({"{1}", "{22222222222222222222}"}), to;
  const void* const bytes = from.body().data();
  CHECK(to.take_from(from, wide));
  CHECK(to.body().data() == bytes);
  CHECK(from.empty());
  CHECK(tickets(to) == std::vector<std::uint64_t>{0, 1});
}

TEST_CASE("merging fills up to the event limit and leaves the rest") {
  payload to = of({"{1}", "{2}"}), from = of({"{3}", "{4}", "{5}"});
  CHECK_FALSE(to.take_from(from, {.max_events = 3}));
  CHECK(body(to) == R"({"data":[{1},{2},{3}]})");
  CHECK(body(from) == R"({"data":[{4},{5}]})");
  CHECK(tickets(from) == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("merging counts the whole body in bytes, envelope included") {
  const std::string two = R"({"data":[{1},{2}]})";
  for (const bool fits : {true, false}) {
    payload to = of({"{1}"}), from = of({"{2}"});
    CHECK(to.take_from(from, {.max_bytes = two.size() - (fits ? 0 : 1)}) == fits);
    CHECK(to.size() == (fits ? 2 : 1));
    CHECK(of({"{1}"}).fits(3, {.max_bytes = two.size() - (fits ? 0 : 1)}) == fits);
  }
}

TEST_CASE("a first event that alone exceeds the limit is taken all the same") {
  payload to, from = of({"{a very long event}", "{2}"});
  CHECK_FALSE(to.take_from(from, {.max_bytes = 5}));
  CHECK(to.size() == 1);
  CHECK(from.size() == 1);
}

TEST_CASE("cutting out any run keeps both bodies well formed") {
  for (std::size_t first = 0; first <= 4; ++first) {
    for (std::size_t last = first; last <= 4; ++last) {
      CAPTURE(first, last);
      payload rest = of({"{1}", "{22}", "{333}", "{4}"});
      const payload run = rest.cut(first, last);
      CHECK(run.size() == last - first);
      CHECK(rest.size() == 4 - (last - first));
      payload again;
      for (std::size_t i = 0; i < 4; ++i) {
        const bool cut = i >= first && i < last;
        const payload& where = cut ? run : rest;
        const std::size_t at = cut ? i - first : i < first ? i : i - (last - first);
        again.append(where.event(at), where.items()[at]);
      }
      CHECK(body(again) == R"({"data":[{1},{22},{333},{4}]})");
      CHECK(tickets(again) == std::vector<std::uint64_t>{0, 1, 2, 3});
      std::size_t bytes = body_start.size() - 1;
      for (const item& i : run.items()) bytes += i.size + 1;
      if (!run.empty()) CHECK(run.body().size() == bytes);
    }
  }
}

TEST_CASE("extracting keeps the order on both sides and touches nothing when nothing matches") {
  payload p = of({"{1}", "{22}", "{333}"});
  CHECK(p.extract([](const item& i) { return i.ticket == 7; }).empty());
  const payload out = p.extract([](const item& i) { return i.ticket != 1; });
  CHECK(body(out) == R"({"data":[{1},{333}]})");
  CHECK(body(p) == R"({"data":[{22}]})");
}

TEST_CASE("the first expiry follows every change") {
  const auto at = [](int s) { return wall_time{std::chrono::seconds{s}}; };
  payload p;
  for (const int s : {30, 10, 20}) p.append("{}", {.last_moment = at(s)});
  CHECK(p.first_expiry() == at(10));
  const payload cut = p.cut(1, 2);
  CHECK(cut.first_expiry() == at(10));
  CHECK(p.first_expiry() == at(20));
  payload sum;
  payload first = p.cut(0, 1);
  CHECK(sum.take_from(first, wide));
  CHECK(sum.first_expiry() == at(30));
  CHECK(sum.take_from(p, wide));
  CHECK(sum.first_expiry() == at(20));
}

TEST_CASE("forgetting makes items nobody's and leaves the bytes") {
  payload p = of({"{1}", "{2}"}, 5);
  p.append("{3}", {.assignment = 6});
  const std::vector<item> before = p.items();
  CHECK(p.forget(5) == std::vector<item>(before.begin(), before.begin() + 2));
  CHECK(p.forget(5).empty());
  CHECK(body(p) == R"({"data":[{1},{2},{3}]})");
  CHECK(p.items()[2].assignment == 6);
}

TEST_CASE("a lent body is the same bytes, and comes back without a copy once its borrower is done") {
  payload p = of({"aaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbb"});
  const std::string before = p.body();
  const char* const bytes = p.body().data();
  auto lent = p.lend();
  CHECK(lent->data() == bytes);
  CHECK(*lent == before);
  CHECK(p.size() == 2);
  CHECK(p.forget(1).size() == 2);
  lent.reset();
  p.take_back();
  CHECK(p.body().data() == bytes);
  CHECK(p.body() == before);
}

TEST_CASE("a borrower that is late keeps its bytes whatever becomes of the payload") {
  payload p = of({"a", "b"});
  const auto lent = p.lend();
  const std::string before = *lent;
  p.take_back();
  CHECK(body(p) == before + "]}");
  (void)p.cut(0, 1);
  CHECK(*lent == before);
}
