#include "delivery/machine.hpp"

#include <algorithm>
#include <utility>

namespace snap::delivery {

machine_options options_from(const config::settings& s) {
  machine_options o;
  o.batch = {
      .max_events = s.batch.max_events, .max_bytes = s.batch.max_bytes, .end_size = envelope_end(s.batch.test_event_code).size()};
  o.linger = s.batch.linger;
  o.max_in_flight = s.net.max_in_flight;
  o.backoff = {.base = s.retry.backoff, .max = s.retry.backoff_max};
  o.retry_timeout = s.retry.timeout;
  o.old = s.mapping.old;
  o.requests_per_second = s.net.requests_per_second;
  for (const config::lane& l : s.lanes) o.lanes.push_back({.asset_id = l.asset_id, .alias = l.alias, .token = l.token});
  for (const config::token_source& t : s.tokens) o.tokens.push_back(t.file.empty() ? token_origin::fixed : token_origin::file);
  return o;
}

machine::machine(machine_options options, random unit)
    : options_(std::move(options)), unit_(std::move(unit)), lanes_(options_.lanes.size()) {
  for (const token_origin from : options_.tokens) {
    tokens_.push_back({.watch = token_watch{from}, .rate = rate_limit{options_.requests_per_second}, .refusal = {}});
  }
  in_flight_.reserve(options_.max_in_flight);
}

void machine::take(std::uint32_t lane, payload&& more, instant now, actions& out) {
  activity_.used(lane, now.at);
  lanes_[lane].queue.take(std::move(more), options_.batch, now.at);
  std::string buffer;
  (void)more.release(buffer);  // taken over or empty now
  keep(std::move(buffer));
  pump(now, out);
}

void machine::tick(instant now, actions& out) { pump(now, out); }

void machine::flush(instant now, actions& out) {
  for (lane_state& l : lanes_) l.queue.ripen();
  pump(now, out);
}

void machine::forget(std::uint64_t assignment, instant now, actions& out) {
  for (lane_state& l : lanes_) {
    if (payload gone = l.queue.forget(assignment); !gone.empty()) settle_all(std::move(gone), fate::forgotten, {}, {}, out);
  }
  for (flight& f : in_flight_) {  // settled now: their answers may be long in coming, and flush() would wait for them
    std::vector<item> gone = f.what.content.forget(assignment);
    if (gone.empty()) continue;
    f.what.has_forgotten = true;
    out.emplace_back(settle{.items = std::move(gone), .what = fate::forgotten, .why = {}, .message = {}});
  }
  pump(now, out);
}

void machine::token_changed(std::uint32_t token, instant now, actions& out) {
  tokens_[token].watch.changed();
  pump(now, out);
}

void machine::pump(instant now, actions& out) {
  watch_tokens(now, out);
  give_up_overdue(now, out);
  bool sent = true;
  while (sent && !failed_ && in_flight_.size() < options_.max_in_flight) {
    sent = false;
    for (std::size_t i = 0; i < lanes_.size() && !sent; ++i) {
      const std::size_t lane = (turn_ + i) % lanes_.size();
      sent = send_one(static_cast<std::uint32_t>(lane), now, out);
      if (sent) turn_ = lane + 1;
    }
  }
}

// From when on one of the requests that may be in flight is left for the lane; never: an answer has to come first.
steady_time machine::turn_at(std::uint32_t lane) const noexcept {
  if (in_flight_.size() >= options_.max_in_flight) return never;
  const bool last_one = options_.max_in_flight > 1 && lanes_[lane].in_flight + 1 == options_.max_in_flight;
  return last_one ? activity_.company_until(lane) : steady_time::min();
}

lane_queue::scope machine::scope_of(const lane_state& l) const noexcept {
  return budget_.low() && l.retries_in_flight > 0 ? lane_queue::scope::first_attempts : lane_queue::scope::all;
}

bool machine::send_one(std::uint32_t lane, instant now, actions& out) {
  lane_state& l = lanes_[lane];
  token_state& t = token_of(lane);
  if (!l.circuit.allows(now.at) || !t.watch.may_send(t.in_flight) || now.at < turn_at(lane)) return false;
  const lane_queue::scope what = scope_of(l);
  while (l.queue.due_at(options_.linger, what) <= now.at) {
    if (!t.rate.allows(now.at)) {
      t.rate.held_back(now.at);
      return false;
    }
    const bool asks = l.circuit.now_is() == circuit::state::open;
    std::optional<batch> b =
        asks ? l.queue.pop_probe(now.at, options_.linger, circuit::probe_events) : l.queue.pop(now.at, options_.linger, what);
    if (!b) return false;
    drop_unsendable(*b, now, out);
    if (b->content.empty()) continue;
    send_batch(lane, std::move(*b), now, out);
    return true;
  }
  return false;
}

void machine::send_batch(std::uint32_t lane, batch&& b, instant now, actions& out) {
  lane_state& l = lanes_[lane];
  token_state& t = token_of(lane);
  b.token_generation = t.watch.generation();
  b.sent = t.rate.sent(now.at);
  l.circuit.sent();
  ++t.in_flight;
  ++l.in_flight;
  if (b.failures > 0) ++l.retries_in_flight;
  counts_.batch_events.add(static_cast<double>(b.content.size()));
  in_flight_.push_back({.id = next_id_++, .lane = lane, .what = std::move(b)});
  out.emplace_back(send{.id = in_flight_.back().id, .lane = lane, .body = in_flight_.back().what.content.lend()});
}

// Age is judged again before every send: an event may have waited out its limit here.
void machine::drop_unsendable(batch& b, instant now, actions& out) {
  if (options_.old == config::too_old::send || b.content.first_expiry() >= now.wall) return;
  payload old = b.content.extract([&](const item& i) { return i.last_moment < now.wall; });
  settle_all(std::move(old), options_.old == config::too_old::skip ? fate::skipped : fate::rejected, event::code::event_too_old,
             "The event was within its age limit when it came and beyond it when it could be sent.", out);
}

void machine::give_up_overdue(instant now, actions& out) {
  if (failed_ || options_.retry_timeout < milliseconds{0}) return;
  for (lane_state& l : lanes_) {
    for (batch& b : l.queue.take_overdue(now.at, options_.retry_timeout, blocked_since(l))) {
      const std::string_view last = b.failures > 0 ? text(b.last).sentence : "other requests to the asset failed";
      settle_all(std::move(b.content), fate::rejected, event::code::retry_timeout,
                 "Not delivered within retry.timeout.ms, " + std::to_string(b.failures) +
                     " failed attempts; last: " + std::string{last} + ".",
                 out);
    }
  }
}

void machine::watch_tokens(instant now, actions& out) {
  for (std::uint32_t i = 0; i < tokens_.size() && !failed_; ++i) follow(tokens_[i].watch.tick(now.at), i, out);
}

std::optional<steady_time> machine::blocked_since(const lane_state& l) const noexcept {
  return l.circuit.now_is() == circuit::state::closed ? std::nullopt : std::optional{l.circuit.opened_at()};
}

// When a lane can do something by itself. What waits for an answer is woken by the answer.
steady_time machine::lane_wake_at(std::uint32_t lane) const noexcept {
  const lane_state& l = lanes_[lane];
  const token_state& t = token_of(lane);
  if (!t.watch.may_send(t.in_flight)) return never;
  const steady_time due = l.queue.due_at(options_.linger, scope_of(l));
  return due == never ? never : std::max({due, turn_at(lane), l.circuit.free_at(), t.rate.next()});
}

steady_time machine::wake_at() const noexcept {
  steady_time at = never;
  if (failed_) return at;
  for (const token_state& t : tokens_) at = std::min(at, t.watch.wake_at());
  for (std::uint32_t lane = 0; lane < lanes_.size(); ++lane) {
    const lane_state& l = lanes_[lane];
    at = std::min(at, lane_wake_at(lane));
    if (options_.retry_timeout >= milliseconds{0})
      at = std::min(at, l.queue.overdue_at(options_.retry_timeout, blocked_since(l)));
  }
  return at;
}

const counters& machine::counts(instant now) noexcept {
  counts_.in_flight = in_flight_.size();
  counts_.waiting = 0;
  counts_.worst_circuit = circuit::state::closed;
  for (const lane_state& l : lanes_) {
    counts_.waiting += l.queue.waiting().size();
    counts_.worst_circuit = std::max(counts_.worst_circuit, l.circuit.now_is());
  }
  counts_.rate_limited_seconds = 0;
  counts_.rate_limit = 0;
  for (const token_state& t : tokens_) {
    counts_.rate_limited_seconds += t.rate.held().count();
    const double rate = t.rate.per_second(now.at);
    if (rate > 0) counts_.rate_limit = counts_.rate_limit > 0 ? std::min(counts_.rate_limit, rate) : rate;
  }
  counts_.retry_budget = budget_.share();
  const auto since = trouble_.since();
  counts_.failing_seconds = since ? std::chrono::duration<double>(now.at - *since).count() : 0;
  return counts_;
}

}  // namespace snap::delivery
