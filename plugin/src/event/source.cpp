#include "event/source.hpp"

#include <algorithm>
#include <charconv>

#include "event/text.hpp"
#include "sca/views.hpp"

namespace snap::event {

using json::value;

sources::sources() {
  key_paths.add_sign("schema", 0);
  key_paths.add_sign("payload", 1);
}

compiled sources::compile(const expression& e, json::want what) { return compile(std::span(&e, 1), what); }

compiled sources::compile(std::span<const expression> in_order, json::want what) {
  // what stands inside of calls comes first, so that the alternatives of this expression lie side by side
  std::vector<source> own;
  for (const expression& e : in_order) {
    for (const alternative& a : e.alternatives) {
      own.push_back(compile(a, what));
      own.back().written = to_text(a);
    }
  }
  for (const expression& e : in_order) {
    if (!e.otherwise) continue;
    own.push_back(compile({.from = alternative::root::literal, .steps = {}, .text = *e.otherwise}, what));
    own.back().written = "default(" + to_text({.from = alternative::root::literal, .steps = {}, .text = *e.otherwise}) + ")";
    break;
  }
  const compiled out{static_cast<std::uint32_t>(all_.size()), static_cast<std::uint32_t>(own.size())};
  for (source& s : own) {
    const bool simple = s.from == alternative::root::value && !s.where.list && s.rest.empty();
    simple_.push_back(simple ? s.where.at : not_simple);
    all_.push_back(std::move(s));
  }
  return out;
}

sources::source sources::compile(const alternative& a, json::want what) {
  if (a.from == alternative::root::call) return compile_call(a, what);
  source s{.from = a.from,
           .whole = a.steps.empty(),
           .where = {},
           .rest = {},
           .text = a.text,
           .inside = {},
           .factors = {},
           .written = {}};
  if (a.from == alternative::root::value || a.from == alternative::root::key) {
    const auto pick = std::find_if(a.steps.begin(), a.steps.end(), [](const step& t) { return t.what == step::kind::pick; });
    s.rest.assign(pick, a.steps.end());
    const bool on_value = a.from == alternative::root::value;
    keyed_ = keyed_ || !on_value;
    s.where = (on_value ? value_paths : key_paths).add({a.steps.begin(), pick}, s.rest.empty() ? what : json::want::whole);
    if (!s.rest.empty()) s.scratch = scratches_++;
  }
  return s;
}

void sources::freeze() {
  value_paths.freeze();
  key_paths.freeze();
}

reader::reader(const sources& s) : sources_(&s), scratch_(s.scratches_), kept_(s.calls_) {
  if (s.keyed()) key_decoder_.emplace(s.key_paths);
  if (s.calls_ > 0) hash_.emplace();
}

void reader::begin(const sca_record& record, const json::decoded& decoded, std::span<const pseudo_header> attributes) {
  record_ = &record;
  value_ = &decoded;
  slots_ = sources_->simple_.data();
  singles_ = decoded.singles.data();
  tape_ = decoded.tape.data();
  attributes_ = attributes;
  key_ = key_state::unread;
}

// The alternatives from number `from` on, of any kind.
found reader::other(compiled c, std::uint32_t from, blank_text blank) {
  using root = alternative::root;
  for (std::uint32_t i = from; i < c.from + c.count; ++i) {
    const sources::source& s = sources_->all_[i];
    found f;
    switch (s.from) {
      case root::value: f = from_value(s, *value_); break;
      case root::key: f = key(s); break;
      case root::header: f.one = header(s.text); break;
      case root::topic: f.one = value(sca::view(record_->routed_topic.size == 0 ? record_->topic : record_->routed_topic)); break;
      case root::literal: f.one = value(std::string_view(s.text)); break;
      case root::call: f = call(s, blank); break;
      case root::timestamp:
        if (record_->timestamp_type != SCA_TIMESTAMP_NONE && record_->timestamp_ms >= 0) {
          const char* end = std::to_chars(timestamp_.data(), timestamp_.data() + timestamp_.size(), record_->timestamp_ms).ptr;
          f.one = value(std::string_view(timestamp_.data(), static_cast<std::size_t>(end - timestamp_.data())));
          f.one.what = json::kind::number;
        }
        break;
    }
    if (!f.present()) continue;
    if (blank == blank_text::is_absent && is_blank(f.one.what, f.one.text)) continue;
    if (c.ids && f.many.empty() && passes_over(f.one.what, f.one.text, i)) continue;
    return f;
  }
  return {};
}

found reader::from_value(const sources::source& s, const json::decoded& d) {
  if (!s.where.list) {
    const std::uint32_t at = d.singles[s.where.at];
    if (at == json::none) return {};
    if (s.rest.empty()) return {.one = value(d.tape[at]), .many = {}};
    const json::entry start{0, at};
    return walk(s, d, std::span(&start, 1));
  }
  const auto& list = d.lists[s.where.at];
  if (!s.rest.empty()) return walk(s, d, list);
  for (const json::entry& e : list) {
    const value v(d.tape[e.at]);
    if (v.present()) return {.one = v, .many = list, .tape = d.tape.data()};
  }
  return {};
}

found reader::walk(const sources::source& s, const json::decoded& d, std::span<const json::entry> starts) {
  auto& out = scratch_[s.scratch];
  out.clear();
  for (const json::entry& e : starts) walk_from(d.tape[e.at], s.rest, e.row, d.tape.data(), out);
  const bool many =
      s.where.list || std::any_of(s.rest.begin(), s.rest.end(), [](const step& t) { return t.what == step::kind::every; });
  for (const json::entry& e : out) {
    const value v(d.tape[e.at]);
    if (!v.present()) continue;
    return many ? found{.one = v, .many = out, .tape = d.tape.data()} : found{.one = v, .many = {}};
  }
  return {};
}

void reader::walk_from(const json::node& n, std::span<const step> steps, std::uint32_t row, const json::node* tape,
                       std::vector<json::entry>& out) const {
  if (steps.empty()) {
    out.push_back({row, static_cast<std::uint32_t>(&n - tape)});
    return;
  }
  const step& s = steps.front();
  const auto rest = steps.subspan(1);
  if (n.what != (s.what == step::kind::member ? json::kind::object : json::kind::array)) return;
  std::uint32_t index = 0;
  for (const json::node& child : json::children(n)) {
    switch (s.what) {
      case step::kind::member:
        if (child.key == s.name) return walk_from(child, rest, row, tape, out);
        break;
      case step::kind::index:
        if (index++ == s.index) return walk_from(child, rest, row, tape, out);
        break;
      case step::kind::every: walk_from(child, rest, row, tape, out); break;
      case step::kind::pick:
        if (child.what != json::kind::object) break;
        for (const json::node& field : json::children(child)) {
          if (field.key == s.name && json::is_scalar(field.what) && field.text == s.text) {
            return walk_from(child, rest, row, tape, out);
          }
        }
        break;
    }
  }
}

// Headers may repeat: the last one counts, as in Kafka Connect's lastWithName.
value reader::header(std::string_view name) const {
  for (std::size_t i = record_->header_count; i-- > 0;) {
    const sca_header& h = record_->headers[i];
    if (sca::view(h.key) != name) continue;
    const auto bytes = sca::view(h.value);
    return bytes && is_utf8(*bytes) ? value(*bytes) : value{};
  }
  for (const pseudo_header& a : attributes_) {
    if (a.name == name) return value(std::string_view(a.text));
  }
  return {};
}

// A key is JSON if it reads as an object or a text; anything else is taken as the text it is.
void reader::read_key() {
  const auto bytes = sca::view(record_->key);
  if (!bytes || bytes->empty()) {
    key_ = key_state::absent;
    return;
  }
  const std::string_view head = trim(*bytes).substr(0, 1);
  if ((head == "{" || head == "\"" || head == "[") && key_decoder_->decode(*bytes)) {
    const auto& d = key_decoder_->result();
    static constexpr std::array<std::string_view, 1> payload{"payload"};
    key_ = key_state::json;
    // JsonConverter with a schema: the key is inside
    if (d.root() == json::kind::object && d.root_members == 2 && d.signs == 3 && !key_decoder_->decode(*bytes, payload)) {
      key_ = key_state::absent;
    }
    return;
  }
  key_ = is_utf8(*bytes) ? key_state::text : key_state::absent;
}

found reader::key(const sources::source& s) {
  if (key_ == key_state::unread) read_key();
  if (key_ == key_state::json) return from_value(s, key_decoder_->result());
  if (key_ == key_state::text && s.whole) return {.one = value(*sca::view(record_->key)), .many = {}};
  return {};
}

}  // namespace snap::event
