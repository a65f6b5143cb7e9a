// The way to Snapchat: requests in, answers or failures out, on one loop thread that also keeps the engine's timer.
// The engine is a transport_handler; the real transport (net/client.hpp) is the only place with Asio, Beast and OpenSSL's TLS;
// tests use a fake with a manual clock. Times are steady_clock. A transport knows nothing of events, batches or retries, with one
// exception that belongs to connections: a request that met a stale keep-alive session before any byte of an answer came is sent
// once more.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "config/settings.hpp"
#include "net/shared_body.hpp"
#include "sca/secret.hpp"

namespace snap::net {

using clock = std::chrono::steady_clock;

struct request {
  std::uint64_t id = 0;  // the engine's; comes back in the answer
  std::string path;      // the whole of it with the endpoint's prefix, "/v3/…/events", without the query
  sca::secret token;     // sent as ?access_token=…; never printed
  shared_body body;      // application/json
};

// How the link failed. Names are stable: the label of …_retries_total and the words of the task's status.
enum class link_failure : std::uint8_t {
  none,
  resolve,
  connect,
  proxy,
  tls,
  timeout_connect,
  timeout_request,
  reset,
  closed_early,
  response_too_large,
  response_malformed,
  cancelled
};
[[nodiscard]] std::string_view to_string(link_failure f) noexcept;

// Exactly one answer per request, unless stop() comes first: then none.
struct answer {
  std::uint64_t id = 0;
  link_failure failure = link_failure::none;
  std::string detail;  // of a failure, for people: host, reason ("certificate has expired"); no secret, no server text unescaped
  int status = 0;      // HTTP status, when failure is none
  std::string body;    // bounded by client_options::max_answer_bytes
  std::string retry_after;  // header as sent, bounded; "" none
  std::string date;         // header Date as sent, for Retry-After as a date; "" none
  std::string location;     // of a 3xx, bounded and escaped
  clock::time_point sent_at, answered_at;
};

// Called on the loop thread only; must not throw.
class transport_handler {
 public:
  virtual ~transport_handler() = default;
  virtual void on_notify(clock::time_point now) = 0;  // notify() was called, perhaps several times
  virtual void on_timer(clock::time_point now) = 0;   // the time given to arm() has come
  virtual void on_answer(answer a, clock::time_point now) = 0;
};

// Counts since the beginning, for metrics and tests.
struct link_stats {
  std::uint64_t sessions_opened = 0;   // handshakes that succeeded
  std::uint64_t sessions_resumed = 0;  // of these, with an earlier TLS session
  std::uint64_t resends = 0;           // requests sent again because their keep-alive session was stale
};

class transport {
 public:
  virtual ~transport() = default;
  [[nodiscard]] virtual link_stats stats() const noexcept { return {}; }  // any thread
  virtual void run(transport_handler& handler) = 0;  // the loop; returns after stop(); no call-backs any more then
  virtual void stop() noexcept = 0;                  // any thread: cancels everything, promptly
  virtual void notify() noexcept = 0;                // any thread
  virtual void send(request r) = 0;                  // loop thread; at most max_in_flight at once, the caller counts
  virtual void arm(clock::time_point when) = 0;      // loop thread; replaces the last one; time_point::max() disarms
};

}  // namespace snap::net
