// How a link failed, inside the net room: the stable name and the sentence for people. Becomes answer::failure and
// answer::detail.
#pragma once
#include <string>

#include "net/transport.hpp"

namespace snap::net {

// detail names host:port, the phase and the reason; it never holds the token, and server text only escaped.
struct link_error {
  link_failure what = link_failure::none;
  std::string detail;
};

}  // namespace snap::net
