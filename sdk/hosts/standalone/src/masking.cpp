#include "masking.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "config_providers.hpp"
#include "host_config.hpp"
#include "sca/config_spec.hpp"

namespace sinkhost {
namespace {

constexpr std::array credential_words = {std::string_view{"password"},   std::string_view{"passwd"},
                                         std::string_view{"passphrase"}, std::string_view{"secret"},
                                         std::string_view{"credential"}, std::string_view{"token"},
                                         std::string_view{"jaas"},       std::string_view{"oauthbearer.config"},
                                         std::string_view{"api.key"},    std::string_view{"apikey"},
                                         std::string_view{"private"},    std::string_view{"key.pem"},
                                         std::string_view{"basic.auth"}};

bool speaks_of_credentials(std::string_view key) {
  std::string lower;
  for (const char c : key) lower.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  return std::ranges::any_of(credential_words, [&lower](std::string_view word) { return lower.find(word) != std::string::npos; });
}

bool is_open_type(std::int32_t type) noexcept {
  return type == SCA_TYPE_STRING || type == SCA_TYPE_BOOL || type == SCA_TYPE_INT || type == SCA_TYPE_DOUBLE ||
         type == SCA_TYPE_LIST;
}

}  // namespace

bool is_secret_key(std::string_view key, const sca_connector* plugin) {
  if (is_host_key(std::string{key})) return speaks_of_credentials(key);
  if (plugin == nullptr) return true;
  const sca_config_key* const row = sca::config_spec{{plugin->keys, plugin->key_count}}.find(key);
  return row != nullptr ? !is_open_type(row->type) : speaks_of_credentials(key);
}

std::string shown_value(std::string_view key, std::string_view value, const sca_connector* plugin) {
  const bool open = value.empty() || is_reference(value) || !is_secret_key(key, plugin);
  return std::string{open ? value : mask_text};
}

string_map masked(const string_map& config, const sca_connector* plugin) {
  string_map out;
  for (const auto& [key, value] : config) out.emplace(key, shown_value(key, value, plugin));
  return out;
}

std::vector<std::string> unmask(string_map& config, const string_map& stored) {
  std::vector<std::string> left;
  for (auto& [key, value] : config) {
    if (value != mask_text) continue;
    const auto old = stored.find(key);
    if (old == stored.end() || old->second == mask_text) {
      left.push_back(key);
    } else {
      value = old->second;
    }
  }
  return left;
}

}  // namespace sinkhost
