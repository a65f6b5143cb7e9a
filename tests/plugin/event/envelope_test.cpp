// What wraps an event on the topic (source-formats.md §6).
#include "support.hpp"

using namespace event_test;
using snap::config::envelope;

namespace {

const std::string event = snap_event();

outcome with(envelope mode, const given& g) {
  return map(preset::snap, g, [&](auto& s) { s.mapping.wrap = mode; });
}
outcome with(envelope mode, std::string value) {
  given g;
  g.value = std::move(value);
  return with(mode, g);
}
std::string in_quotes(std::string_view json) {
  std::string out = "\"";
  for (const char c : json) out += c == '"' ? "\\\"" : std::string(1, c);
  return out + "\"";
}
std::string connect(std::string_view payload, std::string_view schema = R"({"type":"struct","fields":[]})") {
  return R"({"schema":)" + std::string(schema) + R"(,"payload":)" + std::string(payload) + "}";
}
std::string debezium(std::string_view op, std::string_view after) {
  return R"({"before":null,"after":)" + std::string(after) + R"(,"source":{"db":"shop"},"op":")" + std::string(op) +
         R"(","ts_ms":1})";
}
std::string cloudevent(std::string_view data) {
  return R"({"specversion":"1.0","id":"ce-1","source":"/shop","type":"order","time":"2022-04-22T10:00:00Z",)" +
         std::string(data) + "}";
}

}  // namespace

TEST_CASE("auto takes the event out of unambiguous envelopes, in up to three layers") {
  const auto value = GENERATE_COPY(values<std::string>({
      event,
      connect(event),
      connect(event, "null"),
      connect(debezium("c", event)),
      debezium("c", event),
      cloudevent("\"data\":" + event),
      cloudevent("\"data\":" + in_quotes(event)),
      connect(cloudevent("\"data\":" + event)),
      connect(in_quotes(event)),
      in_quotes(event),
      connect(debezium("c", connect(event))),
      std::string("\0\0\0\0\7", 5) + event,
      std::string("\0\0\0\0\7 ", 6) + connect(event),
  }));
  CAPTURE(value);
  const outcome o = with(envelope::detect, value);
  CHECK(o.fate == "send");
  CHECK(o.at("/event_id") == "e1");
}

TEST_CASE("a fourth layer is taken for the event") {
  CHECK(with(envelope::detect, connect(debezium("c", connect(connect(event))))).code == "event.name.missing");
}

TEST_CASE("a CloudEvent's base64 data is decoded") {
  CHECK(with(envelope::detect, cloudevent(R"("data_base64":"eyJldmVudF9uYW1lIjoiUEFHRV9WSUVXIn0=")")).code ==
        "event.time.missing");
  CHECK(with(envelope::detect, cloudevent(R"("data_base64":"!!!")")).code == "record.not.json");
}

TEST_CASE("a CloudEvent's attributes are reachable as headers") {
  const auto fields = [](auto& s) { over("event_id", "$header.ce_id")(s); };
  CHECK(map(preset::snap, cloudevent("\"data\":" + event), fields).at("/event_id") == "ce-1");
}

TEST_CASE("an empty payload is a tombstone") {
  CHECK(with(envelope::detect, connect("null")).code == "record.tombstone");
  CHECK(with(envelope::detect, cloudevent("\"x\":1")).code == "record.tombstone");
  CHECK(with(envelope::detect, debezium("c", "null")).code == "record.tombstone");
}

TEST_CASE("only inserts of Debezium are events") {
  const auto op = GENERATE(values<std::string_view>({"u", "d", "r", "t", "m"}));
  const outcome o = with(envelope::detect, debezium(op, event));
  CHECK(o.fate == "skip");
  CHECK(o.code == "record.change.skipped");
}

TEST_CASE("a flattened row of Debezium is the event, unless it says deleted") {
  CHECK(with(envelope::detect, snap_event(R"("__deleted":"false")")).fate == "send");
  CHECK(with(envelope::detect, snap_event(R"("__deleted":"true")")).code == "record.change.skipped");
}

TEST_CASE("what only resembles an envelope is left alone") {
  CHECK(with(envelope::detect, snap_event(R"("schema":"x","payload":{"event_name":"SEARCH"})")).at("/event_name") == "PAGE_VIEW");
  CHECK(with(envelope::detect, connect(event, "\"iglu:com.acme/x\"")).code == "event.name.missing");
  CHECK(with(envelope::detect, snap_event(R"("op":"c","source":"web","after":{})")).at("/event_id") == "e1");
  CHECK(with(envelope::detect, snap_event(R"("id":1,"source":"a","type":"b")")).at("/event_id") == "e1");
}

TEST_CASE("a configured envelope is the only one that is looked for") {
  CHECK(with(envelope::none, connect(event)).code == "event.name.missing");
  CHECK(with(envelope::connect, connect(event)).fate == "send");
  CHECK(with(envelope::connect, cloudevent("\"data\":" + event)).code == "event.name.missing");
  CHECK(with(envelope::debezium, connect(debezium("c", event))).fate == "send");
  CHECK(with(envelope::cloudevents, cloudevent("\"data\":" + event)).fate == "send");
  CHECK(with(envelope::cloudevents, connect(event)).code == "event.name.missing");
  CHECK(with(envelope::confluent, std::string("\0\0\0\0\7", 5) + event).fate == "send");
  CHECK(with(envelope::none, std::string("\0\0\0\0\7", 5) + event).code == "record.not.json");
}

TEST_CASE("Avro and Protobuf are refused by the name of what could read them") {
  const outcome avro = with(envelope::detect, std::string("\0\0\0\1\2\x0e"
                                                          "binary",
                                                          12));
  CHECK(avro.code == "record.not.json");
  CHECK_THAT(avro.message, Catch::Contains("AvroConverter") && Catch::Contains("schema id 258"));
  given framed;
  framed.value =
      "\x0e"
      "binary";
  framed.headers = {{"__value_schema_id", std::string("\1", 1)}};
  CHECK_THAT(with(envelope::detect, framed).message, Catch::Contains("schema registry"));
  CHECK_THAT(with(envelope::detect, std::string("\3\0", 2) + std::string(30, 'x')).message, Catch::Contains("Glue"));
}

TEST_CASE("of duplicate payloads the last wins") {
  const std::string other = snap_event("", "SEARCH");
  CHECK(with(envelope::detect, R"({"schema":null,"payload":)" + other + "}").at("/event_name") == "SEARCH");
  const std::string twice = R"({"op":"c","source":{},"after":)" + other + R"(,"after":)" + event + "}";
  CHECK(with(envelope::detect, twice).at("/event_name") == "PAGE_VIEW");
}
