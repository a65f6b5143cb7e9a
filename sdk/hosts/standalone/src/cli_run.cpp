// `sink-host run`: puts the parts together, waits for a signal, drains.
#include <fmt/format.h>
#include <malloc.h>

#include <chrono>
#include <memory>
#include <optional>

#include "cli.hpp"
#include "connector_json.hpp"
#include "embedded_broker.hpp"
#include "herder.hpp"
#include "plugins.hpp"
#include "rest_api.hpp"
#include "rest_server.hpp"
#include "signals.hpp"
#include "state_store.hpp"
#include "summary.hpp"
#include "worker_task.hpp"

namespace sinkhost {
namespace {

using namespace std::chrono_literals;

constexpr int exit_failed = 1;
constexpr int exit_bad_input = 2;
constexpr auto summary_every = 10s;
constexpr auto drain_time = 5s;          // for tasks to deliver what they hold
constexpr auto drain_deadline = 9500ms;  // the promise is 10 s

int refuse(int status, std::string_view why) {
  log(log_level::error, "host", why);
  flush_logs();
  return status;
}
int refuse(const sca::error& why) { return refuse(why.code == SCA_INVALID_CONFIG ? exit_bad_input : exit_failed, why.message); }

std::string listed(const std::vector<std::string>& places) {
  std::string out;
  for (const std::string& place : places) out += (out.empty() ? "" : ", ") + place;
  return out;
}

sca::result<rest_options> rest_options_of(const run_options& o) {
  const auto address = parse_listen(o.listen);
  if (!address)
    return sca::fail(SCA_INVALID_CONFIG, fmt::format("--listen {}: write host:port, such as 127.0.0.1:8083", o.listen));
  rest_options out{.host = address->host, .port = address->port};
  out.certificate = o.certificate;
  out.key = o.key;
  if (o.user_file.empty()) return out;
  auto users = read_user_file(o.user_file);
  if (!users) return users.error();
  out.users = std::move(*users);
  return out;
}

// --connector FILE: created, or updated when it exists; its target state stays then.
sca::result<void> put_connectors(herder& connectors, const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    auto document = load_connector_file(file);
    if (!document) return document.error();
    if (document->name.empty()) return sca::fail(SCA_INVALID_CONFIG, fmt::format("{}: the connector has no name", file));
    const auto put = connectors.put_config(document->name, std::move(document->config), document->initial);
    if (!put)
      return sca::fail(put.error().status == 400 ? SCA_INVALID_CONFIG : SCA_UNAVAILABLE,
                       fmt::format("{}: {}", file, put.error().message));
  }
  return {};
}

void wait_for_stop(const stop_signals& signals, const herder& connectors) {
  summary lines;
  for (;;) {
    if (const auto signal = signals.wait_for(summary_every)) {
      log(log_level::info, "host", fmt::format("{}: draining; once more ends at once", *signal));
      return;
    }
    if (const auto line = lines.line(totals_of(connectors.counts(), connectors.metrics()), summary_every))
      log(log_level::info, "summary", *line);
  }
}

// Where the records come from; keeps the embedded broker.
struct kafka {
  std::string bootstrap_servers;
  std::unique_ptr<embedded_broker> embedded;
};
sca::result<kafka> kafka_of(const run_options& o, const state_store& store) {
  if (!o.embedded_broker && o.bootstrap_servers.empty()) {
    return sca::fail(SCA_INVALID_CONFIG, "no Kafka: give --bootstrap.servers host:port, or --embedded-broker for a first run");
  }
  if (!o.embedded_broker) return kafka{o.bootstrap_servers, nullptr};
  auto started = embedded_broker::start();
  if (!started) return started.error();
  kafka out{(*started)->bootstrap_servers(), std::move(*started)};
  if (auto written = store.publish("bootstrap.servers", out.bootstrap_servers); !written) return written.error();
  return out;
}

int serve(const stop_signals& signals, herder& connectors, rest_server& rest, const state_store& store, rest_context context,
          const run_options& options) {
  context.facts.problems = connectors.restore();
  context.facts.problems.insert(context.facts.problems.end(), context.known.failures().begin(), context.known.failures().end());
  if (auto put = put_connectors(connectors, options.connectors); !put) return refuse(put.error());
  const rest_api api(std::move(context));
  rest.serve([&api](const rest_request& request) { return api.handle(request); });
  if (auto written = store.publish("rest.address", rest.url()); !written) return refuse(written.error());
  log(log_level::info, "rest", fmt::format("REST server listening at {}", rest.url()));
  wait_for_stop(signals, connectors);
  const drain_guard guard(drain_deadline);
  rest.stop();
  connectors.stop(drain_time);
  log(log_level::info, "host", "drained; goodbye");
  flush_logs();
  return 0;
}

}  // namespace

int run_host(const run_options& options, const command_line& all) {
  // Records are allocated on one thread and freed on another; with an arena a thread glibc keeps up to half as much again.
  mallopt(M_ARENA_MAX, 1);
  configure_logging(all.format, all.level);
  const stop_signals signals;
  log(log_level::info, "host", fmt::format("sink-host {}", host_version()));
  const plugins known(search_for(all.plugin_path));
  for (const std::string& failure : known.failures()) log(log_level::error, "plugins", failure);
  for (const plugins::entry& e : known.all()) {
    log(log_level::info, "plugins",
        fmt::format("{} {} from {}", std::string_view(e.connector->id.data, e.connector->id.size),
                    std::string_view(e.connector->version.data, e.connector->version.size), e.origin));
  }
  if (known.all().empty())
    return refuse(exit_bad_input,
                  fmt::format("no plugin found; looked at: {}. Give --plugin-path DIR", listed(known.searched())));
  const auto store = state_store::open(options.state_dir);
  if (!store) return refuse(store.error());
  for (const char* stale : {"rest.address", "bootstrap.servers"}) {  // a script that waits for them must not find the last run's
    if (auto gone = (*store)->withdraw(stale); !gone) return refuse(gone.error());
  }
  auto rest_setup = rest_options_of(options);
  if (!rest_setup) return refuse(rest_setup.error());
  const auto rest = rest_server::bind(std::move(*rest_setup), rest_api::body_limit);
  if (!rest) return refuse(rest.error());
  const auto brokers = kafka_of(options, **store);
  if (!brokers) return refuse(brokers.error());
  const environment env{brokers->bootstrap_servers, (*rest)->authority(),
                        brokers->embedded ? broker_kind::embedded : broker_kind::real};
  herder connectors(known, **store, {.make_task = kafka_tasks(env), .offsets = kafka_offsets(env)});
  const rest_facts facts{.version = std::string{host_version()},
                         .worker_id = env.worker_id,
                         .problems = {},
                         .stuck_after = std::chrono::milliseconds{options.stuck_after_ms}};
  return serve(signals, connectors, **rest, **store, {.connectors = connectors, .known = known, .facts = facts}, options);
}

}  // namespace sinkhost
