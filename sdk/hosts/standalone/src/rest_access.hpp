// Who may ask the REST server what: judged from a request's headers, before its body is read. Pure; any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "rest_server.hpp"

namespace sinkhost {

// The headers that matter here; "" when absent.
struct rest_headers {
  std::string method, host, origin, authorization, content_type, content_encoding, content_length, transfer_encoding;
};

// The refusal, or nullopt: come in.
[[nodiscard]] std::optional<rest_response> refusal(const rest_headers& headers, const rest_options& options,
                                                   std::size_t body_limit);

}  // namespace sinkhost
