// Kafka for the end-to-end tests, without the host that is tested: a broker process that outlives it, and ways to write, read and
// ask.
//
//   kafka_tool serve PORT_FILE TOPIC:PARTITIONS…        librdkafka's mock cluster until SIGTERM; SIGUSR1 takes it down, SIGUSR2
//                                                       brings it back
//   kafka_tool create BOOTSTRAP TOPIC PARTITIONS        on a real broker: the mock cluster has no admin interface
//   kafka_tool produce BOOTSTRAP                        lines from stdin: topic partition key value headers (hex; "-" is null;
//                                                       partition -1: any)
//   kafka_tool consume BOOTSTRAP TOPIC                  the whole topic as lines: partition offset key value name:value,…
//   kafka_tool offsets BOOTSTRAP GROUP TOPIC            lines: partition committed end (-1: nothing committed)
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <pthread.h>
#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr int patience_ms = 30'000;

template <auto release>
struct releaser {
  template <class handle>
  void operator()(handle* each) const {
    release(each);
  }
};
using client_ptr = std::unique_ptr<rd_kafka_t, releaser<rd_kafka_destroy>>;
using message_ptr = std::unique_ptr<rd_kafka_message_t, releaser<rd_kafka_message_destroy>>;
using partitions_ptr = std::unique_ptr<rd_kafka_topic_partition_list_t, releaser<rd_kafka_topic_partition_list_destroy>>;

[[noreturn]] void die(const std::string& why) {
  std::cerr << "kafka_tool: " << why << '\n';
  std::exit(1);
}

using text_pairs = std::vector<std::pair<std::string, std::string>>;

client_ptr make_client(rd_kafka_type_t type, const text_pairs& settings,
                       void (*on_delivery)(rd_kafka_t*, const rd_kafka_message_t*, void*)) {
  char reason[512] = "";
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const auto& [name, value] : settings)
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), reason, sizeof reason) != RD_KAFKA_CONF_OK) die(reason);
  if (on_delivery != nullptr) rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
  client_ptr made{rd_kafka_new(type, conf, reason, sizeof reason)};
  if (!made) die(reason);
  return made;
}

// "-" is null, and the empty string stays an empty value.
std::optional<std::string> from_hex(const std::string& text) {
  if (text == "-") return {};
  if (text == "''") return "";
  std::string out;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) out += static_cast<char>(std::stoi(text.substr(at, 2), nullptr, 16));
  return out;
}

std::string to_hex(const void* bytes, std::size_t size) {
  if (bytes == nullptr) return "-";
  constexpr char digits[] = "0123456789abcdef";
  std::string out = size == 0 ? "''" : "";
  for (const auto* at = static_cast<const unsigned char*>(bytes); size > 0; ++at, --size) {
    out += digits[*at >> 4U];
    out += digits[*at & 0xfU];
  }
  return out;
}

int serve(const std::string& port_file, const std::vector<std::string>& topics) {
  sigset_t ours;
  sigemptyset(&ours);
  for (const int each : {SIGTERM, SIGINT, SIGUSR1, SIGUSR2}) sigaddset(&ours, each);
  pthread_sigmask(SIG_BLOCK, &ours, nullptr);  // before librdkafka starts its threads
  const auto client = make_client(RD_KAFKA_PRODUCER, {{"client.id", "mock"}}, nullptr);
  rd_kafka_mock_cluster_t* cluster = rd_kafka_mock_cluster_new(client.get(), 1);
  if (cluster == nullptr) die("the mock cluster did not start");
  for (const auto& each : topics) {
    const auto colon = each.find(':');
    rd_kafka_mock_topic_create(cluster, each.substr(0, colon).c_str(), std::atoi(each.c_str() + colon + 1), 1);
  }
  std::ofstream{port_file + ".new"} << rd_kafka_mock_cluster_bootstraps(cluster) << '\n';
  if (std::rename((port_file + ".new").c_str(), port_file.c_str()) != 0) die("cannot write " + port_file);
  for (int number = 0; number != SIGTERM && number != SIGINT;) {
    sigwait(&ours, &number);
    if (number == SIGUSR1) rd_kafka_mock_broker_set_down(cluster, 1);
    if (number == SIGUSR2) rd_kafka_mock_broker_set_up(cluster, 1);
  }
  rd_kafka_mock_cluster_destroy(cluster);
  return 0;
}

