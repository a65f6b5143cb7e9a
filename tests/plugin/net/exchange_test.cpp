// What a request looks like on the wire, and what comes back of a good answer.
#include "conversation.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <mutex>

using namespace net_test;
using support::ok;

TEST_CASE("a request reaches the server as a JSON POST with the token in its query") {
  const trust t;
  std::mutex seen_mutex;
  support::http_request seen;
  std::string name;
  support::tls_server server({.id = t.localhost()}, [&](support::peer& p) {
    while (auto request = p.read_request()) {
      const std::lock_guard lock(seen_mutex);
      seen = *request;
      name = p.server_name();
      p.write(ok());
    }
  });
  conversation talk(options_for(server.port(), t));
  talk.body = R"({"data":[{"event_name":"PURCHASE"}]})";
  const answer a = talk.one();
  CHECK(a.failure == link_failure::none);
  CHECK(a.id == 1);
  CHECK(a.status == 200);
  CHECK(a.body == R"({"status":"VALID"})");
  CHECK(a.detail.empty());
  CHECK(a.sent_at <= a.answered_at);
  const std::lock_guard lock(seen_mutex);
  CHECK(seen.head.substr(0, seen.head.find("\r\n")) ==
        "POST /v3/asset/events?access_token=" + std::string(encoded_token) + " HTTP/1.1");
  CHECK(seen.field("Host") == "localhost:" + std::to_string(server.port()));
  CHECK(seen.field("User-Agent") == "snapchat-sink/test");
  CHECK(seen.field("Content-Type") == "application/json");
  CHECK(seen.field("Accept") == "application/json");
  CHECK(seen.field("Content-Length") == std::to_string(talk.body.size()));
  CHECK(seen.body == talk.body);
  CHECK(name == "localhost");
}

TEST_CASE("a body of two megabytes arrives whole") {
  const trust t;
  std::atomic<std::size_t> hash{0};
  support::tls_server server({.id = t.localhost()}, [&](support::peer& p) {
    while (auto request = p.read_request()) {
      hash = std::hash<std::string>{}(request->body);
      p.write(ok());
    }
  });
  conversation talk(options_for(server.port(), t));
  talk.body.clear();
  for (std::size_t i = 0; talk.body.size() < 2'000'000; ++i) talk.body += std::to_string(i) + ",";
  CHECK(talk.one().status == 200);
  CHECK(hash == std::hash<std::string>{}(talk.body));
}

TEST_CASE("status, Retry-After, Date and Location come back as sent") {
  const answer a =
      ask(answering("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\n"
                    "Location: https://other.example/x\r\nContent-Length: 0\r\n\r\n"));
  CHECK(a.failure == link_failure::none);
  CHECK(a.status == 429);
  CHECK(a.retry_after == "7");
  CHECK(a.date == "Mon, 01 Jan 2024 00:00:00 GMT");
  CHECK(a.location == "https://other.example/x");
  CHECK(a.body.empty());
}

TEST_CASE("a Location that repeats the token comes back without it") {
  const answer a = ask(answering("HTTP/1.1 302 Found\r\nLocation: https://other.example/v3?access_token=" + std::string(token) +
                                 "\r\nContent-Length: 0\r\n\r\n"));
  CHECK(a.status == 302);
  CHECK(a.location == "https://other.example/v3");
}

TEST_CASE("a chunked answer is joined") {
  const answer a = ask(
      answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\n{\"sta\r\n4\r\ntus\"\r\n3\r\n:1}\r\n0\r\n\r\n"));
  CHECK(a.failure == link_failure::none);
  CHECK(a.body == R"({"status":1})");
}

TEST_CASE("an answer that drips in byte by byte is whole in the end") {
  const answer a = ask([](support::peer& p) {
    if (!p.read_request()) return;
    for (const char c : ok()) {
      p.write({&c, 1});
      p.pause(1ms);
    }
    p.hang();
  });
  CHECK(a.status == 200);
  CHECK(a.body == R"({"status":"VALID"})");
}

TEST_CASE("interim answers are skipped") {
  const answer a = ask(answering("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + ok()));
  CHECK(a.failure == link_failure::none);
  CHECK(a.status == 200);
}

TEST_CASE("an answer that comes before the request was written is heard") {
  const trust t;
  support::tls_server server({.id = t.localhost()}, [](support::peer& p) {
    (void)p.read_some();  // the head at most; the body is never read
    p.write("HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n");
    p.pause(200ms);
    p.close_with_notify();
    p.pause(200ms);
  });
  conversation talk(options_for(server.port(), t));
  talk.body.assign(8'000'000, 'x');  // more than the sockets' buffers take
  const answer a = talk.one();
  CHECK(a.failure == link_failure::none);
  CHECK(a.status == 413);
}

TEST_CASE("a success that comes before the request was written is none: nobody has read the events") {
  const trust t;
  support::tls_server server({.id = t.localhost()}, [](support::peer& p) {
    (void)p.read_some();
    p.write(ok());
    p.hang();
  });
  conversation talk(options_for(server.port(), t));
  talk.body.assign(8'000'000, 'x');  // more than the sockets' buffers take
  const answer a = talk.one();
  CHECK(a.failure == link_failure::response_malformed);
  CHECK_THAT(a.detail, Catch::Contains("before it had the whole request"));
}

TEST_CASE("a second answer to one request is not taken for the next request's") {
  const trust t;
  support::tls_server server({.id = t.localhost()}, [](support::peer& p) {
    if (!p.read_request()) return;
    const int together = 1, now = 0;
    ::setsockopt(p.socket(), IPPROTO_TCP, TCP_CORK, &together, sizeof together);  // two TLS records, one segment
    p.write(ok());
    p.write(ok());
    ::setsockopt(p.socket(), IPPROTO_TCP, TCP_CORK, &now, sizeof now);
    p.hang();
  });
  auto options = options_for(server.port(), t);
  options.net.request_timeout = 300ms;
  conversation talk(std::move(options));
  const auto answers = talk.exchange(2);
  CHECK(answers[0].status == 200);
  CHECK(answers[1].failure == link_failure::response_malformed);
}

TEST_CASE("an answer that has something to say of each of two thousand events is read") {
  std::string logs;
  for (int i = 0; i < 2000; ++i) {
    logs += (i == 0 ? "" : ",") + std::string(R"({"event":)") + std::to_string(i) +
            R"(,"status":"INVALID","errors":{"codes":["507"],"error_msgs":["Insufficient customer information."]},"warnings":[)" +
            R"("event_source_url is recommended for WEB events, and client_user_agent is missing"]})";
  }
  const std::string body = R"({"status":"INVALID","test_event":true,"reason":"r","event_logs":[)" + logs + "]}";
  const answer a = ask(answering(ok(body)));
  CHECK(a.failure == link_failure::none);
  CHECK((a.body == body));  // not printed
}
