#include "runtime_support.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cstring>
#include <numeric>
#include <thread>

#include "kafka_handles.hpp"
#include "offsets.hpp"

// after rdkafka.h, which it needs and does not include
#include <librdkafka/rdkafka_mock.h>

namespace sinkhost::testing {
namespace {

using clock = std::chrono::steady_clock;

client_handle client_of(rd_kafka_type_t type, const std::string& servers, const string_map& more = {}) {
  conf_handle conf{rd_kafka_conf_new()};
  std::array<char, 256> reason{};
  string_map settings = more;
  settings["bootstrap.servers"] = servers;
  for (const auto& [name, value] : settings) {
    INFO(reason.data());
    REQUIRE(rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), reason.data(), reason.size()) == RD_KAFKA_CONF_OK);
  }
  client_handle client{rd_kafka_new(type, conf.get(), reason.data(), reason.size())};
  REQUIRE(client);
  static_cast<void>(conf.release());
  return client;
}

std::optional<std::string> text_of(const void* data, std::size_t size) {
  if (data == nullptr) return std::nullopt;
  return std::string{static_cast<const char*>(data), size};
}

message message_of(const rd_kafka_message_t& raw) {
  message out{.key = text_of(raw.key, raw.key_len), .value = text_of(raw.payload, raw.len), .partition = raw.partition};
  rd_kafka_timestamp_type_t type{};
  out.timestamp_ms = rd_kafka_message_timestamp(&raw, &type);
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&raw, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return out;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
    out.headers.emplace_back(name, text_of(value, size));
  }
  return out;
}

rd_kafka_vu_t bytes_part(rd_kafka_vtype_t type, const std::optional<std::string>& text) {
  rd_kafka_vu_t part{};
  part.vtype = type;
  if (text) part.u.mem.ptr = const_cast<char*>(text->c_str());  // only read
  if (text) part.u.mem.size = text->size();
  return part;
}

}  // namespace

bool eventually(const std::function<bool()>& holds, std::chrono::milliseconds limit) {
  for (const auto end = clock::now() + limit; clock::now() < end; std::this_thread::sleep_for(5ms)) {
    if (holds()) return true;
  }
  return holds();
}

bool remains(const std::function<bool()>& holds, std::chrono::milliseconds time) {
  for (const auto end = clock::now() + time; clock::now() < end; std::this_thread::sleep_for(5ms)) {
    if (!holds()) return false;
  }
  return holds();
}

kafka::kafka() {
  auto started = embedded_broker::start();
  REQUIRE(started.has_value());
  broker_ = std::move(*started);
  env_ = {.bootstrap_servers = broker_->bootstrap_servers(), .worker_id = "test", .brokers = broker_kind::embedded};
}

void kafka::create(const std::string& topic, int partitions) const {
  REQUIRE(rd_kafka_mock_topic_create(cluster(), topic.c_str(), partitions, 1) == RD_KAFKA_RESP_ERR_NO_ERROR);
}

void kafka::produce(const std::string& topic, const std::vector<message>& messages) const {
  const auto client = client_of(RD_KAFKA_PRODUCER, env_.bootstrap_servers, {{"linger.ms", "1"}});
  for (const auto& m : messages) {
    headers_handle headers{rd_kafka_headers_new(m.headers.size())};
    for (const auto& [name, value] : m.headers) {
      rd_kafka_header_add(headers.get(), name.c_str(), -1, value ? value->data() : nullptr,
                          value ? static_cast<ssize_t>(value->size()) : 0);
    }
    std::array<rd_kafka_vu_t, 7> parts{};
    parts[0].vtype = RD_KAFKA_VTYPE_TOPIC;
    parts[0].u.cstr = topic.c_str();
    parts[1].vtype = RD_KAFKA_VTYPE_PARTITION;
    parts[1].u.i32 = m.partition;
    parts[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    parts[2].u.i = RD_KAFKA_MSG_F_COPY;
    parts[3] = bytes_part(RD_KAFKA_VTYPE_KEY, m.key);
    parts[4] = bytes_part(RD_KAFKA_VTYPE_VALUE, m.value);
    parts[5].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
    parts[5].u.i64 = m.timestamp_ms;
    parts[6].vtype = RD_KAFKA_VTYPE_HEADERS;
    parts[6].u.headers = headers.get();
    const error_handle failed{rd_kafka_produceva(client.get(), parts.data(), parts.size())};
    REQUIRE_FALSE(failed);
    static_cast<void>(headers.release());
  }
  REQUIRE(rd_kafka_flush(client.get(), 20'000) == RD_KAFKA_RESP_ERR_NO_ERROR);
}

void kafka::produce_numbers(const std::string& topic, int count, int partitions) const {
  std::vector<message> all;
  for (int i = 0; i < count; ++i) all.push_back({.key = {}, .value = std::to_string(i), .partition = i % partitions});
  produce(topic, all);
}

std::vector<message> kafka::read_all(const std::string& topic, std::size_t count) const {
  const auto client =
      client_of(RD_KAFKA_CONSUMER, env_.bootstrap_servers, {{"group.id", "reader"}, {"enable.auto.commit", "false"}});
  rd_kafka_poll_set_consumer(client.get());
  partition_list list{rd_kafka_topic_partition_list_new(4)};
  for (std::int32_t p = 0; p < 4; ++p)
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), p)->offset = RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_assign(client.get(), list.get());
  list.reset();
  std::vector<message> out;
  for (const auto end = clock::now() + 20s; out.size() < count && clock::now() < end;) {
    const message_handle m{rd_kafka_consumer_poll(client.get(), 100)};
    if (m && m->err == RD_KAFKA_RESP_ERR_NO_ERROR) out.push_back(message_of(*m));
  }
  return out;
}

std::map<std::int32_t, std::int64_t> kafka::committed(const task_config& connector) const {
  const auto offsets = list_offsets(connector, env_, 10s);
  INFO((offsets ? "" : offsets.error().message));
  REQUIRE(offsets.has_value());
  std::map<std::int32_t, std::int64_t> out;
  for (const auto& o : *offsets) out[o.partition] = *o.offset;
  return out;
}

std::int64_t kafka::committed_sum(const task_config& connector) const {
  const auto all = committed(connector);
  return std::accumulate(all.begin(), all.end(), std::int64_t{0}, [](auto sum, const auto& one) { return sum + one.second; });
}

task_config connector_of(const sink_script& script, string_map config) {
  config.emplace("connector.class", "test.Sink");
  return {.connector = "shop", .task = 0, .config = std::move(config), .plugin = script.connector()};
}

std::string header_of(const message& m, const std::string& name) {
  for (const auto& [key, value] : m.headers) {
    if (key == name) return value.value_or("(null)");
  }
  return "";
}

double metric_of(const task& t, const std::string& name) {
  double sum = 0;
  for (const auto& sample : t.metrics()) {
    if (sample.name == name) sum += sample.value;
  }
  return sum;
}

}  // namespace sinkhost::testing
