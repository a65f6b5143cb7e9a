#include "sca/position_tracker.hpp"

#include <cassert>

namespace sca {

position_tracker::ticket position_tracker::add(std::int64_t offset) { return add(offset, 1); }

position_tracker::ticket position_tracker::add(std::int64_t offset, std::uint32_t parts) {
  assert(offset >= 0 && offset >= position_ && (pending_.empty() || offset > pending_.back().offset));
  pending_.push_back({offset, parts});
  const ticket t = first_ + (pending_.size() - 1);
  pass();
  return t;
}

void position_tracker::resolve(ticket t) noexcept {
  if (t < first_ || t - first_ >= pending_.size()) return;
  auto& parts = pending_[static_cast<std::size_t>(t - first_)].parts;
  if (parts == 0) return;
  if (--parts == 0) pass();
}

void position_tracker::pass() noexcept {
  for (; !pending_.empty() && pending_.front().parts == 0; ++first_) {
    position_ = pending_.front().offset + 1;
    pending_.pop_front();
  }
}

std::int64_t position_tracker::offset_of(ticket t) const noexcept {
  if (t < first_ || t - first_ >= pending_.size()) return SCA_NO_POSITION;
  return pending_[static_cast<std::size_t>(t - first_)].offset;
}

}  // namespace sca
