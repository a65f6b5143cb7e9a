#include "herder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "logging.hpp"
#include "masking.hpp"

namespace sinkhost {
namespace {

constexpr std::chrono::seconds stop_wait{6};  // a connector that was told to stop, before its offsets are altered

api_error not_found(std::string_view name) { return {404, fmt::format("Connector {} not found", name)}; }
api_error internal(const sca::error& why) { return {500, why.message}; }
api_error refused(const sca::error& why) { return {why.code == SCA_INVALID_CONFIG ? 400 : 500, why.message}; }
api_error closing() { return {503, "sink-host is shutting down"}; }

std::string value_of(const string_map& config, const std::string& key) {
  const auto found = config.find(key);
  return found == config.end() ? std::string{} : found->second;
}

}  // namespace

herder::herder(const plugins& known, state_store& store, herder_options options)
    : context_{.known = known, .make_task = std::move(options.make_task), .references = std::move(options.references)},
      store_(store),
      offsets_(std::move(options.offsets)) {}

herder::~herder() { stop(context_.task_stop); }

std::vector<std::string> herder::restore() {
  const std::lock_guard change(change_mutex_);
  state_store::content content = store_.load();
  for (const std::string& problem : content.problems) log(log_level::error, "state", problem);
  for (const stored_connector& one : content.connectors) start(one);
  if (!content.connectors.empty())
    log(log_level::info, "herder", fmt::format("{} connector(s) restored", content.connectors.size()));
  return std::move(content.problems);
}

void herder::start(const stored_connector& one) {
  connector before;
  const std::lock_guard lock(mutex_);
  std::erase_if(retired_, [](const auto& r) { return r.second->finished(); });
  if (const auto old = retired_.extract(one.name); !old.empty()) before = old.mapped();
  connectors_.emplace(one.name, std::make_shared<herder_connector>(one.name, one.config, one.state, context_, std::move(before)));
}

herder::connector herder::find(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = connectors_.find(name);
  return found == connectors_.end() ? nullptr : found->second;
}

std::vector<herder::connector> herder::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<connector> out;
  for (const auto& [name, one] : connectors_) out.push_back(one);
  return out;
}

std::vector<std::string> herder::names() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> out;
  for (const auto& [name, one] : connectors_) out.push_back(name);
  return out;
}

api_result<connector_view> herder::view(const std::string& name) const {
  const connector found = find(name);
  if (found == nullptr) return not_found(name);
  return found->view();
}

std::vector<connector_view> herder::views() const {
  std::vector<connector_view> out;
  for (const connector& one : all()) out.push_back(one->view());
  return out;
}

const sca_connector* herder::plugin_of(const string_map& config) const noexcept {
  const auto found = config.find("connector.class");
  return found == config.end() ? nullptr : context_.known.find(found->second);
}

// Puts stored values where masks stand, and judges.
validation herder::judge_unmasked(string_map& config, const string_map& stored) const {
  const std::vector<std::string> still_masked = unmask(config, stored);
  validation verdict = validate(context_.known, config, context_.references);
  for (const std::string& key : still_masked) {
    verdict.issues.push_back({SCA_ISSUE_ERROR, key, "mask",
                              fmt::format("{} stands for a stored secret, and there is none; give the value", mask_text)});
  }
  return verdict;
}

validation herder::judge(string_map config) const {
  const connector stored = find(value_of(config, "name"));
  return judge_unmasked(config, stored == nullptr ? string_map{} : stored->view().config);
}

// config is then what is stored.
api_result<void> herder::check(const std::string& name, string_map& config, const string_map& stored) const {
  const std::string inner = value_of(config, "name");
  if (!inner.empty() && inner != name) {
    return api_error{
        400, fmt::format("Connector name configuration ({}) doesn't match connector name in the request ({})", inner, name)};
  }
  config["name"] = name;
  const validation verdict = judge_unmasked(config, stored);
  for (const sca::config_issue& issue : verdict.issues) {
    if (issue.severity == SCA_ISSUE_WARNING)
      log(log_level::warn, "herder", fmt::format("[{}] {}: {}", name, issue.key, issue.message));
  }
  if (verdict.error_count() > 0) {
    return api_error{
        400,
        verdict.message() +
            "\nYou can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`"};
  }
  return {};
}

