#include "signals.hpp"

#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <mutex>
#include <thread>

#include "logging.hpp"

namespace sinkhost {
namespace {

sigset_t stop_set() noexcept {
  sigset_t out;
  sigemptyset(&out);
  sigaddset(&out, SIGTERM);
  sigaddset(&out, SIGINT);
  struct sigaction hangup {};
  sigaction(SIGHUP, nullptr, &hangup);
  // The terminal was closed. Not under nohup: there it is ignored, and Linux keeps even an ignored signal when it is blocked.
  if (hangup.sa_handler != SIG_IGN) sigaddset(&out, SIGHUP);
  return out;
}

std::string_view name_of(int number) noexcept {
  if (number == SIGTERM) return "SIGTERM";
  return number == SIGINT ? "SIGINT" : "SIGHUP";
}

// A process that was stopped and goes on (SIGCONT, a debugger) has its wait interrupted: the rest of the time is waited then.
int wait(std::chrono::milliseconds time) noexcept {
  using std::chrono::steady_clock;
  const sigset_t set = stop_set();
  const auto end = steady_clock::now() + time;
  for (auto left = time;;) {
    const timespec rest{static_cast<time_t>(left.count() / 1000), static_cast<long>(left.count() % 1000) * 1'000'000};
    const int number = sigtimedwait(&set, nullptr, &rest);
    if (number >= 0 || errno != EINTR) return number;
    left = std::max(std::chrono::ceil<std::chrono::milliseconds>(end - steady_clock::now()), std::chrono::milliseconds{0});
  }
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

struct drain_guard::drain {
  std::mutex mutex;
  bool over = false;
};

drain_guard::drain_guard(std::chrono::milliseconds deadline) : drain_(std::make_shared<drain>()) {
  // Detached: it outlives the drain, so that the end of the process has its deadline, too; by then the log may be gone.
  std::thread([deadline, drain = drain_] {
    const int number = wait(deadline);
    const std::lock_guard lock(drain->mutex);
    if (!drain->over) {
      log(log_level::error, "host",
          number < 0 ? "not drained in time; records in flight are sent again after the next start"
                     : "second signal: exiting at once");
    }
    _exit(1);
  }).detach();
}

drain_guard::~drain_guard() {
  const std::lock_guard lock(drain_->mutex);
  drain_->over = true;
}

}  // namespace sinkhost
