// A sink's view of its host: the C functions of sca_host, typed. Copyable; valid until the sink's destroy() has returned.
#pragma once
#include <cstdint>
#include <source_location>
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

  [[nodiscard]] std::string_view connector() const noexcept { return view(host_->connector); }
  [[nodiscard]] std::uint32_t task() const noexcept { return host_->task; }

  void wake() const noexcept { host_->wake(host_); }                        // [any] start..stop
  void reject(const rejection& r) const noexcept;                           // [inside] put, progress, flush
  [[nodiscard]] bool logs(int32_t level) const noexcept { return level >= host_->log_level(host_); }  // [any]
  void log(int32_t level, std::string_view message,
           const std::source_location& where = std::source_location::current()) const noexcept;  // [any]; does nothing below the level
  [[nodiscard]] const void* extension(const char* id) const noexcept { return host_->get_extension(host_, id); }

 private:
  const sca_host* host_;
};

}  // namespace sca
