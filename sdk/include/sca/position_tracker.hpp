// Which record of an assignment is resolved, and how far an unbroken run of resolved ones reaches: unordered in, ordered out.
// A sink registers records in offset order (gaps allowed) and resolves them in any order. Not thread-safe: guard it, or keep it
// on one thread. One tracker per assignment; an assignment that closes takes its tracker along, so late answers find nothing.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>

#include "sca/sink_connector.h"

namespace sca {

class position_tracker {
 public:
  using ticket = std::uint64_t;  // 0, 1, 2, … in the order of add(); the cheapest name of a record

  [[nodiscard]] ticket add(std::int64_t offset);  // offset must exceed the last one
  // parts: a record that fans out is resolved once resolve() was called that many times. Default 1; 0 resolves it at once.
  [[nodiscard]] ticket add(std::int64_t offset, std::uint32_t parts);
  void resolve(ticket t) noexcept;  // one part; more often than parts, or unknown: ignored

  [[nodiscard]] std::int64_t position() const noexcept { return position_; }  // SCA_NO_POSITION until the first run is complete
  [[nodiscard]] std::int64_t offset_of(ticket t) const noexcept;              // SCA_NO_POSITION once the position has passed it
  [[nodiscard]] std::size_t unresolved_span() const noexcept { return pending_.size(); }  // records from the position to the last

 private:
  void pass() noexcept;  // drops the resolved head
  struct entry {
    std::int64_t offset;
    std::uint32_t parts;
  };
  std::deque<entry> pending_;
  ticket first_ = 0;  // of pending_.front()
  std::int64_t position_ = SCA_NO_POSITION;
};

}  // namespace sca
