#include "host_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <regex>

#include "ascii.hpp"
#include "kafka_config.hpp"
#include "sca/views.hpp"

namespace sinkhost {
namespace {

constexpr std::size_t max_file_name_bytes = 240;  // of the state file, whose name has at most 255 with its endings
constexpr std::size_t max_topic_bytes = 249;      // Kafka's own limit
constexpr std::size_t max_regex_bytes = 1000;     // std::regex recurses over its pattern
constexpr double max_tasks = 256;                 // each is a consumer with threads of its own

constexpr sca_str tolerances[] = {SCA_STR("none"), SCA_STR("all")};
constexpr sca_str reload_actions[] = {SCA_STR("none"), SCA_STR("restart")};
constexpr std::string_view common = "Common";
constexpr std::string_view errors = "Error Handling";
constexpr std::string_view clients = "Client Overrides";

constexpr auto table = sca::config_keys({
    {.name = "name",
     .importance = SCA_IMPORTANCE_HIGH,
     .group = common,
     .display_name = "Connector name",
     .doc = "Unique name of the connector in this host. Its consumer group is connect-<name>."},
    {.name = "connector.class",
     .flags = SCA_KEY_REQUIRED,
     .importance = SCA_IMPORTANCE_HIGH,
     .group = common,
     .display_name = "Connector class",
     .doc = "Which sink runs: the full name or the alias of a connector that GET /connector-plugins lists."},
    {.name = "tasks.max",
     .type = SCA_TYPE_INT,
     .importance = SCA_IMPORTANCE_HIGH,
     .group = common,
     .display_name = "Tasks max",
     .default_value = "1",
     .min_value = 1,
     .max_value = max_tasks,
     .doc = "How many tasks run, each a member of the consumer group. More than the topics have partitions brings nothing."},
    {.name = "topics",
     .type = SCA_TYPE_LIST,
     .importance = SCA_IMPORTANCE_HIGH,
     .group = common,
     .display_name = "Topics",
     .doc = "Topics to consume, separated by commas. Exactly one of topics and topics.regex."},
    {.name = "topics.regex",
     .importance = SCA_IMPORTANCE_HIGH,
     .group = common,
     .display_name = "Topics regex",
     .doc = "A regular expression that the whole name of a topic must match. Topics that appear later are picked up."},
    {.name = "config.action.reload",
     .importance = SCA_IMPORTANCE_LOW,
     .group = common,
     .display_name = "Reload action",
     .default_value = "restart",
     .valid_values = reload_actions,
     .doc = "Accepted for compatibility. sink-host resolves references when tasks start, not later."},
    {.name = "errors.tolerance",
     .group = errors,
     .display_name = "Error Tolerance",
     .default_value = "none",
     .valid_values = tolerances,
     .doc = "What a record that cannot be delivered does: none fails the task, nothing past the record is committed; all sends "
            "it to the "
            "dead letter queue and goes on."},
    {.name = "errors.deadletterqueue.topic.name",
     .group = errors,
     .display_name = "Dead Letter Queue Topic Name",
     .default_value = "",
     .doc = "Topic for records that cannot be delivered. Must not be one that this connector consumes."},
    {.name = "errors.deadletterqueue.topic.replication.factor",
     .type = SCA_TYPE_INT,
     .group = errors,
     .display_name = "Dead Letter Queue Topic Replication Factor",
     .default_value = "3",
     .min_value = -1,
     .max_value = 32767,
     .doc = "Replicas of the dead letter topic when the host has to create it; -1 is the broker's default. A cluster of one "
            "broker needs 1."},
    {.name = "errors.deadletterqueue.context.headers.enable",
     .type = SCA_TYPE_BOOL,
     .group = errors,
     .display_name = "Enable Error Context Headers",
     .default_value = "false",
     .doc = "Adds the headers __connect.errors.* to dead letters: where the record came from and why it was refused."},
    {.name = "errors.log.enable",
     .type = SCA_TYPE_BOOL,
     .group = errors,
     .display_name = "Log Errors",
     .default_value = "false",
     .doc = "Writes a log line for each refused record: its code, stage and reason."},
    {.name = "errors.log.include.messages",
     .type = SCA_TYPE_BOOL,
     .group = errors,
     .display_name = "Log Error Details",
     .default_value = "false",
     .doc = "Adds to that line where the record stands: topic, partition, offset. Record contents are personal data and are "
            "never logged."},
    {.name = "errors.retry.timeout",
     .type = SCA_TYPE_INT,
     .group = errors,
     .display_name = "Retry Timeout for Errors",
     .default_value = "0",
     .min_value = -1,
     .max_value = 9e15,
     .doc = "Accepted for compatibility. Retries are the sink's own: see its retry keys."},
    {.name = "errors.retry.delay.max.ms",
     .type = SCA_TYPE_INT,
     .group = errors,
     .display_name = "Maximum Delay Between Retries for Errors",
     .default_value = "60000",
     .min_value = 0,
     .max_value = 9e15,
     .doc = "Accepted for compatibility. Retries are the sink's own: see its retry keys."},
    {.name = "consumer.override.*",
     .importance = SCA_IMPORTANCE_LOW,
     .group = clients,
     .display_name = "Consumer override",
     .doc = "A setting of this connector's consumer, by librdkafka's name: consumer.override.auto.offset.reset=latest."},
    {.name = "producer.override.*",
     .importance = SCA_IMPORTANCE_LOW,
     .group = clients,
     .display_name = "Producer override",
     .doc = "A setting of the dead letter producer, by librdkafka's name."},
    {.name = "admin.override.*",
     .importance = SCA_IMPORTANCE_LOW,
     .group = clients,
     .display_name = "Admin override",
     .doc = "Accepted for compatibility. The dead letter topic is created by its producer: see producer.override.*."},
});
constexpr auto rows = sca::config_pointers(table);

// Kafka Connect's, with no meaning here: sink-host hands the record's bytes to the sink as they are.
constexpr std::array without_effect = {std::string_view{"key.converter"},    std::string_view{"value.converter"},
                                       std::string_view{"header.converter"}, std::string_view{"transforms"},
                                       std::string_view{"predicates"},       std::string_view{"connector.plugin.version"},
                                       std::string_view{"tasks.max.enforce"}};
constexpr std::array own_prefixes = {std::string_view{"errors."}, std::string_view{"topics"}, std::string_view{"config.action."}};

bool is_alphanumeric(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_or_begins(std::string_view key, std::string_view name) noexcept {
  return key == name || (key.size() > name.size() && key.starts_with(name) && key[name.size()] == '.');
}
bool has_no_effect(std::string_view key) noexcept {
  return std::ranges::any_of(without_effect, [key](std::string_view name) { return is_or_begins(key, name); });
}

std::string_view value_of(const string_map& config, const std::string& key) {
  const auto found = config.find(key);
  return found == config.end() ? std::string_view{} : std::string_view{found->second};
}

std::string topic_problem(std::string_view topic) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  if (topic.size() > max_topic_bytes) return fmt::format("a topic's name has at most {} characters", max_topic_bytes);
  if (topic == "." || topic == ".." || topic.find_first_not_of(letters) != std::string_view::npos) {
    return fmt::format("'{}' is not a topic's name: letters, digits, '.', '_' and '-' only", topic);
  }
  return {};
}

struct rules {
  const string_map& config;
  std::vector<sca::config_issue>& issues;

