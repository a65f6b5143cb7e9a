#include "consumer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "kafka_config.hpp"

namespace sinkhost {
namespace {

using std::chrono::milliseconds;

int to_ms(milliseconds d) noexcept { return static_cast<int>(std::clamp<std::int64_t>(d.count(), 0, 600'000)); }

partition_list list_of(std::span<const topic_partition> partitions) {
  partition_list list{rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size()))};
  for (const auto& p : partitions) rd_kafka_topic_partition_list_add(list.get(), p.topic.c_str(), p.partition);
  return list;
}

partition_list list_of(std::span<const sca::committable> positions) {
  partition_list list{rd_kafka_topic_partition_list_new(static_cast<int>(positions.size()))};
  for (const auto& p : positions) rd_kafka_topic_partition_list_add(list.get(), p.topic.c_str(), p.partition)->offset = p.offset;
  return list;
}

std::vector<topic_partition> partitions_of(const rd_kafka_topic_partition_list_t* list) {
  std::vector<topic_partition> out;
  for (int i = 0; list != nullptr && i < list->cnt; ++i) out.push_back({list->elems[i].topic, list->elems[i].partition});
  return out;
}

consumer* self_of(void* opaque) noexcept { return static_cast<consumer*>(static_cast<client_opaque*>(opaque)->owner); }

}  // namespace

consumer::consumer(consumer_events& events, const task_log& log)
    : events_(events), companion_(std::make_unique<companion>(companion{log, {}})) {
  companion_->opaque = {&companion_->log, this};
}

sca::result<std::unique_ptr<consumer>> consumer::open(const string_map& settings, consumer_events& events, const task_log& log) {
  auto conf = make_conf(client_kind::consumer, settings);
  if (!conf) return conf.error();
  std::unique_ptr<consumer> self{new consumer(events, log)};
  rd_kafka_conf_set_opaque(conf->get(), &self->companion_->opaque);
  rd_kafka_conf_set_rebalance_cb(conf->get(), &on_rebalance);
  rd_kafka_conf_set_offset_commit_cb(conf->get(), &on_commit);
  rd_kafka_conf_set_error_cb(conf->get(), &on_error);
  rd_kafka_conf_set_stats_cb(conf->get(), &on_statistics);
  rd_kafka_conf_set_log_cb(conf->get(), &log_of_client);
  std::array<char, 512> reason{};
  self->client_.reset(rd_kafka_new(RD_KAFKA_CONSUMER, conf->get(), reason.data(), reason.size()));
  if (!self->client_) return sca::fail(SCA_INVALID_CONFIG, fmt::format("consumer.override.*: {}", reason.data()));
  static_cast<void>(conf->release());  // the client's now
  self->prepare_hastening(settings);
  rd_kafka_poll_set_consumer(self->client_.get());
  self->queue_.reset(rd_kafka_queue_get_consumer(self->client_.get()));
  return self;
}

sca::result<void> consumer::subscribe(const std::vector<std::string>& subscription) {
  std::vector<topic_partition> topics;
  for (const auto& name : subscription) topics.push_back({name, RD_KAFKA_PARTITION_UA});
  const auto list = list_of(topics);
  const auto code = rd_kafka_subscribe(client_.get(), list.get());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return sca::fail(SCA_INVALID_CONFIG,
                   fmt::format("topics, topics.regex: {}: {}", fmt::join(subscription, ", "), rd_kafka_err2str(code)));
}

std::unique_ptr<held_message> consumer::poll(milliseconds timeout) {
  message_handle message{rd_kafka_consumer_poll(client_.get(), to_ms(timeout))};
  if (!message) return nullptr;
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    handle_error_message(*message);
    return nullptr;
  }
  return std::make_unique<held_message>(std::move(message));
}

void consumer::wake() noexcept { rd_kafka_queue_yield(queue_.get()); }

// From 2.2 on fetch.queue.backoff.ms does it (kafka_config.cpp). Before, the one call that wakes the broker threads of a consumer
// is this: setting credentials, here to what they are. Left alone when another SASL mechanism might take an empty name amiss.
void consumer::prepare_hastening(const string_map& settings) {
  if (rd_kafka_version() >= version_with_fetch_backoff) return;
  const auto value = [&settings](const char* name) {
    const auto found = settings.find(name);
    return found == settings.end() ? std::string{} : found->second;
  };
  user_ = value("sasl.username");
  password_ = sca::secret{value("sasl.password")};
  const auto protocol = value("security.protocol");
  const bool sasl = protocol.starts_with("sasl") || protocol.starts_with("SASL");
  hastens_ = !sasl || (!user_.empty() && !password_.empty());
}

void consumer::hasten_fetch() noexcept {
  if (!hastens_) return;
  const error_handle ignored{rd_kafka_sasl_set_credentials(client_.get(), user_.c_str(), password_.reveal().data())};
}

void consumer::handle_error_message(const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) return;  // the user asked for them; nobody needs them
  const char* text = rd_kafka_message_errstr(&message);
  kafka_trouble what{message.err, text == nullptr ? rd_kafka_err2str(message.err) : text};
  if (message.rkt != nullptr) {
    what.topic = rd_kafka_topic_name(message.rkt);
    what.text = fmt::format("{}-{}: {}", what.topic, message.partition, what.text);
  }
  // A position that Kafka no longer has, with auto.offset.reset=none: only a person can say where to go on.
  if (message.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || message.err == RD_KAFKA_RESP_ERR__FATAL) {
    events_.broken(what);
  } else {
    events_.trouble(what);
  }
}

void consumer::pause(std::span<const topic_partition> partitions) {
  if (partitions.empty()) return;
  const auto list = list_of(partitions);
  rd_kafka_pause_partitions(client_.get(), list.get());
}

