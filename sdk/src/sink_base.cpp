// The trampolines. Each one: one call at a time? the right state? then the do_… function, with everything it throws caught, then
// memory of failure. A breach of the contract is the host's: it is logged as such and answered SCA_MISUSE, never asserted.
#include "sca/sink_base.hpp"

#include <atomic>
#include <optional>
#include <string>
#include <unordered_map>

#include "sca/guard.hpp"

namespace sca {

namespace {

enum class phase : std::uint8_t { created, started, stopped };

// What is remembered of an open assignment. offered runs ahead of taken only inside a put.
struct assigned {
  std::int64_t taken = -1, offered = -1;
};

}  // namespace

struct sink_base::state {
  phase at = phase::created;
  bool start_tried = false;   // then do_stop has something to undo
  bool start_failed = false;  // then only stop and destroy may follow
  std::optional<error> failure;
  std::unordered_map<std::uint64_t, assigned> open;
  // Relaxed on purpose: it only detects two calls at once. It must not order them, or it would hide a host that does not.
  std::atomic<bool> busy = false;
};

struct sink_base::trampolines {
  // Holds the sink for one call. Empty when another call is inside: that is a breach, and nothing of the state may be touched.
  class entered {
   public:
    explicit entered(sink_base& s) noexcept : sink_(s), mine_(!s.state_->busy.exchange(true, std::memory_order_relaxed)) {}
    ~entered() {
      if (mine_) sink_.state_->busy.store(false, std::memory_order_relaxed);
    }
    entered(const entered&) = delete;
    entered& operator=(const entered&) = delete;
    explicit operator bool() const noexcept { return mine_; }

   private:
    sink_base& sink_;
    bool mine_;
  };

  static void accuse(const sink_base& s, const char* what) noexcept { s.host_.log(SCA_LOG_MISUSE, what); }

  static sca_status misuse(sink_base& s, sca_error* out, const char* what) noexcept {
    accuse(s, what);
    if (!s.state_->failure) {
      try {
        s.state_->failure = fail(SCA_MISUSE, what);
      } catch (...) {
        s.state_->failure = error{SCA_MISUSE, {}};
      }
    }
    return sca_fail(out, SCA_MISUSE, what);
  }

  // Another call is inside: its state is not ours to mark as failed.
  static sca_status crowded(const sink_base& s, sca_error* out) noexcept {
    static constexpr const char* what = "two calls into one sink at once";
    accuse(s, what);
    return sca_fail(out, SCA_MISUSE, what);
  }

  template <class F>
  static sca_status run(sink_base& s, sca_error* out, const char* where, F&& f) noexcept {
    auto outcome = caught(where, static_cast<F&&>(f));
    if (!outcome && !s.state_->failure) s.state_->failure = std::move(outcome).error();
    return s.state_->failure ? report(*s.state_->failure, out) : static_cast<sca_status>(SCA_OK);
  }

  // Calls that are only legal while started and healthy. Nothing: go on.
  static std::optional<sca_status> refuse(sink_base& s, sca_error* out, const char* when_not_started,
                                          const char* when_failed) noexcept {
    if (s.state_->failure) {
      accuse(s, when_failed);
      return report(*s.state_->failure, out);
    }
    if (s.state_->at != phase::started) return misuse(s, out, when_not_started);
    return std::nullopt;
  }

  static sca_status start(sca_sink* me, sca_error* out) noexcept {
    sink_base& s = of(me);
    const entered e(s);
    if (!e) return crowded(s, out);
    if (s.state_->at != phase::created || s.state_->start_tried)
      return misuse(s, out, "start of a sink that was started or stopped before");
    if (s.state_->failure) return report(*s.state_->failure, out);
    s.state_->start_tried = true;
    const sca_status status = run(s, out, "start", [&] { return s.do_start(); });
    s.state_->start_failed = status != SCA_OK;
    if (status == SCA_OK) s.state_->at = phase::started;
    return status;
  }

  static sca_status open(sca_sink* me, const sca_assignment* a, sca_error* out) noexcept {
    sink_base& s = of(me);
    const entered e(s);
    if (!e) return crowded(s, out);
    if (const auto no = refuse(s, out, "open of a sink that is not started", "open of a sink that has failed")) return *no;
    if (a == nullptr || !SCA_HAS(a, sca_assignment, topic)) return misuse(s, out, "open without an assignment of version 1.0");
    if (a->id == 0) return misuse(s, out, "open with assignment 0");
    if (s.state_->open.contains(a->id)) return misuse(s, out, "open of an assignment that is open");
    return run(s, out, "open", [&]() -> result<void> {
      s.state_->open.emplace(a->id, assigned{});
      auto opened = s.do_open(a->id, view(a->topic), a->partition);
      if (!opened) s.state_->open.erase(a->id);
      return opened;
    });
  }

  static void close(sca_sink* me, std::uint64_t assignment) noexcept {
    sink_base& s = of(me);
    const entered e(s);
    if (!e) return accuse(s, "two calls into one sink at once");
    if (!s.state_->start_tried || s.state_->start_failed) return accuse(s, "close of a sink that was not started");
    if (s.state_->open.erase(assignment) == 0) return accuse(s, "close of an assignment that is not open");
    (void)run_quietly(s, "close", [&] { s.do_close(assignment); });
  }

