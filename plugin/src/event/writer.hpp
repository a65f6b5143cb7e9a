// Builds the JSON text of an event in a buffer of its own that is reused. Members are written with a comma before them; closing
// an object or list turns its first comma into the bracket, so nobody has to know who comes first. One thread.
#pragma once
#include <array>
#include <charconv>
#include <cstring>
#include <memory>
#include <string_view>

#include "event/json/tape.hpp"

namespace snap::event {

class writer {
 public:
  void clear() noexcept { size_ = 0; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::string_view view() const noexcept { return {buffer_.get(), size_}; }
  void rewind(std::size_t to) noexcept { size_ = to; }

  void raw(std::string_view s) {
    copy(room(s.size()), s);
    size_ += s.size();
  }
  // Between quotes, copied: s needs no escape.
  void plain(std::string_view s) {
    char* const p = room(s.size() + 2);
    p[0] = '"';
    copy(p + 1, s);
    p[s.size() + 1] = '"';
    size_ += s.size() + 2;
  }
  void escaped(std::string_view s);
  void text(std::string_view s, bool needs_no_escape) {
    if (needs_no_escape) {
      plain(s);
    } else {
      escaped(s);
    }
  }
  void text(const json::value& v) { text(v.text, v.plain); }
  void comma() { raw(","); }
  void integer(std::int64_t n) {
    std::array<char, 24> digits;
    const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), n).ptr;
    raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
  }

  // `from`: size() before the first member or element was written.
  void close_object(std::size_t from) { close(from, '{', "}", "{}"); }
  void close_list(std::size_t from) { close(from, '[', "]", "[]"); }

 private:
  // Most pieces are short: two overlapping moves of a fixed size are cheaper than a call.
  static void copy(char* to, std::string_view s) noexcept {
    const std::size_t n = s.size();
    if (n >= 16 && n <= 32) {
      std::memcpy(to, s.data(), 16);
      std::memcpy(to + n - 16, s.data() + n - 16, 16);
    } else if (n >= 8 && n < 16) {
      std::memcpy(to, s.data(), 8);
      std::memcpy(to + n - 8, s.data() + n - 8, 8);
    } else if (n != 0) {
      std::memcpy(to, s.data(), n);
    }
  }
  void close(std::size_t from, char open, std::string_view end, std::string_view empty) {
    if (size_ == from) return raw(empty);
    buffer_[from] = open;
    raw(end);
  }
  char* room(std::size_t n) {
    if (capacity_ - size_ < n) grow(n);
    return buffer_.get() + size_;
  }
  void grow(std::size_t n);

  std::unique_ptr<char[]> buffer_;
  std::size_t size_ = 0, capacity_ = 0;
};

// A value as it is, without nulls, without members or elements that are left empty by that, without numbers that no reader can
// hold, and of duplicate names only the last. false, and nothing written: nothing of it can be sent.
bool copy_value(const json::node& n, writer& out);

}  // namespace snap::event
