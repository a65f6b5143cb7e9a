// A preset: how one source format becomes Snapchat's. All of it is data, readable without C++; event/program compiles it.
// A new preset is one file with such a table and one line in preset.cpp. Constant data; any thread.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/settings.hpp"
#include "event/event_name.hpp"
#include "event/source.hpp"

namespace snap::event {

// An event name of the source (any case; runs of space, '_' and '-' are alike) and Snapchat's.
struct name_row {
  std::string_view from, to;
};

// What the product lines yield when nothing else was found.
enum class from_lines : std::uint8_t { nothing, contents, ids, categories, brands, units, total };

// Where the value of an output field comes from. The first row of a field whose conditions hold is the one that counts.
struct field_source {
  std::string_view field;         // event/field.hpp
  std::string_view from;          // expression; "" none
  std::string_view events = {};   // target events, separated by spaces; "" all
  std::string_view sources = {};  // action sources likewise
  from_lines lines = from_lines::nothing;
};

// The first row that holds decides: `from` yields one of the words `is` (separated by commas, any case), and `unless` yields
// nothing. An empty `from` always holds.
struct choice {
  std::string_view from, is, unless, then;
};

// A column of a product line. Names are relative to the line: "product_id | sku".
struct line_column {
  std::string_view column;  // id, quantity, item_price, brand, category, delivery_category
  std::string_view from;
};

struct preset_table {
  config::preset id = config::preset::snap;
  std::string_view name;
  std::string_view about;
  std::string_view event_name;           // expression for the event's name
  std::string_view call = {};            // expression for the kind of call; anything but "track" is its own name
  std::span<const name_row> names = {};  // Snapchat's own names are always accepted too
  std::span<const name_row> calls = {};  // names of calls
  std::span<const choice> action_source = {};
  std::span<const field_source> fields = {};  // event_time and event_id too
  bool same_names = false;                    // a field without a row is read from $.<its path>
  std::string_view lines = {};                // expression of the list of product lines
  std::string_view single = {};               // where the one product is when there is no list
  std::span<const line_column> columns = {};
  std::span<const line_column> single_columns = {};
  std::span<const choice> platform = {};           // extinfo[0]: i2 or a2
  std::span<const std::string_view> extinfo = {};  // expressions of positions 1 to 15; empty: app_data.extinfo is read as a whole
  std::span<const choice> tracking = {};           // advertiser_tracking_enabled; absent is 0
  std::span<const choice> refused_tracking = {};   // a row that holds keeps user_data.madid back
  std::span<const choice> limited_use = {};        // a row that holds sets data_processing_options
  std::span<const std::string_view> switches = {};  // names of Snapchat in `integrations`
  std::string_view pass_through = {};               // where unknown members of custom_data are
  blank_text blank = blank_text::counts;            // does "" hide a later alternative?
};

[[nodiscard]] std::span<const preset_table* const> presets() noexcept;
[[nodiscard]] const preset_table& table_of(config::preset which) noexcept;

// What `to` of mapping.event.names stands for: a Snapchat name in any spelling, or one of the preset's names.
[[nodiscard]] std::optional<event_name> resolve_event(const preset_table& preset, std::string_view to);

// For people: everything the preset does, as text.
[[nodiscard]] std::string describe_preset(config::preset which);

}  // namespace snap::event
