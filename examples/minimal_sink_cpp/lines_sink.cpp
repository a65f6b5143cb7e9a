// A sink in C++ with a thread of its own: put() only copies into a bounded queue, the thread writes lines to a file, progress()
// tells how far it has come. The shape of a sink that talks to a network, with a file in place of the network.
// sca::sink_base brings the C ABI, the checks of the host and the exception guard; sca::config_spec the judgement of the
// configuration; sca::position_tracker the positions.
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

#include "sca/config_spec.hpp"
#include "sca/export.hpp"
#include "sca/guard.hpp"
#include "sca/position_tracker.hpp"
#include "sca/sink_base.hpp"

namespace {

// ---- configuration: one row a key; hosts show it, parse() enforces it
// ------------------------------------------------------------

constexpr auto keys = sca::config_keys({
    {.name = "lines.path",
     .flags = SCA_KEY_REQUIRED,
     .importance = SCA_IMPORTANCE_HIGH,
     .group = "Output",
     .doc = "The file to append to. It is created when it does not exist."},
    {.name = "lines.max.bytes",
     .type = SCA_TYPE_INT,
     .group = "Output",
     .default_value = "1000000",
     .min_value = 1,
     .max_value = 100'000'000,
     .doc = "The longest line, in bytes. A longer value is rejected."},
    {.name = "buffer.max.records",
     .type = SCA_TYPE_INT,
     .importance = SCA_IMPORTANCE_LOW,
     .group = "Buffer",
     .default_value = "1000",
     .min_value = 1,
     .max_value = 1'000'000,
     .doc = "How many records may wait to be written. When it is full, the host pauses the topic's partitions."},
});
constexpr auto key_pointers = sca::config_pointers(keys);
constexpr std::string_view own_prefixes[] = {"lines.", "buffer."};
constexpr auto make_spec = [] { return sca::config_spec(key_pointers, {.own_prefixes = own_prefixes}); };

struct settings {
  std::string path;
  std::size_t max_bytes = 0, max_records = 0;
};

// ---- the sink
// --------------------------------------------------------------------------------------------------------------------

class lines_sink final : public sca::sink_base {
 public:
  lines_sink(const sca_host* host, settings s) : sink_base(host), settings_(std::move(s)) {}

 private:
  struct line {
    std::uint64_t assignment;
    sca::position_tracker::ticket ticket;
    std::string text;
  };
  struct file_closer {
    void operator()(std::FILE* f) const noexcept { (void)std::fclose(f); }
  };

  sca::result<void> do_start() override {
    file_.reset(std::fopen(settings_.path.c_str(), "ab"));
    if (!file_) return sca::fail(SCA_UNAVAILABLE, "cannot open lines.path for appending");
    writer_ = std::thread([this] { write_lines(); });
    return {};
  }

  sca::result<void> do_open(std::uint64_t assignment, std::string_view, std::int32_t) override {
    const std::scoped_lock lock(mutex_);
    trackers_.emplace(assignment, sca::position_tracker());
    return {};
  }

  // Lines of it that still wait are written or not, it makes no difference: their tickets find no tracker.
  void do_close(std::uint64_t assignment) override {
    const std::scoped_lock lock(mutex_);
    trackers_.erase(assignment);
    std::erase_if(queue_, [&](const line& l) { return l.assignment == assignment; });
    changed_.notify_all();
  }

  sca::result<void> do_put(std::span<const sca_record* const> records, std::size_t& accepted) override {
    const std::scoped_lock lock(mutex_);
    for (const sca_record* r : records) {
      if (queue_.size() >= settings_.max_records) break;  // full; the writer wakes the host once there is room
      auto& tracker = trackers_.at(r->assignment);
      if (const char* why = refusal(*r)) {
        // No part is left to do: resolved as soon as the records before it are.
        (void)tracker.add(r->offset, 0);
        host().reject(
            {.assignment = r->assignment, .offset = r->offset, .stage = SCA_STAGE_MAP, .code = why, .message = "not a line"});
      } else {
        queue_.push_back({r->assignment, tracker.add(r->offset), std::string(*sca::view(r->value))});
      }
      ++accepted;
    }
    changed_.notify_all();
    return {};
  }

