#include "error_options.hpp"

#include <array>
#include <charconv>

#include "kafka_config.hpp"

namespace sinkhost {
namespace {

sca::result<void> read_switch(const string_map& config, const std::string& key, bool& to) {
  const auto found = config.find(key);
  to = found != config.end() && found->second == "true";
  if (found == config.end() || to || found->second == "false") return {};
  return sca::fail(SCA_INVALID_CONFIG, key + ": must be true or false");
}

std::string text_of(const string_map& config, const std::string& key, std::string fallback) {
  const auto found = config.find(key);
  return found == config.end() ? std::move(fallback) : found->second;
}

}  // namespace

sca::result<error_options> error_options_of(const task_config& task) {
  error_options out;
  const auto tolerance = text_of(task.config, "errors.tolerance", "none");
  if (tolerance != "none" && tolerance != "all") return sca::fail(SCA_INVALID_CONFIG, "errors.tolerance: must be none or all");
  if (tolerance == "all") out.tolerance = sca::tolerance::all;
  out.topic = text_of(task.config, "errors.deadletterqueue.topic.name", "");

  const auto factor = text_of(task.config, "errors.deadletterqueue.topic.replication.factor", "3");
  const char* end = factor.data() + factor.size();
  if (const auto read = std::from_chars(factor.data(), end, out.replication_factor);
      read.ec != std::errc{} || read.ptr != end || out.replication_factor == 0 || out.replication_factor < -1 ||
      out.replication_factor > 32767) {
    return sca::fail(SCA_INVALID_CONFIG,
                     "errors.deadletterqueue.topic.replication.factor: must be 1 or more, or -1 for the broker's default");
  }
  const std::array<std::pair<const char*, bool*>, 3> switches = {{
      {"errors.deadletterqueue.context.headers.enable", &out.context_headers},
      {"errors.log.enable", &out.log},
      {"errors.log.include.messages", &out.log_records},
  }};
  for (const auto& [key, value] : switches) {
    if (auto read = read_switch(task.config, key, *value); !read) return read.error();
  }
  const auto subscription = subscription_of(task);
  if (!out.topic.empty() && subscription && is_subscribed(*subscription, out.topic)) {
    return sca::fail(SCA_INVALID_CONFIG,
                     "errors.deadletterqueue.topic.name: the connector reads this topic itself; choose another one");
  }
  return out;
}

}  // namespace sinkhost
