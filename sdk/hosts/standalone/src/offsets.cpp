#include "offsets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "kafka_config.hpp"
#include "kafka_handles.hpp"
#include "task_log.hpp"
#include "topic_partition.hpp"

namespace sinkhost {
namespace {

using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

sca::error kafka_error(std::string_view what, std::string_view why) {
  return sca::fail(SCA_UNAVAILABLE, fmt::format("{}: {}", what, why));
}

// A consumer with the connector's group.id that never subscribes, so the group sees no member.
class group_client {
 public:
  static sca::result<std::unique_ptr<group_client>> open(const task_config& connector, const environment& env,
                                                         milliseconds timeout) {
    auto settings = consumer_settings(connector, env);
    if (!settings) return settings.error();
    (*settings)["client.id"] += "-offsets";
    settings->erase("statistics.interval.ms");
    (*settings)["partition.assignment.strategy"] = "range";  // may end in a first rebalance; see consumer_end.cpp
    auto subscription = subscription_of(connector);
    if (!subscription) return subscription.error();
    auto conf = make_conf(client_kind::consumer, *settings);
    if (!conf) return conf.error();
    std::unique_ptr<group_client> self{new group_client(connector.connector, std::move(*subscription), timeout)};
    self->brokers_ = env.brokers;
    self->from_start_ = (*settings)["auto.offset.reset"] != "latest" && (*settings)["auto.offset.reset"] != "end" &&
                        (*settings)["auto.offset.reset"] != "largest";
    rd_kafka_conf_set_opaque(conf->get(), &self->opaque_);
    rd_kafka_conf_set_log_cb(conf->get(), &log_of_client);
    rd_kafka_conf_set_error_cb(conf->get(), [](rd_kafka_t*, int, const char*, void*) {});  // each call says what failed
    std::array<char, 512> reason{};
    self->client_.reset(rd_kafka_new(RD_KAFKA_CONSUMER, conf->get(), reason.data(), reason.size()));
    if (!self->client_) return sca::fail(SCA_INVALID_CONFIG, fmt::format("consumer.override.*: {}", reason.data()));
    static_cast<void>(conf->release());  // the client's now
    rd_kafka_poll_set_consumer(self->client_.get());
    self->group_ = group_of(connector);
    return self;
  }

  sca::result<std::set<topic_partition>> partitions();
  sca::result<std::vector<group_offset>> committed(const std::set<topic_partition>& of);
  sca::result<void> commit(const std::vector<group_offset>& to);
  sca::result<void> forget(const std::vector<topic_partition>& which);

 private:
  group_client(const std::string& connector, std::vector<std::string> subscription, milliseconds timeout)
      : log_(connector + "|offsets"),
        opaque_{&log_, nullptr},
        subscription_(std::move(subscription)),
        end_(clock::now() + timeout) {}

