// sca::sink_task as a host of the model. Its defects are those of whoever drives it; its own duties have no switch.
#include <atomic>
#include <set>

#include "host.hpp"
#include "sca/sink_task.hpp"

namespace model {

namespace {

class task_host final : public host, private sca::sink_task_host {
  struct record final : sca::held_record {
    record(task_host& h, std::int32_t partition, std::int64_t offset)
        : host_(h), model(std::make_unique<model_record>(partition, offset)) {
      sca::held_record::record = model->abi;
      host_.alive_.insert(this);
    }
    ~record() override {
      host_.alive_.erase(this);
      model->poison();
      host_.graveyard_.push_back(std::move(model));
    }
    record(const record&) = delete;
    record& operator=(const record&) = delete;

    // The bytes that were shown are spoilt for ever; what is shown the next time lies elsewhere.
    void renew() {
      model->poison();
      auto next = std::make_unique<model_record>(model->partition, model->offset);
      sca::held_record::record.value = next->abi.value;
      host_.graveyard_.push_back(std::exchange(model, std::move(next)));
    }

    task_host& host_;
    std::unique_ptr<model_record> model;
  };

  class spoiling_views {
   public:
    explicit spoiling_views(task_host& h) : host_(h) {}
    ~spoiling_views() {
      for (record* r : host_.alive_) r->renew();
    }
    spoiling_views(const spoiling_views&) = delete;
    spoiling_views& operator=(const spoiling_views&) = delete;

   private:
    task_host& host_;
  };

 public:
  task_host(world& w, defect planted, unsigned seed) : world_(w), stage_{&w, planted, seed} {
    sca::sink_task_options options;
    options.connector = "model";
    options.errors = sca::tolerance::all;
    auto made = sca::sink_task::create(async_connector(), {}, options, *this);
    if (made)
      task_ = std::move(*made);
    else
      world_.complain(made.error().message);
  }

  bool start() override { return task_->start().has_value(); }
  bool open(std::int32_t partition) override { return task_->open("model", partition).has_value(); }
  void close(std::int32_t partition) override { task_->close("model", partition); }
  bool offer(const std::vector<position>& records) override {
    std::vector<std::unique_ptr<sca::held_record>> held;
    for (const auto& [partition, offset] : records) held.push_back(std::make_unique<record>(*this, partition, offset));
    const spoiling_views after(*this);
    return task_->offer(std::move(held), tick()).has_value();
  }
  bool pump() override {
    const spoiling_views after(*this);
    return task_->pump(tick()).has_value();
  }
  bool flush(std::chrono::milliseconds timeout) override { return task_->flush(timeout).has_value(); }
  void stop() override { task_->stop(); }
  std::size_t backlog() const override { return task_->backlog(); }
  std::vector<position> take_committable() override {
    std::vector<position> out;
    for (const sca::committable& c : task_->take_committable()) out.emplace_back(c.partition, c.offset);
    return out;
  }
  bool idle(std::int32_t partition) const override { return task_->idle("model", partition); }
  void settled(std::uint64_t ticket, bool durable) override {
    std::erase_if(letters, [&](const letter& l) { return l.ticket == ticket; });
    task_->settled(ticket, durable ? sca::settlement::durable : sca::settlement::failed);
  }
  bool woken() override { return woken_.exchange(false); }

 private:
  void wake() noexcept override { woken_ = true; }
  int32_t log_level() noexcept override { return SCA_LOG_WARN; }
  void log(const sca_log_line& line) noexcept override {
    if (line.level == SCA_LOG_MISUSE) world_.complain(std::string(sca::view(line.message)));
  }
  void dead_letter(sca::dead_letter_ticket ticket, const sca::held_record& r, const sca::rejection&) override {
    letters.push_back({ticket, r.record.partition, r.record.offset});
  }
  const void* extension(const char* id) noexcept override { return std::string_view(id) == world_extension ? &stage_ : nullptr; }
  sca::sink_task::clock::time_point tick() { return now_ += std::chrono::milliseconds(100); }

  world& world_;
  const stage stage_;
  std::set<record*> alive_;
  std::vector<std::unique_ptr<model_record>> graveyard_;  // poisoned, but there: a late copy reads rubbish, not freed memory
  std::atomic<bool> woken_ = false;
  sca::sink_task::clock::time_point now_{};
  std::unique_ptr<sca::sink_task> task_;  // last: goes first, and its records with it
};

}  // namespace

std::unique_ptr<host> make_task_host(world& w, defect planted, unsigned seed) {
  return std::make_unique<task_host>(w, planted, seed);
}

}  // namespace model
