#include "herder_connector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "host_config.hpp"
#include "logging.hpp"

namespace sinkhost {
namespace {

using tasks = std::vector<std::shared_ptr<worker_task>>;

void stop_all(const tasks& all, std::chrono::milliseconds deadline) {
  std::vector<std::jthread> helpers;  // in parallel: each may take its deadline
  try {
    while (helpers.size() + 1 < all.size())
      helpers.emplace_back([&task = *all[helpers.size()], deadline] { task.stop(deadline); });
  } catch (const std::system_error&) {  // no more threads: the rest one after the other
  }
  for (std::size_t i = helpers.size(); i < all.size(); ++i) all[i]->stop(deadline);
}

std::uint32_t task_count(const string_map& config) {
  const auto found = config.find("tasks.max");
  std::uint32_t count = 0;
  if (found != config.end()) std::from_chars(found->second.data(), found->second.data() + found->second.size(), count);
  return std::max(count, 1U);  // Kafka Connect's default; a wrong number was refused before it was stored
}

std::string_view state_text(task_state s) noexcept {
  switch (s) {
    case task_state::running: return "RUNNING";
    case task_state::paused: return "PAUSED";
    case task_state::failed: return "FAILED";
    case task_state::stopped: return "STOPPED";
  }
  return "UNASSIGNED";
}

}  // namespace

struct herder_connector::impl {
  // What one turn of the thread has to do, taken from the wishes at its beginning.
  struct work {
    string_map config;
    target_state target = target_state::running;
    bool rebuild = false;              // all tasks anew
    std::set<std::uint32_t> restarts;  // single tasks anew
  };

  impl(std::string name, string_map config, target_state target, const connector_context& c,
       std::shared_ptr<herder_connector> before)
      : name_(std::move(name)), context_(c), config_(std::move(config)), target_(target), before_(std::move(before)) {
    thread_ = std::thread([this] { run(); });
  }

  auto locked(auto&& f) const {
    const std::lock_guard lock(mutex_);
    return f();
  }

  void run() {
    if (before_ != nullptr) before_->wait_finished();
    before_.reset();
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return dirty_ || finishing_; });
      if (finishing_) break;
      dirty_ = false;
      const work todo{config_, target_, std::exchange(rebuild_, false), std::exchange(restarts_, {})};
      lock.unlock();
      perform(todo);
      lock.lock();
      busy_ = dirty_;
      changed_.notify_all();
    }
    tasks last = tasks_;
    const auto deadline = *finishing_;
    lock.unlock();
    stop_all(last, deadline);
    locked([this] { tasks_.clear(); });
    last.clear();  // destroyed unlocked, and before a successor of that name starts
    lock.lock();
    finished_ = true;
    changed_.notify_all();
  }

  // On the connector's thread, unlocked. Nothing may escape it.
  void perform(const work& todo) noexcept try {
    if (todo.target == target_state::stopped) return replace_all({}, "");
    const bool missing = locked([this] { return tasks_.empty(); });
    if (todo.rebuild || missing) return rebuild(todo);
    for (const std::uint32_t id : todo.restarts) restart_one(todo, id);
    for (const auto& task : current()) todo.target == target_state::paused ? task->pause() : task->resume();
  } catch (const std::exception& e) {
    locked([&] {
      trace_ = e.what();
      restarting_.clear();  // what was not made anew stands still
    });
  }

  void rebuild(const work& todo) {
    replace_all({}, "");
    const auto start = todo.target == target_state::paused ? initial_state::paused : initial_state::running;
    auto prepared = prepare(todo.config);
    if (!prepared) return replace_all({}, prepared.error().message);
    tasks made;
    for (std::uint32_t id = 0; id < task_count(prepared->config); ++id) {
      prepared->task = id;
      made.push_back(context_.make_task(*prepared, start));
    }
    replace_all(std::move(made), "");
  }

  void restart_one(const work& todo, std::uint32_t id) {
    const auto old = current();
    if (id >= old.size()) return;
    old[id]->stop(context_.task_stop);
    auto prepared = prepare(todo.config);
    if (!prepared) return replace_all({}, prepared.error().message);
    prepared->task = id;
    std::shared_ptr<worker_task> fresh =
        context_.make_task(*prepared, todo.target == target_state::paused ? initial_state::paused : initial_state::running);
    locked([&] {
      tasks_[id].swap(fresh);
      restarting_.erase(id);
      const bool stands = std::ranges::any_of(tasks_, [](const auto& t) { return t->status().state == task_state::stopped; });
      if (!stands) trace_.clear();  // it told of tasks that could not be made
    });
    // `fresh` now holds the old one: destroyed here, unlocked, for that takes time
  }

  [[nodiscard]] sca::result<task_config> prepare(const string_map& config) const {
    auto resolved = resolve_references(config, context_.references);
    if (!resolved.issues.empty()) {
      return sca::fail(SCA_INVALID_CONFIG, fmt::format("{}: {}", resolved.issues.front().key, resolved.issues.front().message));
    }
    const std::string plugin = resolved.config["connector.class"];
    const sca_connector* const found = context_.known.find(plugin);
    if (found == nullptr) {
      return sca::fail(SCA_INVALID_CONFIG, fmt::format("connector.class: no plugin '{}' is loaded; there is: {}", plugin,
                                                       context_.known.known_classes()));
    }
    normalise_host_values(resolved.config);
    return task_config{name_, 0, std::move(resolved.config), found};
  }

  // Stops what runs, then shows the new tasks (or why there are none).
  void replace_all(tasks fresh, std::string trace) {
    const tasks old = current();
    stop_all(old, context_.task_stop);
    if (!trace.empty()) log(log_level::error, "herder", fmt::format("[{}] {}", name_, trace));
    locked([&] {
      tasks_ = std::move(fresh);
      restarting_.clear();
      trace_ = std::move(trace);
    });
  }

  [[nodiscard]] tasks current() const {
    return locked([this] { return tasks_; });
  }
  void wish(auto&& f) {
    locked([&] {
      f();
      dirty_ = busy_ = true;
    });
    changed_.notify_all();
  }

  const std::string name_;
  const connector_context& context_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  // wishes
  string_map config_;
  target_state target_;
  bool rebuild_ = false;
  std::set<std::uint32_t> restarts_;
  std::optional<std::chrono::milliseconds> finishing_;
  bool dirty_ = true;
  // what is
  tasks tasks_;
  std::set<std::uint32_t> restarting_;
  std::string trace_;
  bool busy_ = true;
  bool finished_ = false;
  std::shared_ptr<herder_connector> before_;  // the thread's, once it runs
  std::thread thread_;
};

