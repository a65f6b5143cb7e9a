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
#include "event/time.hpp"

namespace snap::event {

// An event name of the source (any case; runs of space, '_' and '-' are alike) and Snapchat's.
struct name_row {
  std::string_view from, to;
};

// What the product lines yield when nothing else was found. `sum` takes the place of an absent value, `total` also that of 0.
enum class from_lines : std::uint8_t { nothing, contents, ids, categories, brands, units, units_or_lines, total, sum };

// The first row that holds decides: `from` yields one of the words `is` (separated by commas, any case; none: any value but an
// empty text), `unless` yields nothing or false, `with` yields something else than that, and `differs` not the same as `from`.
// An expression that is not given says nothing.
struct choice {
  std::string_view from, is, unless, then;
  std::string_view with = {}, differs = {};
};

enum class reading : std::uint8_t { as_it_is, up_to_comma };  // up_to_comma: a list of forwarders, the first is the client
enum class take : std::uint8_t { first_present, every };      // of the alternatives of a hashed match key

// Where the value of an output field comes from. The first row of a field whose conditions hold is the one that counts.
struct field_source {
  std::string_view field;         // event/field.hpp
  std::string_view from;          // expression; "" none
  std::string_view events = {};   // target events, separated by spaces; "" all
  std::string_view sources = {};  // action sources likewise
  from_lines lines = from_lines::nothing;
  std::string_view after_lines = {};  // expression for when `from` and the lines yield nothing
  // Of match keys and event_id only, decided record by record: without a row that holds, or without a value, the next row counts.
  std::span<const choice> only_if = {};
  // Of match keys only.
  std::string_view digests = {};   // else from here, where anything but a SHA-256 digest is dropped
  std::string_view unusable = {};  // else from here: digests of text that is not normalised as Snapchat does; dropped and counted
  std::string_view url = {};       // before all of them: the query parameter `parameter` of this URL, named in any case
  std::string_view parameter = {};
  reading as = reading::as_it_is;
  take alternatives = take::first_present;
};

// A column of a product line. Names are relative to the line: "product_id | sku".
struct line_column {
  std::string_view column;  // id, quantity, item_price, brand, category, delivery_category, line_total
  std::string_view from;
  std::string_view otherwise = {};  // a text that stands for an absent one
};

// What stands at `from` is read as if it stood at `as`, and before what does; expressions name `as`. An earlier row outranks a
// later one.
struct place {
  std::string_view from, as;
};

// A list of names and values, read as members of `as`.
struct pair_place {
  std::string_view list, name, value, as;  // name and value are relative to an element of the list; of several values the first
};

// How a position of extinfo is written.
enum class spelling : std::uint8_t {
  as_it_is,
  locale,          // en_US: '-' becomes '_'; two values are joined
  whole,           // a number without its fraction
  gmt_of_hours,    // GMT-4, GMT+5:30
  gmt_of_seconds,  // the same
  gigabytes,       // of bytes, whole
};
struct extinfo_position {
  std::string_view from;
  spelling as = spelling::as_it_is;
  std::string_view also = {};  // of locale: the country
};

// A batch's members are events of their own. `required`: a record without the list is a batch without events.
enum class batch_form : std::uint8_t { optional, required };
enum class one_product : std::uint8_t { is_no_list, is_a_list };

struct preset_table {
  config::preset id = config::preset::snap;
  std::string_view name;
  std::string_view about;
  std::string_view event_name;           // expression for the event's name
  std::string_view call = {};            // expression for the kind of call; anything but "track" is its own name
  std::span<const name_row> names = {};  // Snapchat's own names are always accepted too
  std::span<const name_row> calls = {};  // names of calls
  // Events that carry their kind instead of a name. The first row that holds gives it, with the value of `from` for '*', to be
  // looked up in `calls`; a row without a kind leads to the event's name.
  std::span<const choice> kinds = {};
  std::span<const std::string_view> foreign_names = {};  // names of Snapchat's that mean something else in this source
  std::span<const choice> left_out = {};                 // events that are skipped; `then` says why
  std::span<const choice> action_source = {};
  std::span<const field_source> fields = {};  // event_time and event_id too
  bool same_names = false;                    // a field without a row is read from $.<its path>
  std::string_view lines = {};                // expression of the list of product lines
  std::string_view single = {};               // where the one product is when there is no list
  std::span<const line_column> columns = {};
  std::span<const line_column> single_columns = {};
  one_product single_is = one_product::is_no_list;
  std::span<const choice> platform = {};            // extinfo[0]: i2 or a2
  std::span<const extinfo_position> extinfo = {};   // positions 1 to 15; empty: app_data.extinfo is read as a whole
  std::span<const choice> tracking = {};            // advertiser_tracking_enabled; absent is 0
  std::span<const choice> refused_tracking = {};    // a row that holds keeps user_data.madid back
  std::span<const choice> limited_use = {};         // a row that holds sets data_processing_options
  std::span<const std::string_view> switches = {};  // names of Snapchat in `integrations`
  std::string_view pass_through = {};               // where unknown members of custom_data are
  blank_text blank = blank_text::counts;            // does "" hide a later alternative?
  std::string_view absent_text = {};                // beside "" in presets where that is absent
  no_zone zone = no_zone::invalid;

  std::string_view members = {};  // expression of the list of a batch's members; below it, [*] is the member that is mapped
  batch_form batch = batch_form::optional;
  std::span<const place> places = {};
  std::span<const std::string_view> texts = {};  // may hold their object as JSON text
  std::span<const pair_place> pairs = {};
};

[[nodiscard]] std::span<const preset_table* const> presets() noexcept;
[[nodiscard]] const preset_table& table_of(config::preset which) noexcept;

// What `to` of mapping.event.names stands for: a Snapchat name in any spelling, or one of the preset's names.
[[nodiscard]] std::optional<event_name> resolve_event(const preset_table& preset, std::string_view to);

// What product lines yield, for people.
[[nodiscard]] std::string_view lines_text(from_lines l) noexcept;

// A row's condition, for people: "$.platform is ios, and there is $.device.id"; "otherwise" where there is none.
[[nodiscard]] std::string condition_text(const choice& c);

// For people: everything the preset does, as text.
[[nodiscard]] std::string describe_preset(config::preset which);

}  // namespace snap::event
