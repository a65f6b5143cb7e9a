// Transforms inside expressions: how they are compiled and what they yield for a record.
#include <algorithm>

#include "event/source.hpp"
#include "event/text.hpp"

namespace snap::event {

using json::value;

sources::source sources::compile_call(const alternative& a, json::want what) {
  source s{.from = a.from,
           .where = {},
           .rest = {},
           .scratch = calls_++,
           .text = {},
           .by = a.by,
           .inside = {},
           .factors = {},
           .written = {}};
  if (a.by != transform::sum) {
    const bool in_lists = a.by == transform::first || a.by == transform::text;
    const json::want inner = in_lists ? json::want::whole : what;
    const expression inside{.alternatives = a.inside};
    s.inside = compile(inside, inner);
    return s;
  }
  for (const alternative& f : a.inside) {
    const auto every = std::find_if(f.steps.begin(), f.steps.end(), [](const step& t) { return t.what == step::kind::every; });
    if (every != f.steps.end()) s.where = value_paths.add({f.steps.begin(), every + 1}, json::want::scalar);
    s.factors.push_back({.where = value_paths.add(f.steps, json::want::scalar),
                         .otherwise = f.text.empty() ? std::nullopt : json::parse_decimal(f.text)});
  }
  return s;
}

found reader::call(const sources::source& s, blank_text blank) {
  if (s.by == transform::sum) return sum(s);
  const found in = (*this)(s.inside, blank);
  if (!in.present()) return {};
  if (s.by == transform::first || s.by == transform::text) {
    found out;
    in.each_scalar([&](const value& v) {
      const bool takes =
          s.by == transform::first || v.what == json::kind::number || (v.what == json::kind::string && !trim(v.text).empty());
      if (!out.present() && takes) out.one = v;
    });
    return out;
  }
  if (!in.many.empty() || in.one.container()) return call_each(s, in);
  kept& k = kept_[s.scratch];
  if (k.texts.empty()) k.texts.emplace_back();
  return {.one = apply(s.by, in.one, *hash_, k.texts.front()), .many = {}};
}

// A list: each member that the transform has an answer to.
found reader::call_each(const sources::source& s, const found& in) {
  kept& k = kept_[s.scratch];
  k.nodes.clear();
  k.many.clear();
  std::size_t used = 0;
  in.each_scalar([&](const value& v) {
    if (used == k.texts.size()) k.texts.emplace_back();
    const value out = apply(s.by, v, *hash_, k.texts[used]);
    if (!out.present()) return;
    ++used;
    const auto row = static_cast<std::uint32_t>(k.nodes.size());
    k.many.push_back({row, row});
    k.nodes.push_back({.text = out.text, .what = out.what, .plain = out.plain});
  });
  if (k.nodes.empty()) return {};
  return {.one = value(k.nodes.front()), .many = k.many, .tape = k.nodes.data()};
}

// Unknown rather than too small: one row without an answer leaves the whole sum without one.
found reader::sum(const sources::source& s) {
  cursors_.assign(s.factors.size(), 0);
  std::optional<json::decimal> total;
  if (!s.where.list) {
    total = product(s, nullptr);
  } else {
    for (const json::entry& row : value_->lists[s.where.at]) {
      const auto next = product(s, &value_->tape[row.at]);
      total = !next ? std::nullopt : total ? json::add(*total, *next) : next;
      if (!total) return {};
    }
  }
  if (!total) return {};
  kept& k = kept_[s.scratch];
  if (k.texts.empty()) k.texts.emplace_back();
  k.texts.front().assign(json::to_text(*total).view());
  value out{std::string_view(k.texts.front())};
  out.what = json::kind::number;
  out.plain = true;
  return {.one = out, .many = {}};
}

// The factors in one row: what their lists hold below it. Rows and lists are in document order, so each list is read once.
std::optional<json::decimal> reader::product(const sources::source& s, const json::node* row) {
  const auto begin = row == nullptr ? 0 : static_cast<std::uint32_t>(row - value_->tape.data());
  std::optional<json::decimal> out;
  for (std::size_t i = 0; i < s.factors.size(); ++i) {
    const sources::factor& f = s.factors[i];
    value v;
    if (f.where.list) {
      const auto& cells = value_->lists[f.where.at];
      std::size_t& at = cursors_[i];
      while (at < cells.size() && cells[at].at < begin) ++at;
      if (at < cells.size() && cells[at].at < begin + row->span) v = value(value_->tape[cells[at].at]);
    } else {
      v = value_->single(f.where.at);
    }
    const auto next = !v.present() ? f.otherwise : json::decimal_of(v);
    out = !next ? std::nullopt : i == 0 ? next : json::multiply(*out, *next);
    if (!out) return std::nullopt;
  }
  return out;
}

}  // namespace snap::event
