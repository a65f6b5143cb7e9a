#include "broken_sink.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>

#include "sca/views.hpp"

namespace broken {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t room = 1500;
std::atomic<int> running_sinks{0};
int one_symbol_of_this_library = 0;

void pause_for(std::chrono::milliseconds t) { std::this_thread::sleep_for(t); }

}  // namespace

struct sink::slots {
  static sink& of(sca_sink* s) noexcept { return *static_cast<sink*>(s->self); }
  static void destroy(sca_sink* s) noexcept {
    sink* me = &of(s);
    if (me->is(flaw::must_be_started_to_be_destroyed)) (void)me->worker_.value().get_id();  // throws: noexcept ends the process
    if (me->is(flaw::only_one_at_a_time)) --running_sinks;
    delete me;
  }
  static const void* extension(sca_sink* s, const char* id) noexcept {
    static constexpr sca_sink_metrics table = {
        .struct_size = sizeof(sca_sink_metrics), .reserved = 0, .collect = [](sca_sink* me, auto visit, void* ctx) noexcept {
          const sca_metric m{.struct_size = sizeof m,
                             .kind = SCA_METRIC_COUNTER,
                             .name = of(me).is(flaw::names_metrics_badly) ? sca_str SCA_STR("puts so far")
                                                                          : sca_str SCA_STR("broken_puts_total"),
                             .help = SCA_STR("Calls of put."),
                             .labels = nullptr,
                             .label_count = 0,
                             .value = static_cast<double>(of(me).puts_),
                             .bounds = nullptr,
                             .counts = nullptr,
                             .bound_count = 0,
                             .reserved = 0};
          visit(ctx, &m);
        }};
    const std::string_view wanted = SCA_EXT_METRICS;
    if (of(s).is(flaw::compares_prefixes_of_ids) ? std::string_view(id).starts_with(wanted) : id == wanted) return &table;
    return nullptr;
  }
};

sink::sink(const sca_host* host, flaw f, settings s) : host_(host), flaw_(f), settings_(std::move(s)) {
  abi_ = {
      .struct_size = sizeof(sca_sink),
      .reserved = 0,
      .self = this,
      .start = [](sca_sink* me, sca_error* e) noexcept { return slots::of(me).start(e); },
      .open = [](sca_sink* me, const sca_assignment* a, sca_error* e) noexcept { return slots::of(me).open(*a, e); },
      .close = [](sca_sink* me, std::uint64_t a) noexcept { slots::of(me).close(a); },
      .put = [](sca_sink* me, const sca_record* const* r, size_t n, size_t* accepted,
                sca_error* e) noexcept { return slots::of(me).put(r, n, *accepted, e); },
      .progress = [](sca_sink* me, sca_position* p, size_t n, sca_error* e) noexcept { return slots::of(me).progress(p, n, e); },
      .flush = [](sca_sink* me, std::uint32_t ms, sca_error* e) noexcept { return slots::of(me).flush(ms, e); },
      .stop = [](sca_sink* me) noexcept { slots::of(me).stop(); },
      .destroy = slots::destroy,
      .get_extension = slots::extension};
  if (is(flaw::opens_a_file_in_create)) (void)::open("/dev/null", O_RDONLY);
  if (is(flaw::only_one_at_a_time)) ++running_sinks;
}

void sink::log(int32_t level, std::string_view text) const {
  if (!is(flaw::logs_below_the_level) && level < host_->log_level(host_)) return;
  const sca_log_line line{
      .struct_size = sizeof line, .level = level, .message = sca::str(text), .file = __FILE__, .line = __LINE__};
  host_->log(host_, &line);
}

sca_status sink::fail(sca_error* e, sca_status status, const char* text) {
  if (is(flaw::forgets_its_failure)) return sca_fail(e, status, text);
  if (failure_ == SCA_OK) {
    failure_ = status;
    failure_text_ = text;
  }
  return sca_fail(e, failure_, failure_text_.c_str());
}

