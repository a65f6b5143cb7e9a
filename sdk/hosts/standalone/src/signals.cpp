#include "signals.hpp"

#include <unistd.h>
#include <csignal>

#include <ctime>
#include <thread>

#include "logging.hpp"

namespace sinkhost {
namespace {

sigset_t stop_set() noexcept {
  sigset_t out;
  sigemptyset(&out);
  sigaddset(&out, SIGTERM);
  sigaddset(&out, SIGINT);
  sigaddset(&out, SIGHUP);  // the terminal was closed
  return out;
}

std::string_view name_of(int number) noexcept {
  if (number == SIGTERM) return "SIGTERM";
  return number == SIGINT ? "SIGINT" : "SIGHUP";
}

int wait(std::chrono::milliseconds time) noexcept {
  const sigset_t set = stop_set();
  const timespec until{static_cast<time_t>(time.count() / 1000), static_cast<long>(time.count() % 1000) * 1'000'000};
  return sigtimedwait(&set, nullptr, &until);
}

}  // namespace

stop_signals::stop_signals() {
  const sigset_t set = stop_set();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a client that leaves is an error of its connection, not of the process
}

std::optional<std::string_view> stop_signals::wait_for(std::chrono::milliseconds time) const {
  const int number = wait(time);
  if (number < 0) return std::nullopt;
  return name_of(number);
}

drain_guard::drain_guard(std::chrono::milliseconds deadline) {
  // Detached: it outlives the drain or ends the process, and touches nothing of ours but the log.
  std::thread([deadline] {
    const int number = wait(deadline);
    log(log_level::error, "host",
        number < 0 ? "not drained in time; records in flight are sent again after the next start"
                   : "second signal: exiting at once");
    _exit(1);
  }).detach();
}

}  // namespace sinkhost
