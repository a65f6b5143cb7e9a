// Where the put thread writes: the mapper renders a record's events straight into the body of the lane that was used last. Most
// records become one event of that lane and are never copied; the others are moved over. Put thread only.
//
//   std::string& out = intake.begin();
//   const auto& m = mapper.map(record, now, out);
//   m.what == fate::send ? intake.keep(m.outputs, assignment, ticket) : intake.drop();
//   …
//   intake.publish();                          // at the end of put
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "delivery/payload.hpp"
#include "engine/buffer_gauge.hpp"
#include "engine/channel.hpp"
#include "event/mapper.hpp"

namespace snap::engine {

class intake {
 public:
  intake(const config::settings& settings, channel& out, buffer_gauge& gauge);

  [[nodiscard]] std::string& begin();
  void keep(std::span<const event::output> outputs, std::uint64_t assignment, std::uint64_t ticket);
  void drop() noexcept { lanes_[lane_].drop_event(); }
  // True when the network thread has something new to look at.
  bool publish();

 private:
  [[nodiscard]] delivery::item item_of(const event::output& o, std::uint64_t assignment, std::uint64_t ticket) const noexcept;
  void push(std::uint32_t lane);

  delivery::payload_limits limits_;
  config::too_old old_;
  channel& out_;
  buffer_gauge& gauge_;
  std::vector<delivery::payload> lanes_;
  std::uint32_t lane_ = 0;  // where the next record is rendered
  std::size_t start_ = 0;   // of its first event in that body
  std::string moved_;       // events on their way to other lanes
  bool pushed_ = false;
};

}  // namespace snap::engine
