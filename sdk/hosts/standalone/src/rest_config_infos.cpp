// Configuration keys as Kafka Connect's ConfigInfos: definitions, values, errors.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <limits>
#include <optional>
#include <set>

#include "host_config.hpp"
#include "masking.hpp"
#include "rest_bodies.hpp"
#include "sca/views.hpp"

namespace sinkhost {
namespace {

namespace json = boost::json;

json::string text(std::string_view s) { return json::string(s.data(), s.size()); }

// The names of Kafka's ConfigDef.Type. Whole numbers are LONG unless their range says that an INT holds them.
std::string_view type_name(const sca_config_key& key) noexcept {
  const bool small = key.min_value < key.max_value && key.min_value >= std::numeric_limits<std::int32_t>::min() &&
                     key.max_value <= std::numeric_limits<std::int32_t>::max();
  switch (key.type) {
    case SCA_TYPE_STRING: return "STRING";
    case SCA_TYPE_BOOL: return "BOOLEAN";
    case SCA_TYPE_INT: return small ? "INT" : "LONG";
    case SCA_TYPE_DOUBLE: return "DOUBLE";
    case SCA_TYPE_LIST: return "LIST";
    default: return "PASSWORD";  // SECRET, and types that this host does not know
  }
}

std::string_view importance_name(std::int32_t importance) noexcept {
  if (importance == SCA_IMPORTANCE_HIGH) return "HIGH";
  return importance == SCA_IMPORTANCE_LOW ? "LOW" : "MEDIUM";
}

bool is_family(const sca_config_key& key) noexcept { return sca::view(key.name).find('*') != std::string_view::npos; }

// name: the configured one for a member of a family, else the table's.
json::object definition(const sca_config_key& key, std::string_view name, std::size_t order) {
  const std::string_view display = sca::view(key.display_name);
  json::object out{{"name", text(name)},
                   {"type", text(type_name(key))},
                   {"required", (key.flags & SCA_KEY_REQUIRED) != 0},
                   {"default_value", nullptr},
                   {"importance", text(importance_name(key.importance))},
                   {"documentation", text(sca::view(key.doc))},
                   {"group", nullptr},
                   {"width", key.type == SCA_TYPE_LIST ? "LONG" : "MEDIUM"},
                   {"display_name", text(display.empty() ? name : display)},
                   {"dependents", json::array{}},
                   {"order", order}};
  if (key.default_value.data != nullptr) out["default_value"] = text(sca::view(key.default_value));
  if (key.group.size > 0) out["group"] = text(sca::view(key.group));
  return out;
}

json::array messages(const validation& verdict, std::string_view key, std::int32_t severity) {
  json::array out;
  for (const sca::config_issue& issue : verdict.issues) {
    if (issue.key == key && issue.severity == severity) out.emplace_back(text(issue.message));
  }
  return out;
}

// The table of the host and the sink's as one list of {definition, value}, then what only an issue names.
class infos {
 public:
  infos(const sca_connector& plugin, const string_map& config, const validation& verdict)
      : plugin_(plugin), config_(config), verdict_(verdict) {}

  [[nodiscard]] json::array build() {
    rows(host_keys());
    rows({plugin_.keys, plugin_.key_count});
    for (const sca::config_issue& issue : verdict_.issues) {
      if (seen_.insert(issue.key).second)
        out_.emplace_back(json::object{{"definition", nullptr}, {"value", value(issue.key, nullptr)}});
    }
    return std::move(out_);
  }

 private:
  void rows(std::span<const sca_config_key* const> keys) {
    const sca::config_spec spec{keys};
    for (std::size_t order = 0; order < keys.size(); ++order) {
      const sca_config_key& key = *keys[order];
      if (!is_family(key)) {
        row(key, std::string{sca::view(key.name)}, order + 1);
        continue;
      }
      for (const auto& [name, ignored] : config_) {
        if (spec.find(name) == &key) row(key, name, order + 1);
      }
    }
  }
  void row(const sca_config_key& key, const std::string& name, std::size_t order) {
    if (!seen_.insert(name).second) return;
    out_.emplace_back(json::object{{"definition", definition(key, name, order)}, {"value", value(name, &key)}});
  }
  [[nodiscard]] json::object value(const std::string& name, const sca_config_key* key) const {
    json::object out{{"name", text(name)},
                     {"value", nullptr},
                     {"recommended_values", json::array{}},
                     {"errors", messages(verdict_, name, SCA_ISSUE_ERROR)},
                     {"visible", true}};
    if (const auto configured = config_.find(name); configured != config_.end()) {
      out["value"] = text(shown_value(name, configured->second, &plugin_));
    } else if (key != nullptr && key->default_value.data != nullptr) {
      out["value"] = text(sca::view(key->default_value));
    }
    json::array& recommended = out["recommended_values"].as_array();
    for (std::size_t i = 0; key != nullptr && i < key->valid_value_count; ++i)
      recommended.emplace_back(text(sca::view(key->valid_values[i])));
    // Not Kafka Connect's: its clients ignore members they do not know.
    if (auto warnings = messages(verdict_, name, SCA_ISSUE_WARNING); !warnings.empty())
      out.emplace("warnings", std::move(warnings));
    return out;
  }

  const sca_connector& plugin_;
  const string_map& config_;
  const validation& verdict_;
  json::array out_;
  std::set<std::string> seen_;
};

json::array groups(const sca_connector& plugin) {
  json::array out;
  const auto add = [&out](std::span<const sca_config_key* const> keys) {
    for (const sca_config_key* key : keys) {
      const json::value name = text(sca::view(key->group));
      if (key->group.size > 0 && std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
    }
  };
  add(host_keys());
  add({plugin.keys, plugin.key_count});
  return out;
}

}  // namespace

std::string plugin_keys_body(const sca_connector& plugin) {
  json::array out;
  for (const auto keys : {host_keys(), std::span<const sca_config_key* const>{plugin.keys, plugin.key_count}}) {
    for (std::size_t order = 0; order < keys.size(); ++order)
      out.emplace_back(definition(*keys[order], sca::view(keys[order]->name), order + 1));
  }
  return json::serialize(out);
}

std::string config_infos_body(const sca_connector& plugin, const string_map& config, const validation& verdict) {
  return json::serialize(json::object{{"name", text(sca::view(plugin.id))},
                                      {"error_count", verdict.error_count()},
                                      {"groups", groups(plugin)},
                                      {"configs", infos(plugin, config, verdict).build()}});
}

}  // namespace sinkhost
