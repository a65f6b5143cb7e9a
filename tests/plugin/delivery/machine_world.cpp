#include "machine_world.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <utility>

namespace snap::delivery::testing {
namespace {

// {"event_id":"e7"}: the names in a body, which must be one well-formed envelope.
names names_in(std::string_view body) {
  REQUIRE(body.starts_with(body_start));
  body.remove_prefix(body_start.size());
  names out;
  constexpr std::string_view before = R"({"event_id":")", after = R"("})";
  for (;;) {
    REQUIRE(body.starts_with(before));
    body.remove_prefix(before.size());
    const std::size_t end = body.find(after);
    REQUIRE(end != std::string_view::npos);
    out.emplace_back(body.substr(0, end));
    body.remove_prefix(end + after.size());
    if (body.empty()) return out;
    REQUIRE(body.starts_with(','));
    body.remove_prefix(1);
  }
}

names names_of(const std::vector<item>& items) {
  names out;
  for (const item& i : items) out.push_back("e" + std::to_string(i.ticket));
  return out;
}

}  // namespace

machine_options one_lane() {
  machine_options o;
  o.lanes = {{.asset_id = "p-1", .alias = "", .token = 0}};
  o.tokens = {token_origin::fixed};
  return o;
}

world::world(machine_options o) : machine_(std::move(o), [this] { return random; }) {}

void world::take(std::size_t n, std::uint32_t lane, std::uint64_t assignment) {
  payload p;
  for (std::size_t i = 0; i < n; ++i) {
    const std::string name = "e" + std::to_string(taken_);
    p.append(R"({"event_id":")" + name + R"("})", {.assignment = assignment, .ticket = taken_++, .time = now_.wall});
  }
  actions out;
  machine_.take(lane, std::move(p), now_, out);
  note(out);
}

void world::take_old(std::size_t n, wall_time last_moment) {
  payload p;
  for (std::size_t i = 0; i < n; ++i) {
    const std::string name = "e" + std::to_string(taken_);
    p.append(R"({"event_id":")" + name + R"("})",
             {.assignment = 1, .ticket = taken_++, .time = now_.wall, .last_moment = last_moment});
  }
  actions out;
  machine_.take(0, std::move(p), now_, out);
  note(out);
}

void world::pass(milliseconds d) {
  now_.at += d;
  now_.wall += d;
  actions out;
  machine_.tick(now_, out);
  note(out);
}

milliseconds world::next() const {
  const steady_time t = machine_.wake_at();
  return t == never ? milliseconds::max() : std::chrono::ceil<milliseconds>(t - now_.at);
}

void world::wake() {
  REQUIRE(machine_.wake_at() != never);
  pass(std::max(milliseconds{0}, next()));
}

void world::answer(std::uint64_t id, int status, std::string body, std::string retry_after) {
  net::answer a = http(status, std::move(body));
  a.id = id;
  a.retry_after = std::move(retry_after);
  a.sent_at = a.answered_at = now_.at;
  std::erase_if(open_, [&](const sent& s) { return s.id == id; });
  actions out;
  machine_.answered(a, now_, out);
  note(out);
}

void world::refuse(std::uint64_t id, std::string event) { answer(id, 200, invalid(std::move(event)).body); }

void world::break_link(std::uint64_t id, net::link_failure f) {
  net::answer a = broken(f);
  a.id = id;
  a.sent_at = a.answered_at = now_.at;
  std::erase_if(open_, [&](const sent& s) { return s.id == id; });
  actions out;
  machine_.answered(a, now_, out);
  note(out);
}

void world::flush() {
  actions out;
  machine_.flush(now_, out);
  note(out);
}

void world::forget(std::uint64_t assignment) {
  actions out;
  machine_.forget(assignment, now_, out);
  note(out);
}

void world::new_token(std::uint32_t token) {
  actions out;
  machine_.token_changed(token, now_, out);
  note(out);
}

void world::note(actions& out) {
  for (action& a : out) {
    if (const auto* s = std::get_if<send>(&a)) {
      open_.push_back({.id = s->id, .lane = s->lane, .events = names_in(*s->body)});
      fresh_.push_back(open_.back());
      ++requests_;
      most_in_flight_ = std::max(most_in_flight_, open_.size());
    } else if (const auto* t = std::get_if<settle>(&a)) {
      settled_.push_back({.what = t->what, .why = t->why, .events = names_of(t->items), .message = t->message});
      settled_events_ += t->items.size();
    } else if (const auto* r = std::get_if<reread_token>(&a)) {
      rereads_.push_back(*r);
    } else if (const auto* f = std::get_if<fail>(&a)) {
      failures_.push_back(*f);
    } else {
      said_.push_back(std::get<say>(a));
    }
  }
}

std::multiset<std::string> world::with(fate f) const {
  std::multiset<std::string> out;
  for (const settled& s : settled_) {
    if (s.what == f) out.insert(s.events.begin(), s.events.end());
  }
  return out;
}

void world::serve(const server& s, std::size_t max_requests) {
  while (unsettled() > 0 && failures_.empty() && requests_ <= max_requests) {
    if (open_.empty()) {
      wake();
      continue;
    }
    const sent request = open_.front();
    open_.erase(open_.begin());
    net::answer a = s(request);
    a.id = request.id;
    a.sent_at = a.answered_at = now_.at;
    actions out;
    machine_.answered(a, now_, out);
    note(out);
  }
  REQUIRE(requests_ <= max_requests);
}

net::answer http(int status, std::string body) {
  net::answer a;
  a.status = status;
  a.body = std::move(body);
  return a;
}

net::answer invalid(std::string event, int status) {
  const std::string index = event.empty() ? "" : R"(,"event":)" + event;
  return http(status, R"({"status":"INVALID")" + index +
                          R"(,"errors":{"codes":["507"],"error_msgs":["Insufficient customer information."]}})");
}

net::answer broken(net::link_failure f) {
  net::answer a;
  a.failure = f;
  a.detail = "tr.snapchat.com: what happened";
  return a;
}

std::ostream& operator<<(std::ostream& out, const sent& s) {
  out << "request " << s.id << " on lane " << s.lane << " with";
  for (const std::string& e : s.events) out << ' ' << e;
  return out;
}

}  // namespace snap::delivery::testing
