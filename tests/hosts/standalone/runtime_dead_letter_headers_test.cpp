#include "dead_letter_headers.hpp"

#include <catch2/catch.hpp>

#include "sca/views.hpp"

using namespace sinkhost;

namespace {

sca_record record_at(std::int64_t offset) {
  sca_record r{};
  r.struct_size = sizeof r;
  r.topic = SCA_STR("orders");
  r.partition = 3;
  r.offset = offset;
  r.timestamp_ms = 1650625078000;
  r.timestamp_type = SCA_TIMESTAMP_CREATE;
  r.value = sca::bytes("{\"email\":\"ada@example.com\"}");
  return r;
}

const sca::rejection refusal{.assignment = 9,
                             .offset = 7,
                             .stage = SCA_STAGE_SEND,
                             .code = "snap.invalid",
                             .message = "507 Insufficient customer information."};
constexpr dead_letter_origin origin{"shop", 2};

}  // namespace

TEST_CASE("a dead letter carries Kafka Connect's ten context headers, as text") {
  const auto headers = context_headers(origin, record_at(7), refusal);
  const std::vector<text_header> expected = {
      {"__connect.errors.topic", "orders"},
      {"__connect.errors.partition", "3"},
      {"__connect.errors.offset", "7"},
      {"__connect.errors.connector.name", "shop"},
      {"__connect.errors.task.id", "2"},
      {"__connect.errors.stage", "TASK_PUT"},
      {"__connect.errors.class.name", "org.apache.kafka.connect.sink.SinkTask"},
      {"__connect.errors.exception.class.name", "org.apache.kafka.connect.errors.DataException"},
      {"__connect.errors.exception.message", "snap.invalid: 507 Insufficient customer information."},
      {"__connect.errors.exception.stacktrace",
       "org.apache.kafka.connect.errors.DataException: snap.invalid: 507 Insufficient customer information.\n\tat send "
       "(orders-3@7)\n"}};
  CHECK(headers == expected);
}

TEST_CASE("the sink's own stage is in the stack trace, whatever it is") {
  auto why = refusal;
  const auto trace = [&] { return context_headers(origin, record_at(7), why).back().second; };
  why.stage = SCA_STAGE_DECODE;
  CHECK_THAT(trace(), Catch::Contains("at decode ("));
  why.stage = SCA_STAGE_MAP;
  CHECK_THAT(trace(), Catch::Contains("at map ("));
  why.stage = 4711;
  CHECK_THAT(trace(), Catch::Contains("at send ("));
}

TEST_CASE("a rejection without a message is its code alone") {
  auto why = refusal;
  why.message = "";
  CHECK(rejection_text(why) == "snap.invalid");
}

TEST_CASE("the log says where a record stands only when asked, and never what is in it") {
  const auto record = record_at(7);
  const auto with = log_text(origin, &record, refusal);
  const auto without = log_text(origin, nullptr, refusal);
  CHECK_THAT(with, Catch::Contains("topic='orders', partition=3, offset=7, timestamp=1650625078000, timestampType=CreateTime"));
  CHECK_THAT(without, !Catch::Contains("offset=7"));
  for (const auto& text : {with, without}) {
    CHECK_THAT(text, Catch::Contains("task shop-2") && Catch::Contains("TASK_PUT") && Catch::Contains("snap.invalid: 507"));
    CHECK_THAT(text, !Catch::Contains("ada@example.com"));
  }
}