sca_status sink::misuse(sca_error* e, const char* text) {
  log(SCA_LOG_MISUSE, text);
  return fail(e, SCA_MISUSE, text);
}

sca_status sink::start(sca_error* e) {
  if (phase_ == phase::started && is(flaw::starts_twice)) return SCA_OK;
  if (phase_ == phase::stopped && is(flaw::starts_after_stop)) return SCA_OK;
  if (phase_ != phase::created) return misuse(e, "a sink is started once");
  if (is(flaw::keeps_config_views)) log(SCA_LOG_INFO, settings_.unowned_path.substr(0, 1) == "/" ? "absolute" : "relative");
  if (is(flaw::logs_its_token)) log(SCA_LOG_INFO, "using token " + settings_.token);
  if (is(flaw::leaves_a_file_open)) (void)::open("/dev/null", O_RDONLY);
  if (is(flaw::ignores_sigpipe_for_all)) (void)signal(SIGPIPE, SIG_IGN);
  if (is(flaw::only_one_at_a_time)) {
    pause_for(100ms);
    if (running_sinks > 1) return fail(e, SCA_UNAVAILABLE, "another sink is running");
  }
  if (is(flaw::pins_itself_in_memory)) {
    Dl_info self{};
    if (dladdr(&one_symbol_of_this_library, &self) != 0) (void)dlopen(self.dli_fname, RTLD_NOW | RTLD_NODELETE);
  }
  phase_ = phase::started;
  log(SCA_LOG_DEBUG, "started");
  worker_.emplace([this] { work(); });
  return SCA_OK;
}

sca_status sink::open(const sca_assignment& a, sca_error* e) {
  if (failure_) return fail(e, failure_, "");
  if (phase_ != phase::started && !(phase_ == phase::created && is(flaw::opens_before_start)))
    return misuse(e, "open of a sink that is not started");
  const std::scoped_lock lock(mutex_);
  if (trackers_.contains(a.id)) return is(flaw::opens_twice) ? SCA_OK : misuse(e, "open of an assignment that is open");
  trackers_[a.id];
  last_[a.id] = -1;
  names_[a.id] = std::string(sca::view(a.topic)) + "-" + std::to_string(a.partition);
  if (is(flaw::inherits_positions) && left_behind_.contains(names_[a.id])) inherited_[a.id] = left_behind_[names_[a.id]];
  return SCA_OK;
}

void sink::close(std::uint64_t assignment) {
  const std::scoped_lock lock(mutex_);
  closed_.insert(assignment);
  if (is(flaw::remembers_closed)) return;
  if (is(flaw::inherits_positions)) left_behind_[names_[assignment]] = position(assignment);
  trackers_.erase(assignment);
  std::erase_if(queue_, [&](const item& i) { return i.assignment == assignment; });
  if (!is(flaw::rejects_after_close)) std::erase_if(refusals_, [&](const refusal& r) { return r.assignment == assignment; });
}

const char* sink::breach(const sca_record* const* records, std::size_t count) {
  auto last = last_;
  for (std::size_t i = 0; i < count; ++i) {
    const sca_record& r = *records[i];
    if (is(flaw::wants_its_own_sizes) && r.struct_size != sizeof r) return "a record of another size";
    if (!SCA_HAS(&r, sca_record, header_count) && !is(flaw::takes_short_records)) return "a record shorter than version 1.0";
    const bool closed = closed_.contains(r.assignment);
    if (!trackers_.contains(r.assignment)) {
      if (is(flaw::takes_unknown_assignments) && !closed)
        trackers_[r.assignment];
      else if (is(flaw::takes_closed_assignments) && closed)
        trackers_[r.assignment];
      else
        return "a record of an assignment that is not open";
    }
    if (r.offset <= last[r.assignment] && !is(flaw::takes_offsets_twice) && last_.contains(r.assignment))
      return "an offset that does not grow within its assignment";
    last[r.assignment] = r.offset;
  }
  return nullptr;
}

