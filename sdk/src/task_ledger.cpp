#include "task_ledger.hpp"

#include <algorithm>

namespace sca::detail {

ledger_entry* ledger_partition::find(std::int64_t offset) noexcept {
  const auto at =
      std::lower_bound(held.begin(), held.end(), offset, [](const ledger_entry& e, std::int64_t o) { return e.offset() < o; });
  return at != held.end() && at->offset() == offset ? &*at : nullptr;
}

ledger_partition* task_ledger::find(std::string_view topic, std::int32_t number) const noexcept {
  const auto at = partitions_.find(name_view(topic, number));
  return at == partitions_.end() ? nullptr : at->second.get();
}

ledger_partition* task_ledger::find(std::uint64_t assignment) const noexcept {
  const auto at = by_assignment_.find(assignment);
  return at == by_assignment_.end() ? nullptr : at->second;
}

ledger_partition& task_ledger::open(std::string_view topic, std::int32_t number) {
  auto made = std::make_unique<ledger_partition>();
  made->topic = topic;
  made->number = number;
  made->assignment = next_assignment_++;
  ledger_partition& p = *made;
  by_assignment_[p.assignment] = &p;
  partitions_[{p.topic, number}] = std::move(made);
  return p;
}

// The record's assignment ends while its dead letter is under way: whoever writes it still reads the record.
void task_ledger::abandon(ledger_entry& entry) {
  if (entry.at != fate::rejected) return;
  letter& l = letters_[entry.ticket];
  l.partition = nullptr;
  l.orphan = std::move(entry.record);
}

void task_ledger::close(ledger_partition& p) {
  for (ledger_entry& e : p.held) abandon(e);
  by_assignment_.erase(p.assignment);
  partitions_.erase(partitions_.find(name_view(p.topic, p.number)));
}

void task_ledger::rewind(ledger_partition& p, std::int64_t to) {
  while (!p.held.empty() && p.held.back().offset() >= to) {
    abandon(p.held.back());
    p.held.pop_back();
  }
  by_assignment_.erase(p.assignment);
  p.assignment = next_assignment_++;
  by_assignment_[p.assignment] = &p;
  for (ledger_entry& e : p.held) e.record->record.assignment = p.assignment;
  p.last = p.held.empty() ? -1 : p.held.back().offset();
  p.handed = p.offered = -1;
  p.position = p.committable = p.reported = SCA_NO_POSITION;
  p.next = 0;
  skip(p);
}

// Rejected ones are the dead letters', also in a new assignment: they are not offered again.
void task_ledger::skip(ledger_partition& p) noexcept {
  while (p.next < p.held.size() && p.held[p.next].at != fate::open) ++p.next;
}

void task_ledger::hold(ledger_partition& p, std::unique_ptr<held_record> record) {
  record->record.assignment = p.assignment;
  p.last = record->record.offset;
  p.held.push_back({std::move(record), fate::open, 0});
}

std::vector<const sca_record*>& task_ledger::gather(std::size_t most) {
  gathered_.clear();
  sources_.clear();
  for (const auto& [key, p] : partitions_) {
    for (std::size_t i = p->next; i < p->held.size() && gathered_.size() < most; ++i) {
      if (p->held[i].at != fate::open) continue;
      gathered_.push_back(&p->held[i].record->record);
      sources_.emplace_back(p.get(), i);
      p->offered = p->held[i].offset();
    }
  }
  return gathered_;
}

void task_ledger::accept(std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    auto& [p, index] = sources_[i];
    p->next = index + 1;
    p->handed = p->held[index].offset();
  }
  for (auto& [p, index] : sources_) {
    p->offered = p->handed;
    skip(*p);
  }
}

task_ledger::rejecting task_ledger::reject(std::uint64_t assignment, std::int64_t offset, fate to, ledger_entry*& entry) {
  ledger_partition* p = find(assignment);
  if (p == nullptr) return rejecting::closed;
  if (offset > p->handed && offset > p->offered) return rejecting::not_handed_over;
  entry = p->find(offset);
  if (entry == nullptr) return rejecting::not_handed_over;
  if (entry->at != fate::open) return rejecting::repeated;
  if (to == fate::rejected) {
    entry->ticket = next_ticket_++;
    letters_[entry->ticket] = letter{p, offset, nullptr};
  }
  entry->at = to;
  return rejecting::done;
}

bool task_ledger::settle(dead_letter_ticket ticket, settlement how, std::string& where) {
  const auto at = letters_.find(ticket);
  if (at == letters_.end()) return false;
  if (ledger_partition* p = at->second.partition) {
    if (ledger_entry* e = p->find(at->second.offset)) e->at = how == settlement::durable ? fate::durable : fate::stuck;
    where = p->topic + "-" + std::to_string(p->number) + " offset " + std::to_string(at->second.offset);
  }
  letters_.erase(at);
  return true;
}

bool task_ledger::advance(ledger_partition& p, std::int64_t position) noexcept {
  if (position < p.position || (position != SCA_NO_POSITION && (p.handed < 0 || position > p.handed + 1))) return false;
  p.position = position;
  return true;
}

void task_ledger::pass() noexcept {
  for (const auto& [key, p] : partitions_) {
    for (; !p->held.empty(); p->held.pop_front()) {
      const ledger_entry& head = p->held.front();
      const bool passed = head.at == fate::durable || (head.at == fate::open && p->next > 0 && head.offset() < p->position);
      if (!passed) break;
      p->committable = head.offset() + 1;
      if (p->next > 0) --p->next;
    }
  }
}

std::size_t task_ledger::backlog() const noexcept {
  std::size_t n = 0;
  for (const auto& [key, p] : partitions_) n += p->held.size() - p->next;
  return n;
}

std::size_t task_ledger::held() const noexcept {
  std::size_t n = 0;
  for (const auto& [key, p] : partitions_) n += p->held.size();
  return n;
}

}  // namespace sca::detail