int create(const std::string& bootstrap, const std::string& topic, int partitions) {
  const auto client = make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", bootstrap}}, nullptr);
  char reason[512] = "";
  rd_kafka_NewTopic_t* wanted = rd_kafka_NewTopic_new(topic.c_str(), partitions, 1, reason, sizeof reason);
  if (wanted == nullptr) die(reason);
  rd_kafka_queue_t* answers = rd_kafka_queue_new(client.get());
  rd_kafka_CreateTopics(client.get(), &wanted, 1, nullptr, answers);
  rd_kafka_event_t* answer = rd_kafka_queue_poll(answers, patience_ms);
  if (answer == nullptr || rd_kafka_event_error(answer) != RD_KAFKA_RESP_ERR_NO_ERROR) die("not created: " + topic);
  std::size_t count = 0;
  const auto* const* made = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer), &count);
  if (count != 1 || rd_kafka_topic_result_error(made[0]) != RD_KAFKA_RESP_ERR_NO_ERROR) die("not created: " + topic);
  rd_kafka_event_destroy(answer);
  rd_kafka_queue_destroy(answers);
  rd_kafka_NewTopic_destroy(wanted);
  return 0;
}

void count_failure(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) die(std::string{"not produced: "} + rd_kafka_err2str(message->err));
}

void produce_line(rd_kafka_t* client, const std::string& line) {
  std::istringstream words{line};
  std::string topic, key_text, value_text, header_text;
  int partition = -1;
  words >> topic >> partition >> key_text >> value_text >> header_text;
  const auto key = from_hex(key_text);
  const auto value = from_hex(value_text);
  rd_kafka_headers_t* headers = rd_kafka_headers_new(4);
  std::istringstream pairs{header_text == "-" ? "" : header_text};
  for (std::string each; std::getline(pairs, each, ',');) {
    const auto colon = each.find(':');
    const auto held = from_hex(each.substr(colon + 1));
    rd_kafka_header_add(headers, each.data(), static_cast<ssize_t>(colon), held->data(), static_cast<ssize_t>(held->size()));
  }
  const void* value_bytes = value ? value->data() : nullptr;
  const void* key_bytes = key ? key->data() : nullptr;
  rd_kafka_vu_t parts[6]{};
  parts[0].vtype = RD_KAFKA_VTYPE_TOPIC;
  parts[0].u.cstr = topic.c_str();
  parts[1].vtype = RD_KAFKA_VTYPE_PARTITION;
  parts[1].u.i32 = partition;
  parts[2].vtype = RD_KAFKA_VTYPE_VALUE;
  parts[2].u.mem = {const_cast<void*>(value_bytes), value ? value->size() : 0};
  parts[3].vtype = RD_KAFKA_VTYPE_KEY;
  parts[3].u.mem = {const_cast<void*>(key_bytes), key ? key->size() : 0};
  parts[4].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  parts[4].u.i = RD_KAFKA_MSG_F_COPY | RD_KAFKA_MSG_F_BLOCK;
  parts[5].vtype = RD_KAFKA_VTYPE_HEADERS;
  parts[5].u.headers = headers;
  if (rd_kafka_error_t* wrong = rd_kafka_produceva(client, parts, 6)) die(rd_kafka_error_string(wrong));
  rd_kafka_poll(client, 0);
}

int produce(const std::string& bootstrap) {
  const auto client =
      make_client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", bootstrap}, {"message.max.bytes", "50000000"}, {"linger.ms", "5"}},
                  count_failure);
  for (std::string line; std::getline(std::cin, line);) produce_line(client.get(), line);
  if (rd_kafka_flush(client.get(), patience_ms) != RD_KAFKA_RESP_ERR_NO_ERROR) die("the broker did not take everything");
  return 0;
}

