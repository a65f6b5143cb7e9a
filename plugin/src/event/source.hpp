// Expressions as the mapper evaluates them: `sources` compiles them to slots when the configuration is read, `reader` looks the
// slots up for one record. Evaluation does no look-up by name, except of headers.
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/expression.hpp"
#include "event/hash.hpp"
#include "event/json/decimal.hpp"
#include "event/json/decoder.hpp"
#include "event/text.hpp"
#include "sca/sink_connector.h"

namespace snap::event {

// A compiled expression: a range of alternatives in `sources`.
struct compiled {
  std::uint32_t from = 0, count = 0;
  bool ids = false;  // of an id: alternatives that are placeholders are passed over
  [[nodiscard]] bool empty() const noexcept { return count == 0; }
};

class sources {
 public:
  sources();
  // Where the whole of a container is needed (a pass-through, a list of scalars), or a scalar is enough.
  compiled compile(const expression& e, json::want what);
  // Several expressions as one: the alternatives of the first, then of the second …, then what any of them falls back to.
  compiled compile(std::span<const expression> in_order, json::want what);
  void freeze();

  json::path_set value_paths;    // of the record's value
  std::string_view absent_text;  // beside "", where that is absent
  json::path_set key_paths;      // of its key; used only when keyed()
  [[nodiscard]] bool keyed() const noexcept { return keyed_; }
  // Of one alternative, as it is written.
  [[nodiscard]] std::string_view text_of(std::uint32_t number) const noexcept { return all_[number].written; }

 private:
  friend class reader;
  struct factor {
    json::slot where;
    std::optional<json::decimal> otherwise;  // what counts in a row without it
  };
  struct source {
    alternative::root from = alternative::root::value;
    bool whole = false;                  // no steps: all of it
    json::slot where;                    // of sum(): its rows, if it has any
    path rest;                           // from the first [name='text'] on; walked on the tape
    std::uint32_t scratch = json::none;  // where the results of the walk or the call are kept
    std::string text;                    // header name, literal
    transform by = transform::lower;     // of a call …
    compiled inside;                     // … of what
    std::vector<factor> factors;         // of sum()
    std::string written;                 // for explanations
  };
  source compile(const alternative& a, json::want what);
  source compile_call(const alternative& a, json::want what);
  // The common case beside its cold details: a path into the value without [*] or pick is just its slot.
  static constexpr std::uint32_t not_simple = json::none;
  std::vector<std::uint32_t> simple_;  // parallel to all_
  std::vector<source> all_;
  std::uint32_t scratches_ = 0, calls_ = 0;
  bool keyed_ = false;
};

// What an expression found: one value, or the values of a path with [*].
struct found {
  json::value one;  // of many: the first that is present
  std::span<const json::entry> many;
  const json::node* tape = nullptr;  // what `many` indexes

  [[nodiscard]] bool present() const noexcept { return one.present(); }
  // Calls f(value) for every scalar: of a list each element, of a single value that value. f may return nothing.
  template <class F>
  void each_scalar(F&& f) const {
    if (!many.empty()) {
      for (const json::entry& e : many) one_or_children(tape[e.at], f);
    } else if (one.at != nullptr && one.what == json::kind::array) {
      one_or_children(*one.at, f);
    } else if (one.scalar()) {
      f(one);
    }
  }

