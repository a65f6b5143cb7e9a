#include "dead_letters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "kafka_config.hpp"

namespace sinkhost {
namespace {

using sca::settlement;
using std::chrono::milliseconds;

// How long letters wait for the answer to "create the topic" before it is left to the broker to create it.
constexpr milliseconds creation_patience{5000};

// Copies of records that librdkafka holds at a time, and letters that may wait before no more records are read.
constexpr std::size_t most_in_flight = 500;
constexpr std::size_t most_bytes_in_flight = 4 * 1024 * 1024;  // one record may be larger, then it goes alone
constexpr std::size_t most_pending = 2000;
constexpr std::size_t most_bytes_pending = 16 * 1024 * 1024;

// What Kafka's word for it does not say.
std::string reason_of(rd_kafka_resp_err_t code) {
  const bool size = code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
  return fmt::format("{}{}", rd_kafka_err2str(code),
                     size ? "; a dead letter is its record and some headers: raise max.message.bytes of that topic" : "");
}

}  // namespace

dead_letters::dead_letters(const task_config& task, error_options options, const task_log& log)
    : connector_(task.connector), task_(task.task), options_(std::move(options)), log_(log), opaque_{&log, this} {}

dead_letters::~dead_letters() {
  creation_.reset();
  // What is in flight is not settled, so not committed: it is consumed and rejected again. Waiting would not change that.
  if (client_) rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
}

sca::result<std::unique_ptr<dead_letters>> dead_letters::open(const task_config& task, const environment& env,
                                                              const task_log& log) {
  auto options = error_options_of(task);
  if (!options) return options.error();
  std::unique_ptr<dead_letters> self{new dead_letters(task, std::move(*options), log)};
  if (self->options_.topic.empty() || self->options_.tolerance == sca::tolerance::none) return self;
  auto settings = producer_settings(task, env);
  if (!settings) return settings.error();
  if (auto connected = self->connect(*settings); !connected) return connected.error();
  if (env.brokers == broker_kind::real) self->create_topic();  // the embedded one has no admin API and creates any topic
  return self;
}

sca::result<void> dead_letters::connect(const string_map& settings) {
  auto conf = make_conf(client_kind::producer, settings);
  if (!conf) return conf.error();
  rd_kafka_conf_set_opaque(conf->get(), &opaque_);
  rd_kafka_conf_set_dr_msg_cb(conf->get(), &on_delivery);
  rd_kafka_conf_set_error_cb(conf->get(), &on_error);
  rd_kafka_conf_set_log_cb(conf->get(), &log_of_client);
  std::array<char, 512> reason{};
  client_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf->get(), reason.data(), reason.size()));
  if (!client_) return sca::fail(SCA_INVALID_CONFIG, fmt::format("producer.override.*: {}", reason.data()));
  static_cast<void>(conf->release());  // the client's now
  return {};
}

// ---- the topic ---------------------------------------------------------------------------------------------------------------

void dead_letters::create_topic() {
  std::array<char, 256> reason{};
  const new_topic_handle topic{
      rd_kafka_NewTopic_new(options_.topic.c_str(), 1, options_.replication_factor, reason.data(), reason.size())};
  if (!topic) {
    log_.warn(fmt::format("errors.deadletterqueue.topic.name: {}", reason.data()));
    return;
  }
  const admin_options_handle patience{rd_kafka_AdminOptions_new(client_.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS)};
  rd_kafka_AdminOptions_set_request_timeout(patience.get(), static_cast<int>(creation_patience.count()), nullptr, 0);
  creation_.reset(rd_kafka_queue_new(client_.get()));
  rd_kafka_NewTopic_t* one = topic.get();
  rd_kafka_CreateTopics(client_.get(), &one, 1, patience.get(), creation_.get());
  give_up_creation_ = clock::now() + creation_patience;
}

