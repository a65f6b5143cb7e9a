#include "cli.hpp"

#include <CLI/CLI.hpp>

namespace sinkhost {
namespace {

constexpr int exit_usage = 2;

constexpr const char* epilogue =
    "FILE is Kafka Connect's JSON ({\"name\":…,\"config\":{…}} or the flat object) or a .properties file.\n"
    "Plugins are looked for in --plugin-path, else in ../lib beside the executable; the environment variable\n"
    "SINK_CONNECTOR_LIBRARY_PATH names one more library, which comes first.";

// What every command understands.
void add_common(CLI::App& command, command_line& out) {
  command.add_option("--plugin-path", out.plugin_path, "directory with plugin libraries (lib*.so); several allowed")
      ->type_name("DIR");
}

void add_logging(CLI::App& command, std::string& format, std::string& level) {
  command.add_option("--log-format", format, "text, or json: one object a line")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command.add_option("--log-level", level, "trace, debug, info, warn, error, off")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}, CLI::ignore_case))
      ->capture_default_str();
}

void add_run(CLI::App& app, run_options& o) {
  app.add_option("--state-dir", o.state_dir,
                 "directory for connector configurations and states; created, locked, secrets in it: keep it private")
      ->type_name("DIR")
      ->required();
  auto* const servers =
      app.add_option("--bootstrap.servers,--bootstrap-servers", o.bootstrap_servers, "Kafka brokers: host:port,host:port")
          ->type_name("LIST");
  app.add_flag("--embedded-broker", o.embedded_broker,
               "a simulated broker inside this process, for a first run: it keeps nothing; its address is logged and written to "
               "DIR/bootstrap.servers")
      ->excludes(servers);
  app.add_option("--listen", o.listen,
                 "address of the REST server, host:port or port; port 0 takes a free one; the address is logged and written to "
                 "DIR/rest.address. "
                 "Beyond loopback only with --rest-user-file")
      ->type_name("ADDRESS")
      ->capture_default_str();
  app.add_option("--connector", o.connectors, "a connector that is created at start, or updated if it exists; several allowed")
      ->type_name("FILE");
  app.add_option("--rest-user-file,--rest.user.file", o.user_file,
                 "basic authentication: a file with lines name:password; make it readable to sink-host only")
      ->type_name("FILE");
  app.add_option("--rest.cert,--rest-cert", o.certificate, "certificate chain (PEM): the REST server speaks TLS")
      ->type_name("FILE");
  app.add_option("--rest.key,--rest-key", o.key, "private key (PEM) of --rest.cert")->type_name("FILE");
  app.add_option("--stuck.after.ms,--stuck-after-ms", o.stuck_after_ms,
                 "GET /health answers 503 when a task holds records and gets nothing done for so long; more than batch.linger.ms")
      ->type_name("MS")
      ->check(CLI::Range(std::int64_t{1'000}, std::int64_t{86'400'000}))
      ->capture_default_str();
}

void add_preview(CLI::App& app, preview_options& o) {
  app.add_option("--config", o.config, "the connector")->type_name("FILE")->required();
  app.add_option("--input", o.input, "records, one JSON object a line; - is standard input")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_option("--now", o.now, "the time at which the records count as read, RFC 3339; default: the clock")->type_name("TIME");
  auto* const batches =
      app.add_flag("--batches", o.batches, "print the HTTP requests after batching instead of one line per record");
  app.add_flag("--explain", o.explain, "say in each line which source filled which field, what was dropped, and why")
      ->excludes(batches);
}

}  // namespace

std::variant<command_line, int> parse_command_line(int argc, const char* const* argv) {
  CLI::App app(
      "sink-host runs sink connectors (plugins of sca/sink_connector.h) on Kafka topics, configured over Kafka Connect's REST.",
      "sink-host");
  app.footer(epilogue);
  app.require_subcommand(1);
  command_line out;
  std::string format = "text";
  std::string level = "info";
  run_options run;
  preview_options preview;
  plugins_options plugins;
  validate_options validate;
  auto* const run_command =
      app.add_subcommand("run", "consume topics and deliver, until SIGTERM or SIGINT; a second signal ends it at once");
  auto* const preview_command =
      app.add_subcommand("preview", "what would be sent for records: no network, no Kafka, reads no secret");
  auto* const plugins_command = app.add_subcommand("plugins", "list the connectors of the plugins found");
  auto* const validate_command =
      app.add_subcommand("validate", "judge a configuration; prints every issue, exit status 2 if there is an error");
  auto* const version_command = app.add_subcommand("version", "print the version");
  add_run(*run_command, run);
  add_logging(*run_command, format, level);
  add_preview(*preview_command, preview);
  auto* const as_json = plugins_command->add_flag("--json", plugins.json, "one JSON array");
  plugins_command
      ->add_option("--preset", plugins.preset, "print what the value NAME of the key mapping.preset does, field by field")
      ->type_name("NAME")
      ->excludes(as_json);
  validate_command->add_option("--config", validate.config, "the connector")->type_name("FILE")->required();
  for (CLI::App* const command : {run_command, preview_command, plugins_command, validate_command, version_command}) {
    add_common(*command, out);
    command->footer(epilogue);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : exit_usage;
  }
  out.format = format == "json" ? log_format::json : log_format::text;
  out.level = log_level_from(level).value_or(log_level::info);
  if (run_command->parsed()) out.command = std::move(run);
  if (preview_command->parsed()) out.command = std::move(preview);
  if (plugins_command->parsed()) out.command = std::move(plugins);
  if (validate_command->parsed()) out.command = std::move(validate);
  return out;
}

}  // namespace sinkhost
