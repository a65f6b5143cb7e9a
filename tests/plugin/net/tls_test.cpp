// Every way a handshake must fail, with the words that help; and the one switch that does not exist.
#include "conversation.hpp"

#include <openssl/ssl.h>

using namespace net_test;
using Catch::Matchers::Contains;
using support::ok;

namespace {

answer ask_identity(const trust& t, support::identity id, const std::string& host = "localhost") {
  support::tls_server server({.id = std::move(id)}, answering(ok()));
  return conversation(options_for(server.port(), t, host)).one();
}

}  // namespace

TEST_CASE("a certificate for the IP address is enough when the endpoint is one") {
  const trust t;
  CHECK(ask_identity(t, t.ca.issue({.ip = {"127.0.0.1"}}), "127.0.0.1").status == 200);
}

TEST_CASE("a certificate for a name does not serve for an IP address") {
  const trust t;
  const answer a = ask_identity(t, t.ca.issue({.dns = {"localhost", "127.0.0.1"}}), "127.0.0.1");
  CHECK(a.failure == link_failure::tls);
  CHECK_THAT(a.detail, Contains("host name mismatch: 127.0.0.1 was asked for"));
}

TEST_CASE("an expired certificate is refused with its day") {
  const trust t;
  const answer a = ask_identity(
      t, t.ca.issue({.dns = {"localhost"}, .valid_from = std::chrono::hours(-48), .valid_until = std::chrono::hours(-24)}));
  CHECK(a.failure == link_failure::tls);
  CHECK_THAT(a.detail,
             Contains("localhost:") && Contains("TLS handshake") && Contains("certificate has expired (it was valid until 20"));
}

TEST_CASE("a certificate of the future is refused and the clock suspected") {
  const trust t;
  const answer a = ask_identity(
      t, t.ca.issue({.dns = {"localhost"}, .valid_from = std::chrono::hours(24), .valid_until = std::chrono::hours(48)}));
  CHECK(a.failure == link_failure::tls);
  CHECK_THAT(a.detail, Contains("not yet valid") && Contains("clock"));
}

TEST_CASE("a certificate for another host is refused with the names it has") {
  const trust t;
  const answer a = ask_identity(t, t.ca.issue({.dns = {"a.example", "evil\n.example"}, .ip = {"10.0.0.1", "::1"}}));
  CHECK(a.failure == link_failure::tls);
  CHECK_THAT(a.detail, Contains("host name mismatch: localhost was asked for, the certificate is for a.example"));
  CHECK_THAT(a.detail, Contains("10.0.0.1") && Contains("::1") && !Contains("\n"));
}

TEST_CASE("the common name does not count when there are alternative names") {
  const trust t;
  CHECK(ask_identity(t, t.ca.issue({.common_name = "localhost", .dns = {"a.example"}})).failure == link_failure::tls);
}

TEST_CASE("a partial wildcard is refused") {
  const trust t;
  CHECK(ask_identity(t, t.ca.issue({.dns = {"local*"}})).failure == link_failure::tls);
}

TEST_CASE("a certificate of an unknown authority is refused and ssl.ca.file named") {
  const trust t;
  const support::certificate_authority other("Other Authority");
  const answer a = ask_identity(t, other.issue({.dns = {"localhost"}}));
  CHECK(a.failure == link_failure::tls);
  CHECK_THAT(a.detail, Contains("unable to get local issuer certificate") && Contains("Other Authority") &&
                           Contains("ssl.ca.file (" + t.ca_file.path().string()));
}

TEST_CASE("without ssl.ca.file the system decides, and a test authority is not in it") {
  const trust t;
  support::tls_server server({.id = t.localhost()}, answering(ok()));
  auto options = options_for(server.port(), t);
  options.net.ca_file.clear();
  const answer a = conversation(std::move(options)).one();
  CHECK(a.failure == link_failure::tls);
  CHECK_THAT(a.detail, Contains("set ssl.ca.file"));
}

TEST_CASE("a server with nothing newer than TLS 1.1 is refused") {
  const trust t;
  support::tls_server server({.id = t.localhost(), .max_version = TLS1_1_VERSION}, answering(ok()));
  const answer a = conversation(options_for(server.port(), t)).one();
  CHECK(a.failure == link_failure::tls);
  CHECK_THAT(a.detail, Contains("TLSv1.2"));
}

TEST_CASE("ssl.min.version TLSv1.3 refuses a server that has only 1.2, TLSv1.2 takes it") {
  const trust t;
  support::tls_server server({.id = t.localhost(), .max_version = TLS1_2_VERSION}, answering(ok()));
  auto options = options_for(server.port(), t);
  CHECK(conversation(options).one().status == 200);
  options.net.min_tls = snap::config::tls_version::v1_3;
  const answer a = conversation(std::move(options)).one();
  CHECK(a.failure == link_failure::tls);
  CHECK_THAT(a.detail, Contains("TLSv1.3"));
}

TEST_CASE("a server without TLS is told from one with the wrong certificate") {
  const trust t;
  support::tls_server server({.with = support::security::plain}, [](support::peer& p) {
    p.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    p.hang();
  });
  const answer a = conversation(options_for(server.port(), t)).one();
  CHECK(a.failure == link_failure::tls);
  CHECK_THAT(a.detail, Contains("does not speak TLS"));
}

TEST_CASE("a server that hangs up in the handshake is named") {
  const trust t;
  support::tls_server server({.with = support::security::plain}, [](support::peer& p) { (void)p.read_some(); });
  const answer a = conversation(options_for(server.port(), t)).one();
  CHECK((a.failure == link_failure::closed_early || a.failure == link_failure::reset));
  CHECK_THAT(a.detail, Contains("TLS handshake"));
}

TEST_CASE("a handshake without an end times out as a connect") {
  const trust t;
  support::tls_server server({.with = support::security::plain}, [](support::peer& p) { p.hang(); });
  auto options = options_for(server.port(), t);
  options.net.connect_timeout = 100ms;
  const answer a = conversation(std::move(options)).one();
  CHECK(a.failure == link_failure::timeout_connect);
  CHECK_THAT(a.detail, Contains("TLS handshake") && Contains("100 ms"));
}

TEST_CASE("ssl.ca.file that cannot be used is refused when the client is made") {
  const trust t;
  auto options = options_for(1, t);
  std::string why;
  options.net.ca_file = "/nonexistent/ca.pem";
  CHECK(snap::net::make_client(options, why) == nullptr);
  CHECK_THAT(why, Contains("ssl.ca.file: /nonexistent/ca.pem") && Contains("No such file"));
  const support::temporary_file text("no certificate here");
  options.net.ca_file = text.path();
  CHECK(snap::net::make_client(options, why) == nullptr);
  CHECK_THAT(why, Contains("ssl.ca.file") && Contains("PEM"));
  const support::temporary_file empty("");
  options.net.ca_file = empty.path();
  CHECK(snap::net::make_client(options, why) == nullptr);
  CHECK_THAT(why, Contains("empty"));
}
