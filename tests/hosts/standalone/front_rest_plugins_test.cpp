#include <boost/json.hpp>
#include <set>
#include "front_catch.hpp"

#include "front_support.hpp"
#include "logging.hpp"

using namespace sinkhost;
using namespace sinkhost::testing;
namespace json = boost::json;

namespace {

// The entry of configs whose value has that name.
json::object entry(const json::value& infos, std::string_view name) {
  for (const json::value& one : infos.at("configs").as_array()) {
    if (one.at("value").at("name").as_string() == json::string_view(name.data(), name.size())) return one.as_object();
  }
  FAIL("no entry " << name);
  return {};
}

json::value validated(const host_fixture& host, const string_map& config) {
  return json::parse(host.body(200, "PUT", "/connector-plugins/Echo/config/validate", json_of(config)));
}

}  // namespace

TEST_CASE("plugins are listed with class, type and version") {
  const host_fixture host;
  const std::string all =
      R"([{"class":"test.EchoSink","type":"sink","version":"1.0","alias":"Echo"},{"class":"test.BareSink","type":"sink","version":"0.1"}])";
  CHECK(host.body(200, "GET", "/connector-plugins") == all);
  CHECK(host.body(200, "GET", "/connector-plugins?connectorsOnly=false") == all);
}

TEST_CASE("a plugin's keys are listed with the host's, under both of its names") {
  const host_fixture host;
  const std::string text = host.body(200, "GET", "/connector-plugins/Echo/config");
  CHECK(text == host.body(200, "GET", "/connector-plugins/test.EchoSink/config"));
  CHECK_THAT(
      text,
      Catch::Contains(
          R"({"name":"echo.batch","type":"INT","required":false,"default_value":"2","importance":"MEDIUM","documentation":"How many.","group":"Echo",)"
          R"("width":"MEDIUM","display_name":"echo.batch","dependents":[],"order":4})"));
  for (const char* part : {R"("name":"tasks.max")", R"("name":"topics")", R"("name":"errors.tolerance")",
                           R"("name":"echo.field.*")", R"("name":"echo.token","type":"PASSWORD")",
                           R"("name":"echo.wait.ms","type":"LONG")", R"("name":"echo.on","type":"BOOLEAN")",
                           R"("name":"echo.share","type":"DOUBLE")", R"("name":"echo.list","type":"LIST")"}) {
    CHECK_THAT(text, Catch::Contains(part));
  }
}

TEST_CASE("an unknown plugin answers 404 with those there are") {
  const host_fixture host;
  CHECK_THAT(host.body(404, "GET", "/connector-plugins/Nope/config"), Catch::Contains("test.EchoSink (alias Echo)"));
  host.body(404, "PUT", "/connector-plugins/Nope/config/validate", "{}");
  host.body(404, "POST", "/connector-plugins/Nope/preview", "{}");
}

TEST_CASE("validation answers ConfigInfos") {
  const host_fixture host;
  const auto infos = validated(
      host, good_config({{"name", "n"}, {"echo.batch", "11"}, {"echo.field.a.b", "$.x"}, {"echo.odd", "1"}, {"foreign", "1"}}));
  CHECK(infos.at("name").as_string() == "test.EchoSink");
  CHECK(infos.at("error_count").as_int64() == 2);
  CHECK(json::serialize(infos.at("groups")) == R"(["Common","Error Handling","Client Overrides","Echo","More"])");

  const auto batch = entry(infos, "echo.batch");
  CHECK(batch.at("definition").at("order").as_int64() == 4);
  CHECK(batch.at("value").at("value").as_string() == "11");
  CHECK(batch.at("value").at("errors").as_array().size() == 1);
  CHECK(batch.at("value").at("visible").as_bool());
  CHECK(entry(infos, "echo.token").at("value").at("value").as_string() == "********");
  const auto mode = entry(infos, "echo.mode");
  CHECK(mode.at("value").at("value").as_string() == "plain");
  CHECK(json::serialize(mode.at("value").at("recommended_values")) == R"(["plain","loud"])");
  CHECK(entry(infos, "echo.share").at("value").at("value").is_null());
  CHECK(entry(infos, "echo.field.a.b").at("definition").at("name").as_string() == "echo.field.a.b");
  CHECK(entry(infos, "tasks.max").at("definition").at("group").as_string() == "Common");
  CHECK(entry(infos, "echo.odd").at("definition").is_null());
  CHECK(entry(infos, "echo.odd").at("value").at("errors").as_array().size() == 1);
  CHECK(entry(infos, "foreign").at("value").at("errors").as_array().empty());
  CHECK(entry(infos, "foreign").at("value").at("warnings").as_array().size() == 1);
}

