// The body of a request, shared with whoever rendered it, so that one in flight exists once, not once more for the connection. It
// is held until the connection is done with it; the bytes do not change meanwhile. Value type: copies share. Any thread.
#pragma once
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace snap::net {

class shared_body {
 public:
  shared_body() = default;
  shared_body(std::string bytes) : bytes_(std::make_shared<const std::string>(std::move(bytes))) {}  // a body of its own
  // bytes and, behind them, end: what an envelope needs after bytes that cannot be changed.
  shared_body(std::shared_ptr<const std::string> bytes, std::string end) : bytes_(std::move(bytes)), end_(std::move(end)) {}

  [[nodiscard]] std::array<std::string_view, 2> parts() const noexcept {
    return {bytes_ ? std::string_view{*bytes_} : std::string_view{}, end_};
  }
  [[nodiscard]] std::size_t size() const noexcept { return parts()[0].size() + end_.size(); }
  [[nodiscard]] std::string text() const { return std::string{parts()[0]} + end_; }

 private:
  std::shared_ptr<const std::string> bytes_;
  std::string end_;
};

}  // namespace snap::net