void dead_letters::serve_topic_creation(clock::time_point now) {
  if (!creation_) return;
  const event_handle answer{rd_kafka_queue_poll(creation_.get(), 0)};
  if (!answer) {
    if (now >= give_up_creation_) creation_.reset();
    return;
  }
  auto code = rd_kafka_event_error(answer.get());
  std::string text = rd_kafka_event_error_string(answer.get());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
    std::size_t count = 0;
    const auto* const* topics = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer.get()), &count);
    if (count > 0) {
      code = rd_kafka_topic_result_error(topics[0]);
      const char* why = rd_kafka_topic_result_error_string(topics[0]);
      text = why == nullptr ? rd_kafka_err2str(code) : why;
    }
  }
  creation_.reset();
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
    log_.info(fmt::format("created the dead letter topic {}", options_.topic));
  } else if (code == RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE) {
    log_.debug("the broker cannot be asked to create topics");
  } else if (code != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
    log_.warn(
        fmt::format("the dead letter topic {} was not created: {}. If it does not exist, create it, or set "
                    "errors.deadletterqueue.topic.replication.factor to at most the number of brokers",
                    options_.topic, text));
  }
}

// ---- letters -----------------------------------------------------------------------------------------------------------------

void dead_letters::send(sca::dead_letter_ticket ticket, const sca::held_record& record, const sca::rejection& why) {
  const dead_letter_origin origin{connector_, task_};
  if (options_.log) log_.error(log_text(origin, options_.log_records ? &record.record : nullptr, why));
  if (!client_) {  // tolerated, and nowhere to write it: as in Kafka Connect it is logged, counted and left behind
    ++written_;
    settled_.push_back({ticket, settlement::durable});
    return;
  }
  waiting_.push_back({ticket, &record, why.stage, std::string{why.code}, std::string{why.message}});
  bytes_waiting_ += waiting_.back().size();
}

std::string dead_letters::waiting_text() const {
  if (pending() == 0) return {};
  if (!trouble_.empty()) return trouble_;
  return full() ? fmt::format("{} records wait to be written to the dead letter topic {}", pending(), options_.topic) : "";
}

bool dead_letters::full() const noexcept {
  return pending() >= most_pending || bytes_waiting_ + bytes_in_flight_ >= most_bytes_pending;
}

std::vector<dead_letters::settled> dead_letters::serve(clock::time_point now, milliseconds wait) {
  if (client_) {
    serve_topic_creation(now);
    send_waiting();
    const bool idle = wait.count() == 0 || pending() == 0 || !settled_.empty();
    rd_kafka_poll(client_.get(), idle ? 0 : static_cast<int>(wait.count()));
  }
  return std::exchange(settled_, {});
}

void dead_letters::send_waiting() {
  while (!waiting_.empty() && !creation_) {
    const auto size = waiting_.front().size();
    if (in_flight_ > 0 && (in_flight_ >= most_in_flight || bytes_in_flight_ + size > most_bytes_in_flight)) return;
    const auto code = produce(waiting_.front());
    if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) return;  // delivery reports make room
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
      ++in_flight_;
      bytes_in_flight_ += size;
    } else {
      failed(waiting_.front().ticket,
             fmt::format("the dead letter topic {} does not take a record: {}", options_.topic, reason_of(code)));
    }
    bytes_waiting_ -= size;
    waiting_.pop_front();
  }
}

void dead_letters::failed(sca::dead_letter_ticket ticket, std::string why) {
  trouble_ = failure_ = std::move(why);
  settled_.push_back({ticket, settlement::failed});
}