void sink::take(const sca_record& r) {
  if (is(flaw::needs_a_key) && r.key.data[0] == 'x') log(SCA_LOG_DEBUG, "the key begins with x");  // null has no first byte
  if (is(flaw::reads_past_the_value) && r.value.data != nullptr && r.value.data[r.value.size] == 'x')
    log(SCA_LOG_DEBUG, "then comes x");
  const auto value = sca::view(r.value);
  auto& tracker = trackers_[r.assignment];
  if (last_.contains(r.assignment) && r.offset <= last_[r.assignment]) return;
  if (!count_.contains(r.assignment)) first_[r.assignment] = r.offset;
  ++count_[r.assignment];
  last_[r.assignment] = r.offset;
  if (!value || (!value->empty() && (*value)[0] == '\xff')) {
    const std::string text = is(flaw::rejects_without_code) ? "" : value ? "record.not.text" : "record.tombstone";
    refusals_.push_back({r.assignment, r.offset, tracker.add(r.offset), text, "not a line of text"});
    if (is(flaw::rejects_too_late)) resolve(r.assignment, refusals_.back().ticket);
    return;
  }
  if (is(flaw::quotes_records) && value->starts_with("conformance")) {
    refusals_.push_back({r.assignment, r.offset, tracker.add(r.offset), "record.odd", "cannot take " + std::string(*value)});
    return;
  }
  queue_.push_back(
      {r.assignment, tracker.add(r.offset), is(flaw::keeps_record_views) ? std::string() : std::string(*value), r.value});
  if (is(flaw::resolves_before_delivery)) resolve(r.assignment, queue_.back().ticket);
}

sca_status sink::put(const sca_record* const* records, std::size_t count, std::size_t& accepted, sca_error* e) {
  if (failure_) return fail(e, failure_, "");
  if (phase_ == phase::created && is(flaw::puts_before_start)) return SCA_OK;
  if (phase_ == phase::stopped && is(flaw::puts_after_stop)) return SCA_OK;
  if (phase_ != phase::started) return misuse(e, "put to a sink that is not started");
  if (is(flaw::only_on_one_thread) && gettid() != home_) return fail(e, SCA_MISUSE, "put on another thread than create");
  if (is(flaw::waits_in_put)) pause_for(1200ms);
  const std::scoped_lock lock(mutex_);
  ++puts_;
  if (const char* why = breach(records, count)) return misuse(e, why);
  for (; accepted < count && queue_.size() < room; ++accepted) {
    if (is(flaw::takes_nothing) && puts_ == 1) break;
    take(*records[accepted]);
  }
  if (is(flaw::waits_when_full) && accepted < count) pause_for(150ms);
  changed_.notify_all();
  return SCA_OK;
}

std::int64_t sink::position(std::uint64_t assignment) {
  if (is(flaw::mixes_assignments) && !trackers_.empty()) return trackers_.begin()->second.position();
  const auto at = trackers_.find(assignment);
  if (at == trackers_.end()) return is(flaw::guesses_unknown_positions) ? 0 : SCA_NO_POSITION;
  const std::int64_t known = at->second.position();
  if (is(flaw::inherits_positions) && inherited_.contains(assignment)) return std::max(known, inherited_[assignment]);
  if (known == SCA_NO_POSITION) return known;
  if (is(flaw::goes_back) && progresses_ % 7 == 0 && known > 0) return known - 1;
  if (is(flaw::runs_ahead)) return known + 1;
  if (is(flaw::counts_records))
    return first_[assignment] + count_[assignment] - static_cast<std::int64_t>(at->second.unresolved_span());
  return known;
}

void sink::tell(const refusal& r) const {
  const sca_rejection c{.struct_size = sizeof c,
                        .stage = SCA_STAGE_DECODE,
                        .assignment = r.assignment,
                        .offset = r.offset,
                        .code = sca::str(r.code),
                        .message = sca::str(r.message)};
  host_->reject(host_, &c);
}

