// JSON text in, the wanted values on a flat tape and in slots out. A handler on Boost.JSON's basic_parser: no DOM, no allocation
// once warm. Strict: UTF-8 is checked, lone surrogates and depth over 64 are errors. One decoder per mapper thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "event/json/paths.hpp"
#include "event/json/tape.hpp"

namespace snap::event::json {

inline constexpr std::size_t max_depth = 64;

struct entry {
  std::uint32_t row;  // index of the element in the outermost array of the path
  std::uint32_t at;   // on the tape
};

// Valid until the decoder's next decode.
struct decoded {
  std::vector<node> tape;                 // [0] is the root, if there is one
  std::vector<std::uint32_t> singles;     // by slot: a node, or none
  std::vector<std::vector<entry>> lists;  // by slot, in document order
  std::uint32_t signs = 0;                // path_set::add_sign
  std::size_t root_members = 0;           // of a root that is an object; duplicates counted

  // A batch's members: what each of them has for the slots is put there by enter().
  struct member {
    std::uint32_t at;    // on the tape
    std::uint32_t from;  // in fills; up to the next member's
  };
  struct fill {
    slot to;  // at == none: a duplicate name took its place
    entry what;
  };
  std::vector<member> members;
  std::vector<fill> fills;
  // What aliases lead to, outside of a batch: put into the slots by settle(), when the slots have what they outrank.
  std::vector<fill> aliased;
  void settle();
  void enter(std::size_t which);  // the slots hold this member's values beside the batch's own
  void leave();                   // the batch's own again

  [[nodiscard]] value single(std::uint32_t slot) const noexcept {
    const std::uint32_t at = singles[slot];
    return at == none ? value{} : value(tape[at]);
  }
  [[nodiscard]] kind root() const noexcept { return tape.empty() ? kind::absent : tape.front().what; }

 private:
  std::vector<fill> replaced_;  // what enter() changed: lists grew by one, singles were `what.at`
};

void read_pairs(const path_set& paths, decoded& d);

struct decode_error {
  std::string_view what;  // static text
  std::size_t near = 0;   // a byte of the text shortly before the fault
};

class decoder {
 public:
  explicit decoder(const path_set& paths);  // frozen; outlives the decoder
  ~decoder();
  decoder(decoder&&) noexcept;
  decoder& operator=(decoder&&) noexcept;

  // `inside`: the value that the paths start from, members of members of the whole; everything around it is checked and
  // forgotten. A leading byte order mark is skipped. `text` must live as long as the result is used.
  [[nodiscard]] bool decode(std::string_view text, std::span<const std::string_view> inside = {});
  // The layout's texts and pairs, once the value is known to be the event. false: a text is no JSON.
  [[nodiscard]] bool arrange();
  [[nodiscard]] const decoded& result() const noexcept;
  [[nodiscard]] decoded& result() noexcept;
  [[nodiscard]] const decode_error& error() const noexcept;  // after decode() said false

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace snap::event::json
