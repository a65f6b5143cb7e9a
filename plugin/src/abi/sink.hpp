// The sink behind the C ABI: calls of the host become mapped events for the engine and positions for the host. Everything here
// runs on the host's thread; what the network thread has settled is fetched in progress().
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "delivery/assignments.hpp"
#include "engine/engine.hpp"
#include "engine/metrics.hpp"
#include "event/mapper.hpp"
#include "net/transport.hpp"
#include "sca/sink_base.hpp"

namespace snap::abi {

// What differs between the library and its tests.
struct surroundings {
  // Called in start(). Null with why filled in: the files that the settings name cannot be used.
  std::function<std::unique_ptr<net::transport>(const config::net_settings&, std::string& why)> make_transport;
  std::function<delivery::wall_time()> wall;
  std::uint64_t seed = 0;  // of the jitter; 0: from the system
};
[[nodiscard]] surroundings real_surroundings();

class sink final : public sca::sink_base {
 public:
  sink(const sca_host* host, config::settings settings, surroundings around);

  // [serial] The extension sca.metrics/1.
  void measure(const std::function<void(const sca_metric&)>& visit) const;

 private:
  sca::result<void> do_start() override;
  sca::result<void> do_open(std::uint64_t assignment, std::string_view topic, std::int32_t partition) override;
  void do_close(std::uint64_t assignment) override;
  sca::result<void> do_put(std::span<const sca_record* const> records, std::size_t& accepted) override;
  sca::result<void> do_progress(std::span<sca_position> positions) override;
  sca::result<void> do_flush(std::chrono::milliseconds timeout) override;
  void do_stop() override;
  const void* do_extension(std::string_view id) override;

  [[nodiscard]] sca::result<void> health() const;
  void take(const sca_record& record, delivery::wall_time now);

  config::settings settings_;  // before those that refer to it
  surroundings around_;
  event::mapper mapper_;
  delivery::assignments assignments_;
  std::unique_ptr<engine::engine> engine_;  // from start() on
};

}  // namespace snap::abi
