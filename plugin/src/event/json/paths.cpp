#include "event/json/paths.hpp"

#include <algorithm>
#include <bit>
#include <map>

namespace snap::event::json {

namespace {

bool begins_with(const path& steps, const path& head) {
  return steps.size() >= head.size() && std::equal(head.begin(), head.end(), steps.begin());
}

}  // namespace

void path_set::arrange(layout how) {
  layout_ = std::move(how);
  if (layout_.members) members_ = add(*layout_.members, want::scalar);
  for (const path& p : layout_.texts) texts_.push_back({add(p, want::scalar).at, none});
  for (const pair_list& p : layout_.pairs) pairs_.push_back({add(p.list, want::whole).at, none, p.key, p.values});
}

// $.events[*] or longer, where $.events are the members.
bool path_set::below_members(const path& steps) const {
  if (!layout_.members || steps.size() <= layout_.members->size() || !begins_with(steps, *layout_.members)) return false;
  return steps[layout_.members->size()].what == step::kind::every;
}

slot path_set::add(const path& steps, want what) {
  for (wanted& w : wanted_) {
    if (w.steps != steps) continue;
    if (what == want::whole) w.what = what;
    return w.to;
  }
  const auto relative = steps.begin() + (below_members(steps) ? static_cast<std::ptrdiff_t>(layout_.members->size()) + 1 : 0);
  const bool list = std::any_of(relative, steps.end(), [](const step& s) { return s.what == step::kind::every; });
  const slot to{.list = list, .at = list ? lists_++ : singles_++};
  wanted_.push_back({steps, to, what});
  return to;
}

void path_set::add_sign(std::string_view name, unsigned bit) { signs_.emplace_back(name, bit); }

void path_set::freeze() {
  add_aliases();
  std::vector<position> all;
  for (std::uint32_t i = 0; i < wanted_.size(); ++i) all.push_back({i, 0});
  build(all);
  for (std::size_t i = 0; i < texts_.size(); ++i) texts_[i].state = state_at(layout_.texts[i]);
  for (std::size_t i = 0; i < pairs_.size(); ++i) pairs_[i].state = state_at(layout_.pairs[i].to);
}

// An alias is one more way to the same slot; but the members of a batch are read in the one place of their list.
void path_set::add_aliases() {
  const std::size_t own = wanted_.size();
  auto rank = static_cast<std::uint8_t>(layout_.aliases.size());
  for (const alias& a : layout_.aliases) {
    for (std::size_t i = 0; i < own; ++i) {
      if (!begins_with(wanted_[i].steps, a.to) || below_members(wanted_[i].steps) || wanted_[i].to == members_) continue;
      wanted w = wanted_[i];
      w.steps.erase(w.steps.begin(), w.steps.begin() + static_cast<std::ptrdiff_t>(a.to.size()));
      w.steps.insert(w.steps.begin(), a.from.begin(), a.from.end());
      w.to.rank = rank;
      wanted_.push_back(std::move(w));
    }
    --rank;
  }
}

// Of a path of members only; `none` where nothing below it is wanted.
std::uint32_t path_set::state_at(const path& steps) const {
  std::uint32_t at = 0;
  for (const step& s : steps) {
    if (at != none) at = member_of(states_[at], s.name);
  }
  return at;
}

// Subset construction: a state stands for every wanted path that could have led here. Paths are finite, so the result is a tree.
std::uint32_t path_set::build(const std::vector<position>& here) {
  const auto self = static_cast<std::uint32_t>(states_.size());
  states_.emplace_back();
  states_[self].members = none;
  std::vector<slot> accepts, below;
  for (const position& p : here) {
    const wanted& w = wanted_[p.which];
    below.push_back(w.to);
    if (p.step != w.steps.size()) continue;
    accepts.push_back(w.to);
    if (w.what == want::whole) states_[self].whole = true;
  }
  for (const position& p : here) {
    if (!below_members(wanted_[p.which].steps)) continue;
    if (p.step == layout_.members->size()) states_[self].role = state::batch;
    if (p.step == layout_.members->size() + 1) states_[self].role = state::member;
  }
  states_[self].accepts = static_cast<std::uint32_t>(accepted_.size());
  states_[self].accept_count = static_cast<std::uint32_t>(accepts.size());
  accepted_.insert(accepted_.end(), accepts.begin(), accepts.end());
  states_[self].below = static_cast<std::uint32_t>(accepted_.size());
  states_[self].below_count = static_cast<std::uint32_t>(below.size());
  accepted_.insert(accepted_.end(), below.begin(), below.end());
  build_members(self, here);
  build_elements(self, here);
  return self;
}

void path_set::build_members(std::uint32_t self, const std::vector<position>& here) {
  std::map<std::string, std::vector<position>, std::less<>> by_name;
  for (const position& p : here) {
    const wanted& w = wanted_[p.which];
    if (p.step == w.steps.size() || w.steps[p.step].what != step::kind::member) continue;
    by_name[w.steps[p.step].name].push_back({p.which, p.step + 1});
  }
  if (self == 0) {
    for (const auto& s : signs_) by_name[s.first];
  }
  if (by_name.empty()) return;
  std::vector<member> found;
  for (const auto& [name, next] : by_name) {
    const std::uint32_t to = build(next);
    found.push_back({hash(name), to, static_cast<std::uint32_t>(names_.size()), static_cast<std::uint32_t>(name.size())});
    names_ += name;
    if (self != 0) continue;
    for (const auto& [sign, bit] : signs_) {
      if (sign == name) states_[to].signs |= 1u << bit;
    }
  }
  // More than half empty: most names of a record are misses, and a miss should end at the first look.
  const std::size_t size = std::bit_ceil(found.size() * 2 + 1);
  const auto from = static_cast<std::uint32_t>(table_.size());
  table_.resize(table_.size() + size);
  const auto mask = static_cast<std::uint32_t>(size - 1);
  for (const member& m : found) {
    std::uint32_t h = m.hash;
    while (table_[from + (h & mask)].to != none) ++h;
    table_[from + (h & mask)] = m;
  }
  states_[self].members = from;
  states_[self].member_mask = mask;
}

void path_set::build_elements(std::uint32_t self, const std::vector<position>& here) {
  std::vector<position> every;
  std::map<std::uint32_t, std::vector<position>> by_index;
  for (const position& p : here) {
    const wanted& w = wanted_[p.which];
    if (p.step == w.steps.size()) continue;
    const step& s = w.steps[p.step];
    if (s.what == step::kind::every) every.push_back({p.which, p.step + 1});
    if (s.what == step::kind::index) by_index[s.index].push_back({p.which, p.step + 1});
  }
  if (!every.empty()) {
    const std::uint32_t to = build(every);
    states_[self].every = to;
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>> named;
  for (auto& [index, next] : by_index) {
    next.insert(next.end(), every.begin(), every.end());
    named.emplace_back(index, build(next));
  }
  states_[self].indexes = static_cast<std::uint32_t>(named_.size());
  states_[self].index_count = static_cast<std::uint32_t>(named.size());
  named_.insert(named_.end(), named.begin(), named.end());
}

}  // namespace snap::event::json
