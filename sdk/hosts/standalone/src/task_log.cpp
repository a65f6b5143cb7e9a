#include "task_log.hpp"

#include <spdlog/spdlog.h>

#include "sca/views.hpp"

namespace sinkhost {
namespace {

spdlog::level::level_enum to_spdlog(std::int32_t level) noexcept {
  if (level >= SCA_LOG_ERROR) return spdlog::level::err;  // MISUSE too: a defect, and worth an alarm
  if (level >= SCA_LOG_WARN) return spdlog::level::warn;
  if (level >= SCA_LOG_INFO) return spdlog::level::info;
  return spdlog::level::debug;
}

std::int32_t of_syslog(int level) noexcept {
  if (level <= 3) return SCA_LOG_ERROR;
  if (level == 4) return SCA_LOG_WARN;
  return level <= 6 ? SCA_LOG_INFO : SCA_LOG_DEBUG;
}

}  // namespace

void task_log::write(std::int32_t level, std::string_view text) const noexcept {
  try {
    spdlog::default_logger_raw()->log(to_spdlog(level), "{}{}", prefix_, text);
  } catch (...) {  // out of memory or disk: a log line is not worth a task
  }
}

void task_log::write(const sca_log_line& line) const noexcept {
  const char* breach = line.level >= SCA_LOG_MISUSE ? "breach of the sink contract: " : "";
  try {
    if (line.file != nullptr && level() <= SCA_LOG_DEBUG) {
      spdlog::default_logger_raw()->log(to_spdlog(line.level), "{}{}{} ({}:{})", prefix_, breach, sca::view(line.message),
                                        line.file, line.line);
    } else {
      spdlog::default_logger_raw()->log(to_spdlog(line.level), "{}{}{}", prefix_, breach, sca::view(line.message));
    }
  } catch (...) {
  }
}

std::int32_t task_log::level() noexcept {
  switch (spdlog::default_logger_raw()->level()) {
    case spdlog::level::trace:
    case spdlog::level::debug: return SCA_LOG_DEBUG;
    case spdlog::level::info: return SCA_LOG_INFO;
    case spdlog::level::warn: return SCA_LOG_WARN;
    case spdlog::level::err:
    case spdlog::level::critical: return SCA_LOG_ERROR;
    case spdlog::level::off:
    case spdlog::level::n_levels: break;
  }
  return SCA_LOG_MISUSE + 1;
}

void log_of_client(const rd_kafka_t* rk, int level, const char* facility, const char* text) noexcept {
  const auto* opaque = rk == nullptr ? nullptr : static_cast<const client_opaque*>(rd_kafka_opaque(rk));
  if (opaque == nullptr || opaque->log == nullptr) return;
  try {
    opaque->log->write(of_syslog(level), fmt::format("kafka {}: {}", facility, text));
  } catch (...) {
  }
}

}  // namespace sinkhost
