// Ledger, fault script, JSON and HTTP reading.
#include <catch2/catch.hpp>

#include "faults.hpp"
#include "http.hpp"
#include "ledger.hpp"
#include "sample_events.hpp"

using namespace simulator;
using namespace simulator::test;

namespace {

json parsed(const std::string& text) { return std::get<json>(parse_json(text)); }

std::vector<fault> script_of(const std::string& text) {
  auto made = parse_faults(parsed(text));
  if (const auto* wrong = std::get_if<std::string>(&made)) FAIL(*wrong);
  return std::get<std::vector<fault>>(made);
}

// Gives its bytes in pieces, as a socket may.
class pieces : public stream {
 public:
  pieces(std::string bytes, std::size_t step) : bytes_(std::move(bytes)), step_(step) {}
  std::size_t read(char* room, std::size_t size) override {
    const auto count = bytes_.copy(room, std::min({size, step_, bytes_.size()}));
    bytes_.erase(0, count);
    return count;
  }
  bool write(std::string_view bytes) override {
    written += bytes;
    return true;
  }
  std::size_t buffered() const override { return 0; }
  void close_politely() override {}
  std::string written;

 private:
  std::string bytes_;
  std::size_t step_;
};

std::optional<request> read_one(const std::string& bytes, std::size_t step = 3) {
  pieces from{bytes, step};
  request_reader reader{from, {.head_bytes = 4096, .body_bytes = 16, .drain_bytes = 64}};
  return reader.next(static_cast<std::size_t>(-1));
}

}  // namespace

TEST_CASE("the ledger tells copies from ids with two contents") {
  ledger book;
  const auto first = parsed(purchase);
  book.accept(pixel, {first}, 1, now);
  book.accept(pixel,
              {parsed(with(purchase, "{\"event_name\":\"PURCHASE\",\"event_time\":1705508000",
                           "{\"event_time\":1705508000,\"event_name\":\"PURCHASE\""))},
              2, now);
  book.accept(pixel, {parsed(with(purchase, "25.10", "25.11"))}, 3, now);
  book.accept(snap_app, {first}, 4, now);
  book.accept(pixel, {parsed(with(purchase, "\"event_id\":\"order-1\",", ""))}, 5, now);
  const auto counts = book.counts();
  CHECK(counts.accepted == 5);
  CHECK(counts.unique == 2);
  CHECK(counts.duplicates == 1);
  CHECK(counts.conflicts == 1);
  CHECK(counts.without_id == 1);
  CHECK(book.lines().find(R"("copies":3,"conflicts":1)") != std::string::npos);
}

TEST_CASE("the digest sees content, not the order of members") {
  CHECK(content_digest(parsed(R"({"a":1,"b":[1,2]})")) == content_digest(parsed(R"({ "b": [1,2], "a": 1 })")));
  CHECK(content_digest(parsed(R"({"a":1})")) != content_digest(parsed(R"({"a":1.0})")));
  CHECK(content_digest(parsed(R"(["a","b"])")) != content_digest(parsed(R"(["b","a"])")));
}

TEST_CASE("faults are used in order, as often as they say, by the requests that fit") {
  fault_script script;
  script.add(script_of(
      R"([{"fault":"status","status":429,"retry_after":"2","asset":"A","count":2},{"fault":"garbage","match":"/validate"}])"));
  const std::vector<std::string> ids{"e1"};
  const auto take = [&](std::string_view line, std::string_view asset) { return script.take({line, asset, "", ids}); };
  CHECK_FALSE(take("POST /v3/B/events", "B"));
  const auto first = take("POST /v3/A/events", "A");
  REQUIRE(first);
  CHECK(first->status == 429);
  CHECK(first->headers == header_list{{"Retry-After", "2"}});
  CHECK(take("POST /v3/B/events/validate", "B")->kind == fault_kind::garbage);
  CHECK(take("POST /v3/A/events", "A"));
  CHECK_FALSE(take("POST /v3/A/events", "A"));
  CHECK(script.size() == 0);
}

TEST_CASE("a fault may let requests pass, then strike each n-th") {
  fault_script script;
  script.add(script_of(R"([{"fault":"status","after":1,"every":2,"count":2}])"));
  std::string seen;
  for (int at = 0; at < 6; ++at) seen += script.take({"", "", "", {}}) ? 'x' : '.';
  CHECK(seen == ".x.x..");
}

TEST_CASE("an event that is always refused spoils every request that holds it") {
  fault_script script;
  script.add(script_of(R"([{"fault":"refuse_event","ids":"poison-*"}])"));
  const std::vector<std::string> bad{"a", "poison-7"};
  const std::vector<std::string> good{"a", "antidote"};
  for (int round = 0; round < 5; ++round) {
    CHECK(script.take({"", "", "", bad}));
    CHECK_FALSE(script.take({"", "", "", good}));
  }
}

TEST_CASE("a mistake in the script names its entry") {
  const auto wrong = [](const std::string& text) { return std::get<std::string>(parse_faults(parsed(text))); };
  CHECK(wrong(R"([{"fault":"slow"},{"fault":"nonsense"}])").find("entry 1") == 0);
  CHECK(wrong(R"([{"fault":"slow","dely_ms":1}])").find("dely_ms") != std::string::npos);
  CHECK(wrong("{}").find("list") != std::string::npos);
}

TEST_CASE("JSON keeps number text and tells repeated names and nulls at any depth") {
  CHECK(parsed("[25.10]").items[0].text == "25.10");
  CHECK(parsed("[1E3]").items[0].is(json_kind::real));
  CHECK(repeated_name(parsed(R"([{"a":{"b":1,"c":2,"b":3}}])")) == "b");
  CHECK(holds_null(parsed(R"([{"a":[null]}])")));
  CHECK(std::holds_alternative<parse_failure>(parse_json(std::string(100, '[') + std::string(100, ']'))));
  CHECK(std::holds_alternative<parse_failure>(parse_json("{} {}")));
}

TEST_CASE("a request is read from pieces, with Content-Length or in chunks") {
  const auto plain = read_one("POST /a%20b?x=1%2B1&y=z HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
  REQUIRE(plain);
  CHECK(plain->path == "/a b");
  CHECK(plain->query.at("x") == "1+1");
  CHECK(plain->body == "hello");
  CHECK(plain->header("HOST") == "h");
  const auto chunked =
      read_one("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n");
  REQUIRE(chunked);
  CHECK(chunked->body == "hello");
}

TEST_CASE("too large and malformed requests are told apart") {
  CHECK(read_one("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 20\r\n\r\n12345678901234567890")->body_too_large);
  CHECK_FALSE(read_one("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 16\r\n\r\n1234567890123456")->body_too_large);
  CHECK(read_one("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 999\r\n\r\n")->problem != "");
  CHECK(read_one("POST / HTTP/1.1\r\n\r\n")->problem != "");
  CHECK(read_one("POST / HTTP/1.0\r\nHost: h\r\n\r\n")->problem != "");
  CHECK_FALSE(read_one("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhel"));
}
