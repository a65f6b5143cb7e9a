#include "abi/connector.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include "abi/version.hpp"
#include "config/read.hpp"
#include "sca/config_spec.hpp"
#include "sca/guard.hpp"

namespace snap::abi {
namespace {

sca_status validate(const sca_connector*, const sca_pair* config, size_t count, sca_config_issue_fn visit, void* ctx,
                    sca_error* error) noexcept {
  return sca::guarded(error, "validate", [&]() -> sca::result<void> {
    std::vector<sca::config_issue> issues;
    (void)config::read_settings({config, count}, config::secrets::required, issues);
    for (const sca::config_issue& i : issues) {
      const sca_config_issue c{.struct_size = sizeof(sca_config_issue),
                               .severity = i.severity,
                               .key = sca::str(i.key),
                               .code = sca::str(i.code),
                               .message = sca::str(i.message)};
      visit(ctx, &c);
    }
    return {};
  });
}

sca_status create(const sca_connector*, const sca_host* host, const sca_pair* config, size_t count, sca_sink** out,
                  sca_error* error) noexcept {
  return sca::guarded(error, "create", [&]() -> sca::result<void> {
    auto made = create_sink(host, {config, count}, real_surroundings());
    if (!made) return std::move(made).error();
    *out = *made;
    return {};
  });
}

const void* extension(const sca_connector*, const char* id) noexcept {
  if (id == nullptr) return nullptr;
  if (std::string_view{id} == SCA_EXT_PREVIEW) return &preview_extension;
  return std::string_view{id} == SCA_EXT_DESCRIBE ? &describe_extension : nullptr;
}

}  // namespace

std::string all_errors(std::span<const sca::config_issue> issues) {
  std::string out;
  for (const sca::config_issue& i : issues) {
    if (i.severity != SCA_ISSUE_ERROR) continue;
    if (!out.empty()) out += ' ';
    out += i.key.empty() ? i.message : i.key + ": " + i.message;
  }
  return out;
}

sca::result<sca_sink*> create_sink(const sca_host* host, std::span<const sca_pair> config, surroundings around) {
  if (!sca::host_proxy::usable(host)) return sca::fail(SCA_UNSUPPORTED, "The host is older than version 1.0 of the ABI.");
  std::vector<sca::config_issue> issues;
  auto settings = config::read_settings(config, config::secrets::required, issues);
  if (!settings) return sca::fail(SCA_INVALID_CONFIG, all_errors(issues));
  return sca::sink_base::release(std::make_unique<sink>(host, std::move(*settings), std::move(around)));
}

// Filled in when the library is loaded, from constants: the key table lives in another translation unit.
const sca_connector snapchat_connector{
    .struct_size = sizeof(sca_connector),
    .reserved = 0,
    .id = SCA_STR("io.sinkconnector.snapchat.SnapchatSinkConnector"),
    .alias = SCA_STR("SnapchatSink"),
    .version = sca::str(version),
    .description = SCA_STR("Sends records as events to Snapchat's Conversions API v3."),
    .doc_url = {nullptr, 0},
    .keys = config::keys().data(),
    .key_count = config::keys().size(),
    .validate = validate,
    .create = create,
    .get_extension = extension,
};

}  // namespace snap::abi
