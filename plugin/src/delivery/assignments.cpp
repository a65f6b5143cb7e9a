#include "delivery/assignments.hpp"

#include <utility>

namespace snap::delivery {

assignments::partition* assignments::find(std::uint64_t assignment) noexcept {
  if (last_ != nullptr && last_id_ == assignment) return last_;
  const auto at = trackers_.find(assignment);
  if (at == trackers_.end()) return nullptr;
  last_id_ = assignment;
  last_ = &at->second;  // a node's address is stable until close()
  return last_;
}

void assignments::close(std::uint64_t assignment) {
  last_ = nullptr;
  trackers_.erase(assignment);
  std::erase_if(rejected_, [&](const waiting_rejection& r) { return r.record.assignment == assignment; });
}

assignments::ticket assignments::add(std::uint64_t assignment, std::int64_t offset, std::uint32_t parts) {
  partition* p = find(assignment);
  if (p == nullptr) return 0;  // the sink's base class lets no such record through
  const ticket t = p->records.add(offset);
  if (parts > 1) p->parts.emplace(t, fan_out{.left = parts});
  return t;
}

void assignments::skip(std::uint64_t assignment, std::int64_t offset, event::code why) {
  if (partition* p = find(assignment)) (void)p->records.add(offset, 0);
  count(fate::skipped, why);
}

void assignments::reject(std::uint64_t assignment, std::int64_t offset, std::int32_t stage, event::code why,
                         std::string message) {
  const ticket t = add(assignment, offset, 1);
  count(fate::rejected, why);
  rejected_.push_back(
      {.of = t,
       .next = then::resolve,
       .record = {.assignment = assignment, .offset = offset, .stage = stage, .why = why, .message = std::move(message)}});
}

void assignments::settle(const delivery::settle& s) {
  if (s.what == fate::forgotten) return;
  for (const item& i : s.items) {
    if (partition* p = find(i.assignment)) settle_one(i.assignment, *p, i.ticket, s);
  }
}

// A record that fanned out has one fate: rejected beats skipped beats delivered. It is rejected once, with its first reason.
void assignments::settle_one(std::uint64_t assignment, partition& p, ticket t, const delivery::settle& s) {
  const auto at = p.parts.empty() ? p.parts.end() : p.parts.find(t);
  if (at == p.parts.end()) {
    count(s.what, s.why);
    if (s.what == fate::rejected) return note_rejection(assignment, p, t, s, then::resolve);
    return p.records.resolve(t);
  }
  fan_out& f = at->second;
  if (s.what == fate::rejected && f.worst != fate::rejected) {
    f.worst = fate::rejected;
    f.why = s.why;
    note_rejection(assignment, p, t, s, then::nothing);
  } else if (s.what == fate::skipped && f.worst == fate::delivered) {
    f.worst = fate::skipped;
    f.why = s.why;
  }
  if (--f.left > 0) return;
  count(f.worst, f.why);
  p.parts.erase(at);
  p.records.resolve(t);
}

void assignments::note_rejection(std::uint64_t assignment, partition& p, ticket t, const delivery::settle& s, then next) {
  rejected_.push_back({.of = t,
                       .next = next,
                       .record = {.assignment = assignment,
                                  .offset = p.records.offset_of(t),
                                  .stage = SCA_STAGE_SEND,
                                  .why = s.why,
                                  .message = s.message}});
}

std::vector<rejected_record> assignments::take_rejected() {
  std::vector<rejected_record> out;
  out.reserve(rejected_.size());
  for (waiting_rejection& r : std::exchange(rejected_, {})) {
    if (partition* p = find(r.record.assignment); p != nullptr && r.next == then::resolve) p->records.resolve(r.of);
    out.push_back(std::move(r.record));
  }
  return out;
}

std::int64_t assignments::position(std::uint64_t assignment) const noexcept {
  const auto at = trackers_.find(assignment);
  return at == trackers_.end() ? SCA_NO_POSITION : at->second.records.position();
}

std::size_t assignments::span() const noexcept {
  std::size_t sum = 0;
  for (const auto& [id, p] : trackers_) sum += p.records.unresolved_span();
  return sum;
}

void assignments::count(fate what, event::code why) noexcept {
  const auto at = static_cast<std::size_t>(why);
  switch (what) {
    case fate::delivered: ++counts_.delivered; return;
    case fate::rejected: ++counts_.rejected[at]; return;
    case fate::skipped: ++counts_.skipped[at]; return;
    case fate::forgotten: return;
  }
}

}  // namespace snap::delivery
