#include "rest_server.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

#include "bounded_socket.hpp"
#include "logging.hpp"
#include "rest_access.hpp"

namespace sinkhost {
namespace {

constexpr std::size_t workers = 16;
constexpr std::size_t max_waiting = 256;  // connections beyond the workers; more are closed
constexpr int backlog = 128;
constexpr std::size_t max_keep_alive = 1000;   // requests of one connection
constexpr std::size_t head_bytes = 64 * 1024;  // request line and headers, and the framing of a chunked body
constexpr std::chrono::seconds handshake_time{5};
constexpr std::chrono::seconds linger_time{2};
constexpr std::chrono::milliseconds crowded_idle_time{100};  // of a connection while others wait for its thread

// Set on the accepting thread while a connection is turned away: the library gives no other way to close it.
thread_local bool turn_away = false;

// Threads that take connections in order; bounded, unlike the library's own.
class bounded_queue final : public httplib::TaskQueue {
 public:
  explicit bounded_queue(std::atomic<std::size_t>& crowd) : crowd_(crowd) {
    for (std::size_t i = 0; i < workers; ++i) threads_.emplace_back([this] { work(); });
  }
  void enqueue(std::function<void()> connection) override {
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.size() < max_waiting) {
        waiting_.push_back(std::move(connection));
        crowd_ = waiting_.size();
        changed_.notify_one();
        return;
      }
    }
    turn_away = true;
    connection();
    turn_away = false;
  }
  void shutdown() override {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
    for (std::thread& t : threads_) t.join();
  }

 private:
  void work() {
    for (;;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      const auto connection = std::move(waiting_.front());
      waiting_.pop_front();
      crowd_ = waiting_.size();
      lock.unlock();
      connection();
    }
  }
  std::atomic<std::size_t>& crowd_;  // how many wait, for those that serve
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

// The library's view of a connection.
class stream final : public httplib::Stream {
 public:
  explicit stream(bounded_socket& socket) : socket_(socket) {}
  [[nodiscard]] bool is_readable() const override { return true; }  // read() waits, within bounds
  [[nodiscard]] bool is_writable() const override { return true; }
  ssize_t read(char* to, std::size_t size) override { return socket_.read(to, size); }
  ssize_t write(const char* from, std::size_t size) override { return socket_.write(from, size); }
  void get_remote_ip_and_port(std::string& ip, int& port) const override { none(ip, port); }  // nobody asks
  void get_local_ip_and_port(std::string& ip, int& port) const override { none(ip, port); }
  [[nodiscard]] socket_t socket() const override { return socket_.fd(); }

 private:
  static void none(std::string& ip, int& port) {
    ip.clear();
    port = 0;
  }
  bounded_socket& socket_;
};

rest_headers headers_of(const httplib::Request& r) {
  return {.method = r.method,
          .host = r.get_header_value("Host"),
          .origin = r.get_header_value("Origin"),
          .authorization = r.get_header_value("Authorization"),
          .content_type = r.get_header_value("Content-Type"),
          .content_encoding = r.get_header_value("Content-Encoding"),
          .content_length = r.get_header_value("Content-Length"),
          .transfer_encoding = r.get_header_value("Transfer-Encoding")};
}

void fill(httplib::Response& to, const rest_response& from) {
  to.status = from.status;
  for (const auto& [name, value] : from.headers) to.set_header(name, value);
  if (!from.body.empty()) to.set_content(from.body, from.content_type);
}

// The library's server with connections of our own: bounded in time and bytes, with or without TLS.
class bounded_server final : public httplib::Server {
 public:
  bounded_server(rest_options o, rest_server::body_limit limit, tls_context tls)
      : options_(std::move(o)), limit_(std::move(limit)), tls_(std::move(tls)) {
    new_task_queue = [this] { return new bounded_queue(crowd_); };  // the library deletes it
    set_payload_max_length(std::size_t{64} << 20);  // the library's own bound; the real ones are limit_ and the socket's
    // Not the library's default, SO_REUSEPORT: a second host on the same port must fail, not share it.
    set_socket_options([](socket_t s) {
      const int on = 1;
      ::setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    });
    set_expect_100_continue_handler([this](const httplib::Request& r, httplib::Response& to) {
      const auto refused = refusal(headers_of(r), options_, limit_(r.target));
      if (!refused) return 100;
      fill(to, *refused);
      cut_after_ = true;
      return refused->status;
    });
    set_pre_routing_handler([this](const httplib::Request& r, httplib::Response& to) {
      const auto refused = refusal(headers_of(r), options_, limit_(r.target));
      if (!refused) return HandlerResponse::Unhandled;
      fill(to, *refused);
      to.set_header("Connection", "close");
      cut_after_ = true;  // its body was not read: what follows is no request
      return HandlerResponse::Handled;
    });
    set_error_handler([](const httplib::Request&, httplib::Response& to) {  // what the library refuses by itself
      if (!to.body.empty()) return;
      fill(to, error_response(to.status, fmt::format("HTTP {}", to.status)));
      to.set_header("Connection", "close");
      cut_after_ = true;  // it did not understand the request, so nobody knows where the next one begins
    });
  }

