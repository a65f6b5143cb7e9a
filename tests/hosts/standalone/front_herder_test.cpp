#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "front_catch.hpp"

#include "front_support.hpp"

using namespace sinkhost;
using namespace sinkhost::testing;
using strings = std::vector<std::string>;

namespace {

connector_view created(host_fixture& host, const std::string& name, const string_map& changes = {},
                       std::optional<target_state> initial = {}) {
  const auto out = host.connectors->create({name, good_config(changes), initial});
  REQUIRE(out);
  host.settle();
  return *host.connectors->view(name);
}

}  // namespace

TEST_CASE("a created connector runs as many tasks as asked") {
  host_fixture host;
  const auto view = created(host, "a", {{"tasks.max", "2"}});
  CHECK(view.state == "RUNNING");
  REQUIRE(view.tasks.size() == 2);
  CHECK(view.tasks[1].id == 1);
  CHECK(host.tasks.events() == strings{"start a-0", "start a-1"});
}

TEST_CASE("tasks get the host's numbers and switches as they were judged: without blanks, in one case") {
  host_fixture host;
  const auto view =
      created(host, "a",
              {{"tasks.max", " 2 "}, {"errors.log.enable", "True"}, {"errors.deadletterqueue.topic.replication.factor", "1 "}});
  CHECK(view.tasks.size() == 2);
  CHECK(view.config.at("errors.log.enable") == "True");
  const auto given = host.tasks.config_of("a-1");
  CHECK(given.at("tasks.max") == "2");
  CHECK(given.at("errors.log.enable") == "true");
  CHECK(given.at("errors.deadletterqueue.topic.replication.factor") == "1");
}

TEST_CASE("initial states are honoured") {
  host_fixture host;
  CHECK(created(host, "p", {}, target_state::paused).tasks.front().state == "PAUSED");
  CHECK(created(host, "s", {}, target_state::stopped).tasks.empty());
  CHECK(host.tasks.events() == strings{"start paused p-0"});
}

TEST_CASE("pause, resume and stop reach the tasks") {
  host_fixture host;
  created(host, "a");
  host.tasks.clear();
  REQUIRE(host.connectors->set_target("a", target_state::paused));
  host.settle();
  REQUIRE(host.connectors->set_target("a", target_state::running));
  host.settle();
  REQUIRE(host.connectors->set_target("a", target_state::stopped));
  host.settle();
  CHECK(host.connectors->view("a")->state == "STOPPED");
  CHECK(host.tasks.events() == strings{"pause a-0", "resume a-0", "stop a-0", "end a-0"});
}

TEST_CASE("a changed configuration restarts the tasks, the same one does not") {
  host_fixture host;
  created(host, "a");
  host.tasks.clear();
  REQUIRE(host.connectors->put_config("a", good_config()));
  host.settle();
  CHECK(host.tasks.events().empty());
  REQUIRE(host.connectors->put_config("a", good_config({{"echo.batch", "3"}})));
  host.settle();
  CHECK(host.tasks.events() == strings{"stop a-0", "end a-0", "start a-0"});
  CHECK(host.tasks.config_of("a-0").at("echo.batch") == "3");
}

TEST_CASE("old tasks end before new ones start") {
  host_fixture host;
  created(host, "a", {{"tasks.max", "2"}});
  host.tasks.clear();
  REQUIRE(host.connectors->put_config("a", good_config({{"tasks.max", "1"}})));
  host.settle();
  CHECK(host.tasks.events().back() == "start a-0");
}

TEST_CASE("a slow stop holds up no reader and no other connector") {
  host_fixture host;
  created(host, "slow");
  host.tasks.hold_stops();
  REQUIRE(host.connectors->put_config("slow", good_config({{"echo.batch", "3"}})));
  host.tasks.wait_for_a_stop();
  CHECK(host.connectors->view("slow")->config.at("echo.batch") == "3");
  CHECK(host.connectors->create({"other", good_config(), {}}));
  CHECK(host.connectors->remove("slow"));
  CHECK(host.connectors->names() == strings{"other"});
  host.tasks.release_stops();
}