  [[nodiscard]] int left() const {
    return static_cast<int>(std::clamp<std::int64_t>(std::chrono::ceil<milliseconds>(end_ - clock::now()).count(), 1, 600'000));
  }
  [[nodiscard]] rd_kafka_resp_err_t commit_once(const std::vector<group_offset>& to);
  void join();
  void leave();
  [[nodiscard]] sca::result<std::int64_t> start_of(const topic_partition& p);

  task_log log_;
  client_opaque opaque_;
  std::vector<std::string> subscription_;
  clock::time_point end_;
  broker_kind brokers_ = broker_kind::real;
  bool from_start_ = true;  // auto.offset.reset
  std::string group_;
  client_handle client_;
};

// All partitions of the connector's topics. Asks for all topics, because asking for one by name may create it.
sca::result<std::set<topic_partition>> group_client::partitions() {
  const rd_kafka_metadata_t* raw = nullptr;
  const auto code = rd_kafka_metadata(client_.get(), 1, nullptr, &raw, left());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_error("the topics could not be listed", rd_kafka_err2str(code));
  const metadata_handle metadata{raw};
  std::set<topic_partition> out;
  for (int t = 0; t < metadata->topic_cnt; ++t) {
    const auto& topic = metadata->topics[t];
    if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR || !is_subscribed(subscription_, topic.topic)) continue;
    for (int p = 0; p < topic.partition_cnt; ++p) out.insert({topic.topic, topic.partitions[p].id});
  }
  return out;
}

sca::result<std::vector<group_offset>> group_client::committed(const std::set<topic_partition>& of) {
  std::vector<group_offset> out;
  if (of.empty()) return out;
  const partition_list list{rd_kafka_topic_partition_list_new(static_cast<int>(of.size()))};
  for (const auto& p : of) rd_kafka_topic_partition_list_add(list.get(), p.topic.c_str(), p.partition);
  const auto code = rd_kafka_committed(client_.get(), list.get(), left());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_error("the committed offsets could not be read", rd_kafka_err2str(code));
  for (int i = 0; i < list->cnt; ++i) {
    const auto& p = list->elems[i];
    if (p.err != RD_KAFKA_RESP_ERR_NO_ERROR)
      return kafka_error(fmt::format("{}-{}", p.topic, p.partition), rd_kafka_err2str(p.err));
    if (p.offset >= 0) out.push_back({p.topic, p.partition, p.offset});
  }
  return out;
}

// The mock cluster takes commits of a group that it has seen only from a member, even when it has none: so become one.
void group_client::join() {
  const partition_list list{rd_kafka_topic_partition_list_new(1)};
  for (const auto& name : subscription_) rd_kafka_topic_partition_list_add(list.get(), name.c_str(), RD_KAFKA_PARTITION_UA);
  rd_kafka_subscribe(client_.get(), list.get());
  for (int assigned = 0; assigned == 0 && clock::now() < end_;) {
    const message_handle message{rd_kafka_consumer_poll(client_.get(), 50)};
    rd_kafka_topic_partition_list_t* raw = nullptr;
    if (rd_kafka_assignment(client_.get(), &raw) != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    const partition_list assignment{raw};
    assigned = assignment->cnt;
  }
}

void group_client::leave() {
  const queue_handle events{rd_kafka_queue_new(client_.get())};
  const error_handle refused{rd_kafka_consumer_close_queue(client_.get(), events.get())};
  while (!refused && rd_kafka_consumer_closed(client_.get()) == 0 && clock::now() < end_) {
    const message_handle dropped{rd_kafka_consume_queue(events.get(), 20)};  // serves events too; see consumer::close()
  }
}

rd_kafka_resp_err_t group_client::commit_once(const std::vector<group_offset>& to) {
  const partition_list list{rd_kafka_topic_partition_list_new(static_cast<int>(to.size()))};
  for (const auto& o : to) rd_kafka_topic_partition_list_add(list.get(), o.topic.c_str(), o.partition)->offset = *o.offset;
  const queue_handle answers{rd_kafka_queue_new(client_.get())};
  const auto code = rd_kafka_commit_queue(client_.get(), list.get(), answers.get(), nullptr, nullptr);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return code;
  const event_handle event{rd_kafka_queue_poll(answers.get(), left())};
  return event ? rd_kafka_event_error(event.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT;
}

sca::result<void> group_client::commit(const std::vector<group_offset>& to) {
  if (to.empty()) return {};
  auto code = commit_once(to);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR && brokers_ == broker_kind::embedded) {
    join();
    code = commit_once(to);
    leave();
  }
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  const bool members = code == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID || code == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION ||
                       code == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS;
  return kafka_error("the offsets were not changed", members ? "the consumer group still has members: stop the connector, wait "
                                                               "until they have left (session.timeout.ms) and try again"
                                                             : rd_kafka_err2str(code));
}

sca::result<std::int64_t> group_client::start_of(const topic_partition& p) {
  std::int64_t low = 0;
  std::int64_t high = 0;
  const auto code = rd_kafka_query_watermark_offsets(client_.get(), p.topic.c_str(), p.partition, &low, &high, left());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_error(fmt::format("{}-{}", p.topic, p.partition), rd_kafka_err2str(code));
  return {boost::system::in_place_value, from_start_ ? low : high};
}

// Goes to where a new group would begin. Deleting the offsets instead would take librdkafka's requests to a group coordinator
// (DeleteConsumerGroupOffsets, DeleteGroups), and those abort the whole process when the request cannot be sent: librdkafka issue
// 3663 and pull request 5397.
sca::result<void> group_client::forget(const std::vector<topic_partition>& which) {
  std::vector<group_offset> starts;
  for (const auto& p : which) {
    auto start = start_of(p);
    if (!start) return start.error();
    starts.push_back({p.topic, p.partition, *start});
  }
  return commit(starts);
}

}  // namespace

sca::result<std::vector<group_offset>> list_offsets(const task_config& connector, const environment& env, milliseconds timeout) {
  auto client = group_client::open(connector, env, timeout);
  if (!client) return client.error();
  const auto partitions = (*client)->partitions();
  if (!partitions) return partitions.error();
  return (*client)->committed(*partitions);
}

sca::result<void> alter_offsets(const task_config& connector, const environment& env, const std::vector<group_offset>& to,
                                milliseconds timeout) {
  auto client = group_client::open(connector, env, timeout);
  if (!client) return client.error();
  const auto partitions = (*client)->partitions();
  if (!partitions) return partitions.error();
  std::vector<group_offset> set;
  std::vector<topic_partition> forget;
  for (const auto& o : to) {
    if (!partitions->contains({o.topic, o.partition})) {
      return sca::fail(SCA_INVALID_CONFIG, fmt::format("{}-{}: the connector reads no such partition", o.topic, o.partition));
    }
    if (o.offset && *o.offset < 0) {
      return sca::fail(SCA_INVALID_CONFIG, fmt::format("{}-{}: the offset must not be negative", o.topic, o.partition));
    }
    if (o.offset) {
      set.push_back(o);
    } else {
      forget.push_back({o.topic, o.partition});
    }
  }
  if (auto done = (*client)->commit(set); !done) return done;
  return (*client)->forget(forget);
}

sca::result<void> reset_offsets(const task_config& connector, const environment& env, milliseconds timeout) {
  auto client = group_client::open(connector, env, timeout);
  if (!client) return client.error();
  const auto partitions = (*client)->partitions();
  if (!partitions) return partitions.error();
  const auto known = (*client)->committed(*partitions);
  if (!known) return known.error();
  std::vector<topic_partition> which;
  for (const auto& o : *known) which.push_back({o.topic, o.partition});
  return (*client)->forget(which);
}

}  // namespace sinkhost
