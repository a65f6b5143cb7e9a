#include "task.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "task_loop.hpp"

namespace sinkhost {
namespace {

// Beyond a deadline for stop(): what the thread itself may need to notice it and to free its clients.
constexpr std::chrono::milliseconds grace{500};

// Shared with the thread, so that one whose sink never returns from a call can be left behind.
struct worker {
  worker(task_config config, const environment& env, initial_state start) : loop(std::move(config), env, start) {}

  task_loop loop;
  std::mutex mutex;
  std::condition_variable changed;
  bool ended = false;

  void run() noexcept {
    loop.run();
    const std::lock_guard lock{mutex};
    ended = true;
    changed.notify_all();
  }
  [[nodiscard]] bool wait_until(task_loop::clock::time_point end) {
    std::unique_lock lock{mutex};
    return changed.wait_until(lock, end, [this] { return ended; });
  }
};

}  // namespace

struct task::impl {
  task_log log;
  std::shared_ptr<worker> work;
  std::mutex joining;  // stop() may be called twice at a time
  std::thread thread;
};

task::task(task_config config, const environment& env, initial_state start)
    : impl_(new impl{.log = task_log::of_task(config.connector, config.task),
                     .work = std::make_shared<worker>(std::move(config), env, start),
                     .joining = {},
                     .thread = {}}) {
  impl_->thread = std::thread([work = impl_->work] { work->run(); });
}

task::~task() { stop(std::chrono::seconds{10}); }

void task::pause() { impl_->work->loop.pause(); }
void task::resume() { impl_->work->loop.resume(); }

void task::stop(std::chrono::milliseconds deadline) {
  const auto end = task_loop::clock::now() + deadline;
  impl_->work->loop.request_stop(end);
  const std::lock_guard lock{impl_->joining};
  if (!impl_->thread.joinable()) return;
  if (impl_->work->wait_until(end + grace)) {
    impl_->thread.join();
    return;
  }
  impl_->log.error(
      "does not stop: a call into the sink does not return. Its thread is left behind; end the process to be rid of it");
  impl_->thread.detach();
}

task_status task::status() const { return impl_->work->loop.report().status(); }
std::vector<metric_sample> task::metrics() const { return impl_->work->loop.report().metrics(); }

task::traffic task::counts() const {
  const auto& report = impl_->work->loop.report();
  return {report.consumed.load(), report.committed.load(), report.dead_letters.load()};
}

}  // namespace sinkhost
