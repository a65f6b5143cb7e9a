#include "task_loop.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sca/views.hpp"

namespace sinkhost {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t messages_per_turn = 500;
constexpr milliseconds longest_poll{500};
constexpr milliseconds pump_interval{1000};  // a sink without threads uses progress() as its clock
constexpr milliseconds pump_after_put{200};  // a sink that resolves inside put() need not wake us, and is to be committed soon
constexpr std::size_t messages_per_pump = 2000;  // nor sooner: bounds what is held for it
constexpr milliseconds letters_poll{20};         // delivery reports do not wake the consumer
constexpr milliseconds housekeeping_interval{1000};

}  // namespace

void task_loop::turn() {
  const auto now = clock::now();
  report_.turned(now);
  const auto user = rest_.load() ? back_pressure::wish::rest : back_pressure::wish::read;
  const auto waiting = sink_->backlog() + (letters_->full() ? letters_->pending() : 0);
  const auto wanted = pressure_.next(now, waiting, user);
  apply(wanted);
  if (wanted == gate::held) {
    wait_for_wake(std::min(pressure_.rest_of_patience(now), poll_patience(now)));
  } else {
    take_messages(poll_patience(now));
    if (!in_hand_.empty() && !broken_) attempt([&] { return sink_->offer(std::exchange(in_hand_, {}), clock::now()); });
  }
  if (broken_) return;
  const auto later = clock::now();
  settle(later, milliseconds{0});
  if (woken_.exchange(false) || later >= pump_due_ || unpumped_ >= messages_per_pump) pump(later);
  if (!broken_) commit_if_due(later);
  if (later >= housekeeping_due_) housekeep(later);
}

void task_loop::apply(gate wanted) {
  if (wanted == gate_) return;
  const auto before = std::exchange(gate_, wanted);
  if (wanted == gate::paused) consumer_->pause(assigned_partitions());
  if (before == gate::paused) consumer_->resume(assigned_partitions());
}

void task_loop::take_messages(milliseconds patience) {
  auto message = consumer_->poll(patience);
  while (message) {
    note(message->record);
    pace_.took(message->record.key.size + message->record.value.size);
    in_hand_.push_back(std::move(message));
    if (in_hand_.size() == messages_per_turn) break;
    message = consumer_->poll(milliseconds{0});
  }
  if (pace_.due(clock::now())) consumer_->hasten_fetch();
  if (!in_hand_.empty()) pump_due_ = std::min(pump_due_, last_pump_ + pump_after_put);
  unpumped_ += in_hand_.size();
  report_.consumed.fetch_add(in_hand_.size(), std::memory_order_relaxed);
}

void task_loop::note(const sca_record& record) {
  const auto topic = sca::view(record.topic);
  if (!denied_topic_.empty() && denied_topic_ == topic) {
    denied_topic_.clear();
    report_.notice(task_report::source::broker, "");
  }
  if (recent_ == partitions_.end() || recent_->first.partition != record.partition || recent_->first.topic != topic) {
    recent_ = partitions_.find({std::string{topic}, record.partition});
    if (recent_ == partitions_.end()) return;
  }
  auto& state = recent_->second;
  if (record.offset < state.next) {  // Kafka went back: the topic is new, or its offsets were out of range
    state.committed = -1;
    state.first = -1;
  }
  if (state.first < 0) state.first = record.offset;
  state.next = record.offset + 1;
}

milliseconds task_loop::poll_patience(clock::time_point now) const {
  if (woken_.load() || stop_.load()) return milliseconds{0};
  auto until = std::min(pump_due_ - now, clock::duration{longest_poll});
  if (commit_wanted_) until = std::min(until, commits_.rest(now));
  if (letters_->pending() > 0) until = std::min(until, clock::duration{letters_poll});
  return std::max(std::chrono::ceil<milliseconds>(until), milliseconds{0});
}

void task_loop::wait_for_wake(milliseconds limit) {
  std::unique_lock lock{wake_mutex_};
  hold_.wait_for(lock, limit, [this] { return woken_.load() || stop_.load(); });
}

