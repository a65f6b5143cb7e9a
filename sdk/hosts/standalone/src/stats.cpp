#include "stats.hpp"

#include <boost/json.hpp>

namespace sinkhost {

std::optional<client_statistics> read_statistics(std::string_view json) {
  boost::system::error_code failed;
  const auto document = boost::json::parse(json, failed);
  const auto* top = failed ? nullptr : document.if_object();
  const auto* brokers = top == nullptr ? nullptr : top->if_contains("brokers");
  if (brokers == nullptr || !brokers->is_object()) return std::nullopt;
  client_statistics out;
  for (const auto& [name, value] : brokers->get_object()) {
    const auto* broker = value.if_object();
    const auto* source = broker == nullptr ? nullptr : broker->if_contains("source");
    const auto* state = broker == nullptr ? nullptr : broker->if_contains("state");
    if (source == nullptr || state == nullptr) continue;
    if (*source == "internal" || *source == "logical") continue;  // no connections of their own
    ++out.brokers;
    if (*state == "UP" || *state == "UPDATE") ++out.brokers_up;
  }
  return out;
}

}  // namespace sinkhost
