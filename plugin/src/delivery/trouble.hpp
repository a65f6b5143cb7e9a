// What to tell people while Snapchat cannot be reached or does not take events: the first failure at once, then a line every 10 s
// with how often, why, and when the next attempt is; and one line when it is over. A failure that is over before the next line is
// due is not told, so a Snapchat that fails every other request does not fill the log. One for the whole task. Value type.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "delivery/instant.hpp"
#include "delivery/retry_reason.hpp"

namespace snap::delivery {

class trouble {
 public:
  static constexpr milliseconds quiet{10'000};  // between two lines

  // A request failed. The line to log, if one is due. detail is safe text.
  [[nodiscard]] std::optional<std::string> failed(steady_time now, retry_reason why, std::string_view detail,
                                                  milliseconds next_in);
  // A request came through. The line to log, if one of the failures since the last time had been told.
  [[nodiscard]] std::optional<std::string> over(steady_time now);
  [[nodiscard]] std::optional<steady_time> since() const noexcept { return failures_ > 0 ? std::optional{since_} : std::nullopt; }

 private:
  std::uint64_t failures_ = 0;
  steady_time since_{};
  std::optional<steady_time> told_at_;
  bool told_ = false;  // of the failures that are counted
};

}  // namespace snap::delivery