void task_loop::settle(clock::time_point now, milliseconds wait) {
  const auto done = letters_->serve(now, wait);
  if (done.empty()) return;
  for (const auto& one : done) sink_->settled(one.ticket, one.how);
  // The sink only knows that a dead letter failed; why is known here.
  if (const auto* failure = sink_->failure(); failure != nullptr && !letters_->failure().empty())
    fail(sca::fail(failure->code, fmt::format("{}: {}", failure->message, letters_->failure())));
  report_.dead_letters.store(letters_->written(), std::memory_order_relaxed);
  woken_.store(true);  // positions may move now
}

void task_loop::pump(clock::time_point now) {
  last_pump_ = now;
  pump_due_ = now + pump_interval;
  unpumped_ = 0;
  commit_wanted_ = true;
  attempt([&] { return sink_->pump(now); });
}

void task_loop::commit_if_due(clock::time_point now) {
  if (!commit_wanted_ || !commits_.due(now)) return;
  commit_wanted_ = false;
  auto positions = sink_positions();
  add_own_positions(positions);
  drop_committed(positions);
  if (positions.empty()) return;
  commits_.started(now);
  if (const auto sent = consumer_->commit_async(positions); !sent) {
    sink_->uncommitted(positions);
    commit_wanted_ = true;
    commits_.failed(now);
    log_.warn("offsets are not committed yet: " + sent.error().message);
  }
}

std::vector<sca::committable> task_loop::sink_positions() {
  auto positions = sink_->take_committable();
  if (!positions.empty()) {
    report_.notice(task_report::source::sink, "");
    report_.moved(clock::now());
  }
  drop_committed(positions);
  return positions;
}

// Where nothing is with the sink, the consumer's own position: it is past control records, which no sink ever sees. Only for a
// healthy task with nothing in hand: what was polled and not offered is in that position, too.
void task_loop::add_own_positions(std::vector<sca::committable>& to) const {
  for (const auto& [of, state] : partitions_) {
    if (state.next < 0 || !sink_->idle(of.topic, of.partition)) continue;
    const auto own = consumer_->position(of);
    if (!own || *own < state.next) continue;
    const auto& same = of;  // clang 14 captures no structured binding
    std::erase_if(to, [&same](const auto& p) { return p.partition == same.partition && p.topic == same.topic; });
    to.push_back({of.topic, of.partition, *own});
  }
}

// A position that went back must not undo a later one.
void task_loop::drop_committed(std::vector<sca::committable>& positions) const {
  std::erase_if(positions, [this](const auto& p) {
    const auto found = partitions_.find({p.topic, p.partition});
    return found == partitions_.end() || p.offset <= found->second.committed;
  });
}

void task_loop::housekeep(clock::time_point now) {
  housekeeping_due_ = now + housekeeping_interval;
  report_.notice(task_report::source::dead_letters, letters_->waiting_text());
  if (sink_->held() == 0) report_.notice(task_report::source::sink, "");
  report_.stands(sink_->held() > 0 ? progress_watch::load::some : progress_watch::load::none, now);
  host_figures figures{.counters = counters_,
                       .consumed = report_.consumed.load(),
                       .dead_letters = letters_->written(),
                       .held = sink_->held(),
                       .backlog = sink_->backlog(),
                       .dead_letters_pending = letters_->pending(),
                       .paused = gate_ == gate::paused,
                       .lags = {}};
  for (const auto& [of, state] : partitions_) {
    const auto high = consumer_->high_watermark(of);
    const auto done = std::max(state.committed, state.first);
    if (high && done >= 0) figures.lags.push_back({of, std::max<std::int64_t>(*high - done, 0)});
  }
  auto samples = host_metrics(config_, figures);
  append_sink_metrics(samples, config_, *sink_);
  report_.publish(std::move(samples));
}

std::vector<topic_partition> task_loop::assigned_partitions() const {
  std::vector<topic_partition> out;
  for (const auto& [of, state] : partitions_) out.push_back(of);
  return out;
}

}  // namespace sinkhost
