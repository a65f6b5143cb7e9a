// client_ip_address: an IPv4 or IPv6 literal, plain. Lists of forwarders, ports, zones and names are not one person's address.
#include <algorithm>
#include <array>

#include <arpa/inet.h>

#include "event/normalise/text.hpp"

namespace snap::event::normalise {

outcome ip_address(std::string_view raw, const context&, std::string& out) {
  out.clear();
  const std::string_view address = trim(raw);
  if (address.empty()) return outcome::empty;
  std::array<char, INET6_ADDRSTRLEN> text{};  // inet_pton wants a terminated string
  if (address.size() >= text.size()) return outcome::malformed;
  std::copy(address.begin(), address.end(), text.begin());
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  const int family = address.find(':') == std::string_view::npos ? AF_INET : AF_INET6;
  if (address.find('\0') != std::string_view::npos || inet_pton(family, text.data(), bytes.data()) != 1)
    return outcome::malformed;
  out.assign(address);
  return outcome::text;
}

}  // namespace snap::event::normalise