void consumer::resume(std::span<const topic_partition> partitions) {
  if (partitions.empty()) return;
  const auto list = list_of(partitions);
  rd_kafka_resume_partitions(client_.get(), list.get());
}

sca::result<void> consumer::commit_async(std::span<const sca::committable> positions) {
  const auto list = list_of(positions);
  const auto code = rd_kafka_commit(client_.get(), list.get(), 1);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return sca::fail(SCA_UNAVAILABLE, rd_kafka_err2str(code));
}

void consumer::commit_now(std::span<const sca::committable> positions, milliseconds timeout) {
  if (positions.empty()) return;
  const auto list = list_of(positions);
  queue_handle answers{rd_kafka_queue_new(client_.get())};
  // No callback is named, so the answer comes as an event on the queue, which can be waited for with a limit.
  const auto code = rd_kafka_commit_queue(client_.get(), list.get(), answers.get(), nullptr, nullptr);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return tell_committed(code, list.get());
  event_handle event{rd_kafka_queue_poll(answers.get(), to_ms(timeout))};
  if (!event || rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_OFFSET_COMMIT) {
    return tell_committed(RD_KAFKA_RESP_ERR__TIMED_OUT, list.get());
  }
  tell_committed(rd_kafka_event_error(event.get()), rd_kafka_event_topic_partition_list(event.get()));
}

std::optional<std::int64_t> consumer::position(const topic_partition& of) const {
  const auto list = list_of(std::span{&of, 1});
  if (rd_kafka_position(client_.get(), list.get()) != RD_KAFKA_RESP_ERR_NO_ERROR || list->elems[0].offset < 0)
    return std::nullopt;
  return list->elems[0].offset;
}

std::optional<std::int64_t> consumer::high_watermark(const topic_partition& of) const {
  std::int64_t low = -1;
  std::int64_t high = -1;
  const auto code = rd_kafka_get_watermark_offsets(client_.get(), of.topic.c_str(), of.partition, &low, &high);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR || high < 0) return std::nullopt;
  return high;
}

// ---- callbacks: C frames below us, so nothing may escape -------------------------------------------------------------------

void consumer::on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* list, void* opaque) noexcept {
  consumer* self = self_of(opaque);
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) self->assigned_once_ = true;
  try {
    self->rebalance(code, list);
  } catch (const std::exception& e) {
    self->events_.defect(e.what());
  }
  self->change_assignment(code, list);  // in any case: the group waits for it
  try {
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) self->events_.ready(partitions_of(list));
  } catch (const std::exception& e) {
    self->events_.defect(e.what());
  }
}

void consumer::rebalance(rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* list) {
  const auto partitions = partitions_of(list);
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    events_.assigned(partitions);
  } else if (code != RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
    events_.trouble({code, fmt::format("rebalance: {}", rd_kafka_err2str(code))});
    events_.lost(partitions);
  } else if (rd_kafka_assignment_lost(client_.get()) != 0) {
    events_.lost(partitions);
  } else {
    events_.revoked(partitions);
  }
}

void consumer::change_assignment(rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* list) {
  rd_kafka_t* rk = client_.get();
  const char* protocol = rd_kafka_rebalance_protocol(rk);
  const bool cooperative = protocol != nullptr && std::strcmp(protocol, "COOPERATIVE") == 0;
  error_handle failed;
  rd_kafka_resp_err_t result = RD_KAFKA_RESP_ERR_NO_ERROR;
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    if (cooperative) {
      failed.reset(rd_kafka_incremental_assign(rk, list));
    } else {
      result = rd_kafka_assign(rk, list);
    }
  } else if (cooperative && code == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
    failed.reset(rd_kafka_incremental_unassign(rk, list));
  } else {
    result = rd_kafka_assign(rk, nullptr);
  }
  if (failed) result = rd_kafka_error_code(failed.get());
  if (result != RD_KAFKA_RESP_ERR_NO_ERROR) companion_->log.error(fmt::format("rebalance: {}", rd_kafka_err2str(result)));
}

void consumer::on_commit(rd_kafka_t*, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* list, void* opaque) noexcept {
  consumer* self = self_of(opaque);
  try {
    self->tell_committed(code, list);
  } catch (const std::exception& e) {
    self->events_.defect(e.what());
  }
}

void consumer::tell_committed(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t* list) {
  std::vector<commit_outcome> outcomes;
  for (int i = 0; list != nullptr && i < list->cnt; ++i) {
    const auto& p = list->elems[i];
    if (p.offset < 0) continue;  // nothing was to be committed of it
    outcomes.push_back({{p.topic, p.partition, p.offset}, code != RD_KAFKA_RESP_ERR_NO_ERROR ? code : p.err});
  }
  events_.committed(outcomes);
}

void consumer::on_error(rd_kafka_t* rk, int code, const char* reason, void* opaque) noexcept {
  consumer* self = self_of(opaque);
  try {
    kafka_trouble what{static_cast<rd_kafka_resp_err_t>(code), reason == nullptr ? "" : reason};
    if (what.code != RD_KAFKA_RESP_ERR__FATAL) return self->events_.trouble(what);
    std::array<char, 512> text{};
    what.code = rd_kafka_fatal_error(rk, text.data(), text.size());
    what.text = text.data();
    self->events_.broken(what);
  } catch (const std::exception& e) {
    self->events_.defect(e.what());
  }
}

int consumer::on_statistics(rd_kafka_t*, char* json, std::size_t size, void* opaque) noexcept {
  consumer* self = self_of(opaque);
  try {
    self->events_.statistics({json, size});
  } catch (const std::exception& e) {
    self->events_.defect(e.what());
  }
  return 0;  // librdkafka keeps and frees the text
}

}  // namespace sinkhost
