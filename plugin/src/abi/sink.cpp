#include "abi/sink.hpp"

#include <utility>

#include "abi/version.hpp"
#include "net/client.hpp"

namespace snap::abi {
namespace {

// A position may lag behind one blocked record while others pass: each record behind it costs 16 bytes here and its whole self in
// the host. So many times buffer.max.records is enough for an asset that is down not to stop the others for long.
constexpr std::size_t span_factor = 50;

void collect(sca_sink* me, void (*visit)(void*, const sca_metric*) SCA_NOTHROW, void* ctx) noexcept {
  try {
    static_cast<const sink&>(sca::sink_base::of(me)).measure([&](const sca_metric& m) { visit(ctx, &m); });
  } catch (...) {  // out of memory: a scrape without these metrics
  }
}
constexpr sca_sink_metrics metrics_extension{.struct_size = sizeof(sca_sink_metrics), .reserved = 0, .collect = collect};

}  // namespace

surroundings real_surroundings() {
  return {.make_transport =
              [](const config::net_settings& net, std::string& why) {
                net::client_options o;
                o.net = net;
                o.user_agent = "snapchat-sink/" + std::string{version};
                return net::make_client(std::move(o), why);
              },
          .wall = [] { return std::chrono::floor<delivery::milliseconds>(std::chrono::system_clock::now()); }};
}

sink::sink(const sca_host* host, config::settings settings, surroundings around)
    : sink_base(host), settings_(std::move(settings)), around_(std::move(around)), mapper_(settings_) {}

sca::result<void> sink::do_start() {
  auto tokens = engine::token_store::load(settings_.tokens);
  if (!tokens) return std::move(tokens).error();
  std::string why;
  auto way = around_.make_transport(settings_.net, why);
  if (way == nullptr) return sca::fail(SCA_INVALID_CONFIG, why);
  engine::engine_options options{.wake = [this] { host().wake(); },
                                 .log = [this](std::int32_t level, std::string_view text) { host().log(level, text); },
                                 .wall = around_.wall,
                                 .seed = around_.seed};
  engine_ = std::make_unique<engine::engine>(settings_, std::move(options), std::move(*tokens), std::move(way));
  engine_->start();
  return {};
}

sca::result<void> sink::do_open(std::uint64_t assignment, std::string_view, std::int32_t) {
  assignments_.open(assignment);
  return health();
}

void sink::do_close(std::uint64_t assignment) {
  assignments_.close(assignment);
  if (engine_) engine_->close(assignment);
}

sca::result<void> sink::do_put(std::span<const sca_record* const> records, std::size_t& accepted) {
  if (auto ill = health(); !ill) return ill;
  const std::size_t limit = span_factor * settings_.buffer.max_records;
  const delivery::wall_time now = around_.wall();
  std::size_t span = assignments_.span();
  for (const sca_record* r : records) {
    if (!engine_->admits() || span++ >= limit || assignments_.rejections_waiting() >= settings_.buffer.max_records) break;
    take(*r, now);
    ++accepted;
  }
  engine_->publish();
  if (assignments_.rejections_waiting() > 0) engine_->wake_host();
  return {};
}

void sink::take(const sca_record& record, delivery::wall_time now) {
  engine::intake& intake = engine_->records();
  const event::mapped& m = mapper_.map(record, now, intake.begin());
  switch (m.what) {
    case event::fate::send: {
      const auto parts = static_cast<std::uint32_t>(m.outputs.size());
      return intake.keep(m.outputs, record.assignment, assignments_.add(record.assignment, record.offset, parts));
    }
    case event::fate::reject:
      intake.drop();
      return assignments_.reject(record.assignment, record.offset,
                                 m.where == event::stage::decode ? SCA_STAGE_DECODE : SCA_STAGE_MAP, m.why,
                                 std::string{m.message});
    case event::fate::skip: intake.drop(); return assignments_.skip(record.assignment, record.offset, m.why);
  }
}

sca::result<void> sink::do_progress(std::span<sca_position> positions) {
  for (const delivery::settle& s : engine_->take_settled()) assignments_.settle(s);
  for (const delivery::rejected_record& r : assignments_.take_rejected()) {
    host().reject(
        {.assignment = r.assignment, .offset = r.offset, .stage = r.stage, .code = event::name(r.why), .message = r.message});
  }
  for (sca_position& p : positions) p.offset = assignments_.position(p.assignment);
  return health();
}

sca::result<void> sink::do_flush(std::chrono::milliseconds timeout) {
  engine_->flush(timeout);
  return health();
}

void sink::do_stop() {
  if (engine_) engine_->stop();
}

sca::result<void> sink::health() const {
  if (auto failure = engine_->failure()) return std::move(*failure);
  return {};
}

const void* sink::do_extension(std::string_view id) { return id == SCA_EXT_METRICS ? &metrics_extension : nullptr; }

void sink::measure(const std::function<void(const sca_metric&)>& visit) const {
  if (!engine_) return;
  const delivery::counters counts = engine_->counts();
  std::optional<double> expiry;
  if (const auto t = engine_->token_expiry()) expiry = std::chrono::duration<double>(*t - around_.wall()).count();
  engine::collect({.records = &assignments_.counts(),
                   .delivery = &counts,
                   .match_keys = mapper_.key_counts(),
                   .skipped_members = mapper_.skipped_members(),
                   .buffered_records = engine_->gauge().events(),
                   .buffered_bytes = engine_->gauge().bytes(),
                   .unresolved_records = assignments_.span(),
                   .token_expiry_seconds = expiry,
                   .link = engine_->link_stats()},
                  visit);
}

}  // namespace snap::abi