api_result<connector_view> herder::save_and_apply(const std::string& name, string_map config, target_state target) {
  const stored_connector one{name, target, std::move(config)};
  const connector existing = find(name);
  const bool unchanged = existing != nullptr && existing->view().config == one.config;
  if (auto saved = store_.save(one); !saved) return refused(saved.error());
  if (existing == nullptr) {
    start(one);
    log(log_level::info, "herder", fmt::format("[{}] created, {}", name, to_text(target)));
  } else if (unchanged) {
    static_cast<void>(
        existing->restart(restart_scope::failed_connector_and_tasks));  // the same again: someone wants it to be tried again
  } else {
    existing->configure(one.config);
    log(log_level::info, "herder", fmt::format("[{}] configuration changed", name));
  }
  return find(name)->view();
}

api_result<connector_view> herder::create(const connector_document& document) {
  const std::lock_guard change(change_mutex_);
  if (stopping_) return closing();
  string_map config = document.config;
  const std::string name = document.name.empty() ? value_of(config, "name") : document.name;
  if (find(name) != nullptr) return api_error{409, fmt::format("Connector {} already exists", name)};
  if (auto checked = check(name, config, {}); !checked) return checked.error();
  return save_and_apply(name, std::move(config), document.initial.value_or(target_state::running));
}

api_result<herder::put_outcome> herder::put_config(const std::string& name, string_map config,
                                                   std::optional<target_state> initial) {
  const std::lock_guard change(change_mutex_);
  if (stopping_) return closing();
  const connector existing = find(name);
  const connector_view old = existing == nullptr ? connector_view{} : existing->view();
  if (auto checked = check(name, config, old.config); !checked) return checked.error();
  const target_state target = existing == nullptr ? initial.value_or(target_state::running) : old.target;
  auto applied = save_and_apply(name, std::move(config), target);
  if (!applied) return applied.error();
  return put_outcome{std::move(*applied), existing == nullptr};
}

api_result<connector_view> herder::patch_config(const std::string& name,
                                                const std::map<std::string, std::optional<std::string>>& patch) {
  const std::lock_guard change(change_mutex_);
  if (stopping_) return closing();
  const connector existing = find(name);
  if (existing == nullptr) return not_found(name);
  const connector_view old = existing->view();
  string_map config = old.config;
  for (const auto& [key, value] : patch) {
    if (value) {
      config[key] = *value;
    } else {
      config.erase(key);
    }
  }
  if (auto checked = check(name, config, old.config); !checked) return checked.error();
  return save_and_apply(name, std::move(config), old.target);
}

api_result<void> herder::remove(const std::string& name) {
  const std::lock_guard change(change_mutex_);
  if (stopping_) return closing();
  const connector existing = find(name);
  if (existing == nullptr) return not_found(name);
  if (auto removed = store_.remove(name); !removed) return internal(removed.error());
  existing->finish(context_.task_stop);
  log(log_level::info, "herder", fmt::format("[{}] deleted", name));
  const std::lock_guard lock(mutex_);
  connectors_.erase(name);
  retired_[name] = existing;
  return {};
}

api_result<void> herder::set_target(const std::string& name, target_state wanted) {
  const std::lock_guard change(change_mutex_);
  if (stopping_) return closing();
  const connector existing = find(name);
  if (existing == nullptr) return not_found(name);
  if (auto saved = store_.save({name, wanted, existing->view().config}); !saved) return internal(saved.error());
  existing->target(wanted);
  log(log_level::info, "herder", fmt::format("[{}] shall be {}", name, to_text(wanted)));
  return {};
}

