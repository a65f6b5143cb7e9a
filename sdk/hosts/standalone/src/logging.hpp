// Logs of sink-host: spdlog to stderr, text or JSON lines. A line that begins with "[connector|task-0] " (as in Kafka Connect)
// belongs to that connector and task; the JSON form has them as fields. The runtime half writes to spdlog's default logger, which
// is "root" here; the other parts have loggers of their own below it. Any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sinkhost {

enum class log_level : std::uint8_t { trace, debug, info, warn, error, off };
enum class log_format : std::uint8_t { text, json };

[[nodiscard]] std::optional<log_level> log_level_from(std::string_view text) noexcept;  // Kafka Connect's names too: FATAL, ALL
[[nodiscard]] std::string_view to_text(log_level level) noexcept;                       // TRACE … ERROR, OFF

// Once, before threads start.
void configure_logging(log_format format, log_level level);
void log(log_level level, std::string_view logger, std::string_view message) noexcept;
void flush_logs() noexcept;

// For GET and PUT /admin/loggers. "root" is first and stands for all that is not listed.
struct logger_level {
  std::string name;
  log_level level = log_level::info;
};
[[nodiscard]] std::vector<logger_level> logger_levels();
// Sets it and what lies below it ("root": all); returns the names that were set, empty: no such logger.
[[nodiscard]] std::vector<std::string> set_logger_level(std::string_view name, log_level level);

// One line as it is written, without the line's end. Pure: the formatters use it, and tests.
struct log_entry {
  std::int64_t time_ms = 0;  // since the epoch
  log_level level = log_level::info;
  std::string_view logger, message;
};
[[nodiscard]] std::string format_log_line(log_format format, const log_entry& entry);

}  // namespace sinkhost
