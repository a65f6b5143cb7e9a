// CONNECT through a proxy: the tunnel, credentials, and proxies that refuse, babble or are not there.
#include "conversation.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <mutex>

using namespace net_test;
using Catch::Matchers::Contains;
using support::ok;

namespace {

// Carries bytes both ways until one side ends.
void tunnel(int client, std::uint16_t to_port) {
  const int target = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(to_port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(target, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) {
    std::array<pollfd, 2> ends{{{client, POLLIN, 0}, {target, POLLIN, 0}}};
    std::array<char, 65536> bytes{};
    for (bool open = true; open && ::poll(ends.data(), ends.size(), -1) > 0;) {
      for (std::size_t i = 0; i < 2; ++i) {
        if (ends[i].revents == 0) continue;
        const auto n = ::recv(ends[i].fd, bytes.data(), bytes.size(), 0);
        open = open && n > 0 && ::send(ends[1 - i].fd, bytes.data(), static_cast<std::size_t>(n), MSG_NOSIGNAL) == n;
      }
    }
  }
  ::close(target);
}

struct proxied {
  trust t;
  support::tls_server server{{.id = t.localhost()}, answering(ok())};
  std::mutex seen_mutex;
  std::string seen;

  answer ask(const support::tls_server::script& script, const std::string& credentials = "") {
    support::tls_server proxy({.with = support::security::plain}, script);
    return ask_port(proxy.port(), credentials);
  }
  answer ask_port(std::uint16_t port, const std::string& credentials = "") {
    auto options = options_for(server.port(), t);
    options.net.proxy = {.host = "127.0.0.1", .port = port, .credentials = sca::secret(credentials)};
    const answer a = conversation(std::move(options)).one();
    CHECK_THAT(a.detail, !Contains("pa:ss") && !Contains("dXNlcjpwYTpzcw=="));
    return a;
  }
  support::tls_server::script forwarding() {
    return [this](support::peer& p) {
      const auto request = p.read_request();
      if (!request) return;
      {
        const std::lock_guard lock(seen_mutex);
        seen = request->head;
      }
      p.write("HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n");
      tunnel(p.socket(), server.port());
    };
  }
};

}  // namespace

TEST_CASE("requests go through a tunnel, end to end encrypted, with the server's name checked") {
  proxied net;
  CHECK(net.ask(net.forwarding()).status == 200);
  const std::lock_guard lock(net.seen_mutex);
  const std::string to = "localhost:" + std::to_string(net.server.port());
  CHECK_THAT(net.seen, Contains("CONNECT " + to + " HTTP/1.1\r\nHost: " + to));
  CHECK_THAT(net.seen, !Contains("Proxy-Authorization") && !Contains("TOKEN"));
}

TEST_CASE("credentials go to the proxy as Basic") {
  proxied net;
  CHECK(net.ask(net.forwarding(), "user:pa:ss").status == 200);
  const std::lock_guard lock(net.seen_mutex);
  CHECK_THAT(net.seen, Contains("Proxy-Authorization: Basic dXNlcjpwYTpzcw=="));
}

TEST_CASE("a proxy that wants credentials is named with what to set") {
  proxied net;
  const auto script = answering(
      "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 4\r\n\r\nno\r\n");
  const answer a = net.ask(script);
  CHECK(a.failure == link_failure::proxy);
  CHECK_THAT(a.detail, Contains("proxy 127.0.0.1:") && Contains("407") && Contains("set user and password in proxy.url"));
  CHECK_THAT(net.ask(script, "user:pa:ss").detail, Contains("check user and password"));
}

TEST_CASE("a proxy that refuses the target is named with its status") {
  proxied net;
  const answer a = net.ask(answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
  CHECK(a.failure == link_failure::proxy);
  CHECK_THAT(a.detail, Contains("the proxy answered 403 to CONNECT localhost:"));
}

TEST_CASE("a proxy that is not there is a proxy failure") {
  proxied net;
  const answer a = net.ask_port(dead_port());
  CHECK(a.failure == link_failure::proxy);
  CHECK_THAT(a.detail, Contains("proxy 127.0.0.1:") && Contains("Connection refused"));
}

TEST_CASE("a proxy that babbles, breaks off or never ends its header is a proxy failure") {
  const std::string bytes = GENERATE(as<std::string>{}, "\x05\x02", "", "HTTP/1.1 200",
                                     std::string("HTTP/1.1 200 OK\r\nX: ") + std::string(50'000, 'x'));
  proxied net;
  const answer a = net.ask([&](support::peer& p) {
    (void)p.read_request();
    p.write(bytes);
  });
  CHECK(a.failure == link_failure::proxy);
}

TEST_CASE("a proxy that does not answer is a connect time-out that names it") {
  proxied net;
  support::tls_server proxy({.with = support::security::plain}, [](support::peer& p) { p.hang(); });
  auto options = options_for(net.server.port(), net.t);
  options.net.connect_timeout = 100ms;
  options.net.proxy = {.host = "127.0.0.1", .port = proxy.port(), .credentials = {}};
  const answer a = conversation(std::move(options)).one();
  CHECK(a.failure == link_failure::timeout_connect);
  CHECK_THAT(a.detail, Contains("proxy 127.0.0.1:"));
}

TEST_CASE("a proxy that answers 200 itself and then is no tunnel fails in TLS") {
  proxied net;
  const answer a = net.ask([](support::peer& p) {
    (void)p.read_request();
    p.write("HTTP/1.1 200 OK\r\n\r\n");
    p.write("<html>welcome to the portal</html>");
    p.hang();
  });
  CHECK((a.failure == link_failure::tls || a.failure == link_failure::proxy));
}
