#include "delivery/verdict.hpp"

#include <array>

#include "delivery/backoff.hpp"
#include "delivery/reply.hpp"
#include "delivery/safe_text.hpp"

namespace snap::delivery {
namespace {

// How an HTTP status is handled.
enum class handling : std::uint8_t {
  success,       // the body decides
  redirect,      // not followed: the token is in the URL
  refusal,       // of an event, or of the token if the text says so
  unauthorized,  // the token
  forbidden,     // token and asset do not belong together
  not_found,     // no such asset
  too_large,     // halve the body
  transient,
  whole_request  // no event can be the cause: method, media type, path, address
};

struct row {
  int first, last;
  handling how;
  retry_reason reason = retry_reason::answer_unknown;  // of transient
};

// The first row that holds the status decides.
constexpr std::array table{
    row{200, 299, handling::success},
    row{300, 399, handling::redirect},
    row{400, 400, handling::refusal},
    row{401, 401, handling::unauthorized},
    row{402, 402, handling::whole_request},
    row{403, 403, handling::forbidden},
    row{404, 404, handling::not_found},
    row{405, 407, handling::whole_request},
    row{408, 408, handling::transient, retry_reason::timeout_http},
    row{410, 411, handling::whole_request},
    row{413, 413, handling::too_large},
    row{414, 415, handling::whole_request},
    row{421, 421, handling::whole_request},
    row{425, 425, handling::transient, retry_reason::too_early},
    row{426, 426, handling::whole_request},
    row{429, 429, handling::transient, retry_reason::throttled},
    row{431, 431, handling::whole_request},
    row{451, 451, handling::whole_request},
    row{400, 499, handling::refusal},
    row{500, 599, handling::transient, retry_reason::server_error},
};

std::string http(int status) { return "http " + std::to_string(status); }

// "http 403: text of the server"
std::string quoted(int status, std::string_view said) {
  return said.empty() ? http(status) : http(status) + ": " + std::string{said};
}

std::string named(const recipient& to) {
  std::string out = "asset " + std::string{to.asset_id};
  return to.alias.empty() ? out : out + " (alias " + std::string{to.alias} + ")";
}

std::string keys_of(const recipient& to, std::string_view key) {
  const std::string of_all = "snapchat." + std::string{key};
  return to.alias.empty() ? of_all : "asset." + std::string{to.alias} + "." + std::string{key} + " or " + of_all;
}

verdict transient(retry_reason reason, std::string text, const net::answer& a, wall_time now) {
  return {.what = verdict::kind::retry,
          .reason = reason,
          .asked = parse_retry_after(a.retry_after, a.date, now),
          .hint = {},
          .text = std::move(text)};
}

verdict fatal(sca_status status, std::string text) {
  return {.what = verdict::kind::fatal, .asked = {}, .hint = {}, .status = status, .text = std::move(text)};
}

verdict token_refused(int status, const reply& r, const recipient& to) {
  return {.what = verdict::kind::refused,
          .asked = {},
          .hint = {},
          .status = SCA_UNAUTHENTICATED,
          .text = "Snapchat refuses the access token (" + quoted(status, r.text) + "). Put a valid one into " +
                  keys_of(to, "access.token") + " or its .file, then restart the task; nothing was lost."};
}

verdict event_refused(int status, const reply& r, std::size_t events) {
  const std::string text = (r.text.empty() ? std::string{"no explanation"} : r.text) + " (" + http(status) + ")";
  return {.what = events > 1 ? verdict::kind::split : verdict::kind::reject,
          .asked = {},
          .why = event::code::snap_invalid,
          .hint = r.event,
          .text = text};
}

verdict judge_success(const net::answer& a, std::size_t events, wall_time now) {
  const reply r = read_reply(a.body);
  switch (r.says) {
    case reply::status::none:
    case reply::status::valid: return {};
    case reply::status::invalid: return event_refused(a.status, r, events);
    case reply::status::unknown: break;
  }
  return transient(retry_reason::answer_unknown, http(a.status) + " without a status that Snapchat is known to use", a, now);
}

}  // namespace

verdict judge(const net::answer& a, std::size_t events, const recipient& to, wall_time now) {
  if (a.failure != net::link_failure::none) return transient(reason_of(a.failure), safe_text(a.detail), a, now);
  const row* found = nullptr;
  for (const row& r : table) {
    if (a.status < r.first || a.status > r.last) continue;
    found = &r;
    break;
  }
  if (found == nullptr) return transient(retry_reason::answer_unknown, http(a.status), a, now);
  switch (found->how) {
    case handling::success: return judge_success(a, events, now);
    case handling::redirect:
      return fatal(SCA_INVALID_CONFIG,
                   "The endpoint answers with a redirect (" +
                       quoted(a.status, a.location.empty() ? "" : "to " + safe_text(a.location)) +
                       "). Redirects are not followed, they would show the access token to another address: set "
                       "snapchat.endpoint to the final one, then restart the task.");
    case handling::refusal: {
      const reply r = read_reply(a.body);
      return a.status == 400 && blames_token(r.text) ? token_refused(a.status, r, to) : event_refused(a.status, r, events);
    }
    case handling::unauthorized: return token_refused(a.status, read_reply(a.body), to);
    case handling::forbidden:
      return fatal(SCA_UNAUTHENTICATED, "The access token may not send to " + named(to) + " (" +
                                            quoted(a.status, read_reply(a.body).text) +
                                            "). Token and asset must belong to the same organisation: correct " +
                                            keys_of(to, "access.token") + " or the asset's id, then restart the task.");
    case handling::not_found:
      return fatal(SCA_INVALID_CONFIG, "Snapchat does not know " + named(to) + " (" + quoted(a.status, read_reply(a.body).text) +
                                           "). Correct " + keys_of(to, "pixel.id") +
                                           ", the .snap.app.id beside it, or snapchat.endpoint, then restart the task.");
    case handling::too_large:
      return {.what = events > 1 ? verdict::kind::split : verdict::kind::reject,
              .asked = {},
              .why = event::code::request_too_large,
              .hint = {},
              .text = "Snapchat takes no body of that size (" + http(a.status) + ")"};
    case handling::transient: return transient(found->reason, quoted(a.status, read_reply(a.body).text), a, now);
    case handling::whole_request:
      return fatal(SCA_INVALID_CONFIG,
                   "The endpoint refuses the request as such, for " + named(to) + " (" +
                       quoted(a.status, read_reply(a.body).text) +
                       "). Check snapchat.endpoint and what stands between it and this task, then restart the task.");
  }
  return fatal(SCA_INTERNAL, http(a.status));
}

std::string rejection_message(std::string_view text, std::string_view event_id) {
  std::string out{text};
  if (event_id.empty() || !out.ends_with(')')) return out;
  out.pop_back();
  return out += ", event_id " + std::string{event_id} + ")";
}

}  // namespace snap::delivery
