// The command line of sink-host: what was asked, as values. CLI11 stays in cli.cpp.
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "logging.hpp"

namespace sinkhost {

struct run_options {
  std::string state_dir = {};
  std::string bootstrap_servers = {};
  bool embedded_broker = false;
  std::string listen = "127.0.0.1:8083";
  std::vector<std::string> connectors = {};  // files
  std::string user_file = {}, certificate = {}, key = {};
  std::int64_t stuck_after_ms = 600'000;
};
struct preview_options {
  std::string config = {}, input = "-", now = {};
  bool batches = false, explain = false;
};
struct plugins_options {
  bool json = false;
  std::string preset;  // "": list the connectors
};
struct validate_options {
  std::string config;
};
struct version_options {};

struct command_line {
  std::variant<version_options, run_options, preview_options, plugins_options, validate_options> command;
  std::vector<std::string> plugin_path;
  log_format format = log_format::text;
  log_level level = log_level::info;
};

// Either what was asked, or the process's exit status: help or an error was printed (errors to stderr, status 2).
[[nodiscard]] std::variant<command_line, int> parse_command_line(int argc, const char* const* argv);

[[nodiscard]] std::string_view host_version() noexcept;

// The commands: each returns the process's exit status.
[[nodiscard]] int run_host(const run_options& options, const command_line& all);
[[nodiscard]] int preview_records(const preview_options& options, const command_line& all);
[[nodiscard]] int list_plugins(const plugins_options& options, const command_line& all);
[[nodiscard]] int validate_file(const validate_options& options, const command_line& all);
[[nodiscard]] int print_version(const version_options& options, const command_line& all);

}  // namespace sinkhost
