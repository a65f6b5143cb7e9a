// bench_endpoint: the trivial other side. Answers {"status":"VALID"} to every POST and its counts to every GET, over TLS on
// loopback, one thread a connection. Prints "port N", on SIGTERM its counts. Writes its authority's certificate to CA_FILE, the
// first body to SAMPLE.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "certificates.hpp"

namespace {

struct counts {
  std::atomic<unsigned long long> connections{0}, requests{0}, events{0}, bytes{0};
  [[nodiscard]] std::string json() const {
    return "{\"connections\":" + std::to_string(connections) + ",\"requests\":" + std::to_string(requests) +
           ",\"events\":" + std::to_string(events) + ",\"bytes\":" + std::to_string(bytes) + "}";
  }
};

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

[[nodiscard]] unsigned long long events_in(std::string_view body) {
  constexpr std::string_view name = "\"event_name\"";
  unsigned long long n = 0;
  const char* at = body.data();
  const char* const end = at + body.size();
  while (const void* hit = ::memmem(at, static_cast<std::size_t>(end - at), name.data(), name.size())) {
    ++n;
    at = static_cast<const char*>(hit) + name.size();
  }
  return n;
}

[[nodiscard]] std::size_t content_length(std::string_view head) {
  constexpr std::string_view name = "\r\nContent-Length: ";
  const auto at = head.find(name);
  return at == std::string_view::npos ? 0 : std::strtoul(head.data() + at + name.size(), nullptr, 10);
}

class connection {
 public:
  connection(SSL* ssl, counts& total, const std::string& sample, std::chrono::milliseconds delay)
      : ssl_(ssl), total_(total), sample_(sample), delay_(delay) {}

  void serve() {
    while (read_request()) {
      const bool is_post = head_.starts_with("POST ");
      if (is_post) count();
      if (is_post) std::this_thread::sleep_for(delay_);
      const std::string body =
          is_post ? R"({"status":"VALID","reason":"Events have been processed successfully."})" : total_.json();
      const std::string answer =
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
          body;
      if (SSL_write(ssl_, answer.data(), static_cast<int>(answer.size())) <= 0) return;
    }
  }

 private:
  bool read_request() {
    std::size_t end = 0;
    while ((end = bytes_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more()) return false;
    }
    head_ = bytes_.substr(0, end + 2);
    bytes_.erase(0, end + 4);
    const std::size_t length = content_length(head_);
    bytes_.reserve(length);
    while (bytes_.size() < length) {
      if (!read_more()) return false;
    }
    body_.assign(bytes_, 0, length);
    bytes_.erase(0, length);
    return true;
  }

  bool read_more() {
    const int n = SSL_read(ssl_, buffer_.data(), static_cast<int>(buffer_.size()));
    if (n > 0) bytes_.append(buffer_.data(), static_cast<std::size_t>(n));
    return n > 0;
  }

  void count() {
    if (total_.requests.fetch_add(1) == 0 && !sample_.empty()) std::ofstream(sample_) << body_;
    total_.events += events_in(body_);
    total_.bytes += body_.size();
  }

  SSL* ssl_;
  counts& total_;
  const std::string& sample_;
  const std::chrono::milliseconds delay_;
  std::array<char, 65536> buffer_{};
  std::string bytes_, head_, body_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_endpoint CA_FILE [SAMPLE [DELAY_MS]]\n");
    return 1;
  }
  const std::string sample = argc > 2 ? argv[2] : "";
  const std::chrono::milliseconds delay(argc > 3 ? std::atoi(argv[3]) : 0);
  signal(SIGPIPE, SIG_IGN);
  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  sigaddset(&end, SIGINT);
  pthread_sigmask(SIG_BLOCK, &end, nullptr);

  const support::certificate_authority authority("Benchmark Authority");
  std::ofstream(argv[1]) << authority.certificate_pem();
  const support::identity id = authority.issue({.dns = {"localhost"}, .ip = {"127.0.0.1"}});
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate(context, id.certificate.get());
  SSL_CTX_use_PrivateKey(context, id.key.get());

  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(listener, 64) != 0) fail("listen");
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  std::printf("port %d\n", ntohs(address.sin_port));
  std::fflush(stdout);

  static counts total;  // outlives the threads, which nobody joins: the process ends under them
  std::thread([&] {
    while (true) {
      const int socket = ::accept(listener, nullptr, nullptr);
      if (socket < 0) continue;
      const int now = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
      std::thread([socket, context, &sample, delay] {
        SSL* ssl = SSL_new(context);
        SSL_set_fd(ssl, socket);
        if (SSL_accept(ssl) == 1) {
          ++total.connections;
          connection(ssl, total, sample, delay).serve();
        }
        SSL_free(ssl);
        ::close(socket);
      }).detach();
    }
  }).detach();
  int signal = 0;
  sigwait(&end, &signal);
  std::printf("%s\n", total.json().c_str());
  std::fflush(stdout);
  std::_Exit(0);
}
