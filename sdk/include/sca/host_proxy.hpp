// A sink's view of its host: the C functions of sca_host, typed. Copyable; valid until the sink's destroy() has returned.
// (boost::source_location because clang 14 has no std::source_location.)
#pragma once
#include <boost/assert/source_location.hpp>
#include <cstdint>
#include <string_view>

#include "sca/sink_connector.h"
#include "sca/views.hpp"

namespace sca {

struct rejection {
  std::uint64_t assignment = 0;
  std::int64_t offset = 0;
  int32_t stage = SCA_STAGE_SEND;
  std::string_view code, message;
};

class host_proxy {
 public:
  explicit host_proxy(const sca_host* host) noexcept : host_(host) {}
  // What create() asks before anything else: a host shorter than 1.0 or with an empty slot is answered SCA_UNSUPPORTED.
  [[nodiscard]] static bool usable(const sca_host* host) noexcept;

  [[nodiscard]] std::string_view connector() const noexcept { return view(host_->connector); }
  [[nodiscard]] std::uint32_t task() const noexcept { return host_->task; }

  void wake() const noexcept { host_->wake(host_); }  // [any] start..stop
  void reject(const rejection& r) const noexcept;     // [inside] put, progress, flush
  [[nodiscard]] bool logs(int32_t level) const noexcept { return level >= host_->log_level(host_); }  // [any]
  void log(int32_t level, std::string_view message,
           const boost::source_location& where = BOOST_CURRENT_LOCATION) const noexcept;  // [any]; does nothing below the level
  [[nodiscard]] const void* extension(const char* id) const noexcept { return host_->get_extension(host_, id); }

 private:
  const sca_host* host_;
};

}  // namespace sca
