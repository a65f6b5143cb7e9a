// What the decoder keeps of a record: the wanted values in document order, flat, without a tree of allocations.
// Written by json/decoder, read by everything that maps. Views point into the record or into the decoder's arena and live until
// its next decode. One thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace snap::event::json {

enum class kind : std::uint8_t { absent, null, boolean, number, string, array, object };

[[nodiscard]] constexpr bool is_scalar(kind k) noexcept { return k == kind::boolean || k == kind::number || k == kind::string; }
[[nodiscard]] constexpr bool is_container(kind k) noexcept { return k == kind::array || k == kind::object; }

struct node {
  std::string_view key{};   // unescaped; "" of array elements and the root
  std::string_view text{};  // strings unescaped; numbers, true and false as written
  std::uint32_t span = 1;   // nodes of the subtree, this one included: the next sibling is this + span
  kind what = kind::null;
  bool plain = true;  // text can be copied between quotes: it was written without escapes
  bool key_plain = true;
  bool dead = false;  // a later member of the same object has the same name (the last wins)
};

// The children of an array or object that are on the tape. Skips dead ones.
class children {
 public:
  class iterator {
   public:
    using value_type = node;
    using difference_type = std::ptrdiff_t;
    using reference = const node&;
    using pointer = const node*;
    using iterator_category = std::forward_iterator_tag;
    iterator() = default;
    iterator(const node* at, const node* end) noexcept : at_(at), end_(end) { skip(); }
    const node& operator*() const noexcept { return *at_; }
    iterator& operator++() noexcept {
      at_ += at_->span;
      skip();
      return *this;
    }
    iterator operator++(int) noexcept {
      iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.at_ == b.at_; }

   private:
    void skip() noexcept {
      while (at_ != end_ && at_->dead) at_ += at_->span;
    }
    const node* at_ = nullptr;
    const node* end_ = nullptr;
  };
  explicit children(const node& parent) noexcept : parent_(&parent) {}
  [[nodiscard]] iterator begin() const noexcept { return {parent_ + 1, parent_ + parent_->span}; }
  [[nodiscard]] iterator end() const noexcept { return {parent_ + parent_->span, parent_ + parent_->span}; }

 private:
  const node* parent_;
};

// A value wherever it comes from: a node of the tape, a header, a literal. Containers have `at`.
struct value {
  kind what = kind::absent;
  bool plain = false;
  std::string_view text;
  const node* at = nullptr;

  value() = default;
  explicit value(const node& n) noexcept : what(n.what), plain(n.plain), text(n.text), at(&n) {}
  // Text that did not come from the record's JSON; it may need escaping.
  explicit value(std::string_view foreign) noexcept : what(kind::string), text(foreign) {}

  [[nodiscard]] bool present() const noexcept { return what != kind::absent && what != kind::null; }
  [[nodiscard]] bool scalar() const noexcept { return is_scalar(what); }
  [[nodiscard]] bool textual() const noexcept { return what == kind::string || what == kind::number; }
  [[nodiscard]] bool container() const noexcept { return is_container(what); }
};

}  // namespace snap::event::json