namespace {

rd_kafka_vu_t bytes_part(rd_kafka_vtype_t type, sca_bytes bytes) noexcept {
  rd_kafka_vu_t part{};
  part.vtype = type;
  // librdkafka only reads it: RD_KAFKA_V_MSGFLAGS says copy.
  part.u.mem.ptr = const_cast<std::uint8_t*>(bytes.data);
  part.u.mem.size = bytes.size;
  return part;
}

headers_handle headers_of(const sca_record& record, const std::vector<text_header>& context) {
  headers_handle headers{rd_kafka_headers_new(record.header_count + context.size())};
  for (std::size_t i = 0; i < record.header_count; ++i) {
    const auto& h = record.headers[i];
    rd_kafka_header_add(headers.get(), h.key.data, static_cast<ssize_t>(h.key.size), h.value.data,
                        static_cast<ssize_t>(h.value.size));
  }
  for (const auto& [name, value] : context) {
    rd_kafka_header_add(headers.get(), name.data(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  }
  return headers;
}

}  // namespace

rd_kafka_resp_err_t dead_letters::produce(const letter& one) {
  const auto& record = one.record->record;
  std::vector<text_header> context;
  if (options_.context_headers) {
    const sca::rejection why{.offset = record.offset, .stage = one.stage, .code = one.code, .message = one.message};
    context = context_headers({connector_, task_}, record, why);
  }
  auto headers = headers_of(record, context);
  std::array<rd_kafka_vu_t, 7> parts{};
  parts[0].vtype = RD_KAFKA_VTYPE_TOPIC;
  parts[0].u.cstr = options_.topic.c_str();
  parts[1] = bytes_part(RD_KAFKA_VTYPE_KEY, record.key);
  parts[2] = bytes_part(RD_KAFKA_VTYPE_VALUE, record.value);
  parts[3].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  parts[3].u.i = RD_KAFKA_MSG_F_COPY;
  parts[4].vtype = RD_KAFKA_VTYPE_OPAQUE;
  static_assert(sizeof(void*) >= sizeof(sca::dead_letter_ticket));
  std::memcpy(&parts[4].u.ptr, &one.ticket, sizeof one.ticket);
  parts[5].vtype = RD_KAFKA_VTYPE_HEADERS;
  parts[5].u.headers = headers.get();
  std::size_t count = 6;
  if (record.timestamp_ms >= 0) {  // the record's own time, as in Kafka Connect
    parts[count].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
    parts[count++].u.i64 = record.timestamp_ms;
  }
  const error_handle failed{rd_kafka_produceva(client_.get(), parts.data(), count)};
  if (failed) return rd_kafka_error_code(failed.get());
  static_cast<void>(headers.release());  // the producer's now
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

void dead_letters::on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) noexcept {
  auto* self = static_cast<dead_letters*>(static_cast<client_opaque*>(opaque)->owner);
  sca::dead_letter_ticket ticket = 0;
  std::memcpy(&ticket, &message->_private, sizeof ticket);
  --self->in_flight_;
  self->bytes_in_flight_ -= std::min(self->bytes_in_flight_, message->key_len + message->len);
  const bool delivered = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
  try {
    if (!delivered) {
      return self->failed(ticket, fmt::format("a record could not be written to the dead letter topic {}: {}",
                                              self->options_.topic, reason_of(message->err)));
    }
    self->settled_.push_back({ticket, settlement::durable});
    ++self->written_;
    self->trouble_.clear();
  } catch (...) {  // out of memory: the letter stays unsettled, nothing is committed past it
  }
}

void dead_letters::on_error(rd_kafka_t*, int code, const char* reason, void* opaque) noexcept {
  auto* self = static_cast<dead_letters*>(static_cast<client_opaque*>(opaque)->owner);
  const auto what = static_cast<rd_kafka_resp_err_t>(code);
  try {
    // After a fatal error every further produce() fails with it, and so does the task.
    if (what == RD_KAFKA_RESP_ERR__TRANSPORT) return;  // one connection; all of them is news
    self->trouble_ = fmt::format("dead letters wait: {} (topic {})", reason == nullptr ? rd_kafka_err2str(what) : reason,
                                 self->options_.topic);
  } catch (...) {
  }
}

}  // namespace sinkhost
