#include "net/transport.hpp"

namespace snap::net {

std::string_view to_string(link_failure f) noexcept {
  switch (f) {
    case link_failure::none: return "none";
    case link_failure::resolve: return "resolve";
    case link_failure::connect: return "connect";
    case link_failure::proxy: return "proxy";
    case link_failure::tls: return "tls";
    case link_failure::timeout_connect: return "timeout_connect";
    case link_failure::timeout_request: return "timeout_request";
    case link_failure::reset: return "reset";
    case link_failure::closed_early: return "closed_early";
    case link_failure::response_too_large: return "response_too_large";
    case link_failure::response_malformed: return "response_malformed";
    case link_failure::cancelled: return "cancelled";
  }
  return "unknown";
}

}  // namespace snap::net
