// Base class of a sink written in C++. It owns the sca_sink of the ABI; each slot is a noexcept trampoline that checks the
// caller's order of calls (a breach is logged at SCA_LOG_MISUSE and answered SCA_MISUSE), calls the do_… function, catches
// everything that is thrown, and remembers failure: after a status other than SCA_OK the sink says so for ever.
// Threads as in sink_connector.h: all do_… are [serial], do_extension is [any].
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "sca/host_proxy.hpp"
#include "sca/sink_connector.h"
#include "sca/status.hpp"

namespace sca {

class sink_base {
 public:
  explicit sink_base(const sca_host* host);
  virtual ~sink_base();
  sink_base(const sink_base&) = delete;
  sink_base& operator=(const sink_base&) = delete;

  // Hands the sink to the host: from here sca_sink::destroy frees it.
  [[nodiscard]] static sca_sink* release(std::unique_ptr<sink_base> sink) noexcept;
  // The C++ object behind a sink of this library, for extension tables whose functions are given the sca_sink.
  [[nodiscard]] static sink_base& of(sca_sink* sink) noexcept { return *static_cast<sink_base*>(sink->self); }

 protected:
  [[nodiscard]] const host_proxy& host() const noexcept { return host_; }

 private:
  virtual result<void> do_start() { return {}; }
  virtual result<void> do_open(std::uint64_t assignment, std::string_view topic, std::int32_t partition) = 0;
  virtual void do_close(std::uint64_t assignment) = 0;
  // Takes a prefix of records and adds its length to accepted as it goes (so that a throw half-way is counted right).
  // Every record's assignment is open and its offset grows: the trampoline has checked it.
  virtual result<void> do_put(std::span<const sca_record* const> records, std::size_t& accepted) = 0;
  // Rejects what is to be rejected, then fills in positions, which come set to SCA_NO_POSITION. Also called after a failure.
  virtual result<void> do_progress(std::span<sca_position> positions) = 0;
  virtual result<void> do_flush(std::chrono::milliseconds) { return {}; }
  virtual void do_stop() {}
  virtual const void* do_extension(std::string_view) { return nullptr; }

  struct trampolines;
  struct state;
  sca_sink abi_{};
  host_proxy host_;
  std::unique_ptr<state> state_;
};

}  // namespace sca
