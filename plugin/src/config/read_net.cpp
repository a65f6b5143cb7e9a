#include "config/reader.hpp"
#include "config/url.hpp"

namespace snap::config {
namespace {

constexpr milliseconds hasty_timeout{5'000};

void read_endpoint(reader& in, endpoint& out) {
  constexpr std::string_view key = "snapchat.endpoint";
  const std::string_view url = in.text(key);
  if (url.empty()) return in.error(key, "required", "has no value; remove the key to use https://tr.snapchat.com");
  if (const std::string problem = parse_endpoint(url, out); !problem.empty()) in.error(key, "format", problem);
}

void read_proxy(reader& in, proxy& out) {
  constexpr std::string_view key = "proxy.url";
  const std::string_view url = in.text(key);
  if (url.empty() || (in.need() == secrets::optional && is_reference(url))) return;
  if (const std::string problem = parse_proxy(url, out); !problem.empty()) in.error(key, "format", problem);
}

}  // namespace

void read_net(reader& in, net_settings& out) {
  constexpr word<tls_version> versions[] = {{"TLSv1.2", tls_version::v1_2}, {"TLSv1.3", tls_version::v1_3}};
  const sca::config_values& v = in.values();
  read_endpoint(in, out.to);
  read_proxy(in, out.proxy);
  out.validate_only = v.text("snapchat.test.mode") == "validate";
  out.max_in_flight = static_cast<std::uint32_t>(v.integer("max.in.flight.requests"));
  out.connect_timeout = v.duration("connect.timeout.ms");
  out.request_timeout = v.duration("request.timeout.ms");
  out.requests_per_second = v.number("rate.limit.requests.per.second");
  out.ca_file = std::string(in.text("ssl.ca.file"));
  out.min_tls = choose(in, "ssl.min.version", versions);
  if (out.request_timeout < hasty_timeout) {
    in.warning("request.timeout.ms", "risky",
               "below 5000 ms Snapchat may still be working on a request that is sent again; the copies are recognised by their "
               "event ids "
               "for 48 hours only");
  }
}

}  // namespace snap::config
