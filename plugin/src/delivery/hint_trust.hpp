// Whether the `event` index of an INVALID answer is worth following. Nobody knows if it counts from 0 or 1, or is right at all
// (snap-api.md §2.5). So the first one is tried: the two events it may mean go out alone. If that pair is refused, hints are
// followed from then on and an offender costs four requests; if it is delivered, hints are ignored for good and batches are
// halved. A wrong hint thus costs one request in the life of a task. Value type.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

namespace snap::delivery {

class hint_trust {
 public:
  struct window {
    std::size_t first, last;
  };  // [first, last) of the batch

  // The events to send alone, or nullopt: halve.
  [[nodiscard]] std::optional<window> follow(std::optional<std::uint64_t> hint, std::size_t events) noexcept {
    constexpr std::size_t worth_it = 8;  // below it halving is as cheap
    if (!hint || events < worth_it || *hint > events || (state_ != state::untried && state_ != state::right)) return std::nullopt;
    if (state_ == state::untried) state_ = state::asked;
    const auto i = static_cast<std::size_t>(*hint);
    return window{i == 0 ? 0 : i - 1, i < events ? i + 1 : events};
  }
  void window_refused() noexcept {
    if (state_ != state::wrong) state_ = state::right;
  }
  void window_delivered() noexcept { state_ = state::wrong; }

 private:
  enum class state : std::uint8_t { untried, asked, right, wrong };
  state state_ = state::untried;
};

}  // namespace snap::delivery
