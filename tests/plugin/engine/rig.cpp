#include "rig.hpp"

#include <catch2/catch.hpp>

namespace snap::engine::testing {

config::settings one_lane() {
  config::settings s;
  s.lanes = {{.asset_id = "p-1", .token = 0, .alias = ""}};
  s.tokens = {{.value = sca::secret{"a-fixed-token"}, .file = {}}};
  s.net.to = {.host = "tr.snapchat.com", .port = 443, .path = "", .authority = "tr.snapchat.com"};
  s.batch.max_events = 100;
  s.buffer = {.max_records = 100, .max_bytes = 1 << 20};
  return s;
}

rig::rig(config::settings s) : settings_(std::move(s)) {
  auto tokens = token_store::load(settings_.tokens);
  REQUIRE(tokens.has_value());
  engine_options o{.wake = [this] { ++wakes_; },
                   .log =
                       [this](std::int32_t, std::string_view text) {
                         const std::lock_guard lock{log_mutex_};
                         log_.emplace_back(text);
                       },
                   .wall = [this] { return wire_.wall(); },
                   .seed = 7};
  engine_ = std::make_unique<class engine>(settings_, std::move(o), std::move(*tokens), wire_.transport());
}

void rig::write(std::size_t n, std::uint32_t lane, std::uint64_t assignment) {
  intake& in = engine_->records();
  for (std::size_t i = 0; i < n; ++i) {
    std::string& out = in.begin();
    const std::string event = R"({"event_id":"e)" + std::to_string(written_) + R"("})";
    const event::output o{
        .lane = lane, .at = out.size(), .size = event.size(), .event_id = {}, .time = wire_.wall(), .max_age = 24h};
    out += event;
    in.keep({&o, 1}, assignment, written_++);
  }
}

std::size_t rig::settled_events() {
  std::size_t n = 0;
  for (const delivery::settle& s : engine_->take_settled()) n += s.items.size();
  return n;
}

}  // namespace snap::engine::testing
