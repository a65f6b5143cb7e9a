// What becomes of an access token that Snapchat refuses (401). One from a file may just have been rotated: it is read again at
// once and then every second for a while; when it does not change, or the new one is refused too, the task fails. A token in the
// configuration cannot change: the task fails at once. Either way within 10 s and 20 requests, not counted those that were under
// way with a token that had been good. Value type; now is passed in.
#pragma once
#include <cstdint>
#include <string>

#include "delivery/instant.hpp"

namespace snap::delivery {

enum class token_origin : std::uint8_t { fixed, file };

class token_watch {
 public:
  enum class step : std::uint8_t { none, reread, give_up };
  static constexpr milliseconds patience{5'000}, reread_every{1'000};
  static constexpr unsigned max_refusals = 10;
  static constexpr std::size_t max_untried =
      4;  // requests at once with a token that Snapchat has not accepted yet; one after a refusal

  explicit token_watch(token_origin from) noexcept : from_(from) {}

  [[nodiscard]] std::uint32_t generation() const noexcept { return generation_; }  // grows with each new token
  [[nodiscard]] bool blocked() const noexcept { return waiting_; }
  [[nodiscard]] bool may_send(std::size_t in_flight) const noexcept {
    return !waiting_ && (proven_ || in_flight < (refusals_ == 0 ? max_untried : 1));
  }
  [[nodiscard]] steady_time wake_at() const noexcept { return waiting_ ? next_look_ : never; }

  [[nodiscard]] bool first_refusal(std::uint32_t generation) const noexcept {
    return from_ == token_origin::file && generation == generation_ && refusals_ == 0;
  }
  // A 401 for a request that carried the token of that generation.
  [[nodiscard]] step refused(std::uint32_t generation, steady_time now) noexcept {
    if (generation != generation_) return step::none;  // an older token's; the next request carries the new one
    if (from_ == token_origin::fixed) return step::give_up;
    if (waiting_) return step::none;  // it was under way with the first one and says nothing new; tick() ends the patience
    if (refusals_++ == 0) since_ = now;
    proven_ = false;
    if (refusals_ >= max_refusals || now - since_ >= patience) return step::give_up;
    waiting_ = true;
    next_look_ = now + reread_every;
    return step::reread;
  }
  [[nodiscard]] step tick(steady_time now) noexcept {
    if (!waiting_ || now < next_look_) return step::none;
    if (now - since_ >= patience) return step::give_up;
    next_look_ = now + reread_every;
    return step::reread;
  }
  void changed() noexcept {  // the file holds another token now
    ++generation_;
    proven_ = false;
    waiting_ = false;
  }
  void accepted(std::uint32_t generation) noexcept {  // any answer of Snapchat but 401
    if (generation != generation_) return;
    proven_ = true;
    refusals_ = 0;
  }

 private:
  token_origin from_;
  std::uint32_t generation_ = 0;
  unsigned refusals_ = 0;
  bool proven_ = false, waiting_ = false;
  steady_time since_{}, next_look_{};
};

}  // namespace snap::delivery
