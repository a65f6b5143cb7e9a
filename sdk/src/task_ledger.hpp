// What a task has handed to its sink and what became of it: the bookkeeping of sink_task, without calls into the sink.
// Per partition a queue of held records; `next` splits it into those the sink has and those it would not take yet. Records leave
// at the head, once the position and, if they were rejected, their dead letter allow it. On the task's thread only.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sca/sink_task.hpp"

namespace sca::detail {

enum class fate : std::uint8_t {
  open,      // the sink's: unresolved, or resolved and not yet reported
  rejected,  // its dead letter is under way
  durable,   // its dead letter is written
  stuck      // rejected, and never to be passed: not tolerated, or the dead letter failed
};

struct ledger_entry {
  std::unique_ptr<held_record> record;
  fate at = fate::open;
  dead_letter_ticket ticket = 0;
  [[nodiscard]] std::int64_t offset() const noexcept { return record->record.offset; }
};

struct ledger_partition {
  std::string topic;
  std::int32_t number = 0;
  std::uint64_t assignment = 0;
  std::int64_t last = -1;                      // the last offset held, to see a rewind
  std::int64_t handed = -1;                    // the last offset the sink took in this assignment
  std::int64_t offered = -1;                   // the last offset shown to it in the running put; it may reject up to here
  std::int64_t position = SCA_NO_POSITION;     // as the sink said
  std::int64_t committable = SCA_NO_POSITION;  // as the dead letters allow
  std::int64_t reported = SCA_NO_POSITION;     // what take_committable() gave last
  std::deque<ledger_entry> held;
  std::size_t next = 0;  // held[next] is the first one to offer

  [[nodiscard]] ledger_entry* find(std::int64_t offset) noexcept;
};

class task_ledger {
 public:
  [[nodiscard]] ledger_partition* find(std::string_view topic, std::int32_t number) const noexcept;
  [[nodiscard]] ledger_partition* find(std::uint64_t assignment) const noexcept;
  ledger_partition& open(std::string_view topic, std::int32_t number);
  void close(ledger_partition& p);
  // Back to offset `to`: a new assignment. What was held below it and is unresolved is offered again in it, for nobody else will:
  // the consumer is past it. What was held from there on goes, for it comes again.
  void rewind(ledger_partition& p, std::int64_t to);

  void hold(ledger_partition& p, std::unique_ptr<held_record> record);
  // The next records to put, at most `most`, those of a partition in order. accept() says how many of them the sink took.
  [[nodiscard]] std::vector<const sca_record*>& gather(std::size_t most);
  void accept(std::size_t count) noexcept;

  enum class rejecting : std::uint8_t { done, closed, not_handed_over, repeated };
  // done: the entry is marked, and `entry` points to it.
  [[nodiscard]] rejecting reject(std::uint64_t assignment, std::int64_t offset, fate to, ledger_entry*& entry);
  // False: the ticket is not one that waits.
  [[nodiscard]] bool settle(dead_letter_ticket ticket, settlement how, std::string& where);

  // False: the position is impossible (it went back, or is past what was handed over).
  [[nodiscard]] bool advance(ledger_partition& p, std::int64_t position) noexcept;
  void pass() noexcept;  // lets go of all records that nothing waits for any more

  [[nodiscard]] const auto& partitions() const noexcept { return partitions_; }
  [[nodiscard]] std::size_t backlog() const noexcept;
  [[nodiscard]] std::size_t held() const noexcept;

 private:
  struct letter {
    ledger_partition* partition = nullptr;  // null: the assignment has ended, the record is kept here
    std::int64_t offset = 0;
    std::unique_ptr<held_record> orphan;
  };
  void abandon(ledger_entry& entry);
  static void skip(ledger_partition& p) noexcept;

  using name = std::pair<std::string, std::int32_t>;
  using name_view = std::pair<std::string_view, std::int32_t>;
  struct by_name {
    using is_transparent = void;
    [[nodiscard]] bool operator()(const auto& a, const auto& b) const noexcept {
      return name_view(a.first, a.second) < name_view(b.first, b.second);
    }
  };
  std::map<name, std::unique_ptr<ledger_partition>, by_name> partitions_;
  std::unordered_map<std::uint64_t, ledger_partition*> by_assignment_;
  std::unordered_map<dead_letter_ticket, letter> letters_;
  std::vector<const sca_record*> gathered_;
  std::vector<std::pair<ledger_partition*, std::size_t>> sources_;  // of gathered_: partition, index in held
  std::uint64_t next_assignment_ = 1;
  dead_letter_ticket next_ticket_ = 1;
};

}  // namespace sca::detail
