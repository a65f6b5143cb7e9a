// What is true whatever hosts and sinks believe: the partitions' records, which of them were delivered or are durable among the
// dead letters, and what was committed. The one invariant is checked in commit(). Safe from any thread.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace model {

// Planted on purpose, one at a time; the test proves that each is caught.
enum class defect : std::uint8_t {
  none,
  // of the sink
  resolves_when_put,         // before it is delivered
  reports_highest_resolved,  // instead of the unbroken run
  copies_too_late,           // after put has returned
  remembers_closed,          // a late answer resolves the record of the same number in another assignment
  swallows_rejected,         // resolves without rejecting
  takes_what_it_drops,       // accepts all when it is full
  rejects_behind_position,   // resolves first, rejects in the next progress
  resolves_at_first_part,    // of a record that fans out
  resolves_all_at_stop,
  forgets_failed_flight,  // an item whose first attempt fails is neither resent nor held back
  // of the host
  commits_before_dead_letter,
  drops_what_was_not_taken,
  keeps_assignment_on_rewind,
  commits_what_it_consumed,  // its own position, without asking whether all has passed
  ignores_rejections,
  trusts_failed_dead_letter,
  resumes_where_it_stopped,  // after a restart: at the consumer's position, not at the committed one
  reuses_assignment_numbers
};

using position = std::pair<std::int32_t, std::int64_t>;  // partition, offset

class world {
 public:
  world(unsigned seed, std::int32_t partitions, std::int64_t records);

  [[nodiscard]] static std::string value(std::int32_t partition, std::int64_t offset);
  [[nodiscard]] const std::vector<std::int64_t>& offsets(std::int32_t partition) const {
    return logs_.at(static_cast<std::size_t>(partition));
  }
  [[nodiscard]] std::int32_t partitions() const noexcept { return static_cast<std::int32_t>(logs_.size()); }

  void deliver(std::int32_t partition, std::int64_t offset, std::string_view value);  // a wrong value delivers nothing
  void make_durable(std::int32_t partition, std::int64_t offset);
  void commit(std::int32_t partition, std::int64_t at);
  [[nodiscard]] std::int64_t committed(std::int32_t partition) const;
  [[nodiscard]] bool complete() const;  // everything committed

  void complain(const std::string& what);
  [[nodiscard]] std::vector<std::string> complaints() const;
  [[nodiscard]] std::string summary() const;

 private:
  std::vector<std::vector<std::int64_t>> logs_;
  mutable std::mutex facts_mutex_;  // guards all below
  std::set<position> delivered_, durable_;
  std::map<std::int32_t, std::int64_t> committed_;
  std::vector<std::string> complaints_;
};

}  // namespace model
