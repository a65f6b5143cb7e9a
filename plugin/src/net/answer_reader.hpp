// Bytes of an HTTP/1.1 answer in, the answer or how it is broken out. Sans I/O: sessions feed it, tests feed it byte by byte.
// Interim answers (1xx) are skipped; every bound is checked here except time. One reader per answer. Loop thread.
#pragma once
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/link_error.hpp"

namespace snap::net {

struct answer_limits {
  std::size_t header_bytes = 16 * 1024;  // of one header section, and of what may wait for the end of a line
  std::size_t body_bytes = 1024 * 1024;  // after chunks are joined
  std::size_t fields = 100;              // of one header section
  std::size_t interim = 8;               // answers 1xx before the real one
};

// Whether an answer carries a body: the one to CONNECT does not, what follows belongs to the tunnel.
enum class answer_to : std::uint8_t { post, connect };

// What ended the stream: TLS close_notify or a plain FIN where there is no TLS, or a cut that an attacker can make too.
enum class stream_end : std::uint8_t { clean, cut };

enum class keep_alive : std::uint8_t { no, yes };

struct answer_parts {
  int status = 0;
  std::string body, retry_after, date, location;  // bounded; location is escaped and has no query
  keep_alive reuse = keep_alive::no;              // the session can take another request
};

class answer_reader {
 public:
  enum class state : std::uint8_t { more, complete, failed };

  answer_reader(answer_limits limits, answer_to to);
  ~answer_reader();
  answer_reader(const answer_reader&) = delete;
  answer_reader& operator=(const answer_reader&) = delete;

  [[nodiscard]] state feed(std::string_view bytes);
  [[nodiscard]] state end(stream_end how);

  [[nodiscard]] bool untouched() const noexcept { return untouched_; }         // not one byte has come
  [[nodiscard]] bool has_rest() const noexcept { return !unparsed_.empty(); }  // after complete: more came than the answer
  [[nodiscard]] answer_parts take();                                           // after complete
  [[nodiscard]] const link_error& error() const noexcept { return error_; }    // after failed; detail is the reason alone

 private:
  struct parser;
  enum class start_line : std::uint8_t { awaited, seen };
  void expect_next();
  [[nodiscard]] state parse();
  [[nodiscard]] state check_start();
  [[nodiscard]] state on_header();
  [[nodiscard]] state fail_parse(const boost::system::error_code& ec);
  [[nodiscard]] state fail(link_failure what, std::string reason);

  answer_limits limits_;
  answer_to to_;
  std::unique_ptr<parser> parser_;
  std::string unparsed_;
  link_error error_;
  std::size_t interim_ = 0, header_bytes_ = 0;
  start_line start_ = start_line::awaited;
  bool untouched_ = true;
};

}  // namespace snap::net
