// A string that does not print: tokens, passwords, personal data. Used wherever such a value is stored, on every thread.
// There is no operator<<, no formatter and no conversion; reveal() is the one door, and easy to grep for. Wiped when destroyed.
#pragma once
#include <string>
#include <string_view>

namespace sca {

class secret {
 public:
  secret() = default;
  explicit secret(std::string value) noexcept : value_(std::move(value)) {}
  secret(const secret&) = default;
  secret(secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }
  secret& operator=(const secret& other) {
    if (this != &other) {
      wipe();
      value_ = other.value_;
    }
    return *this;
  }
  secret& operator=(secret&& other) noexcept {
    if (this != &other) {
      wipe();
      value_ = std::move(other.value_);
      other.wipe();
    }
    return *this;
  }
  ~secret() { wipe(); }

  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }
  [[nodiscard]] std::string_view reveal() const noexcept { return value_; }
  [[nodiscard]] friend bool operator==(const secret&, const secret&) = default;

 private:
  void wipe() noexcept {
    volatile char* p = value_.data();  // volatile: the compiler may not drop stores to memory about to be freed
    for (std::size_t i = 0; i < value_.size(); ++i) p[i] = 0;
    value_.clear();
  }
  std::string value_;
};

}  // namespace sca
