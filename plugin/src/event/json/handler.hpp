// The events of Boost.JSON's basic_parser, turned into tape and slots. Private to json/decoder.cpp.
#pragma once
#include <algorithm>
#include <array>
#include <boost/json/basic_parser.hpp>
#include <cstring>

#include "event/json/decoder.hpp"

namespace snap::event::json {

// Unescaped text of one record. Unescaping never makes text longer, so one block of the record's size is enough and never moves.
class arena {
 public:
  void begin(std::size_t most) noexcept {
    most_ = most;
    used_ = 0;
    if (capacity_ > keep) {
      block_.reset();
      capacity_ = 0;
    }
  }
  void append(std::string_view part) {
    if (capacity_ < most_) {  // only before the first append of a record
      block_ = std::make_unique<char[]>(most_);
      capacity_ = most_;
    }
    if (!part.empty()) std::memcpy(block_.get() + used_, part.data(), part.size());
    used_ += part.size();
  }
  [[nodiscard]] std::string_view last(std::size_t size) const noexcept { return {block_.get() + used_ - size, size}; }

 private:
  static constexpr std::size_t keep = 1u << 20;  // what one huge record grew is given back
  std::unique_ptr<char[]> block_;
  std::size_t capacity_ = 0, used_ = 0, most_ = 0;
};

class handler {
 public:
  using error_code = boost::json::error_code;
  using text_view = boost::json::string_view;
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

  explicit handler(const path_set& paths) : paths_(&paths), visits_(paths.state_count()) {
    out.singles.assign(paths.single_count(), none);
    out.lists.resize(paths.list_count());
  }

  decoded out;

  void begin(std::string_view text, std::span<const std::string_view> inside);
  // A text of the value just read, as if its JSON stood where the text stands: at this state.
  void begin_text(std::string_view text, std::uint32_t state);
  [[nodiscard]] std::size_t near() const noexcept { return static_cast<std::size_t>(last_ - text_.data()); }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return open(kind::object); }
  bool on_array_begin(error_code&) { return open(kind::array); }
  bool on_object_end(std::size_t n, error_code&) { return close(n); }
  bool on_array_end(std::size_t n, error_code&) { return close(n); }
  bool on_key_part(text_view s, std::size_t, error_code&) {
    if (skipped_ == 0) arena_.append({s.data(), s.size()});
    return true;
  }
  bool on_key(text_view s, std::size_t n, error_code&) {
    const bool here = inside_text(s.data());
    if (here) last_ = s.data();
    if (skipped_ == 0) member(join(s, n, here, key_plain_), n);
    return true;
  }
  bool on_string_part(text_view s, std::size_t, error_code&) {
    if (skipped_ == 0) arena_.append({s.data(), s.size()});
    return true;
  }
  bool on_string(text_view s, std::size_t n, error_code&) {
    if (skipped_ != 0) return true;
    const bool here = inside_text(s.data());
    if (here) last_ = s.data();
    bool plain = true;
    const char* const text = join(s, n, here, plain);
    scalar(kind::string, text, n, plain);
    return true;
  }
  bool on_number_part(text_view, error_code&) { return true; }
  bool on_int64(std::int64_t, text_view s, error_code&) { return number(s); }
  bool on_uint64(std::uint64_t, text_view s, error_code&) { return number(s); }
  bool on_double(double, text_view s, error_code&) { return number(s); }
  bool on_bool(bool b, error_code&) {
    if (skipped_ == 0) scalar(kind::boolean, b ? "true" : "false", b ? 4 : 5, true);
    return true;
  }
  bool on_null(error_code&) {
    if (skipped_ == 0) scalar(kind::null, nullptr, 0, true);
    return true;
  }
  bool on_comment_part(text_view, error_code&) { return true; }
  bool on_comment(text_view, error_code&) { return true; }

