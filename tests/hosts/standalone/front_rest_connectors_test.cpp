#include "front_catch.hpp"

#include "front_support.hpp"

using namespace sinkhost;
using namespace sinkhost::testing;

namespace {

struct rest_fixture : host_fixture {
  // A running connector "a" with two tasks.
  rest_fixture() {
    body(201, "POST", "/connectors", create_body("a", good_config({{"tasks.max", "2"}})));
    settle();
  }
};

std::string error(int code, const std::string& message) {
  return "{\"error_code\":" + std::to_string(code) + ",\"message\":\"" + message + "\"}";
}

}  // namespace

TEST_CASE("creating a connector answers 201 with its masked info and its location") {
  const host_fixture host;
  const auto answer = host.ask("POST", "/connectors", create_body("my sink/1", good_config()));
  CHECK(answer.status == 201);
  CHECK(answer.content_type == "application/json");
  REQUIRE(answer.headers.size() == 1);
  CHECK(answer.headers[0] == std::pair<std::string, std::string>("Location", "/connectors/my%20sink%2F1"));
  // Whether its first task is listed already is up to the thread that starts it.
  const std::string config =
      R"("config":{"connector.class":"Echo","echo.token":"********","echo.url":"https://x","name":"my sink/1","topics":"orders"})";
  CHECK_THAT(answer.body, Catch::StartsWith(R"({"name":"my sink/1",)" + config + R"(,"tasks":[)"));
  CHECK_THAT(answer.body, Catch::EndsWith(R"(],"type":"sink"})"));
  CHECK(host.body(200, "GET", "/connectors") == R"(["my sink/1"])");
  host.body(200, "GET", "/connectors/my%20sink%2F1/status");
}

TEST_CASE("creating one that exists answers 409") {
  const rest_fixture host;
  CHECK(host.body(409, "POST", "/connectors", create_body("a", good_config())) == error(409, "Connector a already exists"));
}

