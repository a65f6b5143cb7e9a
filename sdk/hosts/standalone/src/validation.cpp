#include "validation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sca/views.hpp"

namespace sinkhost {
namespace {

void collect(void* ctx, const sca_config_issue* issue) noexcept {
  auto& out = *static_cast<std::vector<sca::config_issue>*>(ctx);
  out.push_back({issue->severity == SCA_ISSUE_WARNING ? SCA_ISSUE_WARNING : SCA_ISSUE_ERROR, std::string(sca::view(issue->key)),
                 std::string(sca::view(issue->code)), std::string(sca::view(issue->message))});
}

// A host that offers nothing: only for create() of a connector without validate().
constexpr sca_host mute_host = {.struct_size = sizeof(sca_host),
                                .abi_version = SCA_ABI_VERSION,
                                .ctx = nullptr,
                                .name = SCA_STR("sink-host"),
                                .version = SCA_STR("0"),
                                .connector = SCA_STR("validate"),
                                .task = 0,
                                .reserved = 0,
                                .wake = [](const sca_host*) noexcept {},
                                .reject = [](const sca_host*, const sca_rejection*) noexcept {},
                                .log_level = [](const sca_host*) noexcept -> int32_t { return SCA_LOG_MISUSE; },
                                .log = [](const sca_host*, const sca_log_line*) noexcept {},
                                .get_extension = [](const sca_host*, const char*) noexcept -> const void* { return nullptr; }};

void ask_by_creating(const sca_connector& connector, const std::vector<sca_pair>& pairs, std::vector<sca::config_issue>& issues) {
  sca_error why = SCA_ERROR_INIT;
  sca_sink* sink = nullptr;
  const sca_status status = connector.create(&connector, &mute_host, pairs.data(), pairs.size(), &sink, &why);
  if (status == SCA_OK && sink != nullptr) return sink->destroy(sink);
  issues.push_back({SCA_ISSUE_ERROR, "connector.class", "create", status == SCA_OK ? "the plugin gave no sink" : why.message});
}

void ask_plugin(const sca_connector& connector, const string_map& config, std::vector<sca::config_issue>& issues) {
  const std::vector<sca_pair> pairs = sink_config(config);
  if (connector.validate == nullptr) return ask_by_creating(connector, pairs, issues);
  sca_error why = SCA_ERROR_INIT;
  if (connector.validate(&connector, pairs.data(), pairs.size(), collect, &issues, &why) != SCA_OK) {
    issues.push_back({SCA_ISSUE_ERROR, "connector.class", "validate",
                      fmt::format("the plugin could not judge this configuration: {}", why.message)});
  }
}

void find_connector(const plugins& known, const string_map& config, validation& out) {
  const auto name = config.find("connector.class");
  if (name == config.end() || name->second.empty()) return;  // the host's table says that it is required
  out.connector = known.find(name->second);
  if (out.connector != nullptr) return;
  out.issues.push_back({SCA_ISSUE_ERROR, "connector.class", "unknown",
                        fmt::format("no plugin '{}' is loaded; there is: {}", name->second, known.known_classes())});
}

bool is_secret(const sca_connector& connector, std::string_view key) {
  const sca_config_key* const row = sca::config_spec{{connector.keys, connector.key_count}}.find(key);
  return row != nullptr && row->type == SCA_TYPE_SECRET;
}

// Whether a message shows the value, or a piece of it: messages cut long values and escape what is no plain text.
constexpr std::size_t telling = 6;  // bytes; what is shorter says little, and stands in many a message by chance
bool shows(std::string_view message, std::string_view value) {
  constexpr std::size_t looked_at = 256;
  if (value.size() < telling) return !value.empty() && message.find(value) != std::string_view::npos;
  value = value.substr(0, looked_at);
  for (std::size_t i = 0; i + telling <= value.size(); ++i) {
    if (message.find(value.substr(i, telling)) != std::string_view::npos) return true;
  }
  return false;
}

// What a reference stands for may be a secret in whatever key it stands, so no issue repeats it.
void hide_references(const string_map& written, const string_map& resolved, std::vector<sca::config_issue>& issues) {
  for (const auto& [key, value] : resolved) {
    if (!has_reference(written.at(key))) continue;
    for (sca::config_issue& issue : issues) {
      if ((issue.key != key && value.size() < telling) || !shows(issue.message, value)) continue;
      issue.message =
          fmt::format("refused ({}); more would show what the reference in {} stands for: look at its source", issue.code, key);
    }
  }
}

}  // namespace

std::vector<sca_pair> sink_config(const string_map& config) {
  std::vector<sca_pair> out;
  for (const auto& [key, value] : config) {
    if (!is_host_key(key)) out.push_back({sca::str(key), sca::str(value)});
  }
  return out;
}

std::size_t validation::error_count() const noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(issues, [](const sca::config_issue& i) { return i.severity == SCA_ISSUE_ERROR; }));
}

std::string validation::message() const {
  std::string out = fmt::format("Connector configuration is invalid and contains the following {} error(s):", error_count());
  for (const sca::config_issue& issue : issues) {
    if (issue.severity == SCA_ISSUE_ERROR) out += fmt::format("\n{}: {}", issue.key, issue.message);
  }
  return out;
}

validation validate(const plugins& known, const string_map& config, const reference_source& references) {
  validation out;
  resolved_config resolved = resolve_references(config, references);
  const auto unresolved = [&resolved](const std::string& key) {
    return std::ranges::any_of(resolved.issues, [&key](const sca::config_issue& i) { return i.key == key; });
  };
  std::vector<sca::config_issue> judged;
  check_host_keys(resolved.config, requirement::to_run, judged);
  find_connector(known, resolved.config, out);
  if (out.connector != nullptr) ask_plugin(*out.connector, resolved.config, judged);
  std::erase_if(judged, [&](const sca::config_issue& i) { return unresolved(i.key); });
  out.issues.insert(out.issues.end(), judged.begin(), judged.end());
  hide_references(config, resolved.config, out.issues);
  out.issues.insert(out.issues.end(), resolved.issues.begin(), resolved.issues.end());
  return out;
}

validation validate_for_preview(const plugins& known, const string_map& config) {
  validation out;
  check_host_keys(config, requirement::to_preview, out.issues);
  find_connector(known, config, out);
  if (out.connector == nullptr) return out;
  std::vector<sca::config_issue> judged;
  ask_plugin(*out.connector, config, judged);
  std::erase_if(judged, [&](const sca::config_issue& i) {
    const auto value = config.find(i.key);
    return has_reference(value == config.end() ? std::string_view{} : std::string_view{value->second}) ||
           is_secret(*out.connector, i.key);
  });
  out.issues.insert(out.issues.end(), judged.begin(), judged.end());
  return out;
}

}  // namespace sinkhost
