// Beginning and end of a task's thread.
#include <fmt/format.h>

#include "kafka_config.hpp"
#include "sca/views.hpp"
#include "task_loop.hpp"

namespace sinkhost {
namespace {

using std::chrono::milliseconds;

// How the time of stop() is spent: what is left after these goes to the sink's flush.
constexpr milliseconds for_commit{1500};
constexpr milliseconds for_close{1000};
constexpr milliseconds after_failure{3000};  // a failed task leaves in good order within it

const char* remedy_of(sca_status code, std::string_view text) {
  if (text.starts_with("record rejected")) {
    return "Correct what produces such records, or set errors.tolerance=all with errors.deadletterqueue.topic.name to set them "
           "aside; then restart the task. Nothing past this record was committed.";
  }
  switch (code) {
    case SCA_INVALID_CONFIG: return "Correct the connector's configuration; its tasks then start again.";
    case SCA_UNAUTHENTICATED: return "Renew the credentials, then restart the task. Nothing undelivered was committed.";
    case SCA_UNAVAILABLE: return "When the cause is gone, restart the task. Nothing undelivered was committed.";
    case SCA_UNSUPPORTED: return "Use versions of the host and of the sink that fit each other.";
    case SCA_OUT_OF_MEMORY: return "Give the process more memory or lower buffer sizes, then restart the task.";
    default:  // an open set; whatever else there is reads as a defect
      return "This is a defect: report it with the log. Restarting the task may help.";
  }
}

}  // namespace

task_loop::task_loop(task_config config, environment env, initial_state start)
    : config_(std::move(config)),
      env_(std::move(env)),
      log_(task_log::of_task(config_.connector, config_.task)),
      rest_(start == initial_state::paused) {
  if (start == initial_state::paused) report_.wish(task_state::paused);
}

task_loop::~task_loop() = default;  // members in reverse: sink_ with its messages, letters_, consumer_

void task_loop::pause() noexcept {
  rest_.store(true);
  report_.wish(task_state::paused);
  wake();
}

void task_loop::resume() noexcept {
  rest_.store(false);
  report_.wish(task_state::running);
  wake();
}

void task_loop::request_stop(clock::time_point end) noexcept {
  stop_by_.store(end);
  stop_.store(true);
  wake();
}

void task_loop::fail(const sca::error& why) noexcept {
  if (std::exchange(broken_, true)) return;
  try {
    auto trace = fmt::format("{}\n{}", why.message, remedy_of(why.code, why.message));
    log_.error("task failed: " + trace);
    report_.failed(std::move(trace));
  } catch (...) {
    report_.failed({});
  }
}

void task_loop::run() noexcept {
  try {
    attempt([this] { return prepare(); });
    while (!broken_ && !stop_.load()) turn();
  } catch (const std::exception& e) {
    defect(e.what());
  }
  finish();
  report_.stopped();
}

sca::result<void> task_loop::prepare() {
  const auto settings = consumer_settings(config_, env_);
  if (!settings) return settings.error();
  const auto subscription = subscription_of(config_);
  if (!subscription) return subscription.error();
  auto letters = dead_letters::open(config_, env_, log_);
  if (!letters) return letters.error();
  letters_ = std::move(*letters);
  auto made = consumer::open(*settings, *this, log_);
  if (!made) return made.error();
  consumer_ = std::move(*made);
  pace_ = fetch_pace{fetch_pace_of(*settings)};
  set_to_wake(consumer_.get());
  if (auto sink = make_sink(); !sink) return sink.error();
  if (auto started = sink_->start(); !started) return started.error();
  return consumer_->subscribe(*subscription);
}

void task_loop::set_to_wake(consumer* to) {
  const std::lock_guard lock{wake_mutex_};
  to_wake_ = to;
}

sca::result<void> task_loop::make_sink() {
  if (config_.plugin == nullptr) return sca::fail(SCA_INVALID_CONFIG, "connector.class: no such plugin");
  std::vector<sca_pair> pairs;
  for (const auto& [key, value] : config_.config) {
    if (!is_host_key(key)) pairs.push_back({sca::str(key), sca::str(value)});
  }
  sca::sink_task_options options;
  options.connector = config_.connector;
  options.task = config_.task;
  options.host_name = "sink-host";
  options.host_version = SINKHOST_VERSION;
  options.errors = letters_->options().tolerance;
  auto made = sca::sink_task::create(*config_.plugin, pairs, std::move(options), *this);
  if (!made) return made.error();
  sink_ = std::move(*made);
  return {};
}

// Lets the sink resolve what it has and the dead letters get through, until then at the latest.
void task_loop::drain(clock::time_point until) {
  const auto left = [until] { return std::max(std::chrono::ceil<milliseconds>(until - clock::now()), milliseconds{0}); };
  attempt([&] { return sink_->flush(left()); });
  attempt([&] { return sink_->pump(clock::now()); });
  while (letters_->pending() > 0 && left().count() > 0) settle(clock::now(), std::min(left(), milliseconds{50}));
  settle(clock::now(), milliseconds{0});
}

void task_loop::finish() noexcept {
  try {
    auto end = stop_.load() ? stop_by_.load() : clock::time_point::max();
    if (broken_) end = std::min(end, clock::now() + after_failure);
    if (sink_) {
      if (!broken_) drain(end - for_commit - for_close);
      sink_->stop();
      static_cast<void>(sink_->pump(clock::now()));  // the final word; a failure is known already
      settle(clock::now(), milliseconds{0});
      consumer_->commit_now(sink_positions(), for_commit);
    }
    closing_ = true;
    if (consumer_ && sink_) {
      const auto left = std::chrono::ceil<milliseconds>(end - clock::now());
      if (!consumer_->close(std::max(left, milliseconds{100}))) log_.warn("did not leave the consumer group in time");
    }
  } catch (const std::exception& e) {
    defect(e.what());
  }
  set_to_wake(nullptr);
  in_hand_.clear();
  sink_.reset();
  letters_.reset();
  consumer_.reset();
}

}  // namespace sinkhost
