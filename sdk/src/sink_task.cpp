#include "sca/sink_task.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <optional>
#include <thread>

#include "sca/guard.hpp"
#include "sca/loader.hpp"
#include "task_ledger.hpp"

namespace sca {

namespace {

constexpr std::size_t records_per_put = 512;  // bounds what a full sink is shown in vain

enum class phase : std::uint8_t { created, started, start_failed, stopped };

// What the plugin said; it may have said nothing, and may have forgotten the NUL.
error said(sca_status status, const sca_error& text, const char* where) {
  const char* end = std::find(text.message, text.message + sizeof text.message, '\0');
  if (end == text.message)
    return fail(status, std::string(where) + " failed with status " + std::to_string(status) + " and without a message");
  return fail(status, std::string(text.message, end));
}

std::string named(const detail::ledger_partition& p) { return p.topic + "-" + std::to_string(p.number); }

}  // namespace

struct sink_task::impl {
  impl(sink_task_options o, sink_task_host& h) : options(std::move(o)), host(h) {
    abi = sca_host{.struct_size = sizeof(sca_host),
                   .abi_version = SCA_ABI_VERSION,
                   .ctx = this,
                   .name = str(options.host_name),
                   .version = str(options.host_version),
                   .connector = str(options.connector),
                   .task = options.task,
                   .reserved = 0,
                   .wake = [](const sca_host* me) noexcept { of(me).on_wake(); },
                   .reject = [](const sca_host* me, const sca_rejection* r) noexcept { of(me).on_reject(r); },
                   .log_level = [](const sca_host* me) noexcept { return of(me).host.log_level(); },
                   .log = [](const sca_host* me, const sca_log_line* line) noexcept { of(me).host.log(*line); },
                   .get_extension = [](const sca_host* me, const char* id) noexcept { return of(me).host.extension(id); }};
  }
  static impl& of(const sca_host* me) noexcept { return *static_cast<impl*>(me->ctx); }

  // Runs a call into the sink; reject() is legal on this thread until it returns.
  template <class F>
  sca_status inside(F&& f) noexcept {
    calling.store(std::this_thread::get_id(), std::memory_order_relaxed);
    const sca_status status = f();
    calling.store({}, std::memory_order_relaxed);
    return status;
  }

  result<void> failing(error e) {
    if (!failure) failure = std::move(e);
    return *failure;
  }
  [[nodiscard]] result<void> health() const {
    if (failure) return *failure;
    return {};
  }
  void accuse_sink(const std::string& what) noexcept {
    const sca_log_line line{
        .struct_size = sizeof line, .level = SCA_LOG_MISUSE, .message = str(what), .file = nullptr, .line = 0};
    host.log(line);
  }

  void on_wake() noexcept {
    woken.store(true, std::memory_order_release);
    host.wake();
  }
  void on_reject(const sca_rejection* r) noexcept;
  result<void> open(detail::ledger_partition& p);
  result<void> put_backlog(clock::time_point now);
  result<void> ask_progress();
  void close_sink_side(std::uint64_t assignment) noexcept {
    if (at == phase::started || at == phase::stopped) sink->close(sink, assignment);
  }