sca_status sink::progress(sca_position* positions, std::size_t count, sca_error* e) {
  if (is(flaw::waits_in_progress)) pause_for(300ms);
  const std::scoped_lock lock(mutex_);
  ++progresses_;
  if (is(flaw::moves_after_stop) && phase_ == phase::stopped && !queue_.empty()) {
    resolve(queue_.front().assignment, queue_.front().ticket);
    queue_.pop_front();
  }
  if (is(flaw::rejects_too_late)) std::swap(refusals_, late_refusals_);  // this time's are told the next time
  if (!is(flaw::rejects_on_its_thread)) {
    for (const refusal& r : refusals_) {
      tell(r);
      if (is(flaw::rejects_twice)) tell(r);
      if (!is(flaw::never_passes_rejected)) resolve(r.assignment, r.ticket);
    }
    refusals_.clear();
  }
  for (std::size_t i = 0; i < count; ++i) positions[i].offset = position(positions[i].assignment);
  if (phase_ == phase::created) return misuse(e, "progress of a sink that was not started");
  return failure_ ? fail(e, failure_, "") : static_cast<sca_status>(SCA_OK);
}

sca_status sink::flush(std::uint32_t timeout_ms, sca_error* e) {
  if (is(flaw::fails_to_flush)) return fail(e, SCA_UNAVAILABLE, "flush is not for me");
  if (is(flaw::flushes_for_ever)) pause_for(1s);
  if (is(flaw::flushes_nothing)) return SCA_OK;
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [this] { return queue_.empty() && !busy_; });
  return SCA_OK;
}

void sink::resolve(std::uint64_t assignment, sca::position_tracker::ticket t) {
  const auto at = trackers_.find(assignment);
  if (at != trackers_.end()) at->second.resolve(t);
}

void sink::write(const item& i) const {
  if (settings_.path.empty()) return;
  std::FILE* f = std::fopen(settings_.path.c_str(), "ab");
  if (f == nullptr) return;
  (void)std::fprintf(f, "%s\n", i.value.c_str());
  (void)std::fclose(f);
}

void sink::work() {
  const bool idle = is(flaw::waits_when_full) || is(flaw::moves_after_stop);
  std::unique_lock lock(mutex_);
  // resolves_only_in_put: what one put brought is looked at when the next one comes
  for (int puts_done = is(flaw::resolves_only_in_put) ? 1 : -1;;) {
    changed_.wait(lock, [&] {
      const bool some = !queue_.empty() || (is(flaw::rejects_on_its_thread) && !refusals_.empty());
      return stopping_ || (!idle && some && puts_ > puts_done);
    });
    if (stopping_) return;
    if (is(flaw::resolves_only_in_put)) puts_done = puts_;
    if (is(flaw::rejects_on_its_thread)) {
      for (const refusal& r : refusals_) {
        tell(r);
        resolve(r.assignment, r.ticket);
      }
      refusals_.clear();
      if (queue_.empty()) continue;
    }
    const item one = queue_.front();
    queue_.pop_front();
    busy_ = true;
    lock.unlock();
    if (is(flaw::keeps_record_views)) {
      pause_for(30ms);
      if (one.view.size > 0 && one.view.data[0] == 'x') log(SCA_LOG_DEBUG, "begins with x");
    }
    if (is(flaw::resolves_before_delivery) || is(flaw::flushes_nothing)) pause_for(50ms);
    write(one);
    lock.lock();
    busy_ = false;
    resolve(one.assignment, one.ticket);
    changed_.notify_all();
    if (!is(flaw::never_wakes)) host_->wake(host_);
  }
}

void sink::stop() {
  if (is(flaw::stops_slowly)) pause_for(1500ms);
  if (phase_ == phase::stopped && !is(flaw::stops_only_once)) return;
  const bool had_worker = phase_ == phase::started || is(flaw::stops_only_once);
  phase_ = phase::stopped;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (had_worker && worker_) worker_->join();  // a second join throws
  if (is(flaw::leaves_a_thread)) std::thread([] { pause_for(30s); }).detach();
}

}  // namespace broken
