#include "bridge_task.hpp"

namespace sca::jni {
namespace {
constexpr std::size_t most_lines = 1000;  // Java pulls at least once a second; more than this is a flood
}

result<std::unique_ptr<bridge_task>> bridge_task::create(std::shared_ptr<library> plugin, const sca_connector& connector,
                                                         std::span<const sca_pair> config, sink_task_options options,
                                                         int32_t log_level) {
  std::unique_ptr<bridge_task> out(new bridge_task(std::move(plugin)));
  out->log_at(log_level);  // before the sink is made: create() logs too
  // Java decides about tolerance: its reporter throws when errors are not tolerated.
  options.errors = tolerance::all;
  auto made = sink_task::create(connector, config, std::move(options), *out);
  if (!made) return made.error();
  out->task_ = std::move(*made);
  return out;
}

result<void> bridge_task::offer(std::string_view packed) {
  auto records = unpack_records(packed, &blocks_);
  if (!records) return records.error();
  return task_->offer(std::move(*records), sink_task::clock::now());
}

void bridge_task::wake() noexcept { woken_.store(true, std::memory_order_release); }

void bridge_task::log(const sca_log_line& l) noexcept {
  try {
    const std::scoped_lock lock(lines_mutex_);
    if (lines_.size() >= most_lines) {
      ++dropped_lines_;
      return;
    }
    lines_.push_back({l.level, std::string(view(l.message))});
  } catch (const std::bad_alloc&) {  // a log line is not worth more than the process
  }
}

void bridge_task::dead_letter(dead_letter_ticket ticket, const held_record& record, const rejection& why) {
  dead_.push_back(
      {ticket, static_cast<const java_record&>(record).sequence, why.stage, std::string(why.code), std::string(why.message)});
}

std::string bridge_task::pull() {
  if (woken_.exchange(false, std::memory_order_acq_rel)) task_->woken();
  const auto health = task_->pump(sink_task::clock::now());
  answer out;
  out.number32(health ? SCA_OK : health.error().code);
  out.text(health ? std::string_view{} : std::string_view(health.error().message));
  out.number64(static_cast<std::int64_t>(task_->backlog()));
  out.number64(static_cast<std::int64_t>(task_->held()));

  const auto positions = task_->take_committable();
  out.number32(static_cast<std::int32_t>(positions.size()));
  for (const auto& p : positions) {
    out.text(p.topic);
    out.number32(p.partition);
    out.number64(p.offset);
  }
  out.number32(static_cast<std::int32_t>(dead_.size()));
  for (const auto& d : dead_) {
    out.number64(static_cast<std::int64_t>(d.ticket));
    out.number64(d.sequence);
    out.number32(d.stage);
    out.text(d.code);
    out.text(d.message);
  }
  dead_.clear();

  std::deque<line> lines;
  std::size_t dropped = 0;
  {
    const std::scoped_lock lock(lines_mutex_);
    lines.swap(lines_);
    std::swap(dropped, dropped_lines_);
  }
  if (dropped > 0)
    lines.push_back({SCA_LOG_WARN, std::to_string(dropped) + " log lines were dropped: they came faster than they are pulled"});
  out.number32(static_cast<std::int32_t>(lines.size()));
  for (const auto& l : lines) {
    out.number32(l.level);
    out.text(l.message);
  }
  return out.take();
}

std::string bridge_task::metrics() {
  struct sink_of_metrics {
    std::int32_t count = 0;
    answer rows;
  } all;
  task_->collect_metrics(
      [](void* ctx, const sca_metric* m) noexcept {
        auto& to = *static_cast<sink_of_metrics*>(ctx);
        try {
          ++to.count;
          to.rows.number32(m->kind);
          to.rows.text(view(m->name));
          to.rows.text(view(m->help));
          to.rows.number32(static_cast<std::int32_t>(m->label_count));
          for (std::size_t i = 0; i < m->label_count; ++i) {
            to.rows.text(view(m->labels[i].key));
            to.rows.text(view(m->labels[i].value));
          }
          to.rows.real(m->value);
          to.rows.number32(static_cast<std::int32_t>(m->bound_count));
          for (std::uint32_t i = 0; i < m->bound_count; ++i) to.rows.real(m->bounds[i]);
          if (m->bound_count > 0)
            for (std::uint32_t i = 0; i <= m->bound_count; ++i) to.rows.number64(static_cast<std::int64_t>(m->counts[i]));
        } catch (const std::bad_alloc&) {  // the scrape is cut short; Java sees a malformed answer and drops it
        }
      },
      &all);
  answer out;
  out.number32(all.count);
  return out.take() + all.rows.bytes();
}

}  // namespace sca::jni
