// Snapchat's native event names (snap-api.md §1.6). A compiled rule knows its target by this number.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace snap::event {

enum class event_name : std::uint8_t {
  PURCHASE,
  SAVE,
  START_CHECKOUT,
  ADD_CART,
  VIEW_CONTENT,
  ADD_BILLING,
  SIGN_UP,
  SEARCH,
  PAGE_VIEW,
  SUBSCRIBE,
  AD_CLICK,
  AD_VIEW,
  COMPLETE_TUTORIAL,
  LEVEL_COMPLETE,
  INVITE,
  LOGIN,
  SHARE,
  RESERVE,
  ACHIEVEMENT_UNLOCKED,
  ADD_TO_WISHLIST,
  SPENT_CREDITS,
  RATE,
  START_TRIAL,
  LIST_VIEW,
  APP_INSTALL,
  APP_OPEN,
  CUSTOM_EVENT_1,
  CUSTOM_EVENT_2,
  CUSTOM_EVENT_3,
  CUSTOM_EVENT_4,
  CUSTOM_EVENT_5,
  other,  // mapping.event.name.unknown=pass: the record's own name is sent
};
inline constexpr std::size_t event_name_count = static_cast<std::size_t>(event_name::other) + 1;

inline constexpr std::array<std::string_view, event_name_count - 1> native_names{"PURCHASE",
                                                                                 "SAVE",
                                                                                 "START_CHECKOUT",
                                                                                 "ADD_CART",
                                                                                 "VIEW_CONTENT",
                                                                                 "ADD_BILLING",
                                                                                 "SIGN_UP",
                                                                                 "SEARCH",
                                                                                 "PAGE_VIEW",
                                                                                 "SUBSCRIBE",
                                                                                 "AD_CLICK",
                                                                                 "AD_VIEW",
                                                                                 "COMPLETE_TUTORIAL",
                                                                                 "LEVEL_COMPLETE",
                                                                                 "INVITE",
                                                                                 "LOGIN",
                                                                                 "SHARE",
                                                                                 "RESERVE",
                                                                                 "ACHIEVEMENT_UNLOCKED",
                                                                                 "ADD_TO_WISHLIST",
                                                                                 "SPENT_CREDITS",
                                                                                 "RATE",
                                                                                 "START_TRIAL",
                                                                                 "LIST_VIEW",
                                                                                 "APP_INSTALL",
                                                                                 "APP_OPEN",
                                                                                 "CUSTOM_EVENT_1",
                                                                                 "CUSTOM_EVENT_2",
                                                                                 "CUSTOM_EVENT_3",
                                                                                 "CUSTOM_EVENT_4",
                                                                                 "CUSTOM_EVENT_5"};

// Exact spelling only; other spellings go through the name table of a preset.
[[nodiscard]] constexpr std::optional<event_name> native_name(std::string_view text) noexcept {
  for (std::size_t i = 0; i < native_names.size(); ++i) {
    if (native_names[i] == text) return static_cast<event_name>(i);
  }
  return std::nullopt;
}
[[nodiscard]] constexpr std::string_view to_text(event_name n) noexcept { return native_names[static_cast<std::size_t>(n)]; }

}  // namespace snap::event
