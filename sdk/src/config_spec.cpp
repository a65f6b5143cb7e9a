#include "sca/config_spec.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "config_check.hpp"
#include "sca/nearest.hpp"

namespace sca {

namespace {

bool has(const sca_config_key& key, uint32_t flag) noexcept { return (key.flags & flag) != 0; }
bool is_family(const sca_config_key& key) noexcept { return view(key.name).find('*') != std::string_view::npos; }

config_issue unknown(std::span<const sca_config_key* const> keys, const config_spec::options& o, std::string_view name) {
  const bool slip =
      std::any_of(o.own_prefixes.begin(), o.own_prefixes.end(), [&](std::string_view p) { return name.starts_with(p); });
  std::vector<std::string_view> names;
  for (const sca_config_key* key : keys) names.push_back(view(key->name));
  const std::string_view meant = nearest(names, name);
  std::string message = "this connector has no such key";
  if (!meant.empty())
    message.append("; did you mean ").append(meant).append("?");
  else if (slip)
    message += "; remove it, or correct its name";
  else
    message += "; it is ignored";
  return {slip ? SCA_ISSUE_ERROR : SCA_ISSUE_WARNING, std::string(name), "unknown", std::move(message)};
}

config_issue deprecated(const sca_config_key& key, std::string_view name) {
  std::string message = "deprecated";
  if (key.replaced_by.size > 0) message.append("; use ").append(view(key.replaced_by)).append(" instead");
  return {SCA_ISSUE_WARNING, std::string(name), "deprecated", std::move(message)};
}

config_issue missing(const sca_config_key& key) {
  return {SCA_ISSUE_ERROR, std::string(view(key.name)), "required",
          is_family(key) ? "at least one key of this family is required; add it" : "required, and has no value; add it"};
}

std::string default_of(const sca_config_key& key) { return std::string(view(key.default_value)); }

}  // namespace

const sca_config_key* config_spec::find(std::string_view name) const noexcept {
  const sca_config_key* best = nullptr;
  for (const sca_config_key* key : keys_) {
    const std::string_view pattern = view(key->name);
    if (!is_family(*key) && pattern == name) return key;
    if (is_family(*key) && detail::match_family(pattern, name) && (best == nullptr || pattern.size() > best->name.size))
      best = key;
  }
  return best;
}

config_values config_spec::parse(std::span<const sca_pair> config, std::vector<config_issue>& issues) const {
  config_values out;
  std::uint32_t order = 0;
  const auto seen = [&](std::string_view name) {
    return std::any_of(out.values_.begin(), out.values_.end(), [&](const config_value& v) { return v.key == name; });
  };
  for (const sca_pair& pair : config) {
    const std::string_view name = view(pair.key);
    if (seen(name)) {
      issues.push_back({SCA_ISSUE_ERROR, std::string(name), "duplicate", "given more than once; keep one"});
      continue;
    }
    const sca_config_key* key = find(name);
    if (key == nullptr) {
      issues.push_back(unknown(keys_, options_, name));
      out.values_.push_back(
          {std::string(name), std::string(view(pair.value)), nullptr, config_value::origin::configured, order++});
      continue;
    }
    if (has(*key, SCA_KEY_DEPRECATED)) issues.push_back(deprecated(*key, name));
    std::string text(detail::trimmed_for(key->type, view(pair.value)));
    if (text.empty() && has(*key, SCA_KEY_REQUIRED)) {
      issues.push_back({SCA_ISSUE_ERROR, std::string(name), "required", "required, but its value is empty; give it one"});
      text = default_of(*key);
    } else if (auto verdict = detail::check_value(*key, text); !verdict.code.empty()) {
      issues.push_back({SCA_ISSUE_ERROR, std::string(name), std::string(verdict.code), std::move(verdict.problem)});
      text = default_of(*key);
    }
    out.values_.push_back({std::string(name), std::move(text), key, config_value::origin::configured, order++});
  }
  for (const sca_config_key* key : keys_) {
    const std::string_view pattern = view(key->name);
    const bool present =
        std::any_of(out.values_.begin(), out.values_.end(), [&](const config_value& v) { return v.spec == key; });
    if (present) continue;
    if (has(*key, SCA_KEY_REQUIRED)) issues.push_back(missing(*key));
    if (key->default_value.data != nullptr && !is_family(*key))
      out.values_.push_back({std::string(pattern), default_of(*key), key, config_value::origin::by_default, order++});
  }
  std::sort(out.values_.begin(), out.values_.end(), [](const config_value& a, const config_value& b) { return a.key < b.key; });
  return out;
}

}  // namespace sca