TEST_CASE("a failed task stays failed with its trace until it is restarted") {
  host_fixture host;
  created(host, "a", {{"tasks.max", "2"}});
  host.tasks.say("a-1", {task_state::failed, "token revoked"});
  auto view = *host.connectors->view("a");
  CHECK(view.state == "RUNNING");
  CHECK(view.tasks[1].state == "FAILED");
  CHECK(view.tasks[1].trace == "token revoked");
  host.tasks.clear();
  REQUIRE(host.connectors->restart_task("a", 1));
  host.settle();
  CHECK(host.tasks.events() == strings{"stop a-1", "start a-1", "end a-1"});
  CHECK(host.connectors->view("a")->tasks[1].state == "RUNNING");
}

TEST_CASE("a restart takes all tasks or only the failed ones") {
  host_fixture host;
  created(host, "a", {{"tasks.max", "2"}});
  host.tasks.say("a-0", {task_state::failed, "x"});
  host.tasks.clear();
  REQUIRE(host.connectors->restart("a", restart_scope::connector));
  host.settle();
  CHECK(host.tasks.events().empty());
  REQUIRE(host.connectors->restart("a", restart_scope::failed_connector_and_tasks));
  host.settle();
  CHECK(host.tasks.events() == strings{"stop a-0", "start a-0", "end a-0"});
  host.tasks.clear();
  REQUIRE(host.connectors->restart("a", restart_scope::connector_and_tasks));
  host.settle();
  CHECK(host.tasks.events().size() == 6);
}

TEST_CASE("putting the same configuration restarts failed tasks only") {
  host_fixture host;
  created(host, "a", {{"tasks.max", "2"}});
  host.tasks.say("a-1", {task_state::failed, "x"});
  host.tasks.clear();
  REQUIRE(host.connectors->put_config("a", good_config({{"tasks.max", "2"}})));
  host.settle();
  CHECK(host.tasks.events() == strings{"stop a-1", "start a-1", "end a-1"});
}

TEST_CASE("references are resolved for the tasks and stored as written") {
  host_fixture host;
  host.environment_variables["T"] = "from env";
  created(host, "a", {{"echo.token", "${env:T}"}});
  CHECK(host.tasks.config_of("a-0").at("echo.token") == "from env");
  CHECK(host.connectors->view("a")->config.at("echo.token") == "${env:T}");
  CHECK_THAT(temporary_directory::read(host.directory.path() / "state" / "connectors" / "a.json"),
             Catch::Contains("${env:T}") && !Catch::Contains("from env"));
}

TEST_CASE("a connector whose references vanished is failed and recovers by a restart") {
  host_fixture host;
  host.environment_variables["T"] = "x";
  created(host, "a", {{"echo.token", "${env:T}"}});
  host.environment_variables.clear();
  host.restart();
  host.settle();
  auto view = *host.connectors->view("a");
  CHECK(view.state == "FAILED");
  CHECK_THAT(view.trace, Catch::Contains("T is not set"));
  CHECK(view.tasks.empty());
  host.environment_variables["T"] = "x";
  REQUIRE(host.connectors->restart("a", restart_scope::connector));
  host.settle();
  view = *host.connectors->view("a");
  CHECK(view.state == "RUNNING");
  CHECK(view.tasks.size() == 1);
}

TEST_CASE("a task that cannot be made fails the connector with the reason") {
  host_fixture host;
  host.tasks.refuse_to_start("no threads left");
  const auto view = created(host, "a");
  CHECK(view.state == "FAILED");
  CHECK(view.trace == "no threads left");
}

TEST_CASE("a task that cannot be made anew fails the connector until it can") {
  host_fixture host;
  created(host, "a", {{"tasks.max", "2"}});
  host.tasks.refuse_to_start("no threads left");
  host.tasks.say("a-1", {task_state::stopped, ""});
  REQUIRE(host.connectors->restart_task("a", 1));
  host.settle();
  auto view = *host.connectors->view("a");
  CHECK(view.state == "FAILED");
  CHECK(view.trace == "no threads left");
  CHECK(view.tasks.at(0).state == "RUNNING");
  CHECK(view.tasks.at(1).state == "STOPPED");  // it stands still, and nobody is starting it
  host.tasks.refuse_to_start("");
  REQUIRE(host.connectors->restart_task("a", 0));
  host.settle();
  CHECK(host.connectors->view("a")->state == "FAILED");
  host.tasks.say("a-1", {task_state::running, ""});
  REQUIRE(host.connectors->restart_task("a", 1));
  host.settle();
  view = *host.connectors->view("a");
  CHECK(view.state == "RUNNING");
  CHECK(view.trace.empty());
  CHECK(view.tasks.at(1).state == "RUNNING");
}

