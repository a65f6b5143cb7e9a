#include "logging.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "json_slice.hpp"

namespace sinkhost {
namespace {

constexpr std::string_view root = "root";
// The parts of the host that write logs. The runtime half writes as root.
constexpr std::array parts = {"herder", "host", "plugins", "rest", "state", "summary"};
constexpr std::array<std::string_view, 6> level_names = {"TRACE", "DEBUG", "INFO",
                                                         "WARN",  "ERROR", "OFF"};  // in the order of log_level

spdlog::level::level_enum to_spdlog(log_level level) noexcept {
  switch (level) {
    case log_level::trace: return spdlog::level::trace;
    case log_level::debug: return spdlog::level::debug;
    case log_level::info: return spdlog::level::info;
    case log_level::warn: return spdlog::level::warn;
    case log_level::error: return spdlog::level::err;
    case log_level::off: break;
  }
  return spdlog::level::off;
}

log_level from_spdlog(spdlog::level::level_enum level) noexcept {
  switch (level) {
    case spdlog::level::trace: return log_level::trace;
    case spdlog::level::debug: return log_level::debug;
    case spdlog::level::info: return log_level::info;
    case spdlog::level::warn: return log_level::warn;
    case spdlog::level::err:
    case spdlog::level::critical: return log_level::error;
    case spdlog::level::off:
    case spdlog::level::n_levels: break;
  }
  return log_level::off;
}

struct origin {
  std::string_view connector, task;
};

// Takes "[connector|task-0] " or "[connector] " off the message.
origin take_origin(std::string_view& message) {
  const std::size_t end = message.find("] ");
  if (!message.starts_with('[') || end == std::string_view::npos) return {};
  const std::string_view inside = message.substr(1, end - 1);
  message.remove_prefix(end + 2);
  const std::size_t bar = inside.rfind("|task-");
  if (bar == std::string_view::npos) return {inside, {}};
  return {inside.substr(0, bar), inside.substr(bar + 6)};
}

std::string time_text(std::int64_t time_ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> at{std::chrono::milliseconds(time_ms)};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     (at - seconds).count());
}

// A line stays a line: what a server or a user wrote cannot forge another one, or move the terminal's cursor.
void append_one_line(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    if (c == '\xC2' && next >= 0x80 && next <= 0x9F) {  // C1 in UTF-8: U+009B is "ESC [" to a terminal
      out += fmt::format("\\xc2\\x{:02x}", next);
      ++i;
    } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
      out.push_back(c);
    } else {
      out += c == '\n' ? std::string("\\n") : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
}

class line_formatter final : public spdlog::formatter {
 public:
  explicit line_formatter(log_format format) noexcept : format_(format) {}
  void format(const spdlog::details::log_msg& msg, spdlog::memory_buf_t& out) override {
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(msg.time.time_since_epoch());
    const std::string_view name{msg.logger_name.data(), msg.logger_name.size()};
    const std::string line =
        format_log_line(format_, {since.count(), from_spdlog(msg.level), name, {msg.payload.data(), msg.payload.size()}});
    out.append(line.data(), line.data() + line.size());
    out.push_back('\n');
  }
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<line_formatter>(format_); }

 private:
  log_format format_;
};

}  // namespace

std::optional<log_level> log_level_from(std::string_view text) noexcept {
  const auto same = [text](std::string_view name) {
    return std::ranges::equal(name, text, [](char a, char b) { return a == (b >= 'a' && b <= 'z' ? b - 'a' + 'A' : b); });
  };
  for (std::size_t i = 0; i < level_names.size(); ++i) {
    if (same(level_names[i])) return static_cast<log_level>(i);
  }
  if (same("FATAL")) return log_level::error;
  if (same("ALL")) return log_level::trace;
  return std::nullopt;
}

std::string_view to_text(log_level level) noexcept { return level_names[static_cast<std::size_t>(level)]; }

std::string format_log_line(log_format format, const log_entry& entry) {
  if (format == log_format::text) {
    std::string out = fmt::format("{} {:<5} {}: ", time_text(entry.time_ms), to_text(entry.level), entry.logger);
    append_one_line(out, entry.message);
    return out;
  }
  std::string_view message = entry.message;
  const origin from = take_origin(message);
  std::string out = fmt::format(R"({{"time":"{}","level":"{}","logger":{})", time_text(entry.time_ms), to_text(entry.level),
                                json_quoted(entry.logger));
  if (!from.connector.empty()) out += fmt::format(R"(,"connector":{})", json_quoted(from.connector));
  const bool number = !from.task.empty() && from.task.find_first_not_of("0123456789") == std::string_view::npos;
  if (number) out += fmt::format(R"(,"task":{})", from.task);
  return out + fmt::format(R"(,"message":{}}})", json_quoted(message));
}

void configure_logging(log_format format, log_level level) {
  const auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  spdlog::drop_all();
  const auto add = [&](std::string_view name) {
    auto logger = std::make_shared<spdlog::logger>(std::string{name}, sink);
    logger->set_formatter(std::make_unique<line_formatter>(format));
    logger->set_level(to_spdlog(level));
    logger->flush_on(spdlog::level::info);
    return logger;
  };
  spdlog::set_default_logger(add(root));
  for (const char* part : parts) spdlog::register_logger(add(part));
}

void log(log_level level, std::string_view logger, std::string_view message) noexcept {
  try {
    const auto found = spdlog::get(std::string{logger});
    spdlog::logger* const to = found ? found.get() : spdlog::default_logger_raw();
    if (to != nullptr) to->log(to_spdlog(level), spdlog::string_view_t{message.data(), message.size()});
  } catch (...) {  // a log line is not worth the process
  }
}

void flush_logs() noexcept {
  try {
    spdlog::apply_all([](const std::shared_ptr<spdlog::logger>& l) { l->flush(); });
  } catch (...) {
  }
}

std::vector<logger_level> logger_levels() {
  std::vector<logger_level> out;
  spdlog::apply_all([&out](const std::shared_ptr<spdlog::logger>& l) { out.push_back({l->name(), from_spdlog(l->level())}); });
  std::ranges::sort(out, [](const logger_level& a, const logger_level& b) {
    return std::pair(a.name != root, std::string_view{a.name}) < std::pair(b.name != root, std::string_view{b.name});
  });
  return out;
}

std::vector<std::string> set_logger_level(std::string_view name, log_level level) {
  std::vector<std::string> out;
  spdlog::apply_all([&](const std::shared_ptr<spdlog::logger>& l) {
    if (name != root && l->name() != name) return;
    l->set_level(to_spdlog(level));
    out.push_back(l->name());
  });
  std::ranges::sort(out);
  return out;
}

}  // namespace sinkhost
