// Why a request is tried again: the label of …_retries_total and the words of log lines. One table; names are stable.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "net/transport.hpp"

namespace snap::delivery {

enum class retry_reason : std::uint8_t {
  resolve,
  connect,
  proxy,
  tls,
  timeout_connect,
  timeout_request,
  reset,
  closed_early,
  response_too_large,
  response_malformed,
  cancelled,
  timeout_http,
  too_early,
  throttled,
  server_error,
  answer_unknown,
  token_changed,
  count_
};
inline constexpr std::size_t retry_reason_count = static_cast<std::size_t>(retry_reason::count_);

struct retry_reason_text {
  std::string_view label, sentence;
  net::link_failure from = net::link_failure::none;  // of the reasons that are a failure of the link
};

inline constexpr std::array<retry_reason_text, retry_reason_count> retry_reasons{{
    {"resolve", "the host name does not resolve", net::link_failure::resolve},
    {"connect", "no connection", net::link_failure::connect},
    {"proxy", "the proxy refuses", net::link_failure::proxy},
    {"tls", "no trusted TLS session", net::link_failure::tls},
    {"timeout_connect", "connecting took longer than connect.timeout.ms", net::link_failure::timeout_connect},
    {"timeout_request", "no answer within request.timeout.ms", net::link_failure::timeout_request},
    {"reset", "the connection broke", net::link_failure::reset},
    {"closed_early", "the connection closed before the whole answer came", net::link_failure::closed_early},
    {"response_too_large", "the answer is too large to be Snapchat's", net::link_failure::response_too_large},
    {"response_malformed", "the answer is not HTTP", net::link_failure::response_malformed},
    {"cancelled", "the request was cancelled", net::link_failure::cancelled},
    {"http_408", "Snapchat timed out"},
    {"http_425", "Snapchat asks to come later"},
    {"http_429", "Snapchat limits the rate"},
    {"http_5xx", "Snapchat has a fault"},
    {"answer_unknown", "the answer is not one of Snapchat's"},
    {"token_changed", "the access token changed"},
}};

[[nodiscard]] constexpr const retry_reason_text& text(retry_reason r) noexcept {
  return retry_reasons[static_cast<std::size_t>(r)];
}

[[nodiscard]] constexpr retry_reason reason_of(net::link_failure f) noexcept {
  for (std::size_t i = 0; i < retry_reason_count; ++i) {
    if (retry_reasons[i].from == f) return static_cast<retry_reason>(i);
  }
  return retry_reason::connect;
}

}  // namespace snap::delivery
