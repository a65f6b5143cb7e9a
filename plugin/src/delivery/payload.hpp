// Rendered events on their way into a request body: the bytes, and one small entry an event that says whose they are.
// The put thread fills payloads, the delivery machine merges them into batches, splits and thins them out. Value types, any
// thread.
//
// body is `{"data":[` and the events with a comma between; the envelope's end is added when the request is made, so that merging
// and splitting never have to take it off again. Per event there is no allocation: a body and an array.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "delivery/instant.hpp"

namespace snap::delivery {

// One event of a payload; they stand in the body in this order.
struct item {
  std::uint64_t assignment = 0;              // 0: forgotten, its assignment was closed
  std::uint64_t ticket = 0;                  // of its record within the assignment
  wall_time time{};                          // of the event
  wall_time last_moment = wall_time::max();  // until when it may be sent, inclusive; max(): for ever
  std::uint32_t size = 0;                    // bytes of its JSON object
  friend bool operator==(const item&, const item&) = default;
};

// What an event costs the buffer (buffer.max.bytes) from intake to its verdict.
[[nodiscard]] constexpr std::uint64_t cost_of(const item& i) noexcept { return i.size + sizeof(item) + 1; }

inline constexpr std::string_view body_start = R"({"data":[)";

// The end of the envelope: `]}`, or with the test event code in it.
[[nodiscard]] std::string envelope_end(std::string_view test_event_code);

// A body within this share (1/64) of batch.max.bytes of its limit is as good as full.
inline constexpr std::uint64_t slack_share = 64;

struct payload_limits {
  std::uint32_t max_events = 2000;
  std::uint64_t max_bytes = 2'000'000;  // of the whole body, envelope_end included
  std::size_t end_size = 2;             // of envelope_end
};

class payload {
 public:
  [[nodiscard]] bool empty() const noexcept { return items_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  [[nodiscard]] const std::vector<item>& items() const noexcept { return items_; }
  [[nodiscard]] const std::string& body() const noexcept { return body_; }
  [[nodiscard]] wall_time first_expiry() const noexcept { return first_expiry_; }
  [[nodiscard]] std::string_view event(std::size_t index) const noexcept;

  // Would one more event of that size fit? The first always does: better a request that is refused than an event that never
  // leaves.
  [[nodiscard]] bool fits(std::size_t event_size, const payload_limits& limits) const noexcept;

  // Writing an event in place: begin_event() gives the body to append to, then keep_event() or drop_event().
  [[nodiscard]] std::string& begin_event();
  void keep_event(const item& i);  // i.size bytes were appended
  void drop_event() noexcept;

  void append(std::string_view event, item i);
  // Moves the leading events of from that fit to the end of this one; true when from is empty now. One copy of bytes, or none
  // when this one is empty and takes the whole.
  bool take_from(payload& from, const payload_limits& limits);
  // Cuts [first, last) out.
  [[nodiscard]] payload cut(std::size_t first, std::size_t last);
  // Cuts out all that match; nothing is copied when none does.
  template <class Predicate>
  [[nodiscard]] payload extract(Predicate matches);
  // The items of one assignment become nobody's; as they were. For bodies that cannot be changed any more: they are being sent.
  [[nodiscard]] std::vector<item> forget(std::uint64_t assignment);
  // The body for a request: shared, not copied. Until take_back() there are only the items here, and forget().
  [[nodiscard]] std::shared_ptr<const std::string> lend();
  void take_back();
  // Gives memory back that a small body holds on to.
  void trim();
  // The items, and the body's buffer for the next payload.
  [[nodiscard]] std::vector<item> release(std::string& buffer) noexcept;
  void reuse(std::string buffer) noexcept;  // of an empty payload

 private:
  void push(std::string_view event, const item& i);

  std::string body_;
  std::shared_ptr<std::string> lent_;
  std::vector<item> items_;
  wall_time first_expiry_ = wall_time::max();
  std::size_t mark_ = 0;  // of begin_event
};

template <class Predicate>
payload payload::extract(Predicate matches) {
  payload out;
  bool any = false;
  for (const item& i : items_) any = any || matches(i);
  if (!any) return out;
  payload kept;
  std::size_t at = body_start.size();
  for (const item& i : items_) {
    (matches(i) ? out : kept).push(std::string_view{body_}.substr(at, i.size), i);
    at += i.size + 1;
  }
  *this = std::move(kept);
  return out;
}

}  // namespace snap::delivery
