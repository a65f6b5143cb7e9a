#include "event/json/layout.hpp"

#include <algorithm>

#include "event/json/decoder.hpp"

namespace snap::event::json {

// A place that an alias leads to has what stands there, and not what stands in the place itself, lists included.
void decoded::settle() {
  std::stable_sort(aliased.begin(), aliased.end(), [](const fill& a, const fill& b) { return a.to.rank < b.to.rank; });
  for (auto from = aliased.begin(); from != aliased.end();) {
    const auto end = std::find_if(from, aliased.end(), [=](const fill& f) { return f.to.rank != from->to.rank; });
    for (auto f = from; f != end; ++f) {
      if (f->to.list && f->to.at != none) lists[f->to.at].clear();
    }
    for (; from != end; ++from) {
      if (from->to.at == none) continue;
      if (from->to.list) {
        lists[from->to.at].push_back(from->what);
      } else if (std::uint32_t& single = singles[from->to.at]; single == none || tape[from->what.at].what != kind::null) {
        single = from->what.at;
      }
    }
  }
  aliased.clear();
}

void decoded::enter(std::size_t which) {
  leave();
  const std::size_t end = which + 1 < members.size() ? members[which + 1].from : fills.size();
  for (std::size_t i = members[which].from; i < end; ++i) {
    const fill& f = fills[i];
    if (f.to.at == none) continue;
    if (f.to.list) {
      lists[f.to.at].push_back(f.what);
      replaced_.push_back({f.to, {}});
      continue;
    }
    std::uint32_t& single = singles[f.to.at];
    if (single != none && tape[f.what.at].what == kind::null) continue;  // null says no more than the batch does
    replaced_.push_back({f.to, {0, single}});
    single = f.what.at;
  }
}

void decoded::leave() {
  for (auto f = replaced_.rbegin(); f != replaced_.rend(); ++f) {
    if (f->to.list) {
      lists[f->to.at].pop_back();
    } else {
      singles[f->to.at] = f->what.at;
    }
  }
  replaced_.clear();
}

namespace {

// Down a path of member names. nullptr: nothing there.
const node* find_below(const node& from, const path& steps) {
  const node* at = &from;
  for (const step& s : steps) {
    if (at->what != kind::object) return nullptr;
    const node* next = nullptr;
    for (const node& child : children(*at)) {
      if (child.key != s.name) continue;
      next = &child;
      break;
    }
    if (next == nullptr) return nullptr;
    at = next;
  }
  return at;
}

void read_pair(const node& pair, const path_set::pair_place& place, const path_set& paths, decoded& d) {
  const node* const key = find_below(pair, place.key);
  if (key == nullptr || key->what != kind::string) return;
  const std::uint32_t state = paths.member_of(paths.at(place.state), key->text);
  if (state == none) return;
  const path_set::state& s = paths.at(state);
  for (const path& p : place.values) {
    const node* const v = find_below(pair, p);
    if (v == nullptr || v->what == kind::null) continue;
    // Alternatives are columns of one type each, which a list or an object has none of.
    if (place.values.size() > 1 && !is_scalar(v->what)) continue;
    const slot* const accepted = paths.accepted(s.accepts);
    for (std::uint32_t i = 0; i < s.accept_count; ++i) {
      if (accepted[i].list || d.single(accepted[i].at).present()) continue;
      d.singles[accepted[i].at] = static_cast<std::uint32_t>(v - d.tape.data());
    }
    return;
  }
}

}  // namespace

void read_pairs(const path_set& paths, decoded& d) {
  for (const path_set::pair_place& place : paths.pairs()) {
    const value list = d.single(place.single);
    if (list.what != kind::array || place.state == none) continue;
    for (const node& pair : children(*list.at)) {
      if (pair.what == kind::object) read_pair(pair, place, paths, d);
    }
  }
}

}  // namespace snap::event::json
