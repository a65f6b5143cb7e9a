#include "async_sink.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <memory>
#include <optional>
#include <thread>
#include <unordered_map>

#include "sca/guard.hpp"
#include "sca/position_tracker.hpp"
#include "sca/sink_base.hpp"

namespace model {

namespace {

class async_sink final : public sca::sink_base {
 public:
  async_sink(const sca_host* host, const stage& s) : sink_base(host), world_(*s.where), planted_(s.planted), random_(s.seed) {}

 private:
  struct item {
    std::uint64_t assignment = 0;
    sca::position_tracker::ticket ticket = 0;
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::string value;
    unsigned parts = 1;
    sca_bytes late{};  // of copies_too_late: the view, to be copied by the next call
  };
  struct refusal {
    std::uint64_t assignment;
    sca::position_tracker::ticket ticket;
    std::int64_t offset;
  };
  struct assignment {
    std::int32_t partition = 0;
    sca::position_tracker tracker;
    std::int64_t highest = SCA_NO_POSITION;
  };

  [[nodiscard]] bool is(defect d) const noexcept { return planted_ == d; }
  [[nodiscard]] bool one_in(unsigned n) { return random_() % n == 0; }

  sca::result<void> do_start() override {
    worker_ = std::thread([this] { work(); });
    return {};
  }
  sca::result<void> do_open(std::uint64_t id, std::string_view, std::int32_t partition) override {
    const std::scoped_lock lock(mutex_);
    open_[id].partition = partition;
    return {};
  }
  void do_close(std::uint64_t id) override {
    const std::scoped_lock lock(mutex_);
    open_.erase(id);
    if (is(defect::remembers_closed)) return;
    std::erase_if(queue_, [&](const item& i) { return i.assignment == id; });
    std::erase_if(refusals_, [&](const refusal& r) { return r.assignment == id; });
  }

  sca::result<void> do_put(std::span<const sca_record* const> records, std::size_t& accepted) override {
    const std::scoped_lock lock(mutex_);
    copy_late();
    const std::size_t room = one_in(3) ? 5 : 40;
    for (const sca_record* r : records) {
      if (queue_.size() >= room) {
        if (is(defect::takes_what_it_drops)) accepted = records.size();
        break;
      }
      take(*r);
      ++accepted;
    }
    changed_.notify_all();
    return {};
  }

  void take(const sca_record& r) {
    assignment& a = open_.at(r.assignment);
    const unsigned parts = r.offset % 5 == 0 ? 2 : 1;
    const auto refused = r.offset % 11;
    if (refused == 5) {  // rejected inside the running put
      (void)a.tracker.add(r.offset, 0);
      if (!is(defect::swallows_rejected)) tell({r.assignment, 0, r.offset});
      return;
    }
    if (refused == 6) {  // rejected by the next progress
      const refusal one{r.assignment, a.tracker.add(r.offset), r.offset};
      if (is(defect::rejects_behind_position)) resolve(one.assignment, one.ticket, one.offset);
      refusals_.push_back(one);
      return;
    }
    const unsigned needed = is(defect::resolves_at_first_part) ? 1 : parts;
    item i{.assignment = r.assignment,
           .ticket = a.tracker.add(r.offset, needed),
           .partition = r.partition,
           .offset = r.offset,
           .value = std::string(*sca::view(r.value)),
           .parts = parts};
    if (is(defect::copies_too_late)) i.late = r.value;
    if (is(defect::resolves_when_put))
      for (unsigned p = 0; p < parts; ++p) resolve(i.assignment, i.ticket, i.offset);
    queue_.push_back(std::move(i));
  }

  // copies_too_late: on the host's thread, so that it is a wrong value and no race.
  void copy_late() {
    for (item& i : queue_)
      if (i.late.data != nullptr) i.value = *sca::view(std::exchange(i.late, {}));
  }

  sca::result<void> do_progress(std::span<sca_position> positions) override {
    const std::scoped_lock lock(mutex_);
    copy_late();
    if (is(defect::rejects_behind_position)) std::swap(refusals_, late_refusals_);  // these are told one progress later
    for (const refusal& r : std::exchange(refusals_, {})) {
      if (!is(defect::swallows_rejected)) tell(r);
      resolve(r.assignment, r.ticket, r.offset);
    }
    for (sca_position& p : positions) {
      const auto at = open_.find(p.assignment);
      if (at == open_.end()) continue;
      p.offset = is(defect::reports_highest_resolved) ? at->second.highest : at->second.tracker.position();
    }
    if (one_in(1500)) return sca::fail(SCA_UNAVAILABLE, "the model sink has one of its days");
    return {};
  }

