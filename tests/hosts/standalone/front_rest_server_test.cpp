// The REST server over real sockets on loopback.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <future>
#include <memory>
#include <thread>

#include "front_catch.hpp"
#include "front_support.hpp"
#include "rest_access.hpp"
#include "rest_server.hpp"

using namespace sinkhost;
using namespace sinkhost::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t small_limit = 1000;
constexpr std::size_t preview_limit = 5000;

// Answers what it was asked.
rest_response echo(const rest_request& r) {
  rest_response out{.status = 200, .body = r.method + " " + r.target + " " + std::to_string(r.body.size())};
  out.content_type = "text/plain";
  return out;
}

std::unique_ptr<rest_server> started(rest_options options = {}, rest_server::handler answer = echo) {
  options.port = 0;
  auto out = rest_server::bind(
      std::move(options), [](std::string_view target) { return target.ends_with("/preview") ? preview_limit : small_limit; });
  REQUIRE(out);
  (*out)->serve(std::move(answer));
  return std::move(*out);
}

int port_of(const rest_server& server) { return std::stoi(server.authority().substr(server.authority().rfind(':') + 1)); }

class client {
 public:
  explicit client(int port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
    const timeval patience{20, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~client() { ::close(fd_); }
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  bool send(std::string_view text) const {
    return ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  // Everything until the server closes, or `until` has come.
  [[nodiscard]] std::string read(std::string_view until = {}) const {
    std::string out;
    char buffer[4096];
    for (ssize_t n = 0;
         (until.empty() || out.find(until) == std::string::npos) && (n = ::recv(fd_, buffer, sizeof buffer, 0)) > 0;)
      out.append(buffer, static_cast<std::size_t>(n));
    return out;
  }
  [[nodiscard]] int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

// One request on a connection of its own.
std::string ask(const rest_server& server, const std::string& head, const std::string& body = "") {
  const client c(port_of(server));
  c.send(head + (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") + "Connection: close\r\n\r\n" +
         body);
  return c.read();
}

constexpr const char* json_type = "Content-Type: application/json\r\n";

// A self-signed certificate for 127.0.0.1, written to the directory.
rest_options with_tls(const temporary_directory& dir) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  rest_options out;
  out.certificate = (dir.path() / "cert.pem").string();
  out.key = (dir.path() / "key.pem").string();
  const auto write = [](const std::string& path, const auto& to) {
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "w"), std::fclose);
    to(file.get());
  };
  write(out.certificate, [&](FILE* f) { PEM_write_X509(f, certificate.get()); });
  write(out.key, [&](FILE* f) { PEM_write_PrivateKey(f, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  return out;
}

}  // namespace

TEST_CASE("requests reach the handler with method, target and body") {
  const auto server = started();
  CHECK_THAT(ask(*server, "GET /connectors/a%2Fb?expand=info HTTP/1.1\r\nHost: localhost\r\n"),
             Catch::StartsWith("HTTP/1.1 200") && Catch::EndsWith("GET /connectors/a%2Fb?expand=info 0"));
  for (const char* method : {"POST", "PUT", "PATCH"}) {
    CHECK_THAT(ask(*server, std::string(method) + " /x HTTP/1.1\r\nHost: localhost\r\n" + json_type, "{\"a\":1}"),
               Catch::EndsWith(std::string(method) + " /x 7"));
  }
  CHECK_THAT(ask(*server, "DELETE /x HTTP/1.1\r\nHost: localhost\r\n"), Catch::EndsWith("DELETE /x 0"));
  CHECK(server->url() == "http://" + server->authority());
}

TEST_CASE("a request without a length has no body and is answered at once") {
  const auto server = started();
  const client c(port_of(*server));
  c.send("PUT /connectors/a/pause HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK_THAT(c.read("pause 0"), Catch::EndsWith("PUT /connectors/a/pause 0"));
}

TEST_CASE("a connection is kept for further requests, also pipelined ones") {
  const auto server = started();
  const client c(port_of(*server));
  c.send("GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /2 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK_THAT(c.read("GET /2 0"), Catch::Contains("GET /1 0"));
  c.send("GET /3 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  CHECK_THAT(c.read(), Catch::EndsWith("GET /3 0"));
}

TEST_CASE("chunked bodies are read and bounded") {
  const auto server = started();
  const std::string head =
      "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json; charset=utf-8\r\nTransfer-Encoding: chunked\r\n";
  const client whole(port_of(*server));
  whole.send(head + "Connection: close\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n");
  CHECK_THAT(whole.read(), Catch::EndsWith("POST /x 7"));
  const client c(port_of(*server));
  c.send(head + "\r\n");
  const std::string chunk = "3e8\r\n" + std::string(1000, 'x') + "\r\n";
  for (int i = 0; i < 500 && c.send(chunk); ++i) {
  }
  CHECK_THAT(c.read(), Catch::Contains(" 413 ") || Catch::Contains(" 400 ") || Catch::Equals(""));
}

TEST_CASE("a body that is too large is refused before it is read, a preview may be larger") {
  const auto server = started();
  const auto large = [&](const std::string& path, std::size_t size) {
    return ask(*server, "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + json_type, std::string(size, 'x'));
  };
  CHECK_THAT(large("/x", small_limit), Catch::Contains("200 OK"));
  CHECK_THAT(large("/x", small_limit + 1), Catch::Contains(" 413 ") && Catch::Contains("\"error_code\":413"));
  CHECK_THAT(large("/p/preview", preview_limit), Catch::Contains("200 OK"));
  CHECK_THAT(large("/p/preview", preview_limit + 1), Catch::Contains(" 413 "));
  const client c(port_of(*server));
  c.send(std::string("POST /x HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n") + json_type +
         "\r\n");
  CHECK_THAT(c.read(), Catch::StartsWith("HTTP/1.1 413"));
}

TEST_CASE("what follows a refused body is no request") {
  std::atomic<int> asked = 0;
  const auto server = started({}, [&](const rest_request& r) {
    ++asked;
    return echo(r);
  });
  const client c(port_of(*server));
  c.send(
      "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 43\r\n\r\nDELETE /connectors/a "
      "HTTP/1.1\r\nHost: ::1\r\n\r\n");
  CHECK_THAT(c.read(), Catch::Contains(" 415 "));
  CHECK(asked == 0);
}

TEST_CASE("bodies must be JSON by name and not compressed") {
  const auto server = started();
  for (const char* type : {"", "Content-Type: text/plain\r\n", "Content-Type: application/x-www-form-urlencoded\r\n",
                           "Content-Type: application/json\r\nContent-Encoding: gzip\r\n"}) {
    CHECK_THAT(ask(*server, std::string("POST /x HTTP/1.1\r\nHost: localhost\r\n") + type, "{}"), Catch::Contains(" 415 "));
  }
}

TEST_CASE("without users only a loopback name is answered") {
  const auto server = started();
  for (const char* host : {"localhost", "LOCALHOST:8083", "127.0.0.1:1", "[::1]:8083", "127.3.2.1"}) {
    CHECK_THAT(ask(*server, std::string("GET / HTTP/1.1\r\nHost: ") + host + "\r\n"), Catch::StartsWith("HTTP/1.1 200"));
  }
  for (const char* host : {"evil.example", "evil.example:8083", "localhost.evil.example", "10.0.0.1"}) {
    CHECK_THAT(ask(*server, std::string("GET / HTTP/1.1\r\nHost: ") + host + "\r\n"), Catch::StartsWith("HTTP/1.1 403"));
  }
}

TEST_CASE("without users a page of another site cannot make a browser change anything") {
  std::atomic<int> asked = 0;
  const auto server = started({}, [&](const rest_request& r) {
    ++asked;
    return echo(r);
  });
  const auto from = [&](const std::string& origin) {
    return ask(*server, "POST /connectors/a/restart HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: " + origin + "\r\n");
  };
  for (const char* other : {"https://evil.example", "null", "http://localhost.evil.example:80", "file://", ""})
    CHECK_THAT(from(other), Catch::StartsWith(*other == '\0' ? "HTTP/1.1 200" : "HTTP/1.1 403"));
  CHECK(asked == 1);
  for (const char* own : {"http://127.0.0.1:8083", "http://localhost:3000", "https://[::1]"})
    CHECK_THAT(from(own), Catch::StartsWith("HTTP/1.1 200"));
}

TEST_CASE("with users each request needs name and password") {
  rest_options options;
  options.users.push_back({"ann", sca::secret("pa:ss")});
  options.users.push_back({"bob", sca::secret("word")});
  const auto server = started(std::move(options));
  const auto with = [&](const std::string& header) { return ask(*server, "GET / HTTP/1.1\r\nHost: any.example\r\n" + header); };
  CHECK_THAT(with("Authorization: Basic YW5uOnBhOnNz\r\n"), Catch::StartsWith("HTTP/1.1 200"));
  CHECK_THAT(with("Authorization: basic Ym9iOndvcmQ=\r\n"), Catch::StartsWith("HTTP/1.1 200"));
  CHECK_THAT(with(""), Catch::StartsWith("HTTP/1.1 401") && Catch::Contains("WWW-Authenticate: Basic"));
  for (const char* bad : {"Basic YW5uOndyb25n", "Basic", "Bearer YW5uOnBhOnNz", "Basic Ym9iOnBhOnNz"}) {
    CHECK_THAT(with(std::string("Authorization: ") + bad + "\r\n"), Catch::StartsWith("HTTP/1.1 401"));
  }
}

TEST_CASE("a client that sends byte by byte is cut off in time") {
  rest_options options;
  options.request_time = 300ms;
  options.idle_time = 300ms;
  const auto server = started(std::move(options));
  const auto begin = std::chrono::steady_clock::now();
  const client slow(port_of(*server));
  slow.send("GET / HT");
  static_cast<void>(slow.read());
  const client body(port_of(*server));
  body.send(std::string("POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n") + json_type + "\r\n{");
  static_cast<void>(body.read());
  const client idle(port_of(*server));
  static_cast<void>(idle.read());
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
  CHECK_THAT(ask(*server, "GET / HTTP/1.1\r\nHost: localhost\r\n"), Catch::StartsWith("HTTP/1.1 200"));
}

TEST_CASE("endless headers are cut off") {
  const auto server = started();
  const client c(port_of(*server));
  c.send("GET / HTTP/1.1\r\nHost: localhost\r\n");
  const auto give_up = std::chrono::steady_clock::now() + 20s;
  bool cut = false;
  while (!cut && std::chrono::steady_clock::now() < give_up) cut = !c.send("X-Filler: " + std::string(1000, 'x') + "\r\n");
  CHECK(cut);
}

TEST_CASE("a slow handler holds up no other request") {
  std::promise<void> release;
  const auto released = release.get_future().share();
  const auto server = started({}, [released](const rest_request& r) {
    if (r.target == "/slow") released.wait();
    return echo(r);
  });
  const client slow(port_of(*server));
  slow.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK_THAT(ask(*server, "GET /fast HTTP/1.1\r\nHost: localhost\r\n"), Catch::EndsWith("GET /fast 0"));
  release.set_value();
  CHECK_THAT(slow.read("/slow 0"), Catch::EndsWith("GET /slow 0"));
}

TEST_CASE("200 idle connections that are held open lock nobody out") {
  rest_options options;
  options.idle_time = 60s;
  const auto server = started(std::move(options));
  std::vector<std::unique_ptr<client>> idle;
  for (int i = 0; i < 200; ++i) idle.push_back(std::make_unique<client>(port_of(*server)));
  const auto begin = std::chrono::steady_clock::now();
  CHECK_THAT(ask(*server, "GET / HTTP/1.1\r\nHost: localhost\r\n"), Catch::StartsWith("HTTP/1.1 200"));
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
}

TEST_CASE("paths mean what they say: nothing is decoded twice, joined or climbed") {
  host_fixture host;
  host.body(201, "POST", "/connectors", create_body("a", good_config()));
  const auto server = started({}, [&](const rest_request& r) { return host.api->handle(r); });
  for (const char* path :
       {"/connectors/../connectors", "/connectors/%2e%2e/connectors", "/connectors/a/../a", "//connectors", "/connectors%2Fa",
        "/connectors/a%00", "/connectors/%252e%252e", "/./connectors", "/connectors/a;x=y", "/connectors/..%2f..%2fetc%2fpasswd",
        "/connectors\\a", "http://localhost/connectors", "*", "etc/passwd"}) {
    CAPTURE(path);
    const std::string answer = ask(*server, std::string("GET ") + path + " HTTP/1.1\r\nHost: localhost\r\n");
    CHECK((answer.empty() || answer.starts_with("HTTP/1.1 404") || answer.starts_with("HTTP/1.1 400")));
    CHECK_THAT(answer, !Catch::Contains("echo.url"));
  }
  CHECK_THAT(ask(*server, "GET /connectors/a HTTP/1.1\r\nHost: localhost\r\n"), Catch::Contains("echo.url"));
}

TEST_CASE("stopping does not wait for idle clients") {
  rest_options options;
  options.idle_time = 60s;
  auto server = started(std::move(options));
  const client idle(port_of(*server));
  idle.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  static_cast<void>(idle.read("GET / 0"));
  const auto begin = std::chrono::steady_clock::now();
  server.reset();
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
}

TEST_CASE("garbage is answered with an error in JSON or closed") {
  const auto server = started();
  for (const std::string& garbage : {std::string("\x16\x03\x01\x02\x00\x01\x00", 7), std::string("GET\r\n\r\n"),
                                     std::string("BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                                     "GET /" + std::string(20000, 'a') + " HTTP/1.1\r\nHost: localhost\r\n\r\n"}) {
    const client c(port_of(*server));
    c.send(garbage);
    ::shutdown(c.fd(), SHUT_WR);
    CHECK_THAT(c.read(), !Catch::Contains("200 OK"));
  }
  CHECK_THAT(ask(*server, "GET / HTTP/1.1\r\nHost: localhost\r\n"), Catch::StartsWith("HTTP/1.1 200"));
}

TEST_CASE("over TLS the same is served and plain text is not") {
  const temporary_directory dir;
  const auto server = started(with_tls(dir));
  CHECK_THAT(server->url(), Catch::StartsWith("https://127.0.0.1:"));
  const client c(port_of(*server));
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  const std::unique_ptr<SSL, decltype(&SSL_free)> session(SSL_new(context.get()), SSL_free);
  SSL_set_fd(session.get(), c.fd());
  REQUIRE(SSL_connect(session.get()) == 1);
  const std::string request =
      std::string("POST /tls HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n") + json_type + "Connection: close\r\n\r\n{}";
  REQUIRE(SSL_write(session.get(), request.data(), static_cast<int>(request.size())) > 0);
  std::string answer;
  char buffer[1024];
  for (int n = 0; (n = SSL_read(session.get(), buffer, sizeof buffer)) > 0;) answer.append(buffer, static_cast<std::size_t>(n));
  CHECK_THAT(answer, Catch::EndsWith("POST /tls 2"));
  CHECK_THAT(ask(*server, "GET / HTTP/1.1\r\nHost: localhost\r\n"), !Catch::Contains("200 OK"));
}

TEST_CASE("it refuses to listen beyond loopback without authentication") {
  const auto limit = [](std::string_view) { return small_limit; };
  for (const char* host : {"0.0.0.0", "::", "192.0.2.1", "example.org"}) {
    const auto refused = rest_server::bind({.host = host, .port = 0}, limit);
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().message, Catch::Contains("--rest-user-file"));
  }
  rest_options open{.host = "0.0.0.0", .port = 0};
  open.users.push_back({"a", sca::secret("b")});
  CHECK(rest_server::bind(std::move(open), limit));
}

TEST_CASE("an address in use is named, and a second server does not share it") {
  const auto server = started();
  const auto second = rest_server::bind({.port = port_of(*server)}, [](std::string_view) { return small_limit; });
  REQUIRE_FALSE(second);
  CHECK_THAT(second.error().message, Catch::Contains(server->authority()));
}

TEST_CASE("certificates that cannot be used are named") {
  const auto limit = [](std::string_view) { return small_limit; };
  rest_options half{.port = 0};
  half.certificate = "/nowhere.pem";
  CHECK_THAT(rest_server::bind(half, limit).error().message, Catch::Contains("--rest.key"));
  half.key = "/nowhere.key";
  CHECK_THAT(rest_server::bind(half, limit).error().message, Catch::Contains("/nowhere.pem"));
}

TEST_CASE("listen addresses are read") {
  CHECK(parse_listen("127.0.0.1:8083")->port == 8083);
  CHECK(parse_listen("[::1]:0")->host == "::1");
  CHECK(parse_listen("9")->host == "127.0.0.1");
  for (const char* bad : {"", ":8083", "host", "host:", "host:65536", "host:-1", "::1:80", "host:80x"})
    CHECK_FALSE(parse_listen(bad).has_value());
}

TEST_CASE("a user file is read, and a bad line is named without its text") {
  const temporary_directory dir;
  const auto users = read_user_file(dir.write("good", "# people\nann:pa:ss\n\n  bob:word  \n").string());
  REQUIRE(users);
  REQUIRE(users->size() == 2);
  CHECK(users->front().password.reveal() == "pa:ss");
  CHECK(users->back().name == "bob");
  const auto bad = read_user_file(dir.write("bad", "ann:x\nhunter2\n").string());
  CHECK_THAT(bad.error().message, Catch::Contains("line 2") && !Catch::Contains("hunter2"));
  CHECK_FALSE(read_user_file(dir.write("none", "# nobody\n").string()));
}
