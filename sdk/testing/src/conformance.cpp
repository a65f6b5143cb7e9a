#include "sca/testing/conformance.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <thread>

#include "session.hpp"

namespace sca::testing {

std::string_view name(verdict v) noexcept {
  switch (v) {
    case verdict::passed: return "passed";
    case verdict::failed: return "failed";
    case verdict::crashed: return "crashed";
    case verdict::skipped: return "skipped";
    case verdict::warning: return "warning";
  }
  return "?";
}

std::span<const conformance_case> conformance_cases() {
  static const std::vector<conformance_case> all = [] {
    std::vector<conformance_case> out;
    for (const auto group : {entry_cases(), config_cases(), life_cases(), misuse_cases(), record_cases(), position_cases(),
                             rejection_cases(), growth_cases(), extension_cases(), secret_cases()})
      out.insert(out.end(), group.begin(), group.end());
    return out;
  }();
  return all;
}

const conformance_case* find_case(std::string_view id) {
  for (const conformance_case& c : conformance_cases())
    if (c.id == id) return &c;
  return nullptr;
}

namespace {

outcome run_here(const conformance_case& c, const conformance_subject& s, std::chrono::seconds limit) {
  try {
    // A sanitizer starts a thread of its own with the process's first one: before anything is counted.
    std::thread([] {}).join();
    session here(s, limit);
    c.run(here);
    return {verdict::passed, {}};
  } catch (const stopped_case& stopped) {
    return {stopped.is, stopped.text};
  } catch (const std::exception& e) {
    return {verdict::failed, std::string("the suite itself threw: ") + e.what()};
  }
}

// One byte of verdict, then the text. The child writes it as its last deed: without it, it crashed.
void report(int pipe, const outcome& o) {
  std::string bytes(1, static_cast<char>('0' + static_cast<int>(o.is)));
  bytes += o.text;
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t n = write(pipe, bytes.data() + at, bytes.size() - at);
    if (n <= 0) return;
    at += static_cast<std::size_t>(n);
  }
}

// What the child wrote until it closed the pipe; false when the time was up first.
bool read_all(int pipe, std::chrono::steady_clock::time_point deadline, std::string& out) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    pollfd p{.fd = pipe, .events = POLLIN, .revents = 0};
    if (left <= 0 || poll(&p, 1, static_cast<int>(left)) <= 0) return false;
    char buffer[4096];
    const ssize_t n = read(pipe, buffer, sizeof buffer);
    if (n <= 0) return true;
    out.append(buffer, static_cast<std::size_t>(n));
  }
}

outcome judge(int status, bool in_time, const std::string& said, std::chrono::seconds limit) {
  if (!in_time) return {verdict::failed, "did not end within " + std::to_string(limit.count()) + " s"};
  if (WIFSIGNALED(status)) return {verdict::crashed, std::string("killed by ") + strsignal(WTERMSIG(status))};
  if (said.empty()) return {verdict::crashed, "ended with exit status " + std::to_string(WEXITSTATUS(status)) + " in the middle"};
  if (WEXITSTATUS(status) != 0)  // a sanitizer's report, or a destructor that gave up
    return {verdict::crashed, "ended with exit status " + std::to_string(WEXITSTATUS(status)) + " after the case"};
  return {static_cast<verdict>(said[0] - '0'), said.substr(1)};
}

}  // namespace

outcome run_case(const conformance_case& c, const conformance_subject& s, std::chrono::seconds limit) {
  int ends[2];
  if (pipe(ends) != 0) return {verdict::failed, "no pipe"};
  std::fflush(nullptr);  // what is buffered here is not the child's to write
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    for (int signal_number = 1; signal_number < NSIG;
         ++signal_number)  // a test framework's handlers would report the crash as its own
      (void)signal(signal_number, SIG_DFL);
    report(ends[1], run_here(c, s, limit));
    exit(0);  // not _exit: what the library does when the process ends is part of the case
  }
  close(ends[1]);
  std::string said;
  const bool in_time = child > 0 && read_all(ends[0], std::chrono::steady_clock::now() + limit, said);
  close(ends[0]);
  if (child < 0) return {verdict::failed, "no child process"};
  if (!in_time) kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  return judge(status, in_time, said, limit);
}

}  // namespace sca::testing
