#pragma once
// The script of faults: what goes wrong, for which requests, how often. Parsed from the admin's JSON, consumed by connections.
// Thread-safe. The list is tried in order for each request; the first entry that fits is used.
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http.hpp"
#include "json.hpp"

namespace simulator {

enum class fault_kind {
  status,                // any status, body and headers, the request is not looked at
  reset_at_accept,       // the connection is reset before the TLS handshake
  reset_before_read,     // reset when the request's first bytes have arrived, none read
  reset_mid_read,        // reset after a part of the body was read
  reset_after_read,      // the whole request was read, then reset
  reset_mid_answer,      // a part of the answer, then reset
  no_answer,             // nothing for delay_ms, then closed
  slow,                  // the true answer, after delay_ms
  drip,                  // the true answer, byte by byte over delay_ms
  garbage,               // bytes that are no HTTP
  html_200,              // a portal's page
  huge_answer,           // 200 with a body of `bytes`
  half_answer,           // Content-Length of the whole, bytes of a half, then a polite close
  chunked,               // the true answer in small chunks
  continue_100,          // 100 Continue, then the true answer
  invalid,               // INVALID, for all events or those whose id fits
  refuse_event,          // as invalid, for ever: an event that Snapchat never takes
  renegotiate,           // TLS renegotiation (a KeyUpdate from 1.3 on), then the true answer
  close_without_notify,  // the true answer, then the socket closed without TLS's goodbye
};

// Which event an INVALID answer points at, counted from the first event that fits.
enum class index_style { zero_based, one_based, wrong, none };

struct fault {
  fault_kind kind{};
  long count = 1;       // uses left; negative: for ever
  long after = 0;       // fitting requests to let pass first
  long every = 1;       // then only each n-th fitting request
  std::string match{};  // part of "METHOD path" or of the body
  std::string asset{};
  std::string ids{};  // shell pattern; one event of the request must fit
  int status = 503;
  std::string body{};
  std::string content_type = "application/json";
  header_list headers{};
  long delay_ms = 0;
  long bytes = 5'000'000;
  bool accept = false;  // the events count as accepted, whatever the sender gets to see
  index_style index = index_style::zero_based;
  std::string code = "517";
  std::string message = "The event was refused by the script.";
};

// What a fault looks at.
struct fault_subject {
  std::string_view line;  // "POST /v3/…/events"
  std::string_view asset;
  std::string_view body;
  const std::vector<std::string>& ids;
};

[[nodiscard]] std::string_view fault_name(fault_kind kind);
[[nodiscard]] bool id_fits(const std::string& pattern, const std::string& id);

// Faults, or a text that names the entry and what is wrong with it.
[[nodiscard]] std::variant<std::vector<fault>, std::string> parse_faults(const json& list);

class fault_script {
 public:
  void add(std::vector<fault> faults);
  void clear();
  [[nodiscard]] std::size_t size() const;
  // Taken before anything is read, so `match`, `asset` and `ids` cannot be known.
  [[nodiscard]] std::optional<fault> take_blind(fault_kind kind);
  [[nodiscard]] std::optional<fault> take(const fault_subject& subject);

 private:
  [[nodiscard]] std::optional<fault> use(std::size_t index);

  mutable std::mutex mutex_;
  std::vector<fault> faults_;
};

}  // namespace simulator