  // Marks records as offered; the text of the first breach, or null.
  static const char* check(state& st, std::span<const sca_record* const> records) noexcept {
    assigned* last = nullptr;
    std::uint64_t last_id = 0;  // records come in runs of one assignment: most look-ups are this comparison
    for (const sca_record* r : records) {
      if (r == nullptr || !SCA_HAS(r, sca_record, header_count))
        return "put of a record that is null or shorter than version 1.0";
      if (last == nullptr || r->assignment != last_id) {
        const auto found = st.open.find(r->assignment);
        if (found == st.open.end()) return "put of a record whose assignment is not open";
        last = &found->second;
        last_id = r->assignment;
      }
      if (r->offset <= last->offered) return "put of an offset that does not grow within its assignment";
      last->offered = r->offset;
    }
    return nullptr;
  }

  static void settle(state& st, std::span<const sca_record* const> records, std::size_t accepted) noexcept {
    const auto each = [&](std::span<const sca_record* const> some, auto&& f) {
      assigned* last = nullptr;
      std::uint64_t last_id = 0;
      for (const sca_record* r : some) {
        if (last == nullptr || r->assignment != last_id) last = &st.open.find(last_id = r->assignment)->second;
        f(*last, *r);
      }
    };
    each(records.first(accepted), [](assigned& a, const sca_record& r) { a.taken = r.offset; });
    each(records.subspan(accepted), [](assigned& a, const sca_record&) { a.offered = a.taken; });
  }

  static sca_status put(sca_sink* me, const sca_record* const* records, size_t count, size_t* accepted, sca_error* out) noexcept {
    sink_base& s = of(me);
    const entered e(s);
    if (!e) return crowded(s, out);
    if (const auto no = refuse(s, out, "put to a sink that is not started", "put to a sink that has failed")) return *no;
    if (records == nullptr || count == 0) return misuse(s, out, "put without records");
    if (accepted == nullptr || *accepted != 0) return misuse(s, out, "put whose accepted is not 0 on entry");
    const std::span all{records, count};
    if (const char* breach = check(*s.state_, all)) return misuse(s, out, breach);
    const sca_status status = run(s, out, "put", [&] { return s.do_put(all, *accepted); });
    if (*accepted > count) {  // our own defect; counting records nobody offered would commit what was never taken
      *accepted = 0;
      return run(s, out, "put", []() -> result<void> { return fail(SCA_INTERNAL, "put took more records than it was given"); });
    }
    settle(*s.state_, all, *accepted);
    return status;
  }

  static sca_status progress(sca_sink* me, sca_position* positions, size_t count, sca_error* out) noexcept {
    sink_base& s = of(me);
    const bool usable = positions != nullptr || count == 0;
    if (usable)
      for (size_t i = 0; i < count; ++i) positions[i].offset = SCA_NO_POSITION;
    const entered e(s);
    if (!e) return crowded(s, out);
    if (!usable) return misuse(s, out, "progress without positions");
    if (!s.state_->start_tried) return misuse(s, out, "progress of a sink that was not started");
    if (s.state_->start_failed) return report(*s.state_->failure, out);
    return run(s, out, "progress", [&] { return s.do_progress({positions, count}); });
  }

  static sca_status flush(sca_sink* me, std::uint32_t timeout_ms, sca_error* out) noexcept {
    sink_base& s = of(me);
    const entered e(s);
    if (!e) return crowded(s, out);
    if (const auto no = refuse(s, out, "flush of a sink that is not started", "flush of a sink that has failed")) return *no;
    return run(s, out, "flush", [&] { return s.do_flush(std::chrono::milliseconds(timeout_ms)); });
  }

  template <class F>
  static bool run_quietly(const sink_base& s, const char* where, F&& f) noexcept {
    const auto outcome = caught(where, [&]() -> result<void> {
      f();
      return {};
    });
    if (!outcome) s.host_.log(SCA_LOG_ERROR, outcome.error().message);
    return outcome.has_value();
  }

  static void stop(sca_sink* me) noexcept {
    sink_base& s = of(me);
    const entered e(s);
    if (!e) return accuse(s, "two calls into one sink at once");
    if (s.state_->at == phase::stopped) return;  // legal, and nothing is left to do
    s.state_->at = phase::stopped;
    if (s.state_->start_tried) (void)run_quietly(s, "stop", [&] { s.do_stop(); });
  }

  static void destroy(sca_sink* me) noexcept {
    sink_base& s = of(me);
    {
      const entered e(s);
      // Freed memory under a running call is worse than memory that is never freed.
      if (!e) return accuse(s, "destroy while another call is inside the sink: it is leaked");
    }
    if (s.state_->start_tried && s.state_->at != phase::stopped) {
      accuse(s, "destroy of a sink that was not stopped");
      stop(me);
    }
    delete &s;
  }

  static const void* extension(sca_sink* me, const char* id) noexcept {
    sink_base& s = of(me);
    if (id == nullptr) return nullptr;
    try {
      return s.do_extension(id);
    } catch (...) {
      s.host_.log(SCA_LOG_ERROR, "get_extension threw");
      return nullptr;
    }
  }
};

sink_base::sink_base(const sca_host* host)
    : abi_{.struct_size = sizeof(sca_sink),
           .reserved = 0,
           .self = this,
           .start = trampolines::start,
           .open = trampolines::open,
           .close = trampolines::close,
           .put = trampolines::put,
           .progress = trampolines::progress,
           .flush = trampolines::flush,
           .stop = trampolines::stop,
           .destroy = trampolines::destroy,
           .get_extension = trampolines::extension},
      host_(host),
      state_(std::make_unique<state>()) {}

sink_base::~sink_base() = default;

sca_sink* sink_base::release(std::unique_ptr<sink_base> sink) noexcept { return &sink.release()->abi_; }

}  // namespace sca