 private:
  template <class F>
  static void one_or_children(const json::node& n, F&& f) {
    if (json::is_scalar(n.what)) f(json::value(n));
    if (n.what != json::kind::array) return;
    for (const json::node& child : json::children(n)) {
      if (json::is_scalar(child.what)) f(json::value(child));
    }
  }
};

enum class blank_text : std::uint8_t { counts, is_absent };  // is "" present? Presets differ (presets.md B)

// Attributes of an envelope around the event that expressions reach as headers (CloudEvents' `$header.ce_time`).
struct pseudo_header {
  std::string_view name;
  std::string text;
};

class reader {
 public:
  explicit reader(const sources& s);
  // All three outlive the record's mapping.
  void begin(const sca_record& record, const json::decoded& value, std::span<const pseudo_header> attributes);
  [[nodiscard]] found operator()(compiled c, blank_text blank = blank_text::counts) {
    for (std::uint32_t i = c.from; i < c.from + c.count; ++i) {
      const std::uint32_t slot = slots_[i];
      if (slot == sources::not_simple) return other(c, i, blank);
      const std::uint32_t at = singles_[slot];
      if (at == json::none) continue;
      const json::node& n = tape_[at];
      if (n.what == json::kind::null || (blank == blank_text::is_absent && is_blank(n.what, n.text))) continue;
      if (c.ids && passes_over(n.what, n.text, i)) continue;
      return {.one = json::value(n), .many = {}};
    }
    return {};
  }
  // The alternative that was passed over for its placeholder since this was asked before, by its number in `sources`.
  [[nodiscard]] std::optional<std::uint32_t> passed_over() noexcept { return std::exchange(passed_over_, std::nullopt); }
  // Does the record lack all of it? Sees paths into the value only, but is cheaper than asking for the value: most of what a plan
  // names, most records do not have.
  [[nodiscard]] bool lacks(compiled c) const noexcept {
    for (std::uint32_t i = c.from; i < c.from + c.count; ++i) {
      const std::uint32_t slot = slots_[i];
      if (slot == sources::not_simple || singles_[slot] != json::none) return false;
    }
    return true;
  }
  // Which alternative answers, for explanations.
  [[nodiscard]] std::optional<std::uint32_t> origin(compiled c, blank_text blank) {
    for (std::uint32_t i = 0; i < c.count; ++i) {
      if ((*this)(compiled{c.from + i, 1, c.ids}, blank).present()) return i;
    }
    return std::nullopt;
  }
  // Every value of every alternative of paths with [*] into the record's value: f(node), alternative by alternative, in the
  // order of the record.
  template <class F>
  void each_cell(compiled c, F&& f) const {
    for (std::uint32_t i = 0; i < c.count; ++i) {
      const json::slot where = sources_->all_[c.from + i].where;
      if (!where.list) continue;
      for (const json::entry& e : value_->lists[where.at]) f(value_->tape[e.at]);
    }
  }

 private:
  [[nodiscard]] found other(compiled c, std::uint32_t from, blank_text blank);
  [[nodiscard]] bool is_blank(json::kind what, std::string_view text) const noexcept {
    return what == json::kind::string &&
           (trim(text).empty() || (!sources_->absent_text.empty() && text == sources_->absent_text));
  }
  bool passes_over(json::kind what, std::string_view text, std::uint32_t alternative) noexcept {
    if (what != json::kind::string || !is_placeholder(text)) return false;
    passed_over_ = alternative;
    return true;
  }
  found from_value(const sources::source& s, const json::decoded& d);
  found walk(const sources::source& s, const json::decoded& d, std::span<const json::entry> starts);
  void walk_from(const json::node& n, std::span<const step> steps, std::uint32_t row, const json::node* tape,
                 std::vector<json::entry>& out) const;
  [[nodiscard]] json::value header(std::string_view name) const;
  found key(const sources::source& s);
  // source_call.cpp
  // What a call yielded, until the same call is evaluated again.
  struct kept {
    std::deque<std::string> texts;  // a deque's members stay where they are while it grows
    std::vector<json::node> nodes;
    std::vector<json::entry> many;
  };
  found call(const sources::source& s, blank_text blank);
  found call_each(const sources::source& s, const found& in);
  [[nodiscard]] found sum(const sources::source& s);
  [[nodiscard]] std::optional<json::decimal> product(const sources::source& s, const json::node* row);
  void read_key();

  const sources* sources_;
  const sca_record* record_ = nullptr;
  const json::decoded* value_ = nullptr;
  // Of this record, and of sources_: what nearly every look-up reads, one step away instead of three.
  const std::uint32_t* slots_ = nullptr;
  const std::uint32_t* singles_ = nullptr;
  const json::node* tape_ = nullptr;
  std::span<const pseudo_header> attributes_;
  std::vector<std::vector<json::entry>> scratch_;
  std::vector<kept> kept_;
  std::vector<std::size_t> cursors_;  // of sum(): how far each factor's list has been read
  std::optional<sha256_hex> hash_;    // there when a call may need it
  std::optional<json::decoder> key_decoder_;
  enum class key_state : std::uint8_t { unread, json, text, absent } key_ = key_state::unread;
  mutable std::array<char, 24> timestamp_{};
  std::optional<std::uint32_t> passed_over_;
};

}  // namespace snap::event
