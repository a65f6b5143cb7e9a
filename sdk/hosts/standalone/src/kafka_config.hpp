// From a connector's configuration to settings of librdkafka: defaults of this host, the user's consumer.override.* and
// producer.override.*, and what nobody may change. Pure but for make_conf(). Task thread, and REST threads for offsets.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "fetch_pace.hpp"
#include "kafka_handles.hpp"
#include "sca/status.hpp"
#include "task.hpp"

namespace sinkhost {

[[nodiscard]] std::string group_of(const task_config& task);  // connect-<name>, or consumer.override.group.id

// What rd_kafka_subscribe() takes: the names of `topics`, or `topics.regex` anchored with ^ (which librdkafka asks for).
[[nodiscard]] sca::result<std::vector<std::string>> subscription_of(const task_config& task);
// Whether a subscription names or matches the topic.
[[nodiscard]] bool is_subscribed(const std::vector<std::string>& subscription, const std::string& topic);

// Whole sets of properties, one value a name. Errors name the connector's key and what to write instead.
[[nodiscard]] sca::result<string_map> consumer_settings(const task_config& task, const environment& env);
// How often to hasten a consumer of these settings: every quarter of its queue, or sooner.
[[nodiscard]] fetch_pace::options fetch_pace_of(const string_map& consumer);
[[nodiscard]] sca::result<string_map> producer_settings(const task_config& task, const environment& env);

// Versions of librdkafka, as rd_kafka_version() says them.
constexpr int version_with_fetch_backoff = 0x020200ff;
constexpr int version_that_ends_in_first_rebalance = 0x020300ff;

enum class client_kind : std::uint8_t { consumer, producer };
// An rd_kafka_conf_t of these properties. An error never repeats a value that may be a secret.
[[nodiscard]] sca::result<conf_handle> make_conf(client_kind kind, const string_map& settings);

}  // namespace sinkhost