  void answer_with(const rest_server::handler& answer) {
    const Handler on_request = [this, answer](const httplib::Request& r, httplib::Response& to) {
      if (r.body.size() > limit_(r.target)) return fill(to, error_response(413, "the body is too large"));
      fill(to, answer({.method = r.method, .target = r.target, .body = r.body}));
    };
    Get("/", on_request)
        .Post("/", on_request)
        .Put("/", on_request)
        .Patch("/", on_request)
        .Delete("/", on_request)
        .Options("/", on_request);
  }

  void begin_stop() noexcept { stopping_ = true; }

  // The library listens with a backlog of 5: a burst of clients would wait for the kernel's retries, seconds each.
  void widen_backlog() noexcept { ::listen(svr_sock_, backlog); }

 private:
  bool process_and_close_socket(socket_t fd) override {
    bounded_socket socket(fd, tls_.get(), stopping_);
    const auto now = [] { return bounded_socket::clock::now(); };
    if (turn_away || !socket.handshake(now() + handshake_time)) return false;
    stream s(socket);
    for (std::size_t n = 0; n < max_keep_alive && wait_for_request(socket); ++n) {
      socket.begin_request(now() + options_.request_time, head_bytes + largest_body());
      cut_after_ = false;
      bool closed = false;
      const bool ok = process_request(s, n + 1 == max_keep_alive, closed, plain_request);
      if (cut_after_ || !ok) socket.discard_rest(now() + linger_time);
      if (!ok || closed || cut_after_) return ok;
    }
    return true;
  }

  // An idle connection keeps its thread only while nobody else wants it: a crowd of them must not lock others out.
  [[nodiscard]] bool wait_for_request(bounded_socket& socket) const {
    const auto begin = bounded_socket::clock::now();
    for (auto now = begin; !stopping_; now = bounded_socket::clock::now()) {
      const auto until = begin + (crowd_ > 0 ? std::min(crowded_idle_time, options_.idle_time) : options_.idle_time);
      if (now >= until) return false;
      if (socket.wait_for_request(std::min(until, now + crowded_idle_time))) return true;
    }
    return false;
  }

  // Every path is one route to the library, whose regular expressions need not see what clients send; parts of answers are not
  // served; and a request without a length has no body (RFC 9112, 6.3), where the library would read until the client leaves.
  static void plain_request(httplib::Request& r) {
    r.path.assign(1, '/');  // not = "/": gcc 12 takes that for an overlapping copy at -O2 (its bug 105651)
    r.ranges.clear();
    if (!r.has_header("Content-Length") && !r.has_header("Transfer-Encoding")) r.set_header("Content-Length", "0");
  }

  [[nodiscard]] std::size_t largest_body() const { return limit_("/preview"); }

  const rest_options options_;
  const rest_server::body_limit limit_;
  const tls_context tls_;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::size_t> crowd_ = 0;
  static thread_local bool cut_after_;  // of the request that this thread serves
};

thread_local bool bounded_server::cut_after_ = false;

}  // namespace

struct rest_server::impl {
  explicit impl(std::unique_ptr<bounded_server> s) : server(std::move(s)) {}
  std::unique_ptr<bounded_server> server;
  std::thread listener;
};

rest_server::rest_server() = default;
rest_server::~rest_server() { stop(); }

sca::result<std::unique_ptr<rest_server>> rest_server::bind(rest_options options, body_limit limit) {
  const bool loopback = is_loopback(options.host);
  if (!loopback && options.users.empty()) {
    return sca::fail(
        SCA_INVALID_CONFIG,
        fmt::format("refusing to listen on {} without authentication: whoever reaches it could read topics and send them "
                    "elsewhere; give --rest-user-file, or listen on 127.0.0.1",
                    options.host));
  }
  if (options.certificate.empty() != options.key.empty())
    return sca::fail(SCA_INVALID_CONFIG, "--rest.cert and --rest.key belong together; give both");
  tls_context tls;
  if (!options.certificate.empty()) {
    auto made = server_tls(options.certificate, options.key);
    if (!made) return made.error();
    tls = std::move(*made);
  }
  if (!loopback && !tls)
    log(log_level::warn, "rest", "passwords travel in clear: give --rest.cert and --rest.key, or put a TLS proxy in front");
  const std::string scheme = tls ? "https" : "http";
  const std::string host = options.host;
  int port = options.port;
  auto server = std::make_unique<bounded_server>(std::move(options), std::move(limit), std::move(tls));
  errno = 0;
  const bool bound = port == 0 ? (port = server->bind_to_any_port(host)) > 0 : server->bind_to_port(host, port);
  if (!bound) {
    const int why = errno;
    return sca::fail(SCA_UNAVAILABLE, fmt::format("cannot listen on {}:{}: {}", host, std::max(port, 0),
                                                  why == 0 ? "no such address here" : std::generic_category().message(why)));
  }
  server->widen_backlog();
  std::unique_ptr<rest_server> out(new rest_server);
  out->impl_ = std::make_unique<impl>(std::move(server));
  out->authority_ = host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
  out->url_ = fmt::format("{}://{}", scheme, out->authority_);
  return out;
}

void rest_server::serve(handler answer) {
  impl_->server->answer_with(answer);
  impl_->listener = std::thread([server = impl_->server.get()] { server->listen_after_bind(); });
  // stop() of a server that does not listen yet is forgotten by the library
  while (!impl_->server->is_running()) std::this_thread::yield();
}

void rest_server::stop() {
  if (!impl_->listener.joinable()) return;
  impl_->server->begin_stop();
  impl_->server->stop();
  impl_->listener.join();
}

}  // namespace sinkhost