 private:
  struct frame {
    const path_set::state* asked = nullptr;             // null: nothing below is asked for by path
    std::uint64_t serial = 0;                           // of this container, unique over all records
    std::uint32_t at = 0;                               // on the tape
    std::uint32_t index = 0;                            // of the next element
    bool array = false, whole = false, around = false;  // around: outside of the root, on the way to it
  };
  // Where a member's state was entered last: the same container again means a duplicate name.
  struct visit {
    std::uint64_t serial = 0;
    std::uint32_t at = 0;
  };
  // What a value is wanted for: its state and two flags in one word, because two stores read back as one load stall the CPU.
  class target {
   public:
    target() = default;
    static target nothing() noexcept { return {}; }
    static target at_state(std::uint32_t state) noexcept { return target(state); }
    static target on_the_way() noexcept { return target(no_state | around_bit); }
    void go_to(std::uint32_t state) noexcept { bits_ = (bits_ & ~no_state) | state; }
    void keep_whole() noexcept { bits_ |= whole_bit; }
    [[nodiscard]] std::uint32_t state() const noexcept { return (bits_ & no_state) == no_state ? none : bits_ & no_state; }
    [[nodiscard]] bool whole() const noexcept { return (bits_ & whole_bit) != 0; }
    [[nodiscard]] bool around() const noexcept { return (bits_ & around_bit) != 0; }
    [[nodiscard]] bool wanted() const noexcept { return bits_ != no_state; }

   private:
    static constexpr std::uint32_t whole_bit = 1U << 31U, around_bit = 1U << 30U, no_state = around_bit - 1;
    explicit target(std::uint32_t bits) noexcept : bits_(bits) {}
    std::uint32_t bits_ = no_state;
  };
  [[nodiscard]] bool inside_text(const char* p) const noexcept {
    // as numbers: one comparison, and pointers into different texts have no order
    return reinterpret_cast<std::uintptr_t>(p) - reinterpret_cast<std::uintptr_t>(text_.data()) <= text_.size();
  }
  // The parser hands out text without escapes as a view of its input, anything else in pieces. Pointers and sizes go separately
  // on this path: a string_view written as two words and copied as one costs a stalled load each time.
  const char* join(text_view last, std::size_t total, bool here, bool& plain) {
    plain = here && last.size() == total;
    return plain ? last.data() : join_pieces({last.data(), last.size()}, total);
  }
  [[gnu::noinline]] const char* join_pieces(std::string_view last, std::size_t total) {
    arena_.append(last);
    return arena_.last(total).data();
  }
  [[gnu::noinline]] bool number(text_view s) {  // the parser ends numbers in many places
    last_ = s.data();
    if (skipped_ == 0) scalar(kind::number, s.data(), s.size(), true);
    return true;
  }
  void member(const char* name, std::size_t size);
  void way_in();
  target next_target();
  void scalar(kind what, const char* text, std::size_t size, bool plain);
  std::uint32_t push(target to, kind what, const char* text, std::size_t size, bool plain);
  void fill(slot to, std::uint32_t at);
  void forget(const path_set::state& s) noexcept;
  static void forget_fills(std::vector<decoded::fill>& all, std::span<const slot> below, std::uint32_t from,
                           std::uint32_t end) noexcept;
  void restart(std::uint32_t root) noexcept;
  void clear() noexcept;
  bool open(kind what);
  bool close(std::size_t members);
  void bury_duplicates(std::uint32_t parent);

  const path_set* paths_;
  std::vector<visit> visits_;
  arena arena_;
  std::string_view text_;
  std::span<const std::string_view> inside_;
  const char* last_ = nullptr;
  std::array<frame, max_depth + 1> frames_{};  // the first stands for what is around the outermost value
  frame* top_ = frames_.data();                // of the container that is open
  std::size_t skipped_ = 0;                    // containers open below an unwanted one
  std::size_t arrays_ = 0;                     // array frames in use
  const frame* batch_ = nullptr;               // of the batch's list while it is open
  std::uint32_t row_ = 0;
  std::uint64_t serial_ = 0;
  target member_;  // of the member whose name was read last
  const char* key_ = nullptr;
  std::size_t key_size_ = 0;
  bool key_plain_ = true;
  std::vector<node*> sorted_;
};

}  // namespace snap::event::json