  void error(std::string key, std::string message) {
    issues.push_back({SCA_ISSUE_ERROR, std::move(key), "invalid", std::move(message)});
  }
  void warning(std::string key, std::string message) {
    issues.push_back({SCA_ISSUE_WARNING, std::move(key), "no.effect", std::move(message)});
  }

  void topics(requirement need) {
    const bool listed = !sca::split_list(value_of(config, "topics")).empty();
    const std::string_view pattern = value_of(config, "topics.regex");
    if (listed && !pattern.empty()) error("topics.regex", "topics is configured too; keep one of the two");
    if (!listed && pattern.empty() && need == requirement::to_run) error("topics", "one of topics and topics.regex is required");
    for (const std::string& topic : sca::split_list(value_of(config, "topics"))) {
      if (auto problem = topic_problem(topic); !problem.empty()) error("topics", std::move(problem));
    }
    dead_letters(!pattern.empty() && is_sound(pattern) ? pattern : std::string_view{});
  }

  // Stricter than the C library, which takes \d for the letter d; and it refuses those that would take the memory of the host.
  bool is_sound(std::string_view pattern) {
    if (pattern.size() > max_regex_bytes) {
      error("topics.regex", fmt::format("longer than {} characters", max_regex_bytes));
      return false;
    }
    try {
      static_cast<void>(std::regex(pattern.begin(), pattern.end(), std::regex::extended));
      return true;
    } catch (const std::regex_error& e) {
      error("topics.regex", fmt::format("not a regular expression: {}", e.what()));
      return false;
    }
  }