  sca::result<void> do_flush(std::chrono::milliseconds timeout) override {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, timeout, [this] { return queue_.empty() && in_flight_ == 0; });
    return {};
  }

  void do_stop() override {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
      changed_.notify_all();
    }
    worker_.join();
    if (!is(defect::resolves_all_at_stop)) return;
    for (const item& i : queue_)
      for (unsigned p = 0; p < i.parts; ++p) resolve(i.assignment, i.ticket, i.offset);
  }

  void tell(const refusal& r) const {
    host().reject({.assignment = r.assignment,
                   .offset = r.offset,
                   .stage = SCA_STAGE_MAP,
                   .code = "model.refused",
                   .message = "by its offset"});
  }

  void resolve(std::uint64_t id, sca::position_tracker::ticket t, std::int64_t offset) {
    auto at = open_.find(id);
    if (at == open_.end() && is(defect::remembers_closed) && !open_.empty())
      at = std::next(open_.begin(), static_cast<std::ptrdiff_t>(random_() % open_.size()));
    if (at == open_.end()) return;
    at->second.tracker.resolve(t);
    at->second.highest = std::max(at->second.highest, offset + 1);
  }

  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return stopping_ || ready(); });
      if (stopping_) return;
      const auto at = queue_.begin() + static_cast<std::ptrdiff_t>(random_() % queue_.size());
      if (at->late.data != nullptr) {  // its text comes with the next call of the host
        changed_.wait_for(lock, std::chrono::microseconds(50));
        continue;
      }
      item one = std::move(*at);
      queue_.erase(at);
      in_flight_ = 1;
      const bool fails = one_in(6), slow = one_in(3);
      const bool refuse = one.offset % 13 == 7;  // as a server would, after it was sent
      lock.unlock();
      if (slow) std::this_thread::sleep_for(std::chrono::microseconds(50));  // so that answers come late, after a close
      if (!fails && !refuse && one.parts == 1) world_.deliver(one.partition, one.offset, one.value);
      lock.lock();
      in_flight_ = 0;
      finish(std::move(one), fails, refuse);
      changed_.notify_all();
      host().wake();
    }
  }
  [[nodiscard]] bool ready() const { return !queue_.empty(); }

  void finish(item one, bool failed, bool refuse) {
    if (failed) {
      if (is(defect::forgets_failed_flight))
        resolve(one.assignment, one.ticket, one.offset);
      else if (open_.contains(one.assignment))
        queue_.push_back(std::move(one));  // again, later
      return;
    }
    if (refuse) {
      if (open_.contains(one.assignment)) {
        while (one.parts-- > 1) resolve(one.assignment, one.ticket, one.offset);
        refusals_.push_back({one.assignment, one.ticket, one.offset});
      }
      return;
    }
    resolve(one.assignment, one.ticket, one.offset);
    if (--one.parts > 0 && (open_.contains(one.assignment) || is(defect::remembers_closed))) queue_.push_back(std::move(one));
  }

  world& world_;
  const defect planted_;
  std::thread worker_;

  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::mt19937 random_;
  std::map<std::uint64_t, assignment> open_;
  std::deque<item> queue_;
  std::vector<refusal> refusals_, late_refusals_;
  int in_flight_ = 0;
  bool stopping_ = false;
};

sca_status create(const sca_connector*, const sca_host* host, const sca_pair*, size_t, sca_sink** out,
                  sca_error* error) noexcept {
  return sca::guarded(error, "create", [&]() -> sca::result<void> {
    const auto* s = static_cast<const stage*>(host->get_extension(host, world_extension));
    if (s == nullptr) return sca::fail(SCA_UNSUPPORTED, "the host has no " + std::string(world_extension));
    *out = sca::sink_base::release(std::make_unique<async_sink>(host, *s));
    return {};
  });
}

}  // namespace

const sca_connector& async_connector() noexcept {
  static constexpr sca_connector connector = {.struct_size = sizeof(sca_connector),
                                              .reserved = 0,
                                              .id = SCA_STR("org.example.ModelSink"),
                                              .alias = {},
                                              .version = SCA_STR("1"),
                                              .description = {},
                                              .doc_url = {},
                                              .keys = nullptr,
                                              .key_count = 0,
                                              .validate = nullptr,
                                              .create = create,
                                              .get_extension = nullptr};
  return connector;
}

}  // namespace model
