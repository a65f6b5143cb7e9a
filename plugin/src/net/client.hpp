// The real transport: keep-alive HTTPS/1.1 sessions over Boost.Beast, at most max_in_flight of them. SNI and host name check
// always, CA from the system or ssl.ca.file; there is no switch that turns verification off. Optional HTTP CONNECT proxy. stop()
// makes run() return at once. The destructor waits for a name lookup that is under way (name_lookup.hpp: a second or
// more when name servers are silent), because no thread of ours may outlive it.
#pragma once
#include <netdb.h>

#include <cstddef>
#include <memory>
#include <string>

#include "config/settings.hpp"
#include "net/transport.hpp"

namespace snap::net {

struct client_options {
  config::net_settings net;
  std::string user_agent;                      // "snapchat-sink/VERSION"
  std::size_t max_answer_bytes = 1024 * 1024;  // a few hundred bytes as a rule; /events/validate says something of 2000 events
  std::size_t max_header_bytes = 16 * 1024;
  std::chrono::milliseconds idle_limit{30'000};  // an idle session is closed by us before the server does
  std::size_t max_dialling = 4;                  // connections being opened at once
  int (*lookup)(const char*, const char*, const addrinfo*, addrinfo**) = &::getaddrinfo;  // tests put a slow one here
};

// No I/O yet, except that ssl.ca.file is read: a file that cannot be used is reported in why, and null returned.
[[nodiscard]] std::unique_ptr<transport> make_client(client_options options, std::string& why);

}  // namespace snap::net
