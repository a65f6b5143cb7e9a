#include "delivery/trouble.hpp"

#include <utility>

namespace snap::delivery {
namespace {

// "1.2 s": tenths are enough for people.
std::string seconds(steady_time::duration d) {
  const auto tenths = (std::chrono::duration_cast<milliseconds>(d).count() + 50) / 100;
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " s";
}

}  // namespace

std::optional<std::string> trouble::failed(steady_time now, retry_reason why, std::string_view detail, milliseconds next_in) {
  if (failures_++ == 0) since_ = now;
  if (told_at_ && now - *told_at_ < quiet) return std::nullopt;
  told_at_ = now;
  told_ = true;
  std::string line = "Waiting for Snapchat: " + std::string{text(why).sentence};
  if (!detail.empty()) line += " (" + std::string{detail} + ")";
  line +=
      ". " + std::to_string(failures_) + (failures_ == 1 ? " failed request" : " failed requests in " + seconds(now - since_));
  return line += ", next attempt in " + seconds(next_in) + "; events are kept.";
}

std::optional<std::string> trouble::over(steady_time now) {
  if (!std::exchange(told_, false)) {
    failures_ = 0;
    return std::nullopt;
  }
  std::string line = "Snapchat answers again, after " + seconds(now - since_) + " and " + std::to_string(failures_) +
                     (failures_ == 1 ? " failed request." : " failed requests.");
  failures_ = 0;
  return line;
}

}  // namespace snap::delivery
