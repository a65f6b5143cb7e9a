// sca.describe/1: what a preset does, as text (sink-host plugins --preset NAME).
#include "abi/connector.hpp"
#include "event/preset/preset.hpp"
#include "sca/guard.hpp"

namespace snap::abi {
namespace {

sca_status describe(const sca_connector*, sca_str key, sca_str value, void (*visit)(void*, sca_str) noexcept, void* ctx,
                    sca_error* error) noexcept {
  return sca::guarded(error, "describe", [&]() -> sca::result<void> {
    if (sca::view(key) != "mapping.preset") return sca::fail(SCA_INVALID_CONFIG, "only mapping.preset has something to say");
    std::string known;
    for (const event::preset_table* p : event::presets()) {
      known.append(known.empty() ? "" : ", ").append(p->name);
      if (p->name != sca::view(value)) continue;
      visit(ctx, sca::str(event::describe_preset(p->id)));
      return {};
    }
    return sca::fail(SCA_INVALID_CONFIG, "there is no such preset; there are " + known);
  });
}

}  // namespace

const sca_connector_describe describe_extension{
    .struct_size = sizeof(sca_connector_describe), .reserved = 0, .describe = describe};

}  // namespace snap::abi