TEST_CASE("each key comes once in ConfigInfos") {
  const host_fixture host;
  const auto infos = validated(host, good_config({{"echo.field.x", "1"}, {"consumer.override.client.id", "x"}}));
  std::set<std::string> names;
  for (const json::value& one : infos.at("configs").as_array())
    CHECK(names.insert(json::value_to<std::string>(one.at("value").at("name"))).second);
  CHECK(names.contains("consumer.override.client.id"));
  CHECK_FALSE(names.contains("echo.field.*"));
}

TEST_CASE("validation takes the class from the path and refuses another one") {
  const host_fixture host;
  string_map config = good_config({{"name", "n"}});
  config.erase("connector.class");
  CHECK(validated(host, config).at("error_count").as_int64() == 0);
  config["connector.class"] = "test.BareSink";
  CHECK_THAT(host.body(400, "PUT", "/connector-plugins/Echo/config/validate", json_of(config)),
             Catch::Contains("does not match"));
}

TEST_CASE("validation of an existing connector knows what the mask stands for") {
  const host_fixture host;
  host.body(201, "POST", "/connectors", create_body("a", good_config()));
  CHECK(validated(host, good_config({{"name", "a"}, {"echo.token", "********"}})).at("error_count").as_int64() == 0);
}

TEST_CASE("validation names a mask behind which nothing is stored, as a PUT would") {
  const host_fixture host;
  const auto infos = validated(host, good_config({{"name", "a"}, {"echo.token", "********"}}));
  CHECK(infos.at("error_count").as_int64() == 1);
}

