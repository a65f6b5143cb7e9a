#include "runtime_test_sink.hpp"

#include <chrono>
#include <deque>
#include <map>

#include "sca/views.hpp"

namespace sinkhost::testing {

class test_sink {
 public:
  test_sink(sink_script& script, const sca_host* host) : script_(script), host_(host) {
    abi_.struct_size = sizeof abi_;
    abi_.self = this;
    abi_.start = [](sca_sink* s, sca_error*) noexcept -> sca_status { return of(s).start(); };
    abi_.open = [](sca_sink* s, const sca_assignment* a, sca_error*) noexcept -> sca_status { return of(s).open(*a); };
    abi_.close = [](sca_sink* s, std::uint64_t a) noexcept { of(s).close(a); };
    abi_.put = [](sca_sink* s, const sca_record* const* r, std::size_t n, std::size_t* accepted,
                  sca_error*) noexcept -> sca_status { return of(s).put(r, n, *accepted); };
    abi_.progress = [](sca_sink* s, sca_position* p, std::size_t n, sca_error* e) noexcept -> sca_status {
      return of(s).progress(p, n, e);
    };
    abi_.flush = [](sca_sink* s, std::uint32_t ms, sca_error*) noexcept -> sca_status { return of(s).flush(ms); };
    abi_.stop = [](sca_sink* s) noexcept { of(s).stop(); };
    abi_.destroy = [](sca_sink* s) noexcept { delete &of(s); };
  }
  ~test_sink() { stop(); }
  [[nodiscard]] sca_sink* abi() noexcept { return &abi_; }

  // with the script's mutex
  void allow(std::size_t n) {
    for (auto& [id, a] : open_) a.allowed += n;
  }
  void wake() { host_->wake(host_); }

 private:
  struct pending {
    std::int64_t offset;
    bool reject;
  };
  struct assignment {
    std::deque<pending> waiting;
    std::int64_t position = SCA_NO_POSITION;
    std::size_t allowed = 0;  // resolved one by one although held
  };
  static test_sink& of(sca_sink* s) noexcept { return *static_cast<test_sink*>(s->self); }

  sca_status start() noexcept {
    const std::lock_guard lock{script_.mutex_};
    script_.sinks_.insert(this);
    return SCA_OK;
  }
  sca_status open(const sca_assignment& a) noexcept {
    const std::lock_guard lock{script_.mutex_};
    open_[a.id];
    return SCA_OK;
  }
  void close(std::uint64_t id) noexcept {
    const std::lock_guard lock{script_.mutex_};
    open_.erase(id);
  }
  sca_status put(const sca_record* const* records, std::size_t count, std::size_t& accepted) noexcept {
    std::unique_lock lock{script_.mutex_};
    while (script_.put_blocked_) {
      script_.blocked_.store(true);
      script_.changed_.wait(lock);
    }
    script_.blocked_.store(false);
    std::size_t waiting = 0;
    for (const auto& [id, a] : open_) waiting += a.waiting.size();
    for (; accepted < count && waiting < script_.limit_; ++accepted, ++waiting) take(*records[accepted]);
    if (accepted < count) ++script_.short_puts_;
    lock.unlock();
    wake();
    return SCA_OK;
  }
  void take(const sca_record& r) {
    seen_record s{.topic = std::string{sca::view(r.topic)},
                  .partition = r.partition,
                  .offset = r.offset,
                  .timestamp_ms = r.timestamp_ms,
                  .task = host_->task,
                  .key = {},
                  .value = {},
                  .headers = {}};
    if (auto key = sca::view(r.key)) s.key = std::string{*key};
    if (auto value = sca::view(r.value)) s.value = std::string{*value};
    for (std::size_t i = 0; i < r.header_count; ++i) {
      const auto v = sca::view(r.headers[i].value);
      s.headers.emplace_back(std::string{sca::view(r.headers[i].key)}, v ? std::optional<std::string>{*v} : std::nullopt);
    }
    open_[r.assignment].waiting.push_back({r.offset, s.value && s.value->starts_with("reject")});
    script_.seen_.push_back(std::move(s));
  }
  sca_status progress(sca_position* positions, std::size_t count, sca_error* error) noexcept {
    const std::lock_guard lock{script_.mutex_};
    for (auto& [id, a] : open_) resolve(id, a);
    for (std::size_t i = 0; i < count; ++i) {
      const auto found = open_.find(positions[i].assignment);
      positions[i].offset = found == open_.end() ? SCA_NO_POSITION : found->second.position;
    }
    if (!script_.failure_) return SCA_OK;
    return sca_fail(error, script_.failure_->first, script_.failure_->second.c_str());
  }
  void resolve(std::uint64_t id, assignment& a) {
    while (!a.waiting.empty() && (!script_.held_ || a.allowed > 0)) {
      const auto [offset, reject] = a.waiting.front();
      if (a.allowed > 0) --a.allowed;
      if (reject) {
        const sca_rejection why{.struct_size = sizeof why,
                                .stage = SCA_STAGE_MAP,
                                .assignment = id,
                                .offset = offset,
                                .code = SCA_STR("test.refused"),
                                .message = SCA_STR("its value says so")};
        host_->reject(host_, &why);
      }
      a.position = offset + 1;
      a.waiting.pop_front();
    }
  }
  sca_status flush(std::uint32_t ms) noexcept {
    std::unique_lock lock{script_.mutex_};
    ++script_.flushes_;
    script_.changed_.wait_for(lock, std::chrono::milliseconds{ms}, [this] { return !script_.held_ || waiting() == 0; });
    return SCA_OK;
  }
  [[nodiscard]] std::size_t waiting() const {
    std::size_t n = 0;
    for (const auto& [id, a] : open_) n += a.waiting.size();
    return n;
  }
  void stop() noexcept {
    const std::lock_guard lock{script_.mutex_};
    script_.sinks_.erase(this);
  }