std::vector<int> partitions_of(rd_kafka_t* client, const std::string& topic) {
  rd_kafka_topic_t* handle = rd_kafka_topic_new(client, topic.c_str(), nullptr);
  const rd_kafka_metadata_t* metadata = nullptr;
  if (const auto error = rd_kafka_metadata(client, 0, handle, &metadata, patience_ms)) die(rd_kafka_err2str(error));
  std::vector<int> out;
  for (int at = 0; metadata->topic_cnt == 1 && at < metadata->topics[0].partition_cnt; ++at)
    out.push_back(metadata->topics[0].partitions[at].id);
  rd_kafka_metadata_destroy(metadata);
  rd_kafka_topic_destroy(handle);
  return out;
}

void print_message(const rd_kafka_message_t& message) {
  std::cout << message.partition << ' ' << message.offset << ' ' << to_hex(message.key, message.key_len) << ' '
            << to_hex(message.payload, message.len) << ' ';
  rd_kafka_headers_t* headers = nullptr;
  std::string text;
  if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t at = 0; rd_kafka_header_get_all(headers, at, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++at)
      text += (at > 0 ? "," : "") + std::string{name} + ':' + to_hex(value, size);
  }
  std::cout << (text.empty() ? "-" : text) << '\n';
}

text_pairs consumer_settings(const std::string& bootstrap, const std::string& group) {
  return {{"bootstrap.servers", bootstrap},    {"group.id", group},
          {"enable.auto.commit", "false"},     {"enable.partition.eof", "true"},
          {"auto.offset.reset", "earliest"},   {"fetch.message.max.bytes", "50000000"},
          {"allow.auto.create.topics", "true"}};
}

int consume(const std::string& bootstrap, const std::string& topic) {
  const auto client = make_client(RD_KAFKA_CONSUMER, consumer_settings(bootstrap, "kafka_tool"), nullptr);
  rd_kafka_poll_set_consumer(client.get());
  const auto ids = partitions_of(client.get(), topic);
  const partitions_ptr wanted{rd_kafka_topic_partition_list_new(static_cast<int>(ids.size()))};
  for (const int id : ids) rd_kafka_topic_partition_list_add(wanted.get(), topic.c_str(), id)->offset = RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_assign(client.get(), wanted.get());
  for (std::size_t open = ids.size(); open > 0;) {
    const message_ptr message{rd_kafka_consumer_poll(client.get(), patience_ms)};
    if (!message) die("the broker does not answer");
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
      --open;
    else if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
      print_message(*message);
  }
  return 0;
}

int offsets(const std::string& bootstrap, const std::string& group, const std::string& topic) {
  const auto client = make_client(RD_KAFKA_CONSUMER, consumer_settings(bootstrap, group), nullptr);
  const auto ids = partitions_of(client.get(), topic);
  const partitions_ptr asked{rd_kafka_topic_partition_list_new(static_cast<int>(ids.size()))};
  for (const int id : ids) rd_kafka_topic_partition_list_add(asked.get(), topic.c_str(), id);
  if (const auto error = rd_kafka_committed(client.get(), asked.get(), patience_ms)) die(rd_kafka_err2str(error));
  for (int at = 0; at < asked->cnt; ++at) {
    const auto& each = asked->elems[at];
    std::int64_t low = 0;
    std::int64_t high = 0;
    if (const auto error =
            rd_kafka_query_watermark_offsets(client.get(), topic.c_str(), each.partition, &low, &high, patience_ms))
      die(rd_kafka_err2str(error));
    std::cout << each.partition << ' ' << (each.offset < 0 ? -1 : each.offset) << ' ' << high << '\n';
  }
  return 0;
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> given{words + 1, words + count};
  if (given.size() >= 2 && given[0] == "serve") return serve(given[1], {given.begin() + 2, given.end()});
  if (given.size() == 4 && given[0] == "create") return create(given[1], given[2], std::atoi(given[3].c_str()));
  if (given.size() == 2 && given[0] == "produce") return produce(given[1]);
  if (given.size() == 3 && given[0] == "consume") return consume(given[1], given[2]);
  if (given.size() == 4 && given[0] == "offsets") return offsets(given[1], given[2], given[3]);
  die("serve PORT_FILE TOPIC:N… | create BOOTSTRAP TOPIC N | produce BOOTSTRAP | consume BOOTSTRAP TOPIC | offsets BOOTSTRAP "
      "GROUP TOPIC");
}
