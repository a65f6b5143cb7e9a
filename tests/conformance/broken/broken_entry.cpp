// Libraries that are broken before a sink is made. BROKEN_ENTRY chooses how; the case that must catch it is in CMakeLists.txt.
#include <fcntl.h>

#include "sca/sink_connector.h"

namespace {

sca_status create(const sca_connector*, const sca_host*, const sca_pair*, size_t, sca_sink**, sca_error* e) noexcept {
  return sca_fail(e, SCA_UNSUPPORTED, "makes no sinks");
}
constexpr sca_connector connector = {.struct_size = sizeof(sca_connector),
                                     .reserved = 0,
                                     .id = SCA_STR("broken.entry"),
                                     .alias = {},
                                     .version = SCA_STR("1"),
                                     .description = {},
                                     .doc_url = {},
                                     .keys = nullptr,
                                     .key_count = 0,
                                     .validate = nullptr,
                                     .create = BROKEN_ENTRY == 2 ? nullptr : create,
                                     .get_extension = nullptr};
constexpr const sca_connector* connectors[] = {&connector};

#if BROKEN_ENTRY == 1
[[gnu::constructor]] void open_a_file() { (void)open("/dev/null", O_RDONLY); }
#endif

}  // namespace

#if BROKEN_ENTRY == 3
extern "C" SCA_EXPORT int something_else(void) noexcept { return 1; }
#endif

extern "C" SCA_EXPORT const sca_plugin* sink_connector_plugin_v1(void) noexcept {
  static constexpr sca_plugin plugin = {sizeof(sca_plugin), SCA_ABI_VERSION, connectors, 1};
  return &plugin;
}
