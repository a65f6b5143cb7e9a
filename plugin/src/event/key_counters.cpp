#include "event/key_counters.hpp"

namespace snap::event {

key_counters::key_counters(std::span<const std::string_view> keys) {
  for (const std::string_view key : keys) {
    rows_.push_back({key, "sent", 0});
    for (std::size_t o = first_reason; o < first_reason + rows_a_key - 1; ++o) {
      rows_.push_back({key, normalise::to_string(static_cast<normalise::outcome>(o)), 0});
    }
  }
}

void key_counters::settle(fate f) noexcept {
  if (f == fate::send) {
    for (const std::uint8_t key : pending_) ++rows_[key * rows_a_key].count;
  }
  pending_.clear();
}

}  // namespace snap::event
