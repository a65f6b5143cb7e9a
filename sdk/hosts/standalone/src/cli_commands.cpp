// The commands that look and do not run: preview, plugins, validate, version.
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <iostream>

#include "cli.hpp"
#include "connector_json.hpp"
#include "json_slice.hpp"
#include "plugins.hpp"
#include "preview.hpp"
#include "preview_command.hpp"
#include "sca/describe.h"
#include "sca/sink_connector.h"
#include "sca/views.hpp"
#include "validation.hpp"

namespace sinkhost {
namespace {

constexpr int exit_bad_input = 2;

int refuse(std::string_view why) {
  std::cerr << why << '\n';
  return exit_bad_input;
}

void print_failures(const plugins& known) {
  for (const std::string& failure : known.failures()) std::cerr << "plugin: " << failure << '\n';
}

// The configuration with its name in it, as the REST server would judge it.
sca::result<string_map> load_config(const std::string& file) {
  auto document = load_connector_file(file);
  if (!document) return document.error();
  if (!document->name.empty()) document->config.emplace("name", document->name);
  return std::move(document->config);
}

std::int64_t clock_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string plugin_json(const plugins::entry& e) {
  return fmt::format(R"({{"class":{},"alias":{},"version":{},"description":{},"doc_url":{},"library":{}}})",
                     json_quoted(sca::view(e.connector->id)), json_quoted(sca::view(e.connector->alias)),
                     json_quoted(sca::view(e.connector->version)), json_quoted(sca::view(e.connector->description)),
                     json_quoted(sca::view(e.connector->doc_url)), json_quoted(e.origin));
}

// Every connector that can tell; what the others have to say against the name is only said when none can.
int print_preset(const plugins& known, const std::string& name) {
  std::string refusals;
  for (const plugins::entry& e : known.all()) {
    const sca_connector& c = *e.connector;
    const auto* const table = SCA_HAS(&c, sca_connector, get_extension) && c.get_extension != nullptr
                                  ? static_cast<const sca_connector_describe*>(c.get_extension(&c, SCA_EXT_DESCRIBE))
                                  : nullptr;
    if (table == nullptr || !SCA_HAS(table, sca_connector_describe, describe) || table->describe == nullptr) continue;
    sca_error error = SCA_ERROR_INIT;
    const auto print = [](void*, sca_str text) noexcept { std::cout << sca::view(text); };
    if (table->describe(&c, sca::str("mapping.preset"), sca::str(name), print, nullptr, &error) == SCA_OK) return 0;
    refusals += fmt::format("{}: {}\n", sca::view(c.id), error.message);
  }
  std::cerr << (refusals.empty() ? "no connector found has presets\n" : refusals);
  return exit_bad_input;
}

}  // namespace

std::string_view host_version() noexcept { return SINKHOST_VERSION; }

int preview_records(const preview_options& options, const command_line& all) {
  auto config = load_config(options.config);
  if (!config) return refuse(config.error().message);
  const auto now = options.now.empty() ? std::optional(clock_ms()) : parse_rfc3339(options.now);
  if (!now) return refuse(fmt::format("--now: '{}' is not a time as in 2024-05-01T12:00:00Z", options.now));
  const plugins known(search_for(all.plugin_path));
  print_failures(known);
  const preview_command command{std::move(*config), *now, options.batches ? preview_form::per_request : preview_form::per_record,
                                options.explain ? preview_detail::what_and_why : preview_detail::what};
  std::ios::sync_with_stdio(false);
  if (options.input == "-") return run_preview(command, known, std::cin, std::cout, std::cerr);
  std::ifstream in(options.input, std::ios::binary);
  if (!in) return refuse(fmt::format("--input: cannot read {}", options.input));
  return run_preview(command, known, in, std::cout, std::cerr);
}

int list_plugins(const plugins_options& options, const command_line& all) {
  const plugins known(search_for(all.plugin_path));
  print_failures(known);
  if (!options.preset.empty()) return print_preset(known, options.preset);
  if (options.json) {
    std::string out = "[";
    for (const plugins::entry& e : known.all()) out += (out.size() > 1 ? ",\n " : "") + plugin_json(e);
    std::cout << out << "]\n";
    return 0;
  }
  for (const plugins::entry& e : known.all()) {
    std::cout << fmt::format("{} {}", sca::view(e.connector->id), sca::view(e.connector->version));
    if (e.connector->alias.size > 0) std::cout << fmt::format("  (alias {})", sca::view(e.connector->alias));
    std::cout << fmt::format("\n  {}\n", e.origin);
    if (e.connector->description.size > 0) std::cout << fmt::format("  {}\n", sca::view(e.connector->description));
  }
  if (known.all().empty()) {
    std::cout << "no plugin found; looked at:\n";
    for (const std::string& place : known.searched()) std::cout << "  " << place << '\n';
  }
  return 0;
}

int validate_file(const validate_options& options, const command_line& all) {
  const auto config = load_config(options.config);
  if (!config) return refuse(config.error().message);
  const plugins known(search_for(all.plugin_path));
  print_failures(known);
  const validation verdict = validate(known, *config, system_references());
  for (const sca::config_issue& issue : verdict.issues) {
    std::cout << fmt::format("{}{}: {}\n", issue.severity == SCA_ISSUE_WARNING ? "warning: " : "", issue.key, issue.message);
  }
  if (verdict.error_count() > 0) return exit_bad_input;
  std::cout << "valid\n";
  return 0;
}

int print_version(const version_options&, const command_line& all) {
  std::cout << fmt::format("sink-host {} (sink connector ABI {}.{})\n", host_version(), SCA_ABI_MAJOR, SCA_ABI_MINOR);
  const plugins known(search_for(all.plugin_path));
  for (const plugins::entry& e : known.all())
    std::cout << fmt::format("{} {}\n", sca::view(e.connector->id), sca::view(e.connector->version));
  return 0;
}

}  // namespace sinkhost