  sink_task_options options;
  sink_task_host& host;
  sca_host abi{};
  sca_sink* sink = nullptr;
  phase at = phase::created;
  std::optional<error> failure;
  detail::task_ledger ledger;
  std::vector<sca_position> positions;
  clock::time_point offer_due{};
  std::atomic<bool> woken = false;
  std::atomic<bool> stray_rejection =
      false;  // on a wrong thread: which record, cannot be trusted, so nothing is committed any more
  std::atomic<std::thread::id> calling{};
};

void sink_task::impl::on_reject(const sca_rejection* r) noexcept {
  if (calling.load(std::memory_order_relaxed) != std::this_thread::get_id()) {
    stray_rejection.store(true);
    accuse_sink("reject outside of put, progress and flush");
    return;
  }
  const auto outcome = caught("dead letter", [&]() -> result<void> {
    const bool tolerated = options.errors == tolerance::all;
    detail::ledger_entry* entry = nullptr;
    switch (ledger.reject(r->assignment, r->offset, tolerated ? detail::fate::rejected : detail::fate::stuck, entry)) {
      case detail::task_ledger::rejecting::closed: return {};  // late, and legal
      case detail::task_ledger::rejecting::repeated: accuse_sink("reject of a record that is rejected already"); return {};
      case detail::task_ledger::rejecting::not_handed_over:
        accuse_sink("reject of offset " + std::to_string(r->offset) + ", which is not with the sink");
        return {};
      case detail::task_ledger::rejecting::done: break;
    }
    const rejection why{
        .assignment = r->assignment, .offset = r->offset, .stage = r->stage, .code = view(r->code), .message = view(r->message)};
    if (!tolerated) {
      const detail::ledger_partition& p = *ledger.find(r->assignment);
      return fail(SCA_INTERNAL, "record rejected, and errors.tolerance is none: " + named(p) + " offset " +
                                    std::to_string(r->offset) + ": " + std::string(why.code) + ": " + std::string(why.message));
    }
    const dead_letter_ticket ticket = entry->ticket;
    auto written = caught("dead letter", [&]() -> result<void> {
      host.dead_letter(ticket, *entry->record, why);
      return {};
    });
    if (!written) {
      std::string where;
      (void)ledger.settle(ticket, settlement::failed, where);
    }
    return written;
  });
  if (!outcome && !failure) failure = outcome.error();
}

result<void> sink_task::impl::open(detail::ledger_partition& p) {
  const sca_assignment a{.struct_size = sizeof a, .partition = p.number, .id = p.assignment, .topic = str(p.topic)};
  sca_error text = SCA_ERROR_INIT;
  const sca_status status = sink->open(sink, &a, &text);
  return status == SCA_OK ? health() : failing(said(status, text, "open"));
}

result<void> sink_task::impl::put_backlog(clock::time_point now) {
  // Forgotten before the put, not after: a wake-up that comes while it runs must lead to another one.
  woken.store(false, std::memory_order_relaxed);
  while (!failure) {
    const auto& records = ledger.gather(records_per_put);
    if (records.empty()) break;
    std::size_t accepted = 0;
    sca_error text = SCA_ERROR_INIT;
    const sca_status status = inside([&] { return sink->put(sink, records.data(), records.size(), &accepted, &text); });
    if (accepted > records.size()) {
      ledger.accept(0);
      return failing(fail(SCA_INTERNAL, "put took more records than it was given"));
    }
    ledger.accept(accepted);
    if (status != SCA_OK) return failing(said(status, text, "put"));
    if (accepted < records.size()) {
      offer_due = now + options.offer_again;
      break;
    }
  }
  return health();
}

result<void> sink_task::impl::ask_progress() {
  positions.clear();
  for (const auto& [name, p] : ledger.partitions()) positions.push_back({p->assignment, SCA_NO_POSITION});
  sca_error text = SCA_ERROR_INIT;
  const sca_status status = inside([&] { return sink->progress(sink, positions.data(), positions.size(), &text); });
  if (status != SCA_OK) (void)failing(said(status, text, "progress"));
  if (stray_rejection.load()) return failing(fail(SCA_INTERNAL, "the sink rejected a record outside of put, progress and flush"));
  std::size_t i = 0;
  for (const auto& [name, p] : ledger.partitions()) {
    const std::int64_t position = positions[i++].offset;
    if (ledger.advance(*p, position)) continue;
    const std::string what = "the sink reported position " + std::to_string(position) + " of " + named(*p) + " after " +
                             std::to_string(p->position) + ", with records up to " + std::to_string(p->handed) + " handed over";
    accuse_sink(what);
    (void)failing(fail(SCA_INTERNAL, what));
  }
  ledger.pass();
  return health();
}

result<std::unique_ptr<sink_task>> sink_task::create(const sca_connector& connector, std::span<const sca_pair> config,
                                                     sink_task_options options, sink_task_host& host) {
  std::unique_ptr<sink_task> task(new sink_task(std::make_unique<impl>(std::move(options), host)));
  impl& i = *task->impl_;
  sca_error text = SCA_ERROR_INIT;
  sca_sink* made = nullptr;
  const sca_status status = connector.create(&connector, &i.abi, config.data(), config.size(), &made, &text);
  if (status != SCA_OK) return said(status, text, "create");
  load_error why{};
  if (!check_sink(made, why)) return fail(SCA_UNSUPPORTED, "create gave an unusable sink: " + why.message);
  i.sink = made;
  return task;
}

sink_task::sink_task(std::unique_ptr<impl> i) noexcept : impl_(std::move(i)) {}

sink_task::~sink_task() {
  if (impl_->sink == nullptr) return;
  stop();
  impl_->sink->destroy(impl_->sink);
}

result<void> sink_task::start() {
  impl& i = *impl_;
  if (i.at != phase::created) return fail(SCA_MISUSE, "a task is started once");
  sca_error text = SCA_ERROR_INIT;
  const sca_status status = i.sink->start(i.sink, &text);
  i.at = status == SCA_OK ? phase::started : phase::start_failed;
  return status == SCA_OK ? i.health() : i.failing(said(status, text, "start"));
}

result<void> sink_task::open(std::string_view topic, std::int32_t partition) {
  impl& i = *impl_;
  if (i.failure) return *i.failure;
  if (i.at != phase::started) return fail(SCA_MISUSE, "open of a task that is not started");
  if (i.ledger.find(topic, partition) != nullptr) return fail(SCA_MISUSE, "open of a partition that is open");
  return i.open(i.ledger.open(topic, partition));
}

void sink_task::close(std::string_view topic, std::int32_t partition) {
  detail::ledger_partition* p = impl_->ledger.find(topic, partition);
  if (p == nullptr) return;
  impl_->close_sink_side(p->assignment);
  impl_->ledger.close(*p);
}

result<void> sink_task::offer(std::vector<std::unique_ptr<held_record>> records, clock::time_point now) {
  impl& i = *impl_;
  if (i.failure) return *i.failure;
  if (i.at != phase::started) return fail(SCA_MISUSE, "records for a task that is not started");
  const bool waiting = i.ledger.backlog() > 0;
  detail::ledger_partition* p = nullptr;
  for (auto& record : records) {
    const std::string_view topic = view(record->record.topic);
    // Records come in runs of one partition: most of them need no look-up.
    if (p == nullptr || p->number != record->record.partition || p->topic != topic)
      p = i.ledger.find(topic, record->record.partition);
    if (p == nullptr) continue;
    if (record->record.offset <= p->last) {
      i.close_sink_side(p->assignment);
      i.ledger.rewind(*p, record->record.offset);
      if (auto opened = i.open(*p); !opened) return opened;
    }
    i.ledger.hold(*p, std::move(record));
  }
  if (waiting && now < i.offer_due && !i.woken.load(std::memory_order_acquire)) return i.health();  // full a moment ago
  return i.put_backlog(now);
}

result<void> sink_task::pump(clock::time_point now) {
  impl& i = *impl_;
  if (i.at == phase::created || i.at == phase::start_failed)
    return i.failure ? i.health() : fail(SCA_MISUSE, "a task that is not started");
  if (i.at == phase::started && !i.failure && i.ledger.backlog() > 0 &&
      (i.woken.load(std::memory_order_acquire) || now >= i.offer_due))
    (void)i.put_backlog(now);
  return i.ask_progress();
}

void sink_task::woken() noexcept { impl_->woken.store(true, std::memory_order_release); }

std::size_t sink_task::backlog() const noexcept { return impl_->ledger.backlog(); }
std::size_t sink_task::held() const noexcept { return impl_->ledger.held(); }

void sink_task::settled(dead_letter_ticket ticket, settlement how) {
  std::string where;
  if (!impl_->ledger.settle(ticket, how, where)) return;
  // Of an assignment that has ended (where is empty) the record comes again, here or elsewhere: no reason to fail.
  if (how == settlement::failed && !where.empty())
    (void)impl_->failing(fail(SCA_UNAVAILABLE, "the dead letter of " + where + " could not be written"));
}

std::vector<committable> sink_task::take_committable() {
  std::vector<committable> out;
  if (impl_->stray_rejection.load()) return out;
  impl_->ledger.pass();
  for (const auto& [name, p] : impl_->ledger.partitions()) {
    if (p->committable == p->reported) continue;
    p->reported = p->committable;
    out.push_back({p->topic, p->number, p->committable});
  }
  return out;
}

void sink_task::uncommitted(std::span<const committable> failed) {
  for (const committable& c : failed)
    if (detail::ledger_partition* p = impl_->ledger.find(c.topic, c.partition)) p->reported = SCA_NO_POSITION;
}

bool sink_task::idle(std::string_view topic, std::int32_t partition) const noexcept {
  const detail::ledger_partition* p = impl_->ledger.find(topic, partition);
  return p != nullptr && p->held.empty() && !impl_->stray_rejection.load();
}

result<void> sink_task::flush(std::chrono::milliseconds timeout) {
  impl& i = *impl_;
  if (i.failure) return *i.failure;
  if (i.at != phase::started) return fail(SCA_MISUSE, "flush of a task that is not started");
  if (i.sink->flush == nullptr) return i.health();
  const auto ms = std::clamp<std::int64_t>(timeout.count(), 0, std::numeric_limits<std::uint32_t>::max());
  sca_error text = SCA_ERROR_INIT;
  const sca_status status = i.inside([&] { return i.sink->flush(i.sink, static_cast<std::uint32_t>(ms), &text); });
  return status == SCA_OK ? i.health() : i.failing(said(status, text, "flush"));
}

void sink_task::stop() noexcept {
  impl& i = *impl_;
  if (i.at == phase::stopped) return;
  i.sink->stop(i.sink);
  i.at = i.at == phase::started ? phase::stopped : phase::start_failed;  // never started: there is no final word to ask for
}

void sink_task::collect_metrics(void (*visit)(void* ctx, const sca_metric*) noexcept, void* ctx) {
  impl& i = *impl_;
  if ((i.at != phase::started && i.at != phase::stopped) || i.sink->get_extension == nullptr) return;
  const auto* table = static_cast<const sca_sink_metrics*>(i.sink->get_extension(i.sink, SCA_EXT_METRICS));
  if (table == nullptr || !SCA_HAS(table, sca_sink_metrics, collect) || table->collect == nullptr) return;
  table->collect(i.sink, visit, ctx);
}

const error* sink_task::failure() const noexcept { return impl_->failure ? &*impl_->failure : nullptr; }

}  // namespace sca