  sink_script& script_;
  const sca_host* host_;
  sca_sink abi_{};
  std::map<std::uint64_t, assignment> open_;
};

sink_script::sink_script() {
  table_.script = this;
  auto& abi = table_.abi;
  abi.struct_size = sizeof abi;
  abi.id = SCA_STR("test.Sink");
  abi.version = SCA_STR("1");
  abi.create = &create;
}

sca_status sink_script::create(const sca_connector* me, const sca_host* host, const sca_pair*, std::size_t, sca_sink** out,
                               sca_error*) noexcept {
  auto& script = *reinterpret_cast<const plugin_table*>(me)->script;
  *out = (new test_sink(script, host))->abi();
  return SCA_OK;
}

void sink_script::hold() {
  const std::lock_guard lock{mutex_};
  held_ = true;
}
void sink_script::release() {
  const std::lock_guard lock{mutex_};
  held_ = false;
  wake_all();
}
void sink_script::limit(std::size_t records) {
  const std::lock_guard lock{mutex_};
  limit_ = records;
}
void sink_script::resolve_some(std::size_t n) {
  const std::lock_guard lock{mutex_};
  for (auto* s : sinks_) s->allow(n);
  wake_all();
}
void sink_script::fail(sca_status status, std::string message) {
  const std::lock_guard lock{mutex_};
  failure_ = {status, std::move(message)};
  wake_all();
}
void sink_script::block_put() {
  const std::lock_guard lock{mutex_};
  put_blocked_ = true;
}
void sink_script::unblock_put() {
  const std::lock_guard lock{mutex_};
  put_blocked_ = false;
  changed_.notify_all();
}
void sink_script::wake_all() {
  changed_.notify_all();
  for (auto* s : sinks_) s->wake();
}
std::vector<seen_record> sink_script::seen() const {
  const std::lock_guard lock{mutex_};
  return seen_;
}
std::size_t sink_script::seen_count() const {
  const std::lock_guard lock{mutex_};
  return seen_.size();
}
std::size_t sink_script::sinks() const {
  const std::lock_guard lock{mutex_};
  return sinks_.size();
}

}  // namespace sinkhost::testing
