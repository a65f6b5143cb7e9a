// The duties of a host, spelt out against sink_connector.h. Defects leave one out.
#include <algorithm>
#include <atomic>
#include <deque>
#include <map>

#include "host.hpp"
#include "sca/views.hpp"

namespace model {

model_record::model_record(std::int32_t p, std::int64_t o) : partition(p), offset(o), whole_(world::value(p, o)), value_(whole_) {
  abi = {.struct_size = sizeof abi,
         .partition = partition,
         .offset = offset,
         .assignment = 0,
         .timestamp_ms = 0,
         .timestamp_type = SCA_TIMESTAMP_CREATE,
         .reserved = 0,
         .topic = SCA_STR("model"),
         .routed_topic = SCA_STR("model"),
         .key = {},
         .value = sca::bytes(value_),
         .headers = nullptr,
         .header_count = 0};
}

void model_record::arm() noexcept { std::copy(whole_.begin(), whole_.end(), value_.begin()); }
void model_record::poison() noexcept { std::fill(value_.begin(), value_.end(), '#'); }

namespace {

enum class fate : std::uint8_t { open, rejected, durable };

class raw_host final : public host {
 public:
  raw_host(world& w, defect planted, unsigned seed) : world_(w), planted_(planted), stage_{&w, planted, seed} {
    static constexpr auto me = [](const sca_host* h) noexcept -> raw_host& { return *static_cast<raw_host*>(h->ctx); };
    abi_ = {.struct_size = sizeof abi_,
            .abi_version = SCA_ABI_VERSION,
            .ctx = this,
            .name = SCA_STR("raw-host"),
            .version = SCA_STR("1"),
            .connector = SCA_STR("model"),
            .task = 0,
            .reserved = 0,
            .wake = [](const sca_host* h) noexcept { me(h).woken_ = true; },
            .reject = [](const sca_host* h, const sca_rejection* r) noexcept { me(h).on_reject(*r); },
            .log_level = [](const sca_host*) noexcept { return static_cast<int32_t>(SCA_LOG_WARN); },
            .log =
                [](const sca_host* h, const sca_log_line* line) noexcept {
                  if (line->level == SCA_LOG_MISUSE) me(h).world_.complain(std::string(sca::view(line->message)));
                },
            .get_extension = [](const sca_host* h, const char* id) noexcept -> const void* {
              return std::string_view(id) == world_extension ? &me(h).stage_ : nullptr;
            }};
    sca_error error = SCA_ERROR_INIT;
    if (async_connector().create(&async_connector(), &abi_, nullptr, 0, &sink_, &error) != SCA_OK) world_.complain(error.message);
  }
  ~raw_host() override {
    stop();
    sink_->destroy(sink_);
  }

  bool start() override {
    sca_error error = SCA_ERROR_INIT;
    return lives(sink_->start(sink_, &error));
  }
  bool open(std::int32_t partition) override {
    held& h = partitions_[partition];
    h = held{};
    return assign(partition, h);
  }
  void close(std::int32_t partition) override {
    sink_->close(sink_, partitions_.at(partition).assignment);
    std::erase_if(letters, [&](const letter& l) { return l.partition == partition; });
    partitions_.erase(partition);
  }

  bool offer(const std::vector<position>& records) override {
    for (const auto& [partition, offset] : records) {
      held& h = partitions_.at(partition);
      if (offset <= h.last && planted_ != defect::keeps_assignment_on_rewind && !rewind(partition, h, offset)) return false;
      h.last = offset;
      h.records.emplace_back(std::make_unique<model_record>(partition, offset), fate::open);
      h.records.back().first->abi.assignment = h.assignment;
    }
    return put();
  }

  bool pump() override {
    if (!stopped_ && !finished_ && !put()) return false;
    std::vector<sca_position> asked;
    for (const auto& [partition, h] : partitions_) asked.push_back({h.assignment, 0});
    sca_error error = SCA_ERROR_INIT;
    const sca_status status = sink_->progress(sink_, asked.data(), asked.size(), &error);
    std::size_t i = 0;
    for (auto& [partition, h] : partitions_) pass(h, asked[i++].offset);
    return lives(status) && !failed_;
  }

  bool flush(std::chrono::milliseconds timeout) override {
    if (finished_) return false;
    sca_error error = SCA_ERROR_INIT;
    return lives(sink_->flush(sink_, static_cast<std::uint32_t>(timeout.count()), &error));
  }
  void stop() override {
    stopped_ = true;
    sink_->stop(sink_);
  }

  std::size_t backlog() const override {
    std::size_t n = 0;
    for (const auto& [partition, h] : partitions_) n += h.records.size() - h.given;
    return n;
  }

  std::vector<position> take_committable() override {
    std::vector<position> out;
    for (auto& [partition, h] : partitions_)
      if (h.committable != SCA_NO_POSITION) out.emplace_back(partition, std::exchange(h.committable, SCA_NO_POSITION));
    return out;
  }
  bool idle(std::int32_t partition) const override { return partitions_.at(partition).records.empty(); }
  bool woken() override { return woken_.exchange(false); }

