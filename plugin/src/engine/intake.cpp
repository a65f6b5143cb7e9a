#include "engine/intake.hpp"

#include <algorithm>
#include <utility>

namespace snap::engine {

intake::intake(const config::settings& settings, channel& out, buffer_gauge& gauge)
    : limits_{.max_events = settings.batch.max_events,
              .max_bytes = settings.batch.max_bytes,
              .end_size = delivery::envelope_end(settings.batch.test_event_code).size()},
      old_(settings.mapping.old),
      out_(out),
      gauge_(gauge),
      lanes_(std::max<std::size_t>(1, settings.lanes.size())) {}

std::string& intake::begin() {
  // A payload that outgrew a batch would have to be cut and copied by the network thread.
  if (!lanes_[lane_].fits(limits_.max_bytes / delivery::slack_share, limits_)) push(lane_);
  constexpr std::size_t worn_out = 1024;  // capacity of a body that was moved away
  if (lanes_[lane_].empty() && lanes_[lane_].body().capacity() < worn_out) lanes_[lane_].reuse(out_.buffer());
  std::string& body = lanes_[lane_].begin_event();
  start_ = body.size();
  return body;
}

void intake::keep(std::span<const event::output> outputs, std::uint64_t assignment, std::uint64_t ticket) {
  delivery::payload& here = lanes_[lane_];
  std::uint64_t bytes = 0;
  const event::output& first = outputs.front();
  if (outputs.size() == 1 && first.lane == lane_ && first.at == start_ && first.at + first.size == here.body().size()) {
    const delivery::item i = item_of(first, assignment, ticket);
    here.keep_event(i);
    return gauge_.add(1, delivery::cost_of(i));
  }
  moved_.assign(here.body(), start_);
  const std::size_t offset = start_;
  here.drop_event();
  for (const event::output& o : outputs) {
    if (!lanes_[o.lane].fits(o.size, limits_)) push(o.lane);
    const delivery::item i = item_of(o, assignment, ticket);
    lanes_[o.lane].append(std::string_view{moved_}.substr(o.at - offset, o.size), i);
    bytes += delivery::cost_of(i);
  }
  gauge_.add(outputs.size(), bytes);
  lane_ = outputs.back().lane;
}

delivery::item intake::item_of(const event::output& o, std::uint64_t assignment, std::uint64_t ticket) const noexcept {
  return {.assignment = assignment,
          .ticket = ticket,
          .time = o.time,
          .last_moment = old_ == config::too_old::send ? delivery::wall_time::max() : o.time + o.max_age,
          .size = static_cast<std::uint32_t>(o.size)};
}

void intake::push(std::uint32_t lane) {
  out_.push({.lane = lane, .content = std::exchange(lanes_[lane], {})});
  pushed_ = true;
}

bool intake::publish() {
  for (std::uint32_t lane = 0; lane < lanes_.size(); ++lane) {
    if (!lanes_[lane].empty()) push(lane);
  }
  return std::exchange(pushed_, false);
}

}  // namespace snap::engine
