// The same bytes must mean the same however the network cuts them.
#include "net/answer_reader.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace snap::net;
using state = answer_reader::state;

namespace {

constexpr answer_limits limits{.header_bytes = 1024, .body_bytes = 64, .fields = 10, .interim = 3};

struct outcome {
  state end = state::more;
  link_failure failure = link_failure::none;
  int status = 0;
  std::string body;
  keep_alive reuse = keep_alive::no;
  friend bool operator==(const outcome&, const outcome&) = default;
};

outcome read(std::string_view bytes, std::size_t piece, answer_to to = answer_to::post) {
  answer_reader reader(limits, to);
  outcome o;
  for (std::size_t at = 0; at < bytes.size() && o.end == state::more; at += piece) {
    o.end = reader.feed(bytes.substr(at, piece));
  }
  if (o.end == state::more) o.end = reader.end(stream_end::clean);
  if (o.end == state::failed) o.failure = reader.error().what;
  if (o.end == state::complete) {
    auto parts = reader.take();
    o.status = parts.status;
    o.body = parts.body;
    o.reuse = parts.reuse;
  }
  return o;
}

outcome read_every_way(std::string_view bytes) {
  const outcome whole = read(bytes, bytes.size() + 1);
  for (std::size_t piece = 1; piece < bytes.size(); ++piece) {
    CAPTURE(piece, bytes);
    const outcome o = read(bytes, piece);
    CHECK(o.end == whole.end);
    CHECK(o.failure == whole.failure);
    CHECK(o.status == whole.status);
    CHECK(o.body == whole.body);
  }
  return whole;
}

std::string with_fields(int n) {
  std::string text = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < n; ++i) text += "X: y\r\n";
  return text + "Content-Length: 0\r\n\r\n";
}

}  // namespace

TEST_CASE("a good answer is read however it is cut") {
  CHECK(read_every_way("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") ==
        outcome{state::complete, {}, 200, "{}", keep_alive::yes});
  CHECK(read_every_way("HTTP/1.1 204 No Content\r\n\r\n").status == 204);
  CHECK(read_every_way("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nT: t\r\n\r\n").body == "{}");
  CHECK(read_every_way("HTTP/1.1 200 OK\r\n\r\nto the end").body == "to the end");
  CHECK(read_every_way("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 P\r\nX: y\r\n\r\nHTTP/1.1 500 E\r\nContent-Length: 1\r\n\r\n!")
            .status == 500);
}

TEST_CASE("garbage is malformed at its first bytes") {
  for (const auto* bytes : {"<html>", "HTTX/1.1 200 OK\r\n\r\n", "HTTP/2 200\r\n\r\n", "\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 099 Low\r\n\r\n",
                            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"}) {
    CAPTURE(bytes);
    CHECK(read_every_way(bytes).failure == link_failure::response_malformed);
  }
  CHECK(answer_reader(limits, answer_to::post).feed("S") == state::failed);
}

TEST_CASE("two lengths that differ are malformed") {
  CHECK(read_every_way("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}").failure ==
        link_failure::response_malformed);
}

TEST_CASE("each bound has its failure") {
  const std::string many(200, 'x');
  CHECK(read_every_way("HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\n" + many.substr(0, 65)).failure ==
        link_failure::response_too_large);
  CHECK(read_every_way("HTTP/1.1 200 OK\r\n\r\n" + many).failure == link_failure::response_too_large);
  CHECK(read_every_way("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n32\r\n" + many.substr(0, 50) + "\r\n32\r\n" +
                       many.substr(0, 50))
            .failure == link_failure::response_too_large);
  CHECK(read_every_way(with_fields(9)).status == 200);
  CHECK(read_every_way(with_fields(10)).failure == link_failure::response_too_large);
  CHECK(read_every_way("HTTP/1.1 200 OK\r\nX: " + std::string(1100, 'x')).failure == link_failure::response_too_large);
  std::string interim;
  for (int i = 0; i < 4; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
  CHECK(read_every_way(interim + with_fields(0)).failure == link_failure::response_malformed);
}

TEST_CASE("a header that drips in field by field is bounded as a whole") {
  answer_reader reader({.header_bytes = 1024, .body_bytes = 64, .fields = 100000}, answer_to::post);
  state s = reader.feed("HTTP/1.1 200 OK\r\n");
  std::size_t fed = 0;
  for (; s == state::more && fed < 100'000; fed += 10) s = reader.feed("Xx: 4567\r\n");
  CHECK(s == state::failed);
  CHECK(fed <= 1100);
}

TEST_CASE("a header of just the limit is read, one byte more is too large, however it is cut") {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: ";
  const auto answer = [&](std::size_t header) { return head + std::string(header - head.size() - 4, 'y') + "\r\n\r\nok"; };
  CHECK(read_every_way(answer(limits.header_bytes)).body == "ok");
  for (const std::size_t over : {1U, 2U, 3U, 5U})
    CHECK(read_every_way(answer(limits.header_bytes + over)).failure == link_failure::response_too_large);
}

TEST_CASE("a chunk header or trailer without an end is bounded") {
  for (const auto* start : {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: "}) {
    answer_reader reader(limits, answer_to::post);
    state s = reader.feed(start);
    std::size_t fed = 0;
    for (; s == state::more && fed < 100'000; ++fed) s = reader.feed("x");
    CHECK(s == state::failed);
    CHECK(fed < 20'000);
  }
}

TEST_CASE("an end before the answer's end is closed early, a cut never ends a body") {
  CHECK(read_every_way("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc").failure == link_failure::closed_early);
  CHECK(read_every_way("HTTP/1.1 200").failure == link_failure::closed_early);
  answer_reader nothing(limits, answer_to::post);
  CHECK(nothing.untouched());
  CHECK(nothing.end(stream_end::clean) == state::failed);
  CHECK(nothing.error().what == link_failure::closed_early);
  answer_reader cut(limits, answer_to::post);
  CHECK(cut.feed("HTTP/1.1 200 OK\r\n\r\nwhole?") == state::more);
  CHECK(cut.end(stream_end::cut) == state::failed);
}

TEST_CASE("bytes beyond the answer forbid reuse") {
  CHECK(read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1", 1000).reuse == keep_alive::no);
  CHECK(read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}", 1000).reuse == keep_alive::no);
}

TEST_CASE("an answer to CONNECT has no body, whatever its fields say") {
  const outcome o = read("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", 1000, answer_to::connect);
  CHECK(o.end == state::complete);
  CHECK(o.status == 200);
}

TEST_CASE("over-long Retry-After and Date are dropped, a long Location is cut") {
  answer_reader reader({.header_bytes = 16384}, answer_to::post);
  CHECK(reader.feed("HTTP/1.1 302 F\r\nRetry-After: " + std::string(500, '9') + "\r\nLocation: https://" +
                    std::string(5000, 'l') + "\r\nContent-Length: 0\r\n\r\n") == state::complete);
  const auto parts = reader.take();
  CHECK(parts.retry_after.empty());
  CHECK(parts.location.size() < 300);
}

TEST_CASE("an empty chunked body may come byte by byte") {
  const outcome o = read_every_way("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  CHECK(o.end == state::complete);
  CHECK(o.body.empty());
}