  void settled(std::uint64_t ticket, bool durable) override {
    const auto at = std::find_if(letters.begin(), letters.end(), [&](const letter& l) { return l.ticket == ticket; });
    if (at == letters.end()) return;
    if (!durable && planted_ != defect::trusts_failed_dead_letter)
      failed_ = true;
    else
      for (auto& [record, f] : partitions_.at(at->partition).records)
        if (record->offset == at->offset) f = fate::durable;
    letters.erase(at);
  }

 private:
  struct held {
    std::uint64_t assignment = 0;
    std::int64_t last = -1;
    std::deque<std::pair<std::unique_ptr<model_record>, fate>> records;
    std::size_t given = 0;  // the first ones of records are with the sink
    std::int64_t committable = SCA_NO_POSITION;
  };

  bool assign(std::int32_t partition, held& h) {
    h.assignment = planted_ == defect::reuses_assignment_numbers ? static_cast<std::uint64_t>(partition) + 1 : ++assignments_;
    sca_error error = SCA_ERROR_INIT;
    const sca_assignment a{.struct_size = sizeof a, .partition = partition, .id = h.assignment, .topic = SCA_STR("model")};
    return !finished_ && lives(sink_->open(sink_, &a, &error));
  }

  // After any status other than OK only progress, close, stop and destroy may follow.
  bool lives(sca_status status) {
    finished_ = finished_ || status != SCA_OK;
    return !finished_;
  }

  // The records below `to` that still are unresolved would come from nobody: they go into the new assignment.
  bool rewind(std::int32_t partition, held& h, std::int64_t to) {
    sink_->close(sink_, h.assignment);
    std::erase_if(letters, [&](const letter& l) { return l.partition == partition && l.offset >= to; });
    std::erase_if(h.records, [&](const auto& r) { return r.first->offset >= to; });
    h.given = 0;
    if (!assign(partition, h)) return false;
    for (auto& [record, f] : h.records) record->abi.assignment = h.assignment;
    return true;
  }

  bool put() {
    std::vector<model_record*> shown;
    std::vector<const sca_record*> views;
    for (auto& [partition, h] : partitions_)
      for (std::size_t i = h.given; i < h.records.size(); ++i) {
        if (h.records[i].second != fate::open) continue;  // a dead letter from before the rewind
        h.records[i].first->arm();
        shown.push_back(h.records[i].first.get());
        views.push_back(&shown.back()->abi);
      }
    if (views.empty()) return true;
    std::size_t accepted = 0;
    sca_error error = SCA_ERROR_INIT;
    const sca_status status = sink_->put(sink_, views.data(), views.size(), &accepted, &error);
    for (model_record* r : shown) r->poison();
    if (planted_ == defect::drops_what_was_not_taken) accepted = shown.size();
    for (std::size_t i = 0; i < accepted; ++i) {
      held& h = partitions_.at(shown[i]->partition);
      while (h.records[h.given].first.get() != shown[i]) ++h.given;
      ++h.given;
    }
    return lives(status);
  }

  void pass(held& h, std::int64_t at) {
    while (!h.records.empty()) {
      const auto& [record, f] = h.records.front();
      const bool waits_for_letter = f == fate::rejected && planted_ != defect::commits_before_dead_letter;
      if (waits_for_letter || (f != fate::durable && (h.given == 0 || record->offset >= at))) return;
      h.committable = record->offset + 1;
      graveyard_.push_back(std::move(h.records.front().first));
      h.records.pop_front();
      if (h.given > 0) --h.given;
    }
  }

  void on_reject(const sca_rejection& r) {
    if (planted_ == defect::ignores_rejections) return;
    for (auto& [partition, h] : partitions_) {
      if (h.assignment != r.assignment) continue;
      for (auto& [record, f] : h.records) {
        if (record->offset != r.offset) continue;
        if (f != fate::open) world_.complain("rejected twice: " + std::to_string(r.offset));
        f = fate::rejected;
        letters.push_back({++tickets_, partition, r.offset});
        return;
      }
      world_.complain("offset " + std::to_string(r.offset) + " was rejected after its position had passed");
    }
  }

  world& world_;
  const defect planted_;
  const stage stage_;
  sca_host abi_{};
  sca_sink* sink_ = nullptr;
  std::map<std::int32_t, held> partitions_;
  std::vector<std::unique_ptr<model_record>> graveyard_;  // poisoned, but there: a late copy reads rubbish, not freed memory
  std::uint64_t assignments_ = 0, tickets_ = 0;
  std::atomic<bool> woken_ = false;
  bool stopped_ = false, failed_ = false, finished_ = false;
};

}  // namespace

std::unique_ptr<host> make_raw_host(world& w, defect planted, unsigned seed) {
  return std::make_unique<raw_host>(w, planted, seed);
}

}  // namespace model
