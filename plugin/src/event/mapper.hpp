// A record's bytes in, events ready to send out - or the reason why not. The whole CPU work of the sink: decode, map, normalise,
// hash, render. Compiled once from the settings; no I/O, no clock but `now`. One mapper per sink, on the thread that calls put;
// it reuses its buffers, so it is not thread-safe.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "config/settings.hpp"
#include "event/codes.hpp"
#include "event/trace.hpp"
#include "sca/sink_connector.h"

namespace snap::event {

enum class fate : std::uint8_t { send, reject, skip };
enum class stage : std::uint8_t { decode, map };

// One event, rendered.
struct output {
  std::uint32_t lane = 0;        // index into settings::lanes
  std::size_t at = 0, size = 0;  // of its JSON object in the string given to map()
  std::string_view event_id;     // valid until the next map()
  std::chrono::sys_time<std::chrono::milliseconds> time;
  std::chrono::milliseconds max_age{};  // of its action source; judged again before every send (event.too.old)
};

struct mapped {
  fate what = fate::reject;
  event::stage where = stage::decode;       // of reject and skip
  event::code why = code::record_not_json;  // of reject and skip
  std::string_view message;                 // of reject and skip; for people, without personal data; valid until the next map()
  std::span<const output> outputs;          // of send, one or more; valid until the next map()
};

// What became of match keys, for the metric …_match_keys_total and for --explain: read on the mapper's thread.
struct key_count {
  std::string_view key;      // "em", "ph", …
  std::string_view outcome;  // "sent", or the reason of the drop: "empty", "malformed", …
  std::uint64_t count = 0;
};

// Members of batches that were skipped while others of their record may have been sent.
struct member_count {
  code why;
  std::uint64_t count = 0;
};

class mapper {
 public:
  explicit mapper(const config::settings& settings);  // keeps what it needs; settings must outlive it
  ~mapper();
  mapper(mapper&&) noexcept;
  mapper& operator=(mapper&&) noexcept;

  // Appends the rendered events to out; on reject and skip out is as before.
  [[nodiscard]] const mapped& map(const sca_record& record, std::chrono::sys_time<std::chrono::milliseconds> now,
                                  std::string& out);
  [[nodiscard]] std::span<const key_count> key_counts() const noexcept;
  [[nodiscard]] std::span<const member_count> skipped_members() const noexcept;
  // From the next map() on, each writes down why its events look as they do; null, as at first: no more.
  void explain(trace* into) noexcept;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace snap::event