TEST_CASE("connectors, configurations and states survive a restart") {
  host_fixture host;
  created(host, "run");
  created(host, "pause");
  created(host, "stop");
  created(host, "gone");
  REQUIRE(host.connectors->set_target("pause", target_state::paused));
  REQUIRE(host.connectors->set_target("stop", target_state::stopped));
  REQUIRE(host.connectors->put_config("run", good_config({{"echo.batch", "7"}})));
  REQUIRE(host.connectors->remove("gone"));
  host.restart();
  host.settle();
  CHECK(host.connectors->names() == strings{"pause", "run", "stop"});
  CHECK(host.connectors->view("pause")->state == "PAUSED");
  CHECK(host.connectors->view("stop")->state == "STOPPED");
  CHECK(host.tasks.config_of("run-0").at("echo.batch") == "7");
}

TEST_CASE("a connector of the same name starts only after the deleted one has stopped") {
  host_fixture host;
  created(host, "a");
  host.tasks.hold_stops();
  REQUIRE(host.connectors->remove("a"));
  host.tasks.wait_for_a_stop();
  host.tasks.clear();
  REQUIRE(host.connectors->create({"a", good_config(), {}}));
  CHECK(host.connectors->view("a")->tasks.empty());
  host.tasks.release_stops();
  host.settle();
  const auto events = host.tasks.events();
  CHECK(events == strings{"end a-0", "start a-0"});
}

TEST_CASE("a host that may not start another thread stops all tasks all the same") {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    host_fixture host;
    const auto made = host.connectors->create({"a", good_config({{"tasks.max", "3"}}), std::nullopt});
    host.settle();
    const rlimit none{0, 0};
    if (!made || setrlimit(RLIMIT_NPROC, &none) != 0) _exit(2);
    if (getuid() == 0 && setresuid(65534, 65534, 65534) != 0) _exit(2);  // the limit is not root's
    host.connectors->stop(std::chrono::seconds{5});
    _exit(
        static_cast<int>(std::ranges::count_if(host.tasks.events(), [](const std::string& e) { return e.starts_with("stop"); })));
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 3);
}

TEST_CASE("after stop no change is accepted and all tasks have stopped") {
  host_fixture host;
  created(host, "a");
  created(host, "b");
  host.tasks.clear();
  host.connectors->stop(std::chrono::seconds(1));
  CHECK(host.tasks.events().size() == 4);
  CHECK(host.connectors->create({"c", good_config(), {}}).error().status == 503);
}

TEST_CASE("metrics and counts of all tasks are gathered") {
  host_fixture host;
  created(host, "a", {{"tasks.max", "2"}});
  metric_sample sample;
  sample.name = "x";
  host.tasks.metrics({sample});
  CHECK(host.connectors->metrics().size() == 2);
  CHECK(host.connectors->counts().consumed == 10);
}

TEST_CASE("concurrent changes and reads leave one consistent state") {
  host_fixture host;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&host, t] {
      for (int i = 0; i < 20; ++i) {
        static_cast<void>(host.connectors->put_config("c" + std::to_string(i % 2),
                                                      good_config({{"echo.batch", std::to_string(1 + (i + t) % 10)}})));
        static_cast<void>(host.connectors->set_target("c0", i % 3 == 0 ? target_state::paused : target_state::running));
        if (i % 7 == 6) static_cast<void>(host.connectors->remove("c1"));
        static_cast<void>(host.connectors->views());
        static_cast<void>(host.connectors->metrics());
      }
    });
  }
  for (auto& t : threads) t.join();
  host.settle();
  const auto before = host.connectors->view("c0")->config;
  CHECK(host.tasks.config_of("c0-0").at("echo.batch") == before.at("echo.batch"));
  host.restart();
  CHECK(host.connectors->view("c0")->config == before);
}