TEST_CASE("a preview answers the same objects as the command") {
  const host_fixture host;
  CHECK(
      host.body(
          200, "POST", "/connector-plugins/Echo/preview",
          R"({"config":{"echo.url":"https://x","topics":"t"},"now":"1970-01-01T00:00:01Z","records":[{"value":1.50},{"value":null,"offset":7}]})") ==
      R"({"results":[{"topic":"t","partition":0,"offset":0,"outcome":"send","outputs":[{"method":"POST","url":"https://x?now=1000","event":{"raw":1.50}}]},)"
      R"({"topic":"t","partition":0,"offset":7,"outcome":"skip","stage":"decode","code":"record.tombstone","message":"null value"}]})");
}

TEST_CASE("a preview explains each result when the query or the body asks for it") {
  const host_fixture host;
  const std::string path = "/connector-plugins/Echo/preview";
  const std::string body = R"({"config":{"echo.url":"u"},"records":[{"value":["twice"]},{"value":null}])";
  for (const auto& [target, rest] :
       {std::pair<std::string, std::string>{path + "?explain=true", "}"}, {path, R"(,"explain":true})"}}) {
    CHECK_THAT(host.body(200, "POST", target, body + rest),
               Catch::Contains(R"(}],"explanation":{"bodies":2}},{)") && Catch::EndsWith(R"("explanation":{"bodies":0}}]})"));
  }
  CHECK_THAT(host.body(200, "POST", path + "?explain=false", body + "}"), !Catch::Contains("explanation"));
}

TEST_CASE("a preview with batches has the requests too") {
  const host_fixture host;
  CHECK_THAT(
      host.body(200, "POST", "/connector-plugins/Echo/preview",
                R"({"config":{"echo.url":"u"},"batches":true,"now":"1970-01-01T00:00:00Z","records":[{"value":1},{"value":2}]})"),
      Catch::EndsWith(R"("requests":[{"method":"POST","url":"u?now=0","body":{"events":[{"raw":1},{"raw":2}]}}]})"));
}

TEST_CASE("a preview of more records than its answer may hold in memory answers 400") {
  const host_fixture host;
  const auto of = [&](std::size_t count) {
    std::string records;
    for (std::size_t i = 0; i < count; ++i) records += R"({"value":1},)";
    records.pop_back();
    return R"({"config":{"echo.url":"https://x"},"records":[)" + records + "]}";
  };
  host.body(200, "POST", "/connector-plugins/Echo/preview", of(10'000));
  CHECK_THAT(host.body(400, "POST", "/connector-plugins/Echo/preview", of(10'001)),
             Catch::Contains("10001") && Catch::Contains("at most 10000") && Catch::Contains("sink-host preview"));
}

TEST_CASE("a preview with a bad configuration or record answers 400") {
  const host_fixture host;
  const std::string path = "/connector-plugins/Echo/preview";
  CHECK_THAT(host.body(400, "POST", path, R"({"config":{"echo.batch":"0"},"records":[]})"),
             Catch::Contains("2 error(s)") && Catch::Contains("echo.url: "));
  CHECK_THAT(host.body(400, "POST", path, R"({"config":{"echo.url":"u"},"records":[{"value":1},{"key":1}]})"),
             Catch::Contains("records[1]: "));
  CHECK_THAT(host.body(400, "POST", path, R"({"config":{"echo.url":"u"},"recrods":[]})"), Catch::Contains("recrods"));
  for (const char* bad : {"", "[]", R"({"config":7})", R"({"config":{},"records":7})", R"({"config":{},"now":"soon"})",
                          R"({"config":{},"batches":"yes"})"}) {
    host.body(400, "POST", path, bad);
  }
  host.body(400, "POST", "/connector-plugins/test.BareSink/preview", R"({"config":{"bare.ok":"1"},"records":[]})");
}

TEST_CASE("the server says its version and that it is healthy") {
  const host_fixture host;
  CHECK(host.body(200, "GET", "/") == R"({"version":"1.2.3","commit":"sink-host","kafka_cluster_id":null})");
  CHECK_THAT(host.body(200, "GET", "/health"), Catch::Contains(R"("status":"healthy")"));
}

TEST_CASE("a damaged state file shows in health and leaves the others") {
  host_fixture host;
  host.body(201, "POST", "/connectors", create_body("a", good_config()));
  host.body(201, "POST", "/connectors", create_body("b", good_config()));
  host.directory.write("state/connectors/a.json", "half");
  host.restart();
  CHECK_THAT(host.body(200, "GET", "/health"), Catch::Contains(R"("status":"degraded")") && Catch::Contains("a.json"));
  CHECK(host.body(200, "GET", "/connectors") == R"(["b"])");
}

TEST_CASE("a task that has failed turns health red, with the reason, until it is restarted") {
  host_fixture host;
  host.body(201, "POST", "/connectors", create_body("a", good_config()));
  host.settle();
  host.tasks.say("a-0", {.state = task_state::failed, .trace = "token refused\nRenew it."});
  CHECK_THAT(host.body(503, "GET", "/health"),
             Catch::Contains(R"("status":"unhealthy")") && Catch::Contains(R"("problems":["a task 0 failed: token refused"])"));
  host.tasks.say("a-0", {});
  CHECK_THAT(host.body(200, "GET", "/health"), Catch::Contains(R"("status":"healthy")"));
}

TEST_CASE("a task that gets nothing done, or whose thread does not come round, turns health red") {
  host_fixture host;
  host.body(201, "POST", "/connectors", create_body("a", good_config()));
  host.settle();
  using namespace std::chrono_literals;
  host.tasks.say("a-0", {.trace = "Waiting for Snapchat: no connection", .stalled = 599s});
  host.body(200, "GET", "/health");
  host.tasks.say("a-0", {.trace = "Waiting for Snapchat: no connection", .stalled = 601s});
  CHECK_THAT(host.body(503, "GET", "/health"),
             Catch::Contains("a task 0 stuck: nothing has got done for 601 s: Waiting for Snapchat: no connection"));
  host.tasks.say("a-0", {.trace = {}, .silent = 61s});
  CHECK_THAT(host.body(503, "GET", "/health"), Catch::Contains("a task 0 stuck: its thread has not come round for 61 s"));
  host.tasks.say("a-0", {.state = task_state::paused, .trace = {}, .stalled = 1h});
  host.body(200, "GET", "/health");
}

TEST_CASE("loggers are listed, read and set") {
  const host_fixture host;
  configure_logging(log_format::text, log_level::error);
  CHECK_THAT(host.body(200, "GET", "/admin/loggers"), Catch::StartsWith(R"({"root":{"level":"ERROR","last_modified":null},)"));
  CHECK(host.body(200, "PUT", "/admin/loggers/rest", R"({"level":"off"})") == R"(["rest"])");
  CHECK(host.body(200, "GET", "/admin/loggers/rest") == R"({"level":"OFF","last_modified":null})");
  CHECK(host.body(200, "GET", "/admin/loggers/root") == R"({"level":"ERROR","last_modified":null})");
  CHECK_THAT(host.body(200, "PUT", "/admin/loggers/root", R"({"level":"ERROR"})"), Catch::Contains("\"rest\""));
  CHECK(host.body(204, "PUT", "/admin/loggers/root?scope=cluster", R"({"level":"ERROR"})").empty());
  host.body(404, "PUT", "/admin/loggers/root", R"({"level":"LOUD"})");
  host.body(400, "PUT", "/admin/loggers/root", "{}");
  host.body(404, "GET", "/admin/loggers/nope");
  host.body(404, "PUT", "/admin/loggers/nope", R"({"level":"INFO"})");
}

TEST_CASE("metrics of tasks, host and process are served as Prometheus text") {
  host_fixture host;
  host.body(201, "POST", "/connectors", create_body("a", good_config()));
  host.settle();
  metric_sample sample;
  sample.name = "echo_records_total";
  sample.help = "Records.";
  sample.kind = SCA_METRIC_COUNTER;
  sample.value = 7;
  sample.labels = {{"connector", "a"}, {"outcome", "delivered"}};
  host.tasks.metrics({sample});
  const auto answer = host.ask("GET", "/metrics");
  CHECK(answer.content_type == "text/plain; version=0.0.4; charset=utf-8");
  for (const char* line : {"# TYPE echo_records_total counter\n", "echo_records_total{connector=\"a\",outcome=\"delivered\"} 7\n",
                           "sink_host_connectors{state=\"RUNNING\"} 1\n", "sink_host_tasks{state=\"RUNNING\"} 1\n",
                           "sink_host_tasks{state=\"FAILED\"} 0\n", "sink_host_build_info{version=\"1.2.3\"} 1\n",
                           "process_resident_memory_bytes "}) {
    CHECK_THAT(answer.body, Catch::Contains(line));
  }
}

TEST_CASE("unknown paths answer 404, known ones with another method 405 with what is allowed") {
  const host_fixture host;
  for (const char* path : {"/nope", "/connectors/a/b", "/connectors//status", "/connector-plugins/Echo", "/admin"})
    host.body(404, "GET", path);
  const auto refused = host.ask("DELETE", "/connectors");
  CHECK(refused.status == 405);
  REQUIRE(refused.headers.size() == 1);
  CHECK(refused.headers[0] == std::pair<std::string, std::string>("Allow", "GET, POST"));
  host.body(200, "GET", "/connectors/");
  host.body(200, "HEAD", "/connectors");
}

TEST_CASE("malformed targets answer 400") {
  const host_fixture host;
  for (const char* bad :
       {"connectors", "", "/connectors/%", "/connectors/%zz", "/connectors/%ff", "/connectors/%00", "/connectors?expand=%f"})
    host.body(400, "GET", bad);
}
