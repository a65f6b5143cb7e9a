// The half of the delivery machine that acts on answers: one function a verdict.
#include <algorithm>
#include <utility>

#include "delivery/machine.hpp"
#include "delivery/reply.hpp"

namespace snap::delivery {

void machine::answered(const net::answer& a, instant now, actions& out) {
  const auto found = std::find_if(in_flight_.begin(), in_flight_.end(), [&](const flight& f) { return f.id == a.id; });
  if (found == in_flight_.end()) return;
  flight f = std::move(*found);
  if (found != in_flight_.end() - 1) *found = std::move(in_flight_.back());
  in_flight_.pop_back();
  f.what.content.take_back();
  --token_of(f.lane).in_flight;
  --lanes_[f.lane].in_flight;
  if (f.what.failures > 0) --lanes_[f.lane].retries_in_flight;
  if (a.failure == net::link_failure::none) {
    const auto at =
        std::find_if(counts_.answers.begin(), counts_.answers.end(), [&](const auto& e) { return e.first == a.status; });
    if (at == counts_.answers.end())
      counts_.answers.emplace_back(a.status, 1);
    else
      ++at->second;
  } else {
    ++counts_.link_failures[static_cast<std::size_t>(reason_of(a.failure))];
  }
  counts_.request_seconds.add(std::chrono::duration<double>(a.answered_at - a.sent_at).count());
  const lane_options& lane = options_.lanes[f.lane];
  const verdict v = judge(a, f.what.content.size(), {.asset_id = lane.asset_id, .alias = lane.alias}, now.wall);
  apply(f.lane, std::move(f.what), v, now, out);
  pump(now, out);
}

void machine::apply(std::uint32_t lane, batch&& b, const verdict& v, instant now, actions& out) {
  const std::uint32_t generation = b.token_generation;
  switch (v.what) {
    case verdict::kind::delivered:
      if (b.hint_window) hints_.window_delivered();
      delivered(std::move(b), now, out);
      return succeeded(lane, generation, now, out);
    case verdict::kind::reject: {
      if (b.hint_window) hints_.window_refused();
      std::string message = rejection_message(v.text, event_id_of(b.content.event(0)));
      drop_forgotten(b);
      settle_all(std::move(b.content), fate::rejected, v.why, std::move(message), out);
      return succeeded(lane, generation, now, out);
    }
    case verdict::kind::split: split(lane, std::move(b), v, out); return succeeded(lane, generation, now, out);
    case verdict::kind::retry: return retry(lane, std::move(b), v, now, out);
    case verdict::kind::refused: return token_refused(lane, std::move(b), v, now, out);
    case verdict::kind::fatal: return stop(v.status, v.text, out);
  }
}

void machine::delivered(batch&& b, instant now, actions& out) {
  counts_.events_delivered += b.content.size();
  for (const item& i : b.content.items()) counts_.event_age.add(std::chrono::duration<double>(now.wall - i.time).count());
  drop_forgotten(b);
  settle_all(std::move(b.content), fate::delivered, {}, {}, out);
}

// The events of assignments that were closed while the request was under way: forget() has settled them.
void machine::drop_forgotten(batch& b) {
  if (std::exchange(b.has_forgotten, false)) (void)b.content.extract([](const item& i) { return i.assignment == 0; });
}

void machine::retry(std::uint32_t lane, batch&& b, const verdict& v, instant now, actions& out) {
  lane_state& l = lanes_[lane];
  token_state& t = token_of(lane);
  const bool throttled = v.reason == retry_reason::throttled;
  if (throttled && t.rate.refused(b.sent, now.at)) ++t.throttled;
  budget_.failed();
  ++b.failures;
  ++counts_.retries[static_cast<std::size_t>(v.reason)];
  // The row of failures that counts is the longest one known: this batch's own, the token's, or the lane's failed probes.
  const unsigned row = std::max(b.failures, throttled ? t.throttled : l.circuit.openings() + 1);
  const milliseconds delay = retry_delay(options_.backoff, full_jitter(options_.backoff, row, unit_()), v.asked);
  if (!b.failing_since) b.failing_since = now.at;
  b.last = v.reason;
  b.ready_at = now.at + delay;
  b.asked_to_wait = v.asked.has_value();
  if (throttled) {  // a rate limit is the token's, and Snapchat is well
    t.rate.pause(now.at + delay);
    (void)l.circuit.succeeded();
  } else {
    l.circuit.failed(now.at, delay);
  }
  if (!failed_) {
    if (auto line = trouble_.failed(now.at, v.reason, v.text, delay))
      out.emplace_back(say{.level = SCA_LOG_WARN, .text = std::move(*line)});
  }
  drop_forgotten(b);
  if (!b.content.empty()) l.queue.put_waiting(std::move(b));
}

// Parts keep the order of their events, go before what came later, and start their own row of failures.
void machine::split(std::uint32_t lane, batch&& b, const verdict& v, actions& out) {
  lane_queue& queue = lanes_[lane].queue;
  ++counts_.bisections;
  if (b.hint_window) hints_.window_refused();
  const std::size_t body_size = b.content.body().size() + options_.batch.end_size;
  const bool thinned = b.has_forgotten;
  drop_forgotten(b);
  const auto part = [&](payload&& content) {
    batch p;
    p.content = std::move(content);
    p.failing_since = b.failing_since;
    p.ready_at = b.ready_at;
    return p;
  };
  if (v.why == event::code::request_too_large) {
    // What was refused once would be refused for every batch to come.
    constexpr std::uint64_t floor = 64 * 1024;
    const std::uint64_t half = std::max<std::uint64_t>(floor, body_size / 2);
    if (half < options_.batch.max_bytes) {
      options_.batch.max_bytes = half;
      out.emplace_back(say{.level = SCA_LOG_WARN,
                           .text = "Snapchat, or a gateway before it, takes no body of " + std::to_string(body_size) +
                                   " bytes: batches are limited to " + std::to_string(half) + " bytes from now on."});
    }
  } else if (!thinned) {
    if (const auto w = hints_.follow(v.hint, b.content.size())) {
      batch window = part(b.content.cut(w->first, w->last));
      window.hint_window = true;
      queue.put_first(part(std::move(b.content)));
      queue.put_first(std::move(window));
      return;
    }
  }
  if (b.content.size() > 1) {
    payload second = b.content.cut(b.content.size() / 2, b.content.size());
    queue.put_first(part(std::move(second)));
  }
  if (!b.content.empty()) queue.put_first(part(std::move(b.content)));
}

void machine::token_refused(std::uint32_t lane, batch&& b, const verdict& v, instant now, actions& out) {
  const std::uint32_t token = options_.lanes[lane].token;
  token_state& t = tokens_[token];
  ++counts_.retries[static_cast<std::size_t>(retry_reason::token_changed)];
  const std::uint32_t generation = b.token_generation;
  drop_forgotten(b);
  if (!b.content.empty()) lanes_[lane].queue.put_first(std::move(b));
  t.refusal = v.text;
  (void)lanes_[lane].circuit.succeeded();  // Snapchat is there; a probe must not stay half-open
  if (t.watch.first_refusal(generation)) {
    out.emplace_back(say{.level = SCA_LOG_WARN,
                         .text = "Snapchat refuses the access token; its file is read again every second for a while."});
  }
  follow(t.watch.refused(generation, now.at), token, out);
}

void machine::follow(token_watch::step s, std::uint32_t token, actions& out) {
  switch (s) {
    case token_watch::step::none: return;
    case token_watch::step::reread: out.emplace_back(reread_token{token}); return;
    case token_watch::step::give_up: return stop(SCA_UNAUTHENTICATED, tokens_[token].refusal, out);
  }
}

void machine::succeeded(std::uint32_t lane, std::uint32_t generation, instant now, actions& out) {
  token_state& t = token_of(lane);
  t.watch.accepted(generation);
  t.throttled = 0;
  budget_.succeeded();
  if (lanes_[lane].circuit.succeeded()) lanes_[lane].queue.cut_delays(now.at);
  if (auto line = trouble_.over(now.at)) out.emplace_back(say{.level = SCA_LOG_INFO, .text = std::move(*line)});
}

void machine::stop(sca_status status, std::string message, actions& out) {
  if (std::exchange(failed_, true)) return;
  out.emplace_back(fail{.status = status, .message = std::move(message)});
}

void machine::settle_all(payload&& p, fate what, event::code why, std::string message, actions& out) {
  if (p.empty()) return;
  std::string buffer;
  out.emplace_back(settle{.items = p.release(buffer), .what = what, .why = why, .message = std::move(message)});
  keep(std::move(buffer));
}

void machine::keep(std::string buffer) {
  constexpr std::size_t enough = 4, worth_it = 64 * 1024;
  if (spare_.size() < enough && buffer.capacity() >= worth_it && buffer.capacity() <= 2 * options_.batch.max_bytes)
    spare_.push_back(std::move(buffer));
}

}  // namespace snap::delivery
