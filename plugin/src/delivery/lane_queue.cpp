#include "delivery/lane_queue.hpp"

#include <algorithm>
#include <utility>

namespace snap::delivery {
namespace {

// Since when a batch has been failing: on its own account, or because its lane lets nothing through.
std::optional<steady_time> failing_since(const batch& b, std::optional<steady_time> blocked_since) {
  if (b.failing_since) return b.failing_since;
  return blocked_since ? std::optional{std::max(*blocked_since, b.ready_at)} : std::nullopt;
}

auto first_due(const std::vector<batch>& waiting) {
  return std::min_element(waiting.begin(), waiting.end(), [](const batch& a, const batch& b) { return a.ready_at < b.ready_at; });
}

}  // namespace

void lane_queue::seal(steady_time now) {
  open_.trim();
  batch b;
  b.content = std::exchange(open_, {});
  b.ready_at = now;
  sealed_.push_back(std::move(b));
  ripe_ = false;
}

void lane_queue::take(payload&& more, const payload_limits& limits, steady_time now) {
  while (!more.empty()) {
    if (open_.empty()) opened_at_ = now;
    if (!open_.take_from(more, limits)) seal(now);
  }
  // As good as full: waiting out the linger time for a last small event gains nothing, and topping it up would shift a whole
  // payload.
  if (!open_.empty() && !open_.fits(std::max<std::uint64_t>(1, limits.max_bytes / slack_share), limits)) seal(now);
}

batch lane_queue::take_out(std::vector<batch>::const_iterator which) {
  batch b = std::move(waiting_[static_cast<std::size_t>(which - waiting_.cbegin())]);
  waiting_.erase(which);
  return b;
}

steady_time lane_queue::due_at(milliseconds linger, scope what) const noexcept {
  if (!sealed_.empty()) return steady_time::min();
  steady_time t = never;
  if (!waiting_.empty() && what == scope::all) t = first_due(waiting_)->ready_at;
  if (!open_.empty()) t = std::min(t, ripe_ ? steady_time::min() : opened_at_ + linger);
  return t;
}

std::optional<batch> lane_queue::pop(steady_time now, milliseconds linger, scope what) {
  const auto first = what == scope::all ? first_due(waiting_) : waiting_.end();
  if (first != waiting_.end() && first->ready_at <= now) return take_out(first);
  if (sealed_.empty() && !open_.empty() && (ripe_ || opened_at_ + linger <= now)) seal(now);
  if (sealed_.empty()) return std::nullopt;
  batch b = std::move(sealed_.front());
  sealed_.pop_front();
  return b;
}

std::optional<batch> lane_queue::pop_probe(steady_time now, milliseconds linger, std::size_t max_events) {
  auto smallest = waiting_.end();
  for (auto b = waiting_.begin(); b != waiting_.end(); ++b) {
    if (b->ready_at <= now && (smallest == waiting_.end() || b->content.size() < smallest->content.size())) smallest = b;
  }
  std::optional<batch> b = smallest != waiting_.end() ? take_out(smallest) : pop(now, linger, scope::first_attempts);
  if (!b || b->content.size() <= max_events) return b;
  payload rest = std::move(b->content);
  batch probe = *b;  // with the whole history, its deadline among it
  probe.content = rest.cut(0, max_events);
  b->content = std::move(rest);
  if (b->failures > 0)
    waiting_.push_back(std::move(*b));
  else
    sealed_.push_front(std::move(*b));
  return probe;
}

void lane_queue::cut_delays(steady_time now) noexcept {
  for (batch& b : waiting_) {
    if (!b.asked_to_wait) b.ready_at = std::min(b.ready_at, now);
  }
}

std::vector<batch> lane_queue::take_overdue(steady_time now, milliseconds timeout, std::optional<steady_time> blocked_since) {
  std::vector<batch> out;
  const auto overdue = [&](const batch& b) {
    const auto since = failing_since(b, blocked_since);
    return since && now - *since >= timeout;
  };
  const auto move_overdue = [&](auto& from) {
    for (auto b = from.begin(); b != from.end();) {
      if (!overdue(*b)) {
        ++b;
        continue;
      }
      out.push_back(std::move(*b));
      b = from.erase(b);
    }
  };
  move_overdue(waiting_);
  move_overdue(sealed_);
  return out;
}

steady_time lane_queue::overdue_at(milliseconds timeout, std::optional<steady_time> blocked_since) const noexcept {
  steady_time t = never;
  const auto look = [&](const batch& b) {
    if (const auto since = failing_since(b, blocked_since)) t = std::min(t, *since + timeout);
  };
  for (const batch& b : waiting_) look(b);
  for (const batch& b : sealed_) look(b);
  return t;
}

payload lane_queue::forget(std::uint64_t assignment) {
  payload out;
  const payload_limits none{.max_events = ~0U, .max_bytes = ~0ULL, .end_size = 0};
  const auto thin = [&](payload& p) {
    payload gone = p.extract([&](const item& i) { return i.assignment == assignment; });
    if (!gone.empty()) out.take_from(gone, none);
  };
  const auto thin_all = [&](auto& batches) {
    for (batch& b : batches) thin(b.content);
    std::erase_if(batches, [](const batch& b) { return b.content.empty(); });
  };
  thin(open_);
  thin_all(sealed_);
  thin_all(waiting_);
  return out;
}

}  // namespace snap::delivery
