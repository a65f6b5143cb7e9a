// What the host has handed over and what has become of it: one position tracker per open assignment, the rejections that wait for
// progress(), and the count of records by outcome. Host thread only: the network thread's outcomes come as settle actions, so no
// lock is needed here. Answers for a closed assignment find nothing and are dropped.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "delivery/action.hpp"
#include "event/codes.hpp"
#include "sca/position_tracker.hpp"

namespace snap::delivery {

struct rejected_record {
  std::uint64_t assignment = 0;
  std::int64_t offset = 0;
  std::int32_t stage = SCA_STAGE_SEND;
  event::code why = event::code::snap_invalid;
  std::string message;
};

struct record_counts {
  std::uint64_t delivered = 0;
  std::array<std::uint64_t, event::code_table.size()> rejected{}, skipped{};
};

class assignments {
 public:
  using ticket = sca::position_tracker::ticket;

  void open(std::uint64_t assignment) { trackers_.try_emplace(assignment); }
  void close(std::uint64_t assignment);

  // A record of an open assignment; parts: how many events it became, 1 or more. It is resolved when that many were settled.
  [[nodiscard]] ticket add(std::uint64_t assignment, std::int64_t offset, std::uint32_t parts);
  void skip(std::uint64_t assignment, std::int64_t offset, event::code why);
  // Rejected before it was sent: counts as resolved once take_rejected() has handed it out.
  void reject(std::uint64_t assignment, std::int64_t offset, std::int32_t stage, event::code why, std::string message);
  void settle(const delivery::settle& s);

  // Everything to be rejected since the last call, each record once. Its positions may be reported after that.
  [[nodiscard]] std::vector<rejected_record> take_rejected();
  [[nodiscard]] std::int64_t position(std::uint64_t assignment) const noexcept;  // SCA_NO_POSITION when unknown
  [[nodiscard]] std::size_t rejections_waiting() const noexcept { return rejected_.size(); }
  [[nodiscard]] std::size_t span() const noexcept;  // records from each position to the last one handed over
  [[nodiscard]] const record_counts& counts() const noexcept { return counts_; }

 private:
  struct fan_out {
    std::uint32_t left;
    fate worst = fate::delivered;
    event::code why{};
  };
  struct partition {
    sca::position_tracker records;
    std::unordered_map<ticket, fan_out> parts;  // only records with more than one event
  };
  enum class then : std::uint8_t { resolve, nothing };  // nothing: parts of the record are still under way
  struct waiting_rejection {
    ticket of;
    then next;
    rejected_record record;
  };

  [[nodiscard]] partition* find(std::uint64_t assignment) noexcept;
  void settle_one(std::uint64_t assignment, partition& p, ticket t, const delivery::settle& s);
  void note_rejection(std::uint64_t assignment, partition& p, ticket t, const delivery::settle& s, then next);
  void count(fate what, event::code why) noexcept;

  std::unordered_map<std::uint64_t, partition> trackers_;
  std::vector<waiting_rejection> rejected_;
  record_counts counts_;
  std::uint64_t last_id_ = 0;  // of the last look-up: runs of one partition are the rule
  partition* last_ = nullptr;
};

}  // namespace snap::delivery