  // Null: the record is a line.
  [[nodiscard]] const char* refusal(const sca_record& r) const {
    const auto value = sca::view(r.value);
    if (!value) return "record.tombstone";
    if (value->size() > settings_.max_bytes) return "record.too.large";
    return value->find('\n') != std::string_view::npos ? "record.not.line" : nullptr;
  }

  sca::result<void> do_progress(std::span<sca_position> positions) override {
    const std::scoped_lock lock(mutex_);
    for (sca_position& p : positions)
      if (const auto at = trackers_.find(p.assignment); at != trackers_.end()) p.offset = at->second.position();
    if (write_failed_) return sca::fail(SCA_UNAVAILABLE, "cannot write to lines.path");
    return {};
  }

  sca::result<void> do_flush(std::chrono::milliseconds timeout) override {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, timeout, [this] { return (queue_.empty() && writing_ == 0) || write_failed_; });
    return {};
  }

  void do_stop() override {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
      changed_.notify_all();
    }
    if (writer_.joinable()) writer_.join();
    file_.reset();
  }

  // The thread. Takes all that waits, writes it without the lock, then resolves it.
  void write_lines() noexcept {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (stopping_) return;
      std::deque<line> batch;
      batch.swap(queue_);
      writing_ = batch.size();
      lock.unlock();
      const bool written = write(batch);
      lock.lock();
      writing_ = 0;
      if (!written) write_failed_ = true;
      for (const line& l : batch)
        if (const auto at = trackers_.find(l.assignment); written && at != trackers_.end()) at->second.resolve(l.ticket);
      changed_.notify_all();
      host().wake();  // takes no lock of the host's, so it may be called with ours
      if (!written) return;
    }
  }

  [[nodiscard]] bool write(const std::deque<line>& batch) noexcept {
    for (const line& l : batch) {
      (void)std::fwrite(l.text.data(), 1, l.text.size(), file_.get());
      (void)std::fputc('\n', file_.get());
    }
    return std::fflush(file_.get()) == 0 && std::ferror(file_.get()) == 0;
  }

  const settings settings_;
  std::unique_ptr<std::FILE, file_closer> file_;  // the writer's while it runs
  std::thread writer_;

  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::unordered_map<std::uint64_t, sca::position_tracker> trackers_;
  std::deque<line> queue_;
  std::size_t writing_ = 0;
  bool write_failed_ = false, stopping_ = false;
};

// ---- the connector
// ---------------------------------------------------------------------------------------------------------------

sca_status validate(const sca_connector*, const sca_pair* config, size_t count, sca_config_issue_fn visit, void* ctx,
                    sca_error* out) noexcept {
  return sca::guarded(out, "validate", [&]() -> sca::result<void> {
    std::vector<sca::config_issue> issues;
    (void)make_spec().parse({config, count}, issues);
    sca::visit(issues, visit, ctx);
    return {};
  });
}

sca_status create(const sca_connector*, const sca_host* host, const sca_pair* config, size_t count, sca_sink** out,
                  sca_error* error) noexcept {
  return sca::guarded(error, "create", [&]() -> sca::result<void> {
    if (!sca::host_proxy::usable(host)) return sca::fail(SCA_UNSUPPORTED, "the host is older than version 1.0");
    std::vector<sca::config_issue> issues;
    const auto values = make_spec().parse({config, count}, issues);
    if (const auto* worst = sca::first_error(issues)) return sca::fail(SCA_INVALID_CONFIG, worst->key + ": " + worst->message);
    *out = sca::sink_base::release(std::make_unique<lines_sink>(
        host, settings{.path = std::string(values.text("lines.path")),
                       .max_bytes = static_cast<std::size_t>(values.integer("lines.max.bytes")),
                       .max_records = static_cast<std::size_t>(values.integer("buffer.max.records"))}));
    return {};
  });
}

constexpr sca_connector connector = {.struct_size = sizeof(sca_connector),
                                     .reserved = 0,
                                     .id = SCA_STR("org.example.LinesSinkConnector"),
                                     .alias = SCA_STR("LinesSink"),
                                     .version = SCA_STR("1.0.0"),
                                     .description = SCA_STR("Appends record values to a file, one a line."),
                                     .doc_url = {},
                                     .keys = key_pointers.data(),
                                     .key_count = key_pointers.size(),
                                     .validate = validate,
                                     .create = create,
                                     .get_extension = nullptr};

}  // namespace

SCA_EXPORT_PLUGIN(&connector)
