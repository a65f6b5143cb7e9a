/* Plugins that are wrong in one way each, chosen by FIXTURE. None of their sinks works; they are only loaded. */
#include "sca/sink_connector.h"

static sca_status create(const sca_connector* me, const sca_host* host, const sca_pair* config, size_t count, sca_sink** out,
                         sca_error* e) {
  (void)me, (void)host, (void)config, (void)count, (void)out;
  return sca_fail(e, SCA_UNSUPPORTED, "a fixture makes no sinks");
}
static const sca_config_key key = {.struct_size = sizeof key, .name = SCA_STR("a.key"), .doc = SCA_STR("A key.")};
static const sca_config_key* const keys[] = {&key};
static const sca_connector connector = {
#if FIXTURE == 2
    .struct_size = 16,
#else
    .struct_size = sizeof connector,
#endif
    .id = SCA_STR("org.example.Fixture"),
    .alias = SCA_STR("Fixture"),
    .version = SCA_STR("1.0"),
    .keys = keys,
    .key_count = 1,
#if FIXTURE != 3
    .create = create,
#endif
};
static const sca_connector* const connectors[] = {&connector};

#if FIXTURE == 1
SCA_EXPORT const sca_plugin* something_else(void);
const sca_plugin* something_else(void) {
#else
const sca_plugin* sink_connector_plugin_v1(void) {
#endif
  static const sca_plugin plugin = {sizeof plugin, FIXTURE == 4 ? 2u << 16 : SCA_ABI_VERSION, connectors, 1};
  (void)create;
  return &plugin;
}
