// user_data: match keys, normalised and hashed; and whether what is left identifies anyone (snap-api.md §1.8).
#include <algorithm>

#include "event/render.hpp"
#include "event/text.hpp"

namespace snap::event {

using normalise::outcome;

bool renderer::user_data(const decision& d, writer& out) {
  const bool strip = d.use == decision::privacy::stripped;
  country_.clear();
  context_.country = {};
  context_.phone_country = d.phone_country;
  evidence e;
  e.no_tracking = choose(program_->refused_tracking) != nullptr;
  out.raw(R"(,"user_data":)");
  const std::size_t from = out.size();
  const char* done = nullptr;  // the field that has its value: its further rows do not count
  for (const instruction& i : program_->plan_for(d.name, d.source).user) {
    if (idle(i)) continue;
    const noting note_it(*this, i, out);
    if ((strip && !i.survives_strip) || i.name.data() == done) continue;
    if (i.more != nullptr) {
      if (detailed_key(i, d, e, out)) done = i.name.data();
    } else if (const found f = value_of(i); f.present()) {
      match_key(i, f, d, e, out);
      done = i.name.data();
    }
  }
  out.close_object(from);
  if (strip) {
    return (e.address && e.agent) ||
           fail(code::consent_denied,
                "the person did not consent, and without client_ip_address and client_user_agent nothing is left to send",
                fate::skip);
  }
  if (e.person || (e.address && e.agent) || program_->mapping->identity == config::no_identity::send) return true;
  const fate what = program_->mapping->identity == config::no_identity::skip ? fate::skip : fate::reject;
  if (e.foreign_digest) {
    return fail(
        code::identity_not_hashed,
        "the match keys are digests that Snapchat cannot compare, of another algorithm or of text that is not normalised as "
        "it does; send clear text or SHA-256 (64 hex digits) in user_data",
        what);
  }
  return fail(code::identity_missing,
              "no usable match key: Snapchat needs em, ph, madid of an app, or client_ip_address together with client_user_agent",
              what);
}

sha256_hex::digits renderer::digest_of(std::string_view text) {
  if (text.empty() || text.size() > 2) return hash_(text);
  constexpr std::size_t slots = 256;
  if (codes_.empty()) codes_.resize(slots);
  const std::array<char, 2> code{text[0], text.size() == 2 ? text[1] : '\0'};
  code_digest& known = codes_[(static_cast<unsigned char>(code[0]) * 29U + static_cast<unsigned char>(code[1])) % slots];
  if (known.size != text.size() || known.code != code) known = {code, static_cast<std::uint8_t>(text.size()), hash_(text)};
  return known.digits;
}

// One value of a hashed key. false: dropped and counted.
bool renderer::digest(const instruction& i, const json::value& v, evidence& e, sha256_hex::digits& out) {
  const outcome o = !v.textual()                           ? outcome::malformed
                    : i.from.ids && is_placeholder(v.text) ? outcome::placeholder
                                                           : i.by(v.text, context_, scratch_);
  if (o == outcome::digest) {
    std::copy_n(scratch_.begin(), out.size(), out.begin());
    return true;
  }
  if (o == outcome::text && !scratch_.empty()) {
    if (i.by == &normalise::country && scratch_.size() == 2 && country_.empty()) {
      country_ = scratch_;
      context_.country = country_;
    }
    out = digest_of(scratch_);
    return true;
  }
  drop(i, o == outcome::text ? outcome::empty : o);
  e.foreign_digest = e.foreign_digest || o == outcome::foreign_digest;
  return false;
}

void renderer::match_key(const instruction& i, const found& f, const decision& d, evidence& e, writer& out) {
  if (i.as == form::hashed || i.as == form::hashed_list) {
    hashed(i, f, e, out);
  } else {
    plain_key(i, f, d, e, out);
  }
}

// All values of a list, each digest once, beside those that are there already.
void renderer::collect_digests(const instruction& i, const found& f, evidence& e) {
  f.each_scalar([&](const json::value& v) {
    sha256_hex::digits d;
    if (!digest(i, v, e, d)) return;
    // a list may name the same person twice; a hostile one must not cost the square of its length
    constexpr std::size_t compared = 64;
    const auto end = digests_.begin() + static_cast<std::ptrdiff_t>(std::min(digests_.size(), compared));
    if (std::find(digests_.begin(), end, d) == end) digests_.push_back(d);
  });
  if (f.one.what == json::kind::object && f.many.empty()) drop(i, outcome::malformed);
}

void renderer::hashed(const instruction& i, const found& f, evidence& e, writer& out) {
  if (f.many.empty() && f.one.scalar()) {
    digests_.resize(1);
    if (!digest(i, f.one, e, digests_[0])) return;
  } else {
    digests_.clear();
    collect_digests(i, f, e);
    if (digests_.empty()) return;
  }
  write_digests(i, e, out);
}

void renderer::write_digests(const instruction& i, evidence& e, writer& out) {
  out.raw(i.member);
  const std::size_t list = out.size();
  const bool single = i.as == form::hashed && digests_.size() == 1;
  for (const auto& d : digests_) {
    if (!single) out.comma();
    out.plain({d.data(), d.size()});
  }
  if (!single) out.close_list(list);
  counts_->sent(i.key);
  e.person = e.person || i.role == identity::alone;
}

void renderer::plain_key(const instruction& i, const found& f, const decision& d, evidence& e, writer& out) {
  if (e.no_tracking && i.role == identity::app_device) return drop(i, outcome::refused);
  if (i.as == form::plain_key) {
    const outcome o = f.one.textual() ? i.by(f.one.text, context_, scratch_) : outcome::malformed;
    if (!normalise::kept(o) || scratch_.empty()) return drop(i, normalise::kept(o) ? outcome::empty : o);
    out.raw(i.member);
    out.escaped(scratch_);
  } else if (!field(i, f, out)) {
    return drop(i, f.one.scalar() ? outcome::empty : outcome::malformed);
  }
  counts_->sent(i.key);
  switch (i.role) {
    case identity::none:
    case identity::alone: break;
    case identity::app_device: e.person = e.person || d.source == config::action_source::mobile_app; break;
    case identity::address: e.address = true; break;
    case identity::agent: e.agent = true; break;
  }
}

}  // namespace snap::event