api_result<connector_view> herder::restart(const std::string& name, restart_scope scope) {
  const connector existing = find(name);
  if (existing == nullptr) return api_error{404, fmt::format("Unknown connector: {}", name)};
  const auto anew = existing->restart(scope);
  connector_view out = existing->view();
  for (task_view& t : out.tasks) {
    if (!anew.contains(t.id)) continue;
    t.state = "RESTARTING";  // also when it is done already: the answer says what the request did
    t.trace.clear();
  }
  return out;
}

api_result<void> herder::restart_task(const std::string& name, std::uint32_t id) {
  const connector existing = find(name);
  if (existing == nullptr) return not_found(name);
  const auto tasks = existing->view().tasks;
  if (std::ranges::find(tasks, id, &task_view::id) == tasks.end())
    return api_error{404, fmt::format("Unknown task: {}-{}", name, id)};
  existing->restart_task(id);
  return {};
}

api_result<task_config> herder::offsets_of(const connector_view& view) const {
  auto resolved = resolve_references(view.config, context_.references);
  if (!resolved.issues.empty())
    return api_error{500, fmt::format("{}: {}", resolved.issues.front().key, resolved.issues.front().message)};
  return task_config{view.name, 0, std::move(resolved.config), plugin_of(view.config)};
}

api_result<std::vector<group_offset>> herder::offsets(const std::string& name) const {
  const auto found = view(name);
  if (!found) return found.error();
  const auto config = offsets_of(*found);
  if (!config) return config.error();
  auto listed = offsets_.list(*config);
  if (!listed) return internal(listed.error());
  return std::move(*listed);
}

// Under the change lock throughout: nobody resumes the connector while its group is altered.
api_result<void> herder::on_stopped(const std::string& name, const std::function<sca::result<void>(const task_config&)>& change) {
  const std::lock_guard lock(change_mutex_);
  if (stopping_) return closing();
  const connector existing = find(name);
  if (existing == nullptr) return not_found(name);
  const bool stopped =
      existing->view().target == target_state::stopped && existing->settled_within(stop_wait) && existing->view().tasks.empty();
  if (!stopped) {
    return api_error{
        400, fmt::format("Connectors must be in the STOPPED state before their offsets can be modified; issue a PUT request to "
                         "/connectors/{}/stop first",
                         name)};
  }
  const auto config = offsets_of(existing->view());
  if (!config) return config.error();
  if (auto done = change(*config); !done) return refused(done.error());
  log(log_level::info, "herder", fmt::format("[{}] offsets changed", name));
  return {};
}

api_result<void> herder::alter_offsets(const std::string& name, const std::vector<group_offset>& to) {
  return on_stopped(name, [&](const task_config& c) { return offsets_.alter(c, to); });
}

api_result<void> herder::reset_offsets(const std::string& name) {
  return on_stopped(name, [&](const task_config& c) { return offsets_.reset(c); });
}

std::vector<metric_sample> herder::metrics() const {
  std::vector<metric_sample> out;
  for (const connector& one : all()) {
    auto samples = one->metrics();
    out.insert(out.end(), std::make_move_iterator(samples.begin()), std::make_move_iterator(samples.end()));
  }
  return out;
}

task::traffic herder::counts() const {
  task::traffic sum;
  for (const connector& one : all()) {
    const task::traffic counted = one->counts();
    sum.consumed += counted.consumed;
    sum.committed += counted.committed;
    sum.dead_letters += counted.dead_letters;
  }
  return sum;
}

bool herder::settled_within(std::chrono::milliseconds timeout) const {
  const auto until = std::chrono::steady_clock::now() + timeout;
  return std::ranges::all_of(all(), [until](const connector& one) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    return one->settled_within(std::max(left, std::chrono::milliseconds{0}));
  });
}

void herder::stop(std::chrono::milliseconds deadline) {
  // Without change_mutex_: a change that waits for a broker must not hold up the end. A connector that it may still start ends
  // with *this.
  stopping_ = true;
  std::vector<connector> running = all();
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, one] : retired_) running.push_back(one);
  }
  for (const connector& one : running) one->finish(deadline);
  for (const connector& one : running) one->wait_finished();
}

}  // namespace sinkhost