  void dead_letters(std::string_view pattern) {
    const std::string key = "errors.deadletterqueue.topic.name";
    const std::string dlq{value_of(config, key)};
    const std::string factor = "errors.deadletterqueue.topic.replication.factor";
    if (value_of(config, factor) == "0") error(factor, "must be 1 or more, or -1 for the broker's default");
    if (dlq.empty()) {
      if (value_of(config, "errors.tolerance") == "all")
        warning("errors.tolerance", "without errors.deadletterqueue.topic.name refused records are only counted");
      return;
    }
    if (auto problem = topic_problem(dlq); !problem.empty()) return error(key, std::move(problem));
    const auto listed = sca::split_list(value_of(config, "topics"));
    if (std::ranges::find(listed, dlq) != listed.end()) error(key, "is one of topics: its dead letters would be consumed again");
    if (!pattern.empty() && is_subscribed({fmt::format("^({})$", pattern)}, dlq))
      error(key, "matches topics.regex: its dead letters would be consumed again");
  }

  void without_effect_warnings() {
    for (const auto& [key, value] : config) {
      if (has_no_effect(key))
        warning(key,
                "ignored: sink-host has no converters, transforms or versions, the sink gets the record's bytes as they are");
      constexpr std::string_view admin = "admin.override.";
      if (key.starts_with(admin))
        warning(key, fmt::format("ignored: the dead letter topic is created by its producer; use producer.override.{}",
                                 key.substr(admin.size())));
      for (const std::string client : {"consumer.", "producer.", "admin."}) {
        if (key.starts_with(client) && !key.starts_with(client + "override.")) {
          warning(key, fmt::format("ignored; did you mean {}override.{}?", client, key.substr(client.size())));
        }
      }
    }
  }
};

}  // namespace

std::span<const sca_config_key* const> host_keys() noexcept { return rows; }

void normalise_host_values(string_map& config) {
  for (const sca_config_key* const row : rows) {
    const auto found = config.find(std::string{sca::view(row->name)});
    if (found == config.end() || (row->type != SCA_TYPE_BOOL && row->type != SCA_TYPE_INT)) continue;
    found->second = lower(trimmed(found->second));
  }
}

std::string connector_name_problem(std::string_view name) {
  // As state_store writes it: what is no ASCII letter or digit takes three.
  const auto file_bytes = [](std::size_t sum, char c) {
    return sum + (std::string_view("-_").find(c) != std::string_view::npos || is_alphanumeric(c) ? 1 : 3);
  };
  if (std::accumulate(name.begin(), name.end(), std::size_t{0}, file_bytes) > max_file_name_bytes)
    return "too long: at most 240 letters and digits";
  const bool control = std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  return control ? "holds control characters" : "";
}

void check_host_keys(const string_map& config, requirement need, std::vector<sca::config_issue>& issues) {
  std::vector<sca_pair> pairs;
  for (const auto& [key, value] : config) {
    const bool judged = is_host_key(key) && !has_no_effect(key) && !key.starts_with("consumer.") &&
                        !key.starts_with("producer.") && !key.starts_with("admin.");
    if (judged) pairs.push_back({sca::str(key), sca::str(value)});
  }
  static_cast<void>(sca::config_spec{rows, {.own_prefixes = own_prefixes}}.parse(pairs, issues));
  rules r{config, issues};
  if (need == requirement::to_run && value_of(config, "name").empty()) r.error("name", "required, and has no value; add it");
  if (auto problem = connector_name_problem(value_of(config, "name")); !problem.empty()) r.error("name", std::move(problem));
  r.topics(need);
  r.without_effect_warnings();
}

}  // namespace sinkhost
