#include "delivery/reply.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cctype>

#include "delivery/safe_text.hpp"

namespace snap::delivery {
namespace {

namespace json = boost::json;

const json::value* member(const json::object& o, std::string_view name) { return o.if_contains(name); }

std::string_view text_of(const json::value* v) {
  return v != nullptr && v->is_string() ? std::string_view{v->get_string()} : std::string_view{};
}

std::optional<std::uint64_t> index_of(const json::value* v) {
  if (v == nullptr || !v->is_number()) return std::nullopt;
  boost::system::error_code ec;
  const auto n = v->to_number<std::uint64_t>(ec);
  return ec ? std::nullopt : std::optional{n};
}

bool same_word(std::string_view a, std::string_view upper) {
  return std::equal(a.begin(), a.end(), upper.begin(), upper.end(),
                    [](char x, char y) { return std::toupper(static_cast<unsigned char>(x)) == y; });
}

reply::status status_of(const json::object& o) {
  const std::string_view s = text_of(member(o, "status"));
  if (same_word(s, "VALID") || same_word(s, "SUCCESS")) return reply::status::valid;
  return same_word(s, "INVALID") ? reply::status::invalid : reply::status::unknown;
}

// "507,517" or "First. Second." of an array of strings or numbers.
std::string joined(const json::value* v, std::string_view between) {
  std::string out;
  if (v == nullptr || !v->is_array()) return out;
  for (const json::value& each : v->get_array()) {
    if (!each.is_string() && !each.is_number()) continue;
    if (!out.empty()) out += between;
    out += each.is_string() ? std::string{text_of(&each)} : json::serialize(each);
    if (out.size() > 4 * safe_text_limit) break;
  }
  return out;
}

// codes and error_msgs, or the reason where they are missing.
std::string explanation(const json::object& o) {
  std::string codes, messages;
  if (const json::value* errors = member(o, "errors"); errors != nullptr && errors->is_object()) {
    codes = joined(member(errors->get_object(), "codes"), ",");
    messages = joined(member(errors->get_object(), "error_msgs"), " ");
  }
  if (messages.empty()) messages = text_of(member(o, "reason"));
  return codes.empty() || messages.empty() ? codes + messages : codes + ' ' + messages;
}

// The validate endpoint answers with one log per event; the first refused one speaks for the batch.
const json::object* first_refused(const json::object& o) {
  const json::value* logs = member(o, "event_logs");
  if (logs == nullptr || !logs->is_array()) return nullptr;
  for (const json::value& log : logs->get_array()) {
    if (log.is_object() && status_of(log.get_object()) == reply::status::invalid) return &log.get_object();
  }
  return nullptr;
}

std::optional<json::value> parse(std::string_view text) {
  json::parse_options options;
  options.max_depth = 64;
  options.allow_invalid_utf8 = true;  // an echo of an event may be cut within a character; safe_text() shows such bytes
  boost::system::error_code ec;
  json::value v = json::parse(text, ec, {}, options);
  return ec ? std::nullopt : std::optional{std::move(v)};
}

}  // namespace

reply read_reply(std::string_view body) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
  const auto v = parse(body);
  if (!v || !v->is_object()) return {.says = reply::status::unknown, .text = safe_text(body), .event = std::nullopt};
  const json::object& o = v->get_object();
  reply r{.says = status_of(o), .text = explanation(o), .event = index_of(member(o, "event"))};
  if (const json::object* log = first_refused(o); log != nullptr && member(o, "errors") == nullptr) {
    r.text = explanation(*log).empty() ? r.text : explanation(*log);
    if (!r.event) r.event = index_of(member(*log, "event"));
  }
  r.text = safe_text(r.text);
  return r;
}

bool blames_token(std::string_view text) noexcept {
  // Whole phrases: "unexpected token" is a JSON error of one event.
  static constexpr std::array<std::string_view, 7> phrases{"ACCESS TOKEN",     "ACCESS_TOKEN",  "INVALID TOKEN",
                                                           "TOKEN IS INVALID", "TOKEN EXPIRED", "TOKEN HAS EXPIRED",
                                                           "TOKEN IS EXPIRED"};
  return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) {
    return std::search(text.begin(), text.end(), phrase.begin(), phrase.end(),
                       [](char x, char y) { return std::toupper(static_cast<unsigned char>(x)) == y; }) != text.end();
  });
}

std::string event_id_of(std::string_view event) {
  const auto v = parse(event);
  return v && v->is_object() ? safe_text(text_of(member(v->get_object(), "event_id")), 128) : std::string{};
}

}  // namespace snap::delivery