herder_connector::herder_connector(std::string name, string_map config, target_state target, const connector_context& context,
                                   std::shared_ptr<herder_connector> before)
    : impl_(std::make_unique<impl>(std::move(name), std::move(config), target, context, std::move(before))) {}

herder_connector::~herder_connector() {
  finish(impl_->context_.task_stop);
  impl_->thread_.join();
}

void herder_connector::configure(string_map config) {
  impl_->wish([&] {
    impl_->config_ = std::move(config);
    impl_->rebuild_ = true;
  });
}

void herder_connector::target(target_state wanted) {
  impl_->wish([&] { impl_->target_ = wanted; });
}

std::set<std::uint32_t> herder_connector::restart(restart_scope scope) {
  const bool with_tasks = scope == restart_scope::connector_and_tasks || scope == restart_scope::failed_connector_and_tasks;
  const bool only_failed = scope == restart_scope::failed_connector || scope == restart_scope::failed_connector_and_tasks;
  std::set<std::uint32_t> chosen;
  impl_->wish([&] {
    // A connector that failed has no tasks: waking the thread is enough for it to try again.
    for (std::uint32_t id = 0; with_tasks && id < impl_->tasks_.size(); ++id) {
      if (!only_failed || impl_->tasks_[id]->status().state == task_state::failed) chosen.insert(id);
    }
    impl_->restarts_.insert(chosen.begin(), chosen.end());
    impl_->restarting_.insert(chosen.begin(), chosen.end());
  });
  return chosen;
}

void herder_connector::restart_task(std::uint32_t id) {
  impl_->wish([&] {
    impl_->restarts_.insert(id);
    impl_->restarting_.insert(id);
  });
}

void herder_connector::finish(std::chrono::milliseconds deadline) {
  impl_->wish([&] {
    if (!impl_->finishing_) impl_->finishing_ = deadline;
  });
}

void herder_connector::wait_finished() const {
  std::unique_lock lock(impl_->mutex_);
  impl_->changed_.wait(lock, [this] { return impl_->finished_; });
}

bool herder_connector::finished() const {
  return impl_->locked([this] { return impl_->finished_; });
}

bool herder_connector::settled_within(std::chrono::milliseconds timeout) const {
  std::unique_lock lock(impl_->mutex_);
  return impl_->changed_.wait_for(lock, timeout, [this] { return !impl_->busy_ || impl_->finished_; });
}

connector_view herder_connector::view() const {
  connector_view out;
  tasks all;
  std::set<std::uint32_t> restarting;
  impl_->locked([&] {
    out.name = impl_->name_;
    out.config = impl_->config_;
    out.target = impl_->target_;
    out.trace = impl_->trace_;
    all = impl_->tasks_;
    restarting = impl_->restarting_;
  });
  for (std::uint32_t id = 0; id < all.size(); ++id) {
    task_status status = all[id]->status();
    const bool anew = restarting.contains(id);
    if (anew)
      out.tasks.push_back({.id = id, .state = "RESTARTING", .trace = {}});
    else
      out.tasks.push_back({.id = id,
                           .state = std::string(state_text(status.state)),
                           .trace = std::move(status.trace),
                           .stalled = status.stalled,
                           .silent = status.silent});
  }
  // STOPPED is promised to mean that no task runs any more: offsets may then be altered.
  const bool still_stopping = out.target == target_state::stopped && !out.tasks.empty();
  out.state = !out.trace.empty() ? "FAILED" : still_stopping ? "RUNNING" : std::string(to_text(out.target));
  return out;
}

std::vector<metric_sample> herder_connector::metrics() const {
  std::vector<metric_sample> out;
  for (const auto& task : impl_->current()) {
    auto one = task->metrics();
    out.insert(out.end(), std::make_move_iterator(one.begin()), std::make_move_iterator(one.end()));
  }
  return out;
}

task::traffic herder_connector::counts() const {
  task::traffic sum;
  for (const auto& task : impl_->current()) {
    const task::traffic one = task->counts();
    sum.consumed += one.consumed;
    sum.committed += one.committed;
    sum.dead_letters += one.dead_letters;
  }
  return sum;
}

}  // namespace sinkhost
