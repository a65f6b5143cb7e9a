// app_data of MOBILE_APP events, with the 16 positions of extinfo (snap-api.md §1.10).
#include <algorithm>
#include <cstdlib>

#include "event/render.hpp"
#include "event/text.hpp"

namespace snap::event {
namespace {

constexpr std::size_t extinfo_size = 16;
// Platform, package, versions and system describe the app; the rest tells devices, and with them people, apart.
constexpr std::size_t kept_of_extinfo = 5;

// The value in whole units of `unit`, rounded towards zero; nothing when it is no number.
void write_whole(const json::value& v, std::int64_t unit, std::string& out) {
  const auto d = v.textual() ? json::parse_decimal(trim(v.text)) : std::nullopt;
  if (!d) return;
  json::wide n = d->mantissa;
  for (unsigned i = 0; i < d->scale; ++i) n /= 10;
  n /= unit;
  if (n <= INT64_MAX && n >= INT64_MIN) out = std::to_string(static_cast<std::int64_t>(n));
}

// An offset from UTC, in units of `seconds`: GMT-4, GMT+5:30, GMT+0.
void write_gmt(const json::value& v, std::int64_t seconds, std::string& out) {
  const auto d = v.textual() ? json::parse_decimal(trim(v.text)) : std::nullopt;
  const auto scaled = d ? json::multiply(*d, {seconds, 0}) : std::nullopt;
  const auto offset = scaled ? json::to_integer(*scaled) : std::nullopt;
  constexpr std::int64_t day = 86'400;
  if (!offset || *offset < -day || *offset > day) return;
  const std::int64_t minutes = std::abs(*offset) / 60;
  out = *offset < 0 ? "GMT-" : "GMT+";
  out += std::to_string(minutes / 60);
  if (minutes % 60 != 0) out.append(minutes % 60 < 10 ? ":0" : ":").append(std::to_string(minutes % 60));
}

bool is_there(const json::value& v) { return v.present() && !(v.what == json::kind::string && trim(v.text).empty()); }

bool all_digits(std::string_view s) { return !s.empty() && std::all_of(s.begin(), s.end(), is_digit); }

// What extinfo has to begin with, from what somebody wrote there. Without a word the store's id of the app tells: Apple's are
// digits, Android's are package names with a point. "": it is none.
std::string_view platform_of(const json::node& n, std::string_view app_id) {
  const std::string_view word = trim(n.text);
  if (among(word, "i2 ios")) return "i2";
  if (among(word, "a2 android")) return "a2";
  if (!word.empty()) return {};
  return all_digits(app_id) ? "i2" : app_id.find('.') != std::string_view::npos ? "a2" : std::string_view{};
}

}  // namespace

bool renderer::app_data(const decision& d, writer& out) {
  const bool app = d.source == config::action_source::mobile_app;
  const bool strip = d.use == decision::privacy::stripped;
  if (!app && !program_->preset->same_names) return true;  // only a v3 event may bring its own to a web event
  const std::size_t before = out.size();
  out.raw(R"(,"app_data":)");
  const std::size_t from = out.size();
  std::string_view app_id = d.app_id;
  for (const instruction& i : program_->plan_for(d.name, d.source).app) {
    if (idle(i)) continue;
    const noting note_it(*this, i, out);
    if (strip && !i.survives_strip) continue;
    const found f = value_of(i);
    if (i.name == "app_data.app_id" && f.one.textual() && !trim(f.one.text).empty()) app_id = trim(f.one.text);
    if (i.as == form::extinfo) {
      if (f.present()) {
        if (!given_extinfo(i, f, {.app_id = app_id, .strip = strip}, out)) return false;
      } else if (app && !program_->extinfo.empty()) {
        built_extinfo(i, d, out);
      } else if (app) {
        return fail(code::app_data_missing, "a MOBILE_APP event needs app_data.extinfo, a list of 16 texts");
      }
    } else if (strip && i.name == "app_data.advertiser_tracking_enabled") {
      if (!app && !is_there(f.one)) continue;
      out.raw(i.member);
      out.raw("0");
    } else if (field(i, f, out)) {
      continue;
    } else if (i.name == "app_data.app_id" && app && !d.app_id.empty()) {
      out.raw(i.member);
      out.escaped(d.app_id);
    } else if (i.name == "app_data.advertiser_tracking_enabled") {
      const condition* const row = choose(program_->tracking);
      if (row == nullptr && !app && !is_there(f.one)) continue;  // one that cannot be read is no permission
      out.raw(i.member);
      out.raw(row != nullptr ? row->then : "0");
    }
  }
  if (out.size() == from) {
    out.rewind(before);
  } else {
    out.close_object(from);
  }
  return true;
}

bool renderer::given_extinfo(const instruction& i, const found& f, const extinfo_of& about, writer& out) {
  const auto refuse = [&] { return fail(code::app_data_invalid, std::string(i.name) + " must be a list of exactly 16 texts"); };
  if (f.one.what != json::kind::array || !f.many.empty()) return refuse();
  const json::children elements(*f.one.at);
  if (static_cast<std::size_t>(std::distance(elements.begin(), elements.end())) != extinfo_size) return refuse();
  out.raw(i.member);
  const std::size_t list = out.size();
  std::size_t position = 0;
  for (const json::node& n : elements) {
    if (json::is_container(n.what)) return refuse();
    out.comma();
    const bool kept = !about.strip || position < kept_of_extinfo;
    if (position++ == 0) {
      const std::string_view platform = platform_of(n, about.app_id);
      if (platform.empty()) return fail(code::app_data_invalid, std::string(i.name) + "[0] must be i2 (iOS) or a2 (Android)");
      out.plain(platform);
    } else {
      kept ? out.text(n.text, n.plain) : out.plain("");
    }
  }
  out.close_list(list);
  return true;
}

void renderer::built_extinfo(const instruction& i, const decision& d, writer& out) {
  const condition* const row = choose(program_->platform);
  out.raw(i.member);
  const std::size_t list = out.size();
  out.comma();
  out.plain(row != nullptr ? row->then : all_digits(d.app_id) ? std::string_view("i2") : std::string_view("a2"));
  const bool strip = d.use == decision::privacy::stripped;
  std::size_t number = 1;
  for (const program::position& p : program_->extinfo) {
    out.comma();
    if (strip && number >= kept_of_extinfo) {
      out.plain("");
    } else {
      position(p, out);
    }
    ++number;
  }
  out.close_list(list);
}

void renderer::position(const program::position& p, writer& out) {
  const json::value v = (*from_)(p.from, program_->preset->blank).one;
  if (!v.scalar()) return out.plain("");
  scratch_.clear();
  switch (p.as) {
    case spelling::as_it_is: return out.text(v);
    case spelling::locale:
      if (trim(v.text).empty()) break;  // a country alone is no locale
      scratch_ = v.text;
      std::replace(scratch_.begin(), scratch_.end(), '-', '_');
      if (const json::value country = (*from_)(p.also).one; country.scalar() && !trim(country.text).empty())
        scratch_.append("_").append(country.text);
      break;
    case spelling::whole: write_whole(v, 1, scratch_); break;
    case spelling::gigabytes: write_whole(v, 1'000'000'000, scratch_); break;
    case spelling::gmt_of_hours: write_gmt(v, 3600, scratch_); break;
    case spelling::gmt_of_seconds: write_gmt(v, 1, scratch_); break;
  }
  out.escaped(scratch_);
}

}  // namespace snap::event
