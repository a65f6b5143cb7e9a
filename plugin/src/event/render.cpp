#include "event/render.hpp"

#include <algorithm>

#include "event/page_address.hpp"
#include "event/text.hpp"

namespace snap::event {

renderer::renderer(const program& p, reader& from, key_counters& counts) : program_(&p), from_(&from), counts_(&counts) {
  using enum config::compat;
  switch (p.mapping->peer) {
    case none: context_.as = normalise::manner::snapchat; break;
    case rudder: context_.as = normalise::manner::rudder; break;
    case segment: context_.as = normalise::manner::segment; break;
  }
}

bool renderer::fail(code why, std::string text, fate what) {
  problem_ = {what, why, std::move(text)};
  return false;
}

namespace {

bool says_something(const json::value& v) {
  return v.present() && !same_word(v.text, "false") && !(v.what == json::kind::string && trim(v.text).empty());
}

bool holds(const condition& row, reader& from) {
  if (!row.always) {
    const json::value v = from(row.from, blank_text::is_absent).one;
    const std::string_view word = trim(v.text);
    if (row.is.empty()
            ? !says_something(v)
            : !v.scalar() || std::none_of(row.is.begin(), row.is.end(), [&](const std::string& w) { return same_word(w, word); }))
      return false;
    if (!row.differs.empty() && trim(from(row.differs).one.text) == word) return false;
  }
  if (!row.unless.empty() && says_something(from(row.unless).one)) return false;
  return row.with.empty() || says_something(from(row.with, blank_text::is_absent).one);
}

}  // namespace

const condition* first_that_holds(std::span<const condition> rows, reader& from) {
  for (const condition& row : rows) {
    if (holds(row, from)) return &row;
  }
  return nullptr;
}

const condition* renderer::choose(std::span<const condition> rows) { return first_that_holds(rows, *from_); }

bool renderer::render(const decision& d, writer& out) {
  out.clear();
  stripped_ = d.use == decision::privacy::stripped;
  filled_ = filled::source;
  root(d, out);
  return user_data(d, out) && custom_data(d, out) && app_data(d, out) && (out.raw("}"), true);
}

void renderer::root(const decision& d, writer& out) {
  static constexpr std::array<std::string_view, 3> sources{R"(,"action_source":"WEB")", R"(,"action_source":"MOBILE_APP")",
                                                           R"(,"action_source":"OFFLINE")"};
  out.raw(R"({"event_name":)");
  if (d.name == event_name::other) {
    out.escaped(d.raw_name);
  } else {
    out.plain(to_text(d.name));
  }
  out.raw(R"(,"event_time":)");
  const bool ms = program_->mapping->precision == config::time_precision::ms;
  out.integer(ms ? d.time.time_since_epoch().count()
                 : std::chrono::floor<std::chrono::seconds>(d.time).time_since_epoch().count());
  out.raw(sources[static_cast<std::size_t>(d.source)]);
  out.raw(R"(,"event_id":)");
  out.escaped(d.event_id);
  for (const instruction& i : program_->plan_for(d.name, d.source).root) {
    if (idle(i)) continue;
    const noting note_it(*this, i, out);
    if (i.as == form::options) {
      options(i, d, out);
    } else if (d.use == decision::privacy::stripped && i.name == "event_source_url") {
      bare_page(i, (*from_)(i.from, program_->preset->blank), out);
    } else if (const found f = (*from_)(i.from, program_->preset->blank); !field(i, f, out) && i.name == "integration") {
      if (program_->mapping->integration.empty()) continue;
      out.raw(i.member);
      out.escaped(program_->mapping->integration);
    }
  }
}

void renderer::bare_page(const instruction& i, const found& f, writer& out) {
  if (f.one.what != json::kind::string || !bare_address(f.one.text, scratch_)) return;
  out.raw(i.member);
  out.escaped(scratch_);
}

// The event's own options, as a list or as the text that some senders make of it (['lmu']), and the token when use is limited.
void renderer::options(const instruction& i, const decision& d, writer& out) {
  const std::string& token = program_->mapping->limited_use_token;
  bool limited = d.use != decision::privacy::full, has_token = false;
  const std::size_t before = out.size();
  out.raw(i.member);
  const std::size_t list = out.size();
  (*from_)(i.from).each_scalar([&](const json::value& v) {
    if (v.what != json::kind::string) return;
    scratch_.clear();
    for (const char c : v.text) {
      const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
      if ((upper >= 'A' && upper <= 'Z') || upper == '_') scratch_ += upper;
    }
    if (scratch_.empty()) return;
    if (!among(scratch_, "LDU LMU DELETE")) {  // Snapchat refuses the event for it; whoever wrote it asked for less use
      limited = true;
      return;
    }
    has_token = has_token || scratch_ == token;
    out.comma();
    out.plain(scratch_);
  });
  if (limited && !has_token) {
    out.comma();
    out.escaped(token.empty() ? std::string_view("LDU") : std::string_view(token));
  }
  if (out.size() == list) return out.rewind(before);
  out.close_list(list);
}

}  // namespace snap::event
