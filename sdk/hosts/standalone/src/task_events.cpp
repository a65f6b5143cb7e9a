// What the sink and the consumer tell the task.
#include <fmt/format.h>

#include <algorithm>

#include "sca/views.hpp"
#include "stats.hpp"
#include "task_loop.hpp"

namespace sinkhost {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds revoke_patience{2000};  // for the sink and the dead letters, while the whole group waits
constexpr milliseconds revoke_commit{2000};
constexpr std::size_t longest_notice = 600;

struct remedy {
  enum class subject : std::uint8_t { connection, access };  // what must come back: a connection, or an assignment
  rd_kafka_resp_err_t code;
  subject about;
  const char* text;
};
using enum remedy::subject;
// What a transient error of Kafka's asks of people. librdkafka keeps trying in each of these cases.
constexpr remedy remedies[] = {
    {RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, connection,
     "no Kafka broker can be reached; check that they run and bootstrap.servers"},
    {RD_KAFKA_RESP_ERR__RESOLVE, connection, "the name of a Kafka broker is not resolved; check bootstrap.servers and DNS"},
    {RD_KAFKA_RESP_ERR__AUTHENTICATION, connection,
     "Kafka refuses the credentials; check consumer.override.sasl.*, or renew them"},
    {RD_KAFKA_RESP_ERR__SSL, connection,
     "TLS to Kafka fails; check consumer.override.security.protocol and consumer.override.ssl.*"},
    {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, access, "a topic does not exist; create it, or correct topics"},
    {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, access, "reading a topic is not allowed; grant Read and Describe on it"},
    {RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, access, "joining the consumer group is not allowed; grant Read on the group"},
    {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, access, "Kafka refuses the client; check its access rights"},
};

}  // namespace

// ---- sca::sink_task_host -----------------------------------------------------------------------------------------------------

void task_loop::wake() noexcept {
  if (woken_.exchange(true)) return;
  const std::lock_guard lock{wake_mutex_};
  hold_.notify_one();
  if (to_wake_ != nullptr) to_wake_->wake();
}

std::int32_t task_loop::log_level() noexcept { return task_log::level(); }

void task_loop::log(const sca_log_line& line) noexcept {
  log_.write(line);
  if (line.level < SCA_LOG_WARN) return;
  try {  // a sink has no other way to say what it waits for
    report_.notice(task_report::source::sink, std::string{sca::view(line.message).substr(0, longest_notice)});
  } catch (...) {
  }
}

void task_loop::dead_letter(sca::dead_letter_ticket ticket, const sca::held_record& record, const sca::rejection& why) {
  letters_->send(ticket, record, why);
}

// ---- consumer_events ---------------------------------------------------------------------------------------------------------

void task_loop::assigned(const std::vector<topic_partition>& partitions) {
  if (closing_) return;
  ++counters_.rebalances;
  recent_ = partitions_.end();
  for (const auto& p : partitions) {
    partitions_.insert_or_assign(p, partition_state{});
    attempt([&] { return sink_->open(p.topic, p.partition); });
    log_.info(fmt::format("assigned {}-{}", p.topic, p.partition));
  }
  if (!partitions.empty()) report_.notice(task_report::source::broker, "");
}

void task_loop::ready(const std::vector<topic_partition>& partitions) {
  if (gate_ == gate::paused) consumer_->pause(partitions);
}

void task_loop::revoked(const std::vector<topic_partition>& partitions) {
  ++counters_.rebalances;
  if (!closing_ && !broken_ && sink_->failure() == nullptr) {
    drain(clock::now() + revoke_patience);
    consumer_->commit_now(sink_positions(), revoke_commit);
  }
  close_partitions(partitions);
}

void task_loop::lost(const std::vector<topic_partition>& partitions) {
  ++counters_.rebalances;
  log_.warn(
      fmt::format("{} partitions were lost; others may have them already, so nothing of them is committed", partitions.size()));
  close_partitions(partitions);
}

void task_loop::close_partitions(const std::vector<topic_partition>& partitions) {
  // librdkafka remembers a pause beyond the assignment: after a resume meanwhile the partition would come back and never be read.
  if (gate_ == gate::paused) consumer_->resume(partitions);
  recent_ = partitions_.end();
  for (const auto& p : partitions) {
    sink_->close(p.topic, p.partition);
    partitions_.erase(p);
    std::erase_if(in_hand_,
                  [&p](const auto& m) { return m->record.partition == p.partition && sca::view(m->record.topic) == p.topic; });
    log_.info(fmt::format("gave back {}-{}", p.topic, p.partition));
  }
}

void task_loop::committed(const std::vector<commit_outcome>& outcomes) {
  std::vector<sca::committable> failed;
  for (const auto& [position, code] : outcomes) {
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      failed.push_back(position);
      log_.warn(fmt::format("offset {} of {}-{} is not committed yet: {}", position.offset, position.topic, position.partition,
                            rd_kafka_err2str(code)));
      continue;
    }
    const auto found = partitions_.find({position.topic, position.partition});
    if (found == partitions_.end()) continue;  // revoked meanwhile
    auto& state = found->second;
    const auto from = std::max(state.committed, state.first);
    if (from >= 0 && position.offset > from) report_.committed.fetch_add(static_cast<std::uint64_t>(position.offset - from));
    state.committed = std::max(state.committed, position.offset);
  }
  if (failed.empty()) {
    ++counters_.commits;
    commits_.succeeded();
  } else {
    ++counters_.failed_commits;
    commits_.failed(clock::now());
    commit_wanted_ = true;
    sink_->uncommitted(failed);
  }
}

void task_loop::trouble(const kafka_trouble& what) {
  if (what.code == RD_KAFKA_RESP_ERR__TRANSPORT) {
    connection_text_ = what.text;
    return;  // one connection of several; librdkafka logs it
  }
  const auto* known = std::ranges::find(remedies, what.code, &remedy::code);
  if (known == std::end(remedies)) return log_.warn(fmt::format("kafka: {}", what.text));
  auto text = fmt::format("Kafka: {} ({}). Trying again.", known->text, what.text);
  if (what.code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && !connection_text_.empty()) text += " Last: " + connection_text_;
  if (!report_.has_notice(task_report::source::broker)) log_.warn(text);
  offline_ = known->about == remedy::subject::connection;
  denied_topic_ = offline_ ? std::string{} : what.topic;
  report_.notice(task_report::source::broker, text.substr(0, longest_notice));
}

void task_loop::broken(const kafka_trouble& what) {
  const bool no_offset = what.code == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET;
  fail(sca::fail(
      SCA_UNAVAILABLE,
      fmt::format("Kafka: {}. {}", what.text,
                  no_offset ? "There is no offset to go on from and auto.offset.reset is none: set the connector's offsets, or "
                              "consumer.override.auto.offset.reset to earliest or latest, then restart the task."
                            : "Restart the task.")));
}

void task_loop::statistics(std::string_view json) {
  if (!offline_ || !report_.has_notice(task_report::source::broker)) return;
  const auto read = read_statistics(json);
  if (read && read->brokers_up > 0) report_.notice(task_report::source::broker, "");
}

void task_loop::defect(std::string_view what) noexcept {
  try {
    fail(sca::fail(SCA_INTERNAL, fmt::format("inside the host: {}", what)));
  } catch (...) {
    broken_ = true;
  }
}

}  // namespace sinkhost
