// Signals, each in a child process: they are the process's own.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <thread>

#include "front_catch.hpp"
#include "logging.hpp"
#include "signals.hpp"

using namespace sinkhost;
using namespace std::chrono_literals;

namespace {

// The exit status of a child that runs f; -1: a signal killed it.
int status_of_child(auto f) {
  std::fflush(nullptr);  // what is buffered here is not the child's to write
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    configure_logging(log_format::text, log_level::off);
    _exit(f());
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

constexpr int waited_in_vain = 77;
int wait_for_the_end() {
  std::this_thread::sleep_for(30s);  // the child's last resort: the test is that it never gets here
  return waited_in_vain;
}

}  // namespace

TEST_CASE("a stop signal is waited for and named") {
  const int number = GENERATE(SIGTERM, SIGINT, SIGHUP);
  CHECK(status_of_child([number] {
          const stop_signals signals;
          if (signals.wait_for(0ms)) return 1;
          kill(getpid(), number);
          const auto name = signals.wait_for(10s);
          return name == (number == SIGTERM ? "SIGTERM" : number == SIGINT ? "SIGINT" : "SIGHUP") ? 0 : 2;
        }) == 0);
}

TEST_CASE("under nohup the end of the terminal is no stop signal, while others are") {
  CHECK(status_of_child([] {
          std::signal(SIGHUP, SIG_IGN);
          const stop_signals signals;
          kill(getpid(), SIGHUP);
          if (signals.wait_for(50ms)) return 1;
          kill(getpid(), SIGTERM);
          return signals.wait_for(10s) == "SIGTERM" ? 0 : 2;
        }) == 0);
}

TEST_CASE("a second signal while draining ends the process at once") {
  CHECK(status_of_child([] {
          const stop_signals signals;
          const drain_guard guard(20s);
          kill(getpid(), SIGTERM);
          return wait_for_the_end();
        }) == 1);
}

TEST_CASE("a process that is stopped and goes on while it drains keeps the rest of its time") {
  CHECK(status_of_child([] {
          const stop_signals signals;
          const drain_guard guard(20s);
          const pid_t draining = getpid();
          if (fork() == 0) {
            std::this_thread::sleep_for(100ms);  // until the guard waits
            kill(draining, SIGSTOP);
            std::this_thread::sleep_for(100ms);  // until it has stopped: SIGCONT takes back a SIGSTOP that is still on its way
            kill(draining, SIGCONT);
            _exit(0);
          }
          waitpid(-1, nullptr, 0);
          std::this_thread::sleep_for(100ms);  // a guard that takes this for the deadline ends the process now
          return 0;
        }) == 0);
}

TEST_CASE("a guard that is gone says nothing more: the log may be gone, too") {
  const int said = memfd_create("log", 0);
  REQUIRE(said >= 0);
  CHECK(status_of_child([said] {
          dup2(said, STDOUT_FILENO);
          dup2(said, STDERR_FILENO);
          configure_logging(log_format::text, log_level::error);
          const stop_signals signals;
          { const drain_guard guard(20s); }
          kill(getpid(), SIGTERM);
          return wait_for_the_end();
        }) == 1);
  CHECK(lseek(said, 0, SEEK_END) == 0);
  close(said);
}

TEST_CASE("a drain that does not end in time ends the process") {
  CHECK(status_of_child([] {
          const stop_signals signals;
          const drain_guard guard(1ms);
          return wait_for_the_end();
        }) == 1);
}
