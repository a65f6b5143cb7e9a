#include "kafka_config.hpp"

#include <fmt/format.h>
#include <regex.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <utility>

#include "ascii.hpp"

namespace sinkhost {
namespace {

struct property {
  std::string_view name, value;
};

// Prefetch is what costs memory: librdkafka's own defaults (64 MiB queued, 100 000 messages) are for one consumer that owns its
// machine. 2 MiB ahead and 2 MiB under way are several round trips even at 50 000 records/s (see fetch_pace.hpp).
constexpr std::array consumer_defaults = {
    property{"allow.auto.create.topics", "true"},  // as Kafka Connect's consumer; brokers decide
    property{"auto.offset.reset", "earliest"},
    property{"fetch.max.bytes", "2097152"},
    property{"fetch.message.max.bytes", "1048576"},
    property{"log.connection.close", "false"},  // brokers close idle connections: not news
    property{"partition.assignment.strategy", "cooperative-sticky"},
    property{"queued.max.messages.kbytes", "2048"},
    property{"queued.min.messages", "5000"},
    property{"reconnect.backoff.max.ms", "2000"},  // not 10 s: a broker that is back is found soon, and a try costs little
    property{"socket.keepalive.enable", "true"},
    property{"statistics.interval.ms", "5000"},              // tells when brokers are back
    property{"topic.metadata.refresh.interval.ms", "30000"}  // new topics and partitions are seen within it
};

// The mock cluster keeps a group that lost a member waiting for session.timeout.ms less a second, also one whose only member was
// stopped: 44 seconds by default until a restarted connector reads on.
constexpr std::array embedded_consumer_defaults = {
    property{"heartbeat.interval.ms", "500"},
    property{"session.timeout.ms", "3000"},
};

// A dead letter is as large as its record, so the broker's limit decides, not librdkafka's of 1 MB; the queue must have room for
// it.
constexpr std::array producer_defaults = {
    property{"log.connection.close", "false"},       property{"message.max.bytes", "33554432"},
    property{"queue.buffering.max.kbytes", "34816"}, property{"queue.buffering.max.messages", "10000"},
    property{"reconnect.backoff.max.ms", "2000"},    property{"socket.keepalive.enable", "true"},
};

// Settled by this host: changing one would lose records or commit what is not delivered.
struct fixed {
  std::string_view name, value;  // value "": not set at all
  std::string_view why;
};
constexpr std::array consumer_fixed = {
    fixed{"enable.auto.commit", "false", "the host commits a position when the sink has resolved all records below it"},
    fixed{"auto.commit.enable", "", "the host commits a position when the sink has resolved all records below it"},
    fixed{"enable.auto.offset.store", "false", "the host commits a position when the sink has resolved all records below it"},
    fixed{"auto.commit.interval.ms", "", "the host commits at most a second after the answer"},
    fixed{"max.poll.records", "",
          "the host takes what has arrived; bound memory with consumer.override.queued.max.messages.kbytes"},
};
constexpr std::array producer_fixed = {
    fixed{"enable.idempotence", "true", "dead letters are written by an idempotent producer"},
    fixed{"acks", "all", "a dead letter counts when all in-sync replicas have it"},
    fixed{"request.required.acks", "", "a dead letter counts when all in-sync replicas have it"},
    fixed{"transactional.id", "", "dead letters are not written in transactions"},
};

// Kafka Connect's Java names that librdkafka spells in another way, or does not have.
struct translation {
  std::string_view java, name;  // name "": there is none
  std::string_view remedy;
};
constexpr std::array translations = {
    translation{"fetch.max.wait.ms", "fetch.wait.max.ms", ""},
    translation{"sasl.jaas.config", "", "use sasl.username and sasl.password"},
    translation{"ssl.truststore.location", "", "use ssl.ca.location with a PEM file"},
    translation{"ssl.truststore.password", "", "use ssl.ca.location with a PEM file, which needs no password"},
    translation{"key.deserializer", "", "leave it out: the sink reads the bytes themselves"},
    translation{"value.deserializer", "", "leave it out: the sink reads the bytes themselves"},
    translation{"key.serializer", "", "leave it out: dead letters are the original bytes"},
    translation{"value.serializer", "", "leave it out: dead letters are the original bytes"},
    translation{"interceptor.classes", "", "leave it out: there are no Java interceptors here"},
};

struct value_translation {
  std::string_view name, java, value;
};
constexpr std::array value_translations = {
    value_translation{"auto.offset.reset", "none", "error"},
    value_translation{"partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
                      "cooperative-sticky"},
    value_translation{"partition.assignment.strategy", "org.apache.kafka.clients.consumer.RangeAssignor", "range"},
    value_translation{"partition.assignment.strategy", "org.apache.kafka.clients.consumer.RoundRobinAssignor", "roundrobin"},
};

// librdkafka repeats a value that it refuses; of these it must not.
bool is_sensitive(std::string_view name) {
  constexpr std::array marks = {"password", "secret", ".pem", "token", "oauthbearer.config", "keytab"};
  return std::ranges::any_of(marks, [name](const char* mark) { return name.find(mark) != std::string_view::npos; });
}

std::optional<std::string> value_of(const string_map& config, const std::string& key) {
  const auto found = config.find(key);
  if (found == config.end()) return std::nullopt;
  return found->second;
}

std::string translated(std::string_view name, const std::string& value) {
  for (const auto& t : value_translations) {
    if (t.name == name && t.java == value) return std::string{t.value};
  }
  return value;
}

// The user's overrides of one client, by librdkafka's names.
sca::result<string_map> overrides(const string_map& config, std::string_view prefix, std::span<const fixed> settled) {
  string_map out;
  for (auto it = config.lower_bound(std::string{prefix}); it != config.end() && it->first.starts_with(prefix); ++it) {
    std::string_view name = std::string_view{it->first}.substr(prefix.size());
    if (const auto f = std::ranges::find(settled, name, &fixed::name); f != settled.end()) {
      if (!f->value.empty() && f->value == it->second) continue;  // what it is anyway
      return sca::fail(SCA_INVALID_CONFIG, fmt::format("{}: cannot be changed: {}. Remove the key.", it->first, f->why));
    }
    if (const auto t = std::ranges::find(translations, name, &translation::java); t != translations.end()) {
      if (t->name.empty()) {
        return sca::fail(SCA_INVALID_CONFIG, fmt::format("{}: this host has no such setting: {}.", it->first, t->remedy));
      }
      name = t->name;
    }
    out[std::string{name}] = translated(name, it->second);
  }
  return out;
}

void lay_over(string_map& settings, const string_map& over) {
  for (const auto& [name, value] : over) settings[name] = value;
}

sca::result<void> need_brokers(const string_map& settings, std::string_view prefix) {
  const auto servers = settings.find("bootstrap.servers");
  if (servers != settings.end() && !servers->second.empty()) return {};
  return sca::fail(
      SCA_INVALID_CONFIG,
      fmt::format("no Kafka broker is known: start the host with --bootstrap.servers, or set {}bootstrap.servers", prefix));
}

constexpr std::string_view consumer_prefix = "consumer.override.";
constexpr std::string_view producer_prefix = "producer.override.";

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    if (const auto one = trimmed(text.substr(0, comma)); !one.empty()) out.emplace_back(one);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return out;
}

// By the C library, as librdkafka does it. std::regex tries every way to match, one by one: ([a-z]+.?)+ would take years.
bool is_matched(const std::string& expression, const std::string& topic) {
  regex_t compiled{};
  if (regcomp(&compiled, expression.c_str(), REG_EXTENDED | REG_NOSUB) != 0) return false;  // rd_kafka_subscribe() says so
  const bool out = regexec(&compiled, topic.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return out;
}

}  // namespace

std::string group_of(const task_config& task) {
  return value_of(task.config, "consumer.override.group.id").value_or("connect-" + task.connector);
}

sca::result<std::vector<std::string>> subscription_of(const task_config& task) {
  const auto names = split_list(value_of(task.config, "topics").value_or(""));
  const auto pattern = std::string{trimmed(value_of(task.config, "topics.regex").value_or(""))};
  if (names.empty() == pattern.empty()) {
    return sca::fail(SCA_INVALID_CONFIG, names.empty()
                                             ? "no topic to read: set topics (names, separated by commas) or topics.regex"
                                             : "topics and topics.regex are both set: keep one of them");
  }
  if (!names.empty()) return names;
  // librdkafka takes what begins with ^ as an expression. Kafka Connect matches the whole name, so the end is anchored too.
  std::string_view inner = pattern;
  if (inner.starts_with('^')) inner.remove_prefix(1);
  if (inner.ends_with('$') && !inner.ends_with("\\$")) inner.remove_suffix(1);
  return std::vector<std::string>{fmt::format("^({})$", inner)};
}

bool is_subscribed(const std::vector<std::string>& subscription, const std::string& topic) {
  return std::ranges::any_of(subscription,
                             [&topic](const std::string& s) { return s.starts_with('^') ? is_matched(s, topic) : s == topic; });
}

sca::result<string_map> consumer_settings(const task_config& task, const environment& env) {
  auto user = overrides(task.config, consumer_prefix, consumer_fixed);
  if (!user) return user.error();
  string_map settings;
  for (const auto& p : consumer_defaults) settings.emplace(p.name, p.value);
  if (env.brokers == broker_kind::embedded) {
    for (const auto& p : embedded_consumer_defaults) settings.emplace(p.name, p.value);
  }
  if (rd_kafka_version() >= version_with_fetch_backoff) settings["fetch.queue.backoff.ms"] = "10";
  if (!env.bootstrap_servers.empty()) settings["bootstrap.servers"] = env.bootstrap_servers;
  settings["client.id"] = fmt::format("connector-consumer-{}-{}", task.connector, task.task);
  lay_over(settings, *user);
  settings["group.id"] = group_of(task);
  for (const auto& f : consumer_fixed) {
    if (!f.value.empty()) settings[std::string{f.name}] = f.value;
  }
  if (auto known = need_brokers(settings, consumer_prefix); !known) return known.error();
  return settings;
}

fetch_pace::options fetch_pace_of(const string_map& consumer) {
  const auto quarter_of = [&consumer](const char* name, std::size_t unit, std::size_t fallback) {
    const auto found = consumer.find(name);
    std::size_t whole = 0;
    if (found == consumer.end()) return fallback;
    const auto& text = found->second;
    if (std::from_chars(text.data(), text.data() + text.size(), whole).ec != std::errc{}) return fallback;
    return std::min(std::max<std::size_t>(whole * unit / 4, 1), fallback);
  };
  fetch_pace::options out;
  out.messages = quarter_of("queued.min.messages", 1, out.messages);
  out.bytes = quarter_of("queued.max.messages.kbytes", 1024, out.bytes);
  return out;
}

sca::result<string_map> producer_settings(const task_config& task, const environment& env) {
  auto user = overrides(task.config, producer_prefix, producer_fixed);
  if (!user) return user.error();
  string_map settings;
  for (const auto& p : producer_defaults) settings.emplace(p.name, p.value);
  if (!env.bootstrap_servers.empty()) settings["bootstrap.servers"] = env.bootstrap_servers;
  settings["client.id"] = fmt::format("connector-dlq-producer-{}-{}", task.connector, task.task);  // Kafka Connect's name
  lay_over(settings, *user);
  for (const auto& f : producer_fixed) {
    if (!f.value.empty()) settings[std::string{f.name}] = f.value;
  }
  if (auto known = need_brokers(settings, producer_prefix); !known) return known.error();
  return settings;
}

sca::result<conf_handle> make_conf(client_kind kind, const string_map& settings) {
  conf_handle conf{rd_kafka_conf_new()};
  std::array<char, 512> reason{};
  const auto prefix = kind == client_kind::consumer ? consumer_prefix : producer_prefix;
  for (const auto& [name, value] : settings) {
    switch (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), reason.data(), reason.size())) {
      case RD_KAFKA_CONF_OK: break;
      case RD_KAFKA_CONF_UNKNOWN:
        return sca::fail(SCA_INVALID_CONFIG,
                         fmt::format("{}{}: librdkafka {} has no such setting; its CONFIGURATION.md lists them", prefix, name,
                                     rd_kafka_version_str()));
      case RD_KAFKA_CONF_INVALID: {
        const auto text = is_sensitive(name) ? std::string_view{"librdkafka refuses its value"} : std::string_view{reason.data()};
        return sca::fail(SCA_INVALID_CONFIG, fmt::format("{}{}: {}", prefix, name, text));
      }
    }
  }
  return conf;
}

}  // namespace sinkhost
