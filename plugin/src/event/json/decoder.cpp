#include "event/json/decoder.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include "event/json/handler.hpp"
#include "event/text.hpp"

namespace snap::event::json {

void handler::begin(std::string_view text, std::span<const std::string_view> inside) {
  text_ = text;
  inside_ = inside;
  last_ = text.data();
  arena_.begin(paths_->texts().empty() ? text.size() : 2 * text.size());  // a text's own texts come on top of it
  restart(0);
  if (out.tape.capacity() > (1u << 16)) out.tape = {};  // grown by one huge record
  clear();
}

void handler::begin_text(std::string_view text, std::uint32_t state) {
  text_ = text;
  inside_ = {};
  last_ = text.data();
  restart(state);
}

void handler::restart(std::uint32_t root) noexcept {
  skipped_ = arrays_ = 0;
  top_ = frames_.data();
  batch_ = nullptr;
  row_ = 0;
  member_ = inside_.empty() ? target::at_state(root) : target::on_the_way();
  key_ = nullptr;
  key_size_ = 0;
}

void handler::clear() noexcept {
  out.leave();
  out.members.clear();
  out.fills.clear();
  out.aliased.clear();
  out.tape.clear();
  std::fill(out.singles.begin(), out.singles.end(), none);
  for (auto& l : out.lists) l.clear();
  out.signs = 0;
  out.root_members = 0;
}

// A member of what is around the root.
void handler::way_in() {
  const auto depth = static_cast<std::size_t>(top_ - frames_.data());
  member_ = target::nothing();
  if (std::string_view(key_, key_size_) != inside_[depth - 1]) return;
  clear();  // a duplicate of the way in: the last wins
  member_ = depth < inside_.size() ? target::on_the_way() : target::at_state(0);
}

[[gnu::always_inline]] inline void handler::member(const char* name, std::size_t size) {
  const frame& f = *top_;
  key_ = name;
  key_size_ = size;
  if (f.around) return way_in();
  target next;
  if (f.whole) next.keep_whole();
  if (const std::uint32_t to = f.asked == nullptr ? none : paths_->member_of(*f.asked, {name, size}); to != none) {
    const path_set::state& s = paths_->at(to);
    out.signs |= s.signs;
    if (s.below_count != 0) {  // else only its presence matters
      visit& v = visits_[to];
      if (v.serial == f.serial) forget(s);
      v = {f.serial, static_cast<std::uint32_t>(out.tape.size())};
      next.go_to(to);
    }
  }
  member_ = next;
}

// An earlier member of the same name filled these slots; it and all that was below it no longer counts. What was read between the
// two stays: in a layout its slots may be the same ones.
void handler::forget(const path_set::state& s) noexcept {
  const std::uint32_t from = visits_[static_cast<std::size_t>(&s - &paths_->at(0))].at;
  const std::uint32_t end = from + out.tape[from].span;
  const auto earlier = [=](std::uint32_t at) { return at != none && at >= from && at < end; };
  const slot* below = paths_->accepted(s.below);
  if (batch_ != nullptr) return forget_fills(out.fills, {below, s.below_count}, from, end);
  forget_fills(out.aliased, {below, s.below_count}, from, end);
  if (!out.members.empty() && earlier(out.members.front().at)) {
    out.members.clear();
    out.fills.clear();
  }
  for (std::uint32_t i = 0; i < s.below_count; ++i) {
    if (below[i].list) {
      std::erase_if(out.lists[below[i].at], [&](const entry& e) { return earlier(e.at); });
    } else if (std::uint32_t& single = out.singles[below[i].at]; earlier(single)) {
      single = none;
    }
  }
}

// The same for what is put into the slots later. Fills are in the order of the tape, so the search ends at the earlier duplicate.
void handler::forget_fills(std::vector<decoded::fill>& all, std::span<const slot> below, std::uint32_t from,
                           std::uint32_t end) noexcept {
  for (auto f = all.rbegin(); f != all.rend() && f->what.at >= from; ++f) {
    if (f->what.at < end && std::find(below.begin(), below.end(), f->to) != below.end()) f->to.at = none;
  }
}

[[gnu::always_inline]] inline handler::target handler::next_target() {
  frame& f = *top_;
  if (!f.array) return member_;
  const std::uint32_t index = f.index++;
  if (arrays_ == (batch_ != nullptr ? 2U : 1U)) row_ = index;
  target to;
  if (f.whole) to.keep_whole();
  if (f.asked != nullptr) {
    if (const std::uint32_t element = paths_->element_of(*f.asked, index); element != none) to.go_to(element);
  }
  key_ = nullptr;
  key_size_ = 0;
  return to;
}

[[gnu::always_inline]] inline std::uint32_t handler::push(target to, kind what, const char* text, std::size_t size, bool plain) {
  const auto at = static_cast<std::uint32_t>(out.tape.size());
  node& n = out.tape.emplace_back();
  n.key = {key_, key_size_};
  n.text = {text, size};
  n.what = what;
  n.plain = plain;
  n.key_plain = key_plain_;
  if (to.state() == none) return at;
  const path_set::state& s = paths_->at(to.state());
  if (s.role == path_set::state::member) out.members.push_back({at, static_cast<std::uint32_t>(out.fills.size())});
  const slot* accepted = paths_->accepted(s.accepts);
  for (std::uint32_t i = 0; i < s.accept_count; ++i) fill(accepted[i], at);
  return at;
}

[[gnu::always_inline]] inline void handler::fill(slot to, std::uint32_t at) {
  if (batch_ != nullptr || to.rank != 0) {
    (batch_ != nullptr ? out.fills : out.aliased).push_back({to, {row_, at}});
  } else if (to.list) {
    out.lists[to.at].push_back({row_, at});
  } else {
    out.singles[to.at] = at;
  }
}

[[gnu::always_inline]] inline void handler::scalar(kind what, const char* text, std::size_t size, bool plain) {
  const target to = next_target();
  if (!to.wanted() || to.around()) return;
  push(to, what, text, size, plain);
}

bool handler::open(kind what) {
  if (skipped_ != 0) {
    ++skipped_;
    return true;
  }
  const target to = next_target();
  if (!to.wanted() || (to.around() && what == kind::array)) {
    skipped_ = 1;
    return true;
  }
  frame& f = *++top_;
  f.asked = to.state() == none ? nullptr : &paths_->at(to.state());
  f.serial = ++serial_;
  f.index = 0;
  f.array = what == kind::array;
  f.around = to.around();
  f.whole = to.whole() || (f.asked != nullptr && f.asked->whole);
  if (f.array) ++arrays_;
  if (!f.around) f.at = push(to, what, nullptr, 0, true);
  if (f.array && f.asked != nullptr && f.asked->role == path_set::state::batch) batch_ = top_;
  return true;
}

bool handler::close(std::size_t members) {
  if (skipped_ != 0) {
    --skipped_;
    return true;
  }
  if (top_ == batch_) batch_ = nullptr;
  const frame& f = *top_--;
  if (f.array) --arrays_;
  if (f.around) return true;
  out.tape[f.at].span = static_cast<std::uint32_t>(out.tape.size()) - f.at;
  if (f.asked == &paths_->at(0) && !f.array) out.root_members = members;
  if (f.whole && !f.array && members > 1) bury_duplicates(f.at);
  return true;
}

// Few members: compare all pairs. Many: sort, so that a hostile record cannot cost the square of its size.
void handler::bury_duplicates(std::uint32_t parent) {
  sorted_.clear();
  node* const end = &out.tape[parent] + out.tape[parent].span;
  for (node* n = &out.tape[parent] + 1; n != end; n += n->span) sorted_.push_back(n);
  if (sorted_.size() <= 16) {
    for (std::size_t i = 0; i + 1 < sorted_.size(); ++i) {
      for (std::size_t j = i + 1; j < sorted_.size(); ++j) {
        if (sorted_[i]->key == sorted_[j]->key) sorted_[i]->dead = true;
      }
    }
    return;
  }
  std::sort(sorted_.begin(), sorted_.end(),
            [](const node* a, const node* b) { return a->key != b->key ? a->key < b->key : a < b; });
  for (std::size_t i = 0; i + 1 < sorted_.size(); ++i) {
    if (sorted_[i]->key == sorted_[i + 1]->key) sorted_[i]->dead = true;
  }
}

namespace {

boost::json::parse_options strict() {
  boost::json::parse_options o;
  o.max_depth = max_depth;
  return o;  // no comments, no trailing commas, no invalid UTF-8
}

std::string_view explain(boost::json::error e) {
  using boost::json::error;
  switch (e) {
    case error::too_deep: return "it is nested deeper than 64 levels";
    case error::incomplete: return "it ends too early";
    case error::extra_data: return "there is more text after the value";
    case error::illegal_leading_surrogate:
    case error::illegal_trailing_surrogate:
    case error::expected_utf16_escape: return "a \\u escape is half of a surrogate pair";
    case error::exponent_overflow: return "a number has an exponent beyond any range";
    case error::expected_hex_digit: return "a \\u escape needs four hexadecimal digits";
    default: return "it is not valid JSON syntax, or not valid UTF-8";
  }
}

}  // namespace

struct decoder::impl {
  explicit impl(const path_set& wanted) : paths(&wanted), parser(strict(), wanted) {}
  bool parse(std::string_view text);
  const path_set* paths;
  boost::json::basic_parser<handler> parser;
  decode_error error;
};

decoder::decoder(const path_set& paths) : impl_(std::make_unique<impl>(paths)) {}
decoder::~decoder() = default;
decoder::decoder(decoder&&) noexcept = default;
decoder& decoder::operator=(decoder&&) noexcept = default;

bool decoder::decode(std::string_view text, std::span<const std::string_view> inside) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  impl_->parser.handler().begin(text, inside);
  return impl_->parse(text);
}

bool decoder::impl::parse(std::string_view text) {
  parser.reset();
  boost::json::error_code failed;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), failed);
  if (!failed && used < text.size()) failed = boost::json::error::extra_data;
  if (!failed) return true;
  error = {explain(static_cast<boost::json::error>(failed.value())), parser.handler().near()};
  return false;
}

bool decoder::arrange() {
  handler& h = impl_->parser.handler();
  h.out.settle();
  for (const path_set::text_place& place : impl_->paths->texts()) {
    const value text = h.out.single(place.single);
    if (text.what != kind::string || !trim(text.text).starts_with('{') || place.state == none) continue;
    h.begin_text(text.text, place.state);
    if (!impl_->parse(text.text)) return false;
    h.out.settle();
  }
  read_pairs(*impl_->paths, h.out);
  return true;
}

const decoded& decoder::result() const noexcept { return impl_->parser.handler().out; }
decoded& decoder::result() noexcept { return impl_->parser.handler().out; }
const decode_error& decoder::error() const noexcept { return impl_->error; }

}  // namespace snap::event::json
