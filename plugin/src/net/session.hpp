// One keep-alive HTTPS session: a connected TLS stream that takes one request after another. A read is always pending, so that a
// server that hangs up is noticed while the session is idle, and one that answers before it has read everything is heard. Used by
// the client on the loop thread. Shared with its own pending handlers: the last one ends it.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "net/answer_reader.hpp"
#include "net/link.hpp"

namespace snap::net {

// A request on its way through the client.
struct job {
  enum class on : std::uint8_t { any_session, fresh_session };
  request what;
  on needs = on::any_session;  // fresh_session: a stale one swallowed it before
};

struct session_options {
  std::string place;      // host:port, for details
  std::string authority;  // Host header
  std::string user_agent;
  std::chrono::milliseconds request_timeout, idle_limit;
  answer_limits limits;
};

class session;

// What the session's owner hears. At most one call per event; the session may be used for another request inside on_answered().
class session_owner {
 public:
  virtual ~session_owner() = default;
  virtual void on_answered(session& s, answer a) = 0;  // or failed; s.is_open() tells whether it can go on
  virtual void on_stale(session& s, job j) = 0;        // closed before one byte of the answer, after an earlier request
  virtual void on_idle_closed(session& s) = 0;         // by the server, or by us after idle_limit
};

class session : public std::enable_shared_from_this<session> {
 public:
  session(asio::io_context& io, std::unique_ptr<tls_stream> stream, const session_options& options, session_owner& owner);

  void start();           // idle from here
  void send(job j);       // only when idle
  void close();           // at once, no call-backs any more
  void close_politely();  // idle sessions: close_notify first, then as close()

  [[nodiscard]] bool is_open() const noexcept { return phase_ != phase::closed; }
  [[nodiscard]] tls_stream& stream() noexcept { return *stream_; }

 private:
  enum class phase : std::uint8_t { idle, busy, closed };
  enum class written : std::uint8_t { no, yes };

  void read();
  void on_read(const error_code& ec, std::size_t n);
  void on_bytes(const error_code& ec, std::size_t n);
  void on_stream_error(const error_code& ec);
  void on_timer(const error_code& ec);
  void await(std::chrono::milliseconds limit);
  void complete();
  void fail(link_failure what, const std::string& reason);
  [[nodiscard]] answer new_answer();
  [[nodiscard]] sca::secret render_head(const request& r) const;

  const session_options& options_;
  session_owner* owner_;
  std::unique_ptr<tls_stream> stream_;
  loop_timer timer_;
  phase phase_ = phase::idle;
  written written_ = written::yes;
  error_code write_error_;
  std::optional<job> job_;
  std::optional<answer_reader> reader_;
  sca::secret head_;  // holds the token; must live until the write is done
  clock::time_point sent_at_{};
  std::uint64_t answered_ = 0;  // requests before this one: a session that has answered can be stale
  std::array<char, 16 * 1024> bytes_{};
};

}  // namespace snap::net
