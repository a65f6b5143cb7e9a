#include "event/preset/preset.hpp"

#include "event/text.hpp"

namespace snap::event {

// One line a preset, in the order of config::preset.
extern const preset_table snap_preset;
extern const preset_table segment_preset;
extern const preset_table rudder_preset;
extern const preset_table ga4_preset;
extern const preset_table posthog_preset;
extern const preset_table mparticle_preset;

namespace {
constexpr std::array<const preset_table*, 6> all{&snap_preset, &segment_preset, &rudder_preset,
                                                 &ga4_preset,  &posthog_preset, &mparticle_preset};
}

std::span<const preset_table* const> presets() noexcept { return all; }

const preset_table& table_of(config::preset which) noexcept { return *all[static_cast<std::size_t>(which)]; }

std::optional<event_name> resolve_event(const preset_table& preset, std::string_view to) {
  std::string wanted, candidate;
  fold_name(to, wanted);
  for (std::size_t i = 0; i < native_names.size(); ++i) {
    fold_name(native_names[i], candidate);
    if (candidate == wanted) return static_cast<event_name>(i);
  }
  for (const auto& rows : {preset.names, preset.calls}) {
    for (const name_row& row : rows) {
      fold_name(row.from, candidate);
      if (candidate == wanted) return native_name(row.to);
    }
  }
  return std::nullopt;
}

}  // namespace snap::event
