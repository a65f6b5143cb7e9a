#pragma once
// One HTTP/1.1 exchange as values, and the bytes of it over a stream. Used by both listeners, on the connection's own thread.
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simulator {

// Bytes to and from one peer; both calls block. `read` gives 0 at the end of the stream or after an error.
class stream {
 public:
  stream() = default;
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;
  virtual ~stream() = default;
  [[nodiscard]] virtual std::size_t read(char* room, std::size_t size) = 0;
  [[nodiscard]] virtual bool write(std::string_view bytes) = 0;
  [[nodiscard]] virtual std::size_t buffered() const = 0;  // readable without touching the socket
  virtual void close_politely() = 0;                       // with the protocol's own goodbye
  virtual bool renegotiate() { return false; }             // asks for new keys in the middle of a connection that has any
};

using header_list = std::vector<std::pair<std::string, std::string>>;

struct request {
  std::string method;
  std::string path;                          // without the query
  std::map<std::string, std::string> query;  // percent-decoded; holds the token: never print it
  header_list headers;
  std::string body;
  std::string problem;  // why the bytes are no proper request; empty when they are
  bool body_too_large = false;

  [[nodiscard]] std::string_view header(std::string_view name) const;
};

struct answer {
  int status = 200;
  std::string content_type = "application/json";
  header_list headers{};
  std::string body{};
};

struct read_limits {
  std::size_t head_bytes = 64 * 1024;
  std::size_t body_bytes = 2'000'000;
  std::size_t drain_bytes = 64 * 1024 * 1024;  // of a too large body, read and thrown away so that the answer arrives
};

// Reads requests one after another from a stream; keeps what it read too much.
class request_reader {
 public:
  request_reader(stream& from, read_limits limits) : stream_(from), limits_(limits) {}
  // Nothing when the peer left before a whole request. `stop_after` ends the reading inside the body (scripted resets).
  [[nodiscard]] std::optional<request> next(std::size_t stop_after);
  [[nodiscard]] bool has_bytes() const { return !pending_.empty(); }

 private:
  [[nodiscard]] bool fill();
  [[nodiscard]] std::optional<std::string> read_head();
  [[nodiscard]] bool read_exactly(std::size_t size, request& into, std::size_t stop_after);
  [[nodiscard]] bool read_chunks(request& into);
  [[nodiscard]] bool read_line(std::string& line);
  void keep(std::string_view bytes, request& into) const;

  stream& stream_;
  read_limits limits_;
  std::string pending_;
};

enum class framing { length, chunked, close };

[[nodiscard]] std::string render(const answer& what, framing how);
[[nodiscard]] std::string percent_decode(std::string_view text);

}  // namespace simulator
