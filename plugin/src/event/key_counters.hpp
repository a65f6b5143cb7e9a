// What became of match keys, by key and reason. Sent keys count when the record is sent; drops count always, because they explain
// rejections too. Owned by the mapper, on its thread.
#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "event/mapper.hpp"
#include "event/normalise/normalise.hpp"

namespace snap::event {

class key_counters {
 public:
  explicit key_counters(std::span<const std::string_view> keys);
  void sent(std::uint8_t key) { pending_.push_back(key); }
  void dropped(std::uint8_t key, normalise::outcome why) noexcept { ++rows_[row(key, why)].count; }
  // A batch's member that is skipped takes back what it found since `mark`.
  [[nodiscard]] std::size_t mark() const noexcept { return pending_.size(); }
  void take_back(std::size_t mark) noexcept { pending_.resize(mark); }
  // The record goes out, or not.
  void settle(fate f) noexcept;
  [[nodiscard]] std::span<const key_count> rows() const noexcept { return rows_; }

 private:
  // Row 0 of a key is "sent", then one a reason.
  static constexpr std::size_t first_reason = static_cast<std::size_t>(normalise::outcome::empty);
  static constexpr std::size_t rows_a_key = static_cast<std::size_t>(normalise::outcome::refused) - first_reason + 2;
  [[nodiscard]] static std::size_t row(std::uint8_t key, normalise::outcome o) noexcept {
    return key * rows_a_key + 1 + static_cast<std::size_t>(o) - first_reason;
  }
  std::vector<key_count> rows_;
  std::vector<std::uint8_t> pending_;
};

}  // namespace snap::event
