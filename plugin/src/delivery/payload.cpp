#include "delivery/payload.hpp"

#include <algorithm>
#include <utility>

namespace snap::delivery {
namespace {

void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += c;
    }
  }
}

}  // namespace

std::string envelope_end(std::string_view test_event_code) {
  if (test_event_code.empty()) return "]}";
  std::string out = R"(],"test_event_code":")";
  append_escaped(out, test_event_code);
  return out += "\"}";
}

std::string_view payload::event(std::size_t index) const noexcept {
  std::size_t at = body_start.size();
  for (std::size_t i = 0; i < index; ++i) at += items_[i].size + 1;
  return std::string_view{body_}.substr(at, items_[index].size);
}

bool payload::fits(std::size_t event_size, const payload_limits& limits) const noexcept {
  if (empty()) return true;
  return size() < limits.max_events && body_.size() + 1 + event_size + limits.end_size <= limits.max_bytes;
}

std::string& payload::begin_event() {
  mark_ = body_.size();
  if (empty()) {
    body_ = body_start;
    mark_ = 0;
  } else {
    body_ += ',';
  }
  return body_;
}

void payload::keep_event(const item& i) {
  items_.push_back(i);
  first_expiry_ = std::min(first_expiry_, i.last_moment);
}

void payload::drop_event() noexcept { body_.resize(mark_); }

void payload::append(std::string_view event, item i) {
  i.size = static_cast<std::uint32_t>(event.size());
  push(event, i);
}

void payload::push(std::string_view event, const item& i) {
  begin_event().append(event);
  keep_event(i);
}

bool payload::take_from(payload& from, const payload_limits& limits) {
  std::size_t events = 0, bytes = 0;  // of the run that fits; bytes count a comma each
  const std::size_t used = empty() ? body_start.size() - 1 : body_.size();
  for (const item& i : from.items_) {
    const bool first = empty() && events == 0;
    if (!first && (size() + events >= limits.max_events || used + bytes + 1 + i.size + limits.end_size > limits.max_bytes)) break;
    ++events;
    bytes += i.size + 1;
  }
  if (events == from.size() && empty()) {
    std::swap(body_, from.body_);
    std::swap(items_, from.items_);
    std::swap(first_expiry_, from.first_expiry_);
    return true;
  }
  if (events == 0) return from.empty();
  if (events == from.size()) {
    body_ += ',';
    body_.append(from.body_, body_start.size());
    items_.insert(items_.end(), from.items_.begin(), from.items_.end());
    first_expiry_ = std::min(first_expiry_, from.first_expiry_);
    from.items_.clear();
    from.first_expiry_ = wall_time::max();
    return true;
  }
  payload run = from.cut(0, events);
  const payload_limits none{.max_events = ~0u, .max_bytes = ~0ull, .end_size = 0};
  take_from(run, none);
  return false;
}

payload payload::cut(std::size_t first, std::size_t last) {
  payload out;
  if (first >= last) return out;
  std::size_t at = body_start.size();
  for (std::size_t i = 0; i < first; ++i) at += items_[i].size + 1;
  std::size_t bytes = 0;
  for (std::size_t i = first; i < last; ++i) bytes += items_[i].size + 1;
  out.body_.reserve(body_start.size() + bytes);
  out.body_ = body_start;
  out.body_.append(body_, at, bytes - 1);
  const auto from = items_.begin() + static_cast<std::ptrdiff_t>(first), to = items_.begin() + static_cast<std::ptrdiff_t>(last);
  out.items_.assign(from, to);
  // A comma goes with the run: the one behind it, or at the end the one before it.
  const std::size_t start = at + bytes > body_.size() && first > 0 ? at - 1 : at;
  body_.erase(start, bytes);
  items_.erase(from, to);
  const auto earliest = [](const std::vector<item>& items) {
    wall_time t = wall_time::max();
    for (const item& i : items) t = std::min(t, i.last_moment);
    return t;
  };
  first_expiry_ = earliest(items_);
  out.first_expiry_ = earliest(out.items_);
  return out;
}

std::vector<item> payload::forget(std::uint64_t assignment) {
  std::vector<item> gone;
  for (item& i : items_) {
    if (i.assignment != assignment) continue;
    gone.push_back(i);
    i.assignment = 0;
  }
  return gone;
}

std::shared_ptr<const std::string> payload::lend() {
  lent_ = std::make_shared<std::string>(std::move(body_));
  body_.clear();
  return lent_;
}

// A session that was cut while it wrote still reads the bytes; then they are copied. Borrowers live on this thread: nobody gives
// them back between the look and the move.
void payload::take_back() {
  if (!lent_) return;
  if (lent_.use_count() == 1)
    body_ = std::move(*lent_);
  else
    body_ = *lent_;
  lent_.reset();
}

void payload::trim() {
  constexpr std::size_t slack = 64 * 1024;
  if (body_.capacity() > 2 * body_.size() + slack) body_.shrink_to_fit();
}

std::vector<item> payload::release(std::string& buffer) noexcept {
  buffer = std::move(body_);
  body_.clear();
  first_expiry_ = wall_time::max();
  return std::exchange(items_, {});
}

void payload::reuse(std::string buffer) noexcept {
  if (!empty() || buffer.capacity() <= body_.capacity()) return;
  body_ = std::move(buffer);
  body_.clear();
}

}  // namespace snap::delivery