TEST_CASE("a wrong configuration answers 400 with every issue and creates nothing") {
  const host_fixture host;
  const std::string text = host.body(400, "POST", "/connectors",
                                     create_body("a", {{"connector.class", "Echo"}, {"echo.batch", "99"}, {"tasks.max", "x"}}));
  CHECK_THAT(text,
             Catch::StartsWith(
                 R"({"error_code":400,"message":"Connector configuration is invalid and contains the following 5 error(s):\n)"));
  for (const char* key : {"\\ntasks.max: ", "\\ntopics: ", "\\necho.url: ", "\\necho.token: ", "\\necho.batch: "})
    CHECK_THAT(text, Catch::Contains(key));
  CHECK(host.body(200, "GET", "/connectors") == "[]");
}

TEST_CASE("bodies that are not a connector answer 400") {
  const host_fixture host;
  for (const char* bad :
       {"", "{", "[]", R"({"name":"a","config":7})", R"({"name":"a","config":{"x":[1]}})", R"({"name":"a","config":{"x":null}})",
        R"({"name":"a","config":{},"initial_state":"ASLEEP"})", "{\"name\":\"\xFF\",\"config\":{}}"}) {
    host.body(400, "POST", "/connectors", bad);
  }
}

TEST_CASE("a name that differs inside the configuration answers 400") {
  const host_fixture host;
  CHECK_THAT(host.body(400, "POST", "/connectors", create_body("a", good_config({{"name", "b"}}))),
             Catch::Contains("doesn't match"));
  CHECK_THAT(host.body(400, "PUT", "/connectors/a/config", json_of(good_config({{"name", "b"}}))),
             Catch::Contains("doesn't match"));
}

TEST_CASE("the list expands to status and info") {
  const rest_fixture host;
  const std::string status =
      R"("status":{"name":"a","connector":{"state":"RUNNING","worker_id":"127.0.0.1:8083"},"tasks":[)"
      R"({"id":0,"state":"RUNNING","worker_id":"127.0.0.1:8083"},{"id":1,"state":"RUNNING","worker_id":"127.0.0.1:8083"}],"type":"sink"})";
  CHECK(host.body(200, "GET", "/connectors?expand=status") == R"({"a":{)" + status + "}}");
  CHECK_THAT(host.body(200, "GET", "/connectors?expand=info"), Catch::StartsWith(R"({"a":{"info":{"name":"a","config":{)"));
  CHECK_THAT(host.body(200, "GET", "/connectors?expand=status&expand=info"),
             Catch::StartsWith(R"({"a":{)" + status + R"(,"info":{)"));
}

TEST_CASE("info, config, tasks and status of a connector") {
  const rest_fixture host;
  const std::string config =
      R"({"connector.class":"Echo","echo.token":"********","echo.url":"https://x","name":"a","tasks.max":"2","topics":"orders"})";
  CHECK(host.body(200, "GET", "/connectors/a") ==
        R"({"name":"a","config":)" + config +
            R"(,"tasks":[{"connector":"a","task":0},{"connector":"a","task":1}],"type":"sink"})");
  CHECK(host.body(200, "GET", "/connectors/a/config") == config);
  CHECK(host.body(200, "GET", "/connectors/a/tasks") == R"([{"id":{"connector":"a","task":0},"config":)" + config +
                                                            R"(},{"id":{"connector":"a","task":1},"config":)" + config + "}]");
  CHECK(host.body(200, "GET", "/connectors/a/tasks/1/status") == R"({"id":1,"state":"RUNNING","worker_id":"127.0.0.1:8083"})");
}

TEST_CASE("the trace of a failed task is in its status") {
  rest_fixture host;
  host.tasks.say("a-0", {task_state::failed, "token \"x\" refused"});
  CHECK_THAT(host.body(200, "GET", "/connectors/a/status"),
             Catch::Contains(R"({"id":0,"state":"FAILED","worker_id":"127.0.0.1:8083","trace":"token \"x\" refused"})"));
}

TEST_CASE("what is not there answers 404 in Kafka Connect's form") {
  const host_fixture host;
  const std::string text = error(404, "Connector x not found");
  for (const char* path : {"/connectors/x", "/connectors/x/config", "/connectors/x/status", "/connectors/x/topics",
                           "/connectors/x/tasks", "/connectors/x/offsets", "/connectors/x/tasks/0/status"}) {
    CHECK(host.body(404, "GET", path) == text);
  }
  for (const char* path : {"/connectors/x/pause", "/connectors/x/resume", "/connectors/x/stop", "/connectors/x/topics/reset"})
    CHECK(host.body(404, "PUT", path) == text);
  CHECK(host.body(404, "DELETE", "/connectors/x") == text);
  CHECK(host.body(404, "DELETE", "/connectors/x/offsets") == text);
  CHECK(host.body(404, "PATCH", "/connectors/x/config", "{}") == text);
  CHECK(host.body(404, "POST", "/connectors/x/tasks/0/restart") == text);
  CHECK(host.body(404, "POST", "/connectors/x/restart") == error(404, "Unknown connector: x"));
}

TEST_CASE("tasks that are not there answer 404") {
  const rest_fixture host;
  for (const char* id : {"2", "-1", "x", "00000000000000000001x"}) {
    host.body(404, "GET", std::string("/connectors/a/tasks/") + id + "/status");
    host.body(404, "POST", std::string("/connectors/a/tasks/") + id + "/restart");
  }
}

TEST_CASE("putting a configuration answers 201 when new and 200 when changed") {
  const host_fixture host;
  const auto made = host.ask("PUT", "/connectors/b/config", json_of(good_config()));
  CHECK(made.status == 201);
  CHECK(made.headers.size() == 1);
  CHECK_THAT(host.body(200, "PUT", "/connectors/b/config", json_of(good_config({{"echo.batch", "3"}}))),
             Catch::Contains(R"("echo.batch":"3")"));
  host.body(400, "PUT", "/connectors/b/config", json_of(good_config({{"echo.batch", "x"}})));
  CHECK_THAT(host.body(200, "GET", "/connectors/b/config"), Catch::Contains(R"("echo.batch":"3")"));
}

TEST_CASE("putting the mask back keeps the stored secret") {
  rest_fixture host;
  host.body(200, "PUT", "/connectors/a/config", json_of(good_config({{"echo.token", "********"}, {"echo.batch", "4"}})));
  host.settle();
  CHECK(host.tasks.config_of("a-0").at("echo.token") == "s3cret");
  CHECK(host.tasks.config_of("a-0").at("echo.batch") == "4");
}

TEST_CASE("a mask with nothing behind it answers 400") {
  const host_fixture host;
  CHECK_THAT(host.body(400, "POST", "/connectors", create_body("a", good_config({{"echo.token", "********"}}))),
             Catch::Contains("echo.token: "));
}

TEST_CASE("no answer of a connector holds its secret") {
  rest_fixture host;
  host.body(200, "PATCH", "/connectors/a/config", R"({"consumer.override.sasl.password":"s3cret","echo.batch":"5"})");
  for (const char* path : {"/connectors?expand=info&expand=status", "/connectors/a", "/connectors/a/config",
                           "/connectors/a/status", "/connectors/a/tasks", "/metrics"}) {
    CHECK_THAT(host.body(200, "GET", path), !Catch::Contains("s3cret"));
  }
  CHECK_THAT(host.body(200, "PUT", "/connector-plugins/Echo/config/validate", json_of(good_config())),
             !Catch::Contains("s3cret"));
  CHECK_THAT(host.body(400, "PUT", "/connectors/a/config", json_of(good_config({{"echo.batch", "x"}}))),
             !Catch::Contains("s3cret"));
}

TEST_CASE("patching sets and deletes single keys") {
  const rest_fixture host;
  CHECK_THAT(host.body(200, "PATCH", "/connectors/a/config", R"({"echo.batch":"5","tasks.max":null})"),
             Catch::Contains(R"("echo.batch":"5")") && !Catch::Contains("tasks.max"));
  CHECK_THAT(host.body(400, "PATCH", "/connectors/a/config", R"({"echo.url":null})"), Catch::Contains("echo.url: "));
}

TEST_CASE("pause and resume answer 202, stop answers 204, without bodies") {
  const rest_fixture host;
  CHECK(host.body(202, "PUT", "/connectors/a/pause").empty());
  host.settle();
  CHECK_THAT(host.body(200, "GET", "/connectors/a/status"), Catch::Contains(R"("connector":{"state":"PAUSED")"));
  CHECK(host.body(202, "PUT", "/connectors/a/resume").empty());
  CHECK(host.body(204, "PUT", "/connectors/a/stop").empty());
  host.settle();
  CHECK_THAT(host.body(200, "GET", "/connectors/a/status"),
             Catch::Contains(R"("state":"STOPPED")") && Catch::Contains(R"("tasks":[])"));
}

TEST_CASE("restarts answer 204, or 202 with the status when tasks or failures are asked for") {
  const rest_fixture host;
  CHECK(host.body(204, "POST", "/connectors/a/restart").empty());
  CHECK(host.body(204, "POST", "/connectors/a/restart?includeTasks=false").empty());
  CHECK_THAT(host.body(202, "POST", "/connectors/a/restart?includeTasks=true"), Catch::Contains("RESTARTING"));
  CHECK_THAT(host.body(202, "POST", "/connectors/a/restart?includeTasks=True"), Catch::Contains("RESTARTING"));
  CHECK_THAT(host.body(202, "POST", "/connectors/a/restart?onlyFailed=true"), Catch::StartsWith(R"({"name":"a")"));
  CHECK(host.body(204, "POST", "/connectors/a/tasks/1/restart").empty());
}

TEST_CASE("deleting answers 204 and forgets the connector") {
  rest_fixture host;
  CHECK(host.body(204, "DELETE", "/connectors/a").empty());
  CHECK(host.body(200, "GET", "/connectors") == "[]");
  host.restart();
  CHECK(host.body(200, "GET", "/connectors") == "[]");
}

TEST_CASE("topics are those configured and those that metrics name") {
  rest_fixture host;
  metric_sample lag;
  lag.name = "lag";
  lag.labels = {{"connector", "a"}, {"topic", "seen"}};
  host.tasks.metrics({lag});
  CHECK(host.body(200, "GET", "/connectors/a/topics") == R"({"a":{"topics":["orders","seen"]}})");
  host.body(200, "PUT", "/connectors/a/topics/reset");
}

TEST_CASE("offsets are listed in Kafka Connect's form") {
  rest_fixture host;
  host.offsets.listed = {{"orders", 0, 12}, {"orders", 1, std::nullopt}};
  CHECK(host.body(200, "GET", "/connectors/a/offsets") ==
        R"({"offsets":[{"partition":{"kafka_topic":"orders","kafka_partition":0},"offset":{"kafka_offset":12}},)"
        R"({"partition":{"kafka_topic":"orders","kafka_partition":1},"offset":null}]})");
  host.offsets.failure = sca::fail(SCA_UNAVAILABLE, "no broker");
  CHECK(host.body(500, "GET", "/connectors/a/offsets") == error(500, "no broker"));
}

TEST_CASE("offsets change only while the connector is stopped") {
  rest_fixture host;
  const std::string wanted =
      R"({"offsets":[{"partition":{"kafka_topic":"orders","kafka_partition":1},"offset":{"kafka_offset":5}},)"
      R"({"partition":{"kafka_topic":"orders","kafka_partition":0},"offset":null}]})";
  CHECK_THAT(host.body(400, "PATCH", "/connectors/a/offsets", wanted), Catch::Contains("STOPPED"));
  CHECK_THAT(host.body(400, "DELETE", "/connectors/a/offsets"), Catch::Contains("STOPPED"));
  host.body(204, "PUT", "/connectors/a/stop");
  CHECK(host.body(200, "PATCH", "/connectors/a/offsets", wanted) ==
        R"({"message":"The offsets for this connector have been altered successfully"})");
  REQUIRE(host.offsets.altered.size() == 2);
  CHECK(host.offsets.altered[0].partition == 1);
  CHECK(host.offsets.altered[0].offset == 5);
  CHECK(host.offsets.altered[1].offset == std::nullopt);
  CHECK(host.body(200, "DELETE", "/connectors/a/offsets") ==
        R"({"message":"The offsets for this connector have been reset successfully"})");
  CHECK(host.offsets.resets == 1);
}

TEST_CASE("offsets that cannot be right answer 400, brokers that do not answer 500") {
  rest_fixture host;
  host.body(204, "PUT", "/connectors/a/stop");
  const std::string wanted =
      R"({"offsets":[{"partition":{"kafka_topic":"other","kafka_partition":0},"offset":{"kafka_offset":5}}]})";
  host.offsets.failure = sca::fail(SCA_INVALID_CONFIG, "other-0: the connector reads no such partition");
  CHECK(host.body(400, "PATCH", "/connectors/a/offsets", wanted) == error(400, "other-0: the connector reads no such partition"));
  host.offsets.failure = sca::fail(SCA_UNAVAILABLE, "no broker answers");
  CHECK(host.body(500, "PATCH", "/connectors/a/offsets", wanted) == error(500, "no broker answers"));
}

TEST_CASE("malformed offsets answer 400") {
  const rest_fixture host;
  host.body(204, "PUT", "/connectors/a/stop");
  for (const char* bad : {"", "{}", R"({"offsets":[]})", R"({"offsets":{}})", R"({"offsets":[{}]})",
                          R"({"offsets":[{"partition":{"kafka_topic":"t"},"offset":null}]})",
                          R"({"offsets":[{"partition":{"kafka_topic":"t","kafka_partition":0},"offset":{"kafka_offset":-1}}]})",
                          R"({"offsets":[{"partition":{"kafka_topic":"t","kafka_partition":"0"},"offset":null}]})",
                          R"({"offsets":[{"partition":{"kafka_topic":"t","kafka_partition":0}}]})"}) {
    host.body(400, "PATCH", "/connectors/a/offsets", bad);
  }
}
