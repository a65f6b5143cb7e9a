// The paths that the compiled mapping asks for, as one deterministic automaton that the decoder walks while it parses: a wanted
// value lands in its slot, and members that nobody wants cost only their scanning. Built when the configuration is read.
#pragma once
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/expression.hpp"
#include "event/json/layout.hpp"

namespace snap::event::json {

inline constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

enum class want : std::uint8_t { scalar, whole };  // whole: of a container everything below it is kept too

// Where the value of a path is found after decoding. Paths with [*] have lists.
struct slot {
  bool list = false;
  std::uint8_t rank = 0;  // of a way to it through an alias: the higher outranks the lower, and all outrank the place itself
  std::uint32_t at = none;
  friend bool operator==(const slot&, const slot&) = default;
};

class path_set {
 public:
  // Before the first add. Paths that begin at a member of the batch are not lists for its sake: they are read member by member.
  void arrange(layout how);
  // The same path twice has one slot. The path has no pick step: the caller keeps the rest of it and walks the tape.
  slot add(const path& steps, want what);
  // A member of the root whose presence the decoder reports as bit `bit` of decoded::signs.
  void add_sign(std::string_view name, unsigned bit);
  void freeze();  // after the last add, before the first decode

  struct state {
    std::uint32_t members = 0, member_mask = 0;   // hash table in table(); mask 0 and members == none: no members
    std::uint32_t every = none;                   // of an element whose index is not named
    std::uint32_t indexes = 0, index_count = 0;   // in named()
    std::uint32_t accepts = 0, accept_count = 0;  // slots that this value fills, in accepted()
    std::uint32_t below = 0, below_count = 0;     // slots filled by this value and all below it, in accepted()
    std::uint32_t signs = 0;                      // root members only
    bool whole = false;
    enum : std::uint8_t { no_batch, batch, member } role = no_batch;  // the list of members, and a member
  };
  // Small on purpose: four share a cache line, and the tables are walked for every member of every record.
  struct member {
    std::uint32_t hash = 0, to = none;  // none: nobody here
    std::uint32_t name = 0, size = 0;   // in names_
  };

  [[nodiscard]] const state& at(std::uint32_t s) const noexcept { return states_[s]; }
  // Inlined, as is all that runs for each member of a record: what it does is less than what a call costs.
  [[nodiscard, gnu::always_inline]] inline std::uint32_t member_of(const state& s, std::string_view name) const noexcept {
    if (s.members == none) return none;
    const std::uint32_t key = hash(name);
    for (std::uint32_t h = key;; ++h) {
      const member& m = table_[s.members + (h & s.member_mask)];
      if (m.to == none || (m.hash == key && m.size == name.size() && same_bytes(names_.data() + m.name, name.data(), m.size))) {
        return m.to;
      }
    }
  }
  [[nodiscard]] std::uint32_t element_of(const state& s, std::uint32_t index) const noexcept {
    for (std::uint32_t i = 0; i < s.index_count; ++i) {
      if (named_[s.indexes + i].first == index) return named_[s.indexes + i].second;
    }
    return s.every;
  }
  [[nodiscard]] const slot* accepted(std::uint32_t from) const noexcept { return accepted_.data() + from; }
  [[nodiscard]] std::size_t state_count() const noexcept { return states_.size(); }
  [[nodiscard]] std::uint32_t single_count() const noexcept { return singles_; }
  [[nodiscard]] std::uint32_t list_count() const noexcept { return lists_; }
  // After freeze: the layout's lists as slots and states.
  struct text_place {
    std::uint32_t single, state;
  };
  struct pair_place {
    std::uint32_t single, state;  // of the list; of what its pairs are read as
    path key;
    std::vector<path> values;
  };
  [[nodiscard]] slot members() const noexcept { return members_; }  // of the batch's list; at == none: no batches
  [[nodiscard]] const std::vector<text_place>& texts() const noexcept { return texts_; }
  [[nodiscard]] const std::vector<pair_place>& pairs() const noexcept { return pairs_; }

 private:
  struct wanted {
    path steps;
    slot to;
    want what;
  };
  struct position {
    std::uint32_t which, step;
  };
  // Names are short and mostly equal here: a few fixed loads beat a call of memcmp.
  [[nodiscard, gnu::always_inline]] static inline bool same_bytes(const char* a, const char* b, std::size_t n) noexcept {
    const auto differ = [&]<class Word>(std::size_t at, Word) {
      Word x, y;
      std::memcpy(&x, a + at, sizeof x);
      std::memcpy(&y, b + at, sizeof y);
      return x != y;
    };
    if (n > 16) return std::memcmp(a, b, n) == 0;
    if (n >= 8) return !differ(0, std::uint64_t{}) && !differ(n - 8, std::uint64_t{});
    if (n >= 4) return !differ(0, std::uint32_t{}) && !differ(n - 4, std::uint32_t{});
    return n == 0 || (a[0] == b[0] && a[n / 2] == b[n / 2] && a[n - 1] == b[n - 1]);
  }
  [[nodiscard, gnu::always_inline]] static inline std::uint32_t hash(std::string_view name) noexcept {
    if (name.empty()) return 0;
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(name[i])); };
    const auto size = static_cast<std::uint32_t>(name.size());
    const std::uint32_t mixed =
        (size << 24U ^ byte(0) << 16U ^ byte(name.size() / 2) << 8U ^ byte(name.size() - 1)) * 0x9e3779b1U;
    return mixed ^ mixed >> 15U;
  }
  [[nodiscard]] bool below_members(const path& steps) const;
  void add_aliases();
  [[nodiscard]] std::uint32_t state_at(const path& steps) const;
  std::uint32_t build(const std::vector<position>& here);
  void build_members(std::uint32_t self, const std::vector<position>& here);
  void build_elements(std::uint32_t self, const std::vector<position>& here);

  std::vector<wanted> wanted_;
  std::vector<std::pair<std::string, unsigned>> signs_;
  std::vector<state> states_;  // [0] is the root
  std::vector<member> table_;
  std::string names_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> named_;
  std::vector<slot> accepted_;
  std::uint32_t singles_ = 0, lists_ = 0;
  layout layout_;
  slot members_;
  std::vector<text_place> texts_;
  std::vector<pair_place> pairs_;
};

}  // namespace snap::event::json
