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

TEST_CASE("rows that a Debezium snapshot reads are mapped where the configuration says so, and counted with their reason else") {
  const auto rows = [](const std::string& value, snap::config::snapshot_rows what) {
    return map(preset::snap, value, [&](auto& s) { s.mapping.snapshot = what; });
  };
  using enum snap::config::snapshot_rows;
  for (const std::string& row :
       {debezium("r", event), connect(debezium("r", event)), snap_event(R"("__deleted":"false","__op":"r")")}) {
    CAPTURE(row);
    CHECK(rows(row, send).at("/event_id") == "e1");
    CHECK(rows(row, skip).code == "record.change.skipped");
    CHECK_THAT(rows(row, skip).message, Catch::Contains("op r") && Catch::Contains("record.snapshot.rows=send"));
  }
  for (const std::string& row : {debezium("u", event), snap_event(R"("__deleted":"false","__op":"u")")})
    CHECK(rows(row, send).code == "record.change.skipped");
  CHECK(rows(snap_event(R"("__deleted":"false","__op":"c")"), skip).fate == "send");
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

TEST_CASE("Confluent's framing is one of the three layers") {
  const std::string frame("\0\0\0\0\7", 5);
  CHECK(with(envelope::detect, frame + connect(debezium("c", event))).fate == "send");
  CHECK(with(envelope::detect, frame + connect(debezium("c", connect(event)))).code == "event.name.missing");
}

TEST_CASE("a content-type header says CloudEvent, whatever attributes are missing") {
  given g;
  g.value = R"({"specversion":"1.0","type":"order","data":)" + event + "}";
  CHECK(with(envelope::detect, g).code == "event.name.missing");
  for (const char* type :
       {"application/cloudevents+json", "Application/CloudEvents+JSON; charset=UTF-8", "application/cloudevents"}) {
    g.headers = {{"content-type", type}};
    CHECK(with(envelope::detect, g).at("/event_id") == "e1");
    CHECK(with(envelope::cloudevents, g).at("/event_id") == "e1");
  }
  CHECK(with(envelope::none, g).code == "event.name.missing");
}

TEST_CASE("a CloudEvent of another format than JSON is refused by its format") {
  given g;
  g.value = event;
  g.headers = {{"content-type", "application/cloudevents+avro"}};
  CHECK(with(envelope::detect, g).code == "record.not.json");
  CHECK_THAT(with(envelope::detect, g).message, Catch::Contains("application/cloudevents+avro"));
  g.headers = {{"content-type", "application/cloudevents-batch+json"}};
  CHECK_THAT(with(envelope::detect, g).message, Catch::Contains("cloudevents-batch"));
  const outcome data = with(envelope::detect, cloudevent(R"("datacontenttype":"application/avro","data_base64":"T2JqAQ==")"));
  CHECK(data.code == "record.not.json");
  CHECK_THAT(data.message, Catch::Contains("application/avro") && Catch::Contains("datacontenttype"));
  CHECK(with(envelope::detect, cloudevent(R"("datacontenttype":"application/vnd.shop+json","data":)" + event)).fate == "send");
}

TEST_CASE("a CloudEvent in binary mode is its value, with its attributes in headers") {
  given g;
  g.value = event;
  g.headers = {{"ce_specversion", "1.0"},
               {"ce_id", "ce-7"},
               {"ce_source", "/shop"},
               {"ce_type", "order"},
               {"ce_time", "2022-04-22T10:00:00Z"},
               {"content-type", "application/json"}};
  const auto fields = [](auto& s) {
    over("event_id", "$header.ce_id")(s);
    over("event_time", "$header.ce_time")(s);
  };
  const outcome o = map(preset::snap, g, fields);
  CHECK(o.at("/event_id") == "ce-7");
  CHECK(o.at("/event_time") == "1650621600");
  g.value = "";
  CHECK(with(envelope::detect, g).code == "record.tombstone");
}

TEST_CASE("bytes that are no JSON are explained by what the headers say about them") {
  given g;
  g.value =
      "\x0e"
      "binary";
  g.headers = {{"content-type", "application/x-protobuf"}};
  CHECK_THAT(with(envelope::detect, g).message, Catch::Contains("content-type 'application/x-protobuf'"));
  g.headers = {{"content-type", "a\nb\"" + std::string(500, 'x')}};
  const std::string bounded = with(envelope::detect, g).message;
  CHECK(bounded.size() < 500);
  CHECK_THAT(bounded, !Catch::Contains("\n"));
  g.headers = {{"__value_schema_id", "\1" + std::string("\xf0\x0d\xca\xfe\0\1\2\3\4\5\6\7\x08\x09\x0a\x0b", 16)}};
  CHECK_THAT(with(envelope::detect, g).message, Catch::Contains("f00dcafe-0001-0203-0405-060708090a0b"));
  g.headers = {};
  CHECK_THAT(with(envelope::detect, g).message, Catch::Contains("binary"));
  CHECK_THAT(with(envelope::detect, "{nonsense").message, !Catch::Contains("binary"));
  CHECK_THAT(with(envelope::none, std::string("\0\0\0\0\7", 5) + event).message, Catch::Contains("record.envelope"));
}

TEST_CASE("an outbox row is read, its header naming the event") {
  given g;
  g.headers = {{"id", "0b1c"}};
  for (const std::string& value : {event, in_quotes(event), connect(in_quotes(event), R"({"type":"string","optional":false})")}) {
    g.value = value;
    CHECK(map(preset::snap, g, over("event_id", "$header.id")).at("/event_id") == "0b1c");
  }
}

TEST_CASE("the key of a Debezium row can be the event id, wrapped as its value is") {
  given g;
  g.value = connect(debezium("c", event));
  g.key = connect(R"({"order_id":4711})");
  CHECK(map(preset::snap, g, over("event_id", "$key.order_id")).at("/event_id") == "4711");
}

TEST_CASE("a number that a converter wrote in a form of its own is explained") {
  const auto paid = [](std::string_view value) {
    return R"({"event_name":"PURCHASE","event_time":1650625078,"action_source":"WEB","user_data":{"em":"a@b.co"},)"
           R"("custom_data":{"currency":"EUR","value":)" +
           std::string(value) + "}}";
  };
  for (const std::string_view value : {R"("CfQ=")", R"({"scale":2,"value":"CfQ="})"}) {
    const outcome o = with(envelope::detect, connect(debezium("c", paid(value))));
    CHECK(o.code == "value.invalid");
    CHECK_THAT(o.message, Catch::Contains("decimal.format=NUMERIC") && Catch::Contains("decimal.handling.mode"));
  }
  CHECK_THAT(with(envelope::detect, paid(R"("CfQ=")")).message, !Catch::Contains("decimal.format"));
  const outcome days = with(
      envelope::detect, connect(R"({"event_name":"SAVE","event_time":19104,"action_source":"WEB","user_data":{"em":"a@b.co"}})"));
  CHECK(days.code == "event.time.invalid");
  CHECK_THAT(days.message, Catch::Contains("io.debezium.time"));
}
