// Every member of a v3 event that can be sent (snap-api.md §1.5 to §1.10): one row says where it stands, in which form it is
// written and what normalises it. Presets and mapping.field.<path> name fields by path. Constant data; any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "event/normalise/normalise.hpp"

namespace snap::event {

enum class part : std::uint8_t { root, user_data, custom_data, app_data };

enum class form : std::uint8_t {
  special,       // event_name, event_time, action_source, event_id: judged before anything is written
  text,          // one text; a number keeps its digits
  address,       // a URL with its scheme; Snapchat refuses an event for anything else, so that is left out
  number,        // a JSON number; a plain decimal text is converted, anything else is left out
  integer,       // the same, whole
  flag,          // true and false
  bit,           // 0 and 1, from booleans, numbers and words
  texts,         // a list of texts
  one_or_texts,  // a text, or a list of them when the record has a list
  hashed,        // match key: normalised, SHA-256; a list when there are several
  hashed_list,   // the same, always a list
  plain_key,     // match key: normalised, not hashed
  plain_text,    // match key: as it is
  currency,
  amount,    // value: anything but a plain decimal rejects the event
  contents,  // product lines
  extinfo,   // the 16 positions
  options,   // data_processing_options
  text_map,  // custom_fields: names and texts
  any,       // copied as it is, without nulls
};

// What a member of this form is made from, for people: the rest is left out, or rejects the event.
[[nodiscard]] std::string_view takes(form f) noexcept;

// What Snapchat accepts as enough to know a person by: one alone, a device id of an app, or an address together with an agent.
enum class identity : std::uint8_t { none, alone, app_device, address, agent };

enum class meaning : std::uint8_t { content, id };  // id: a program's word for nothing (is_placeholder) is as if it was not there

struct field_row {
  std::string_view path;
  part in;
  form as;
  normalise::function by = nullptr;
  identity role = identity::none;
  meaning what = meaning::content;
};

// In the order in which they are written. country stands before what reads it, value before currency.
[[nodiscard]] std::span<const field_row> fields() noexcept;
using field_index = std::uint8_t;
[[nodiscard]] std::optional<field_index> find_field(std::string_view path) noexcept;

// What mapping.field.<path> accepts: every field of the table but contents' parts, and any name of one level below custom_data or
// custom_data.custom_fields.
[[nodiscard]] bool is_output_path(std::string_view path) noexcept;
// Does the path name a member of custom_data.custom_fields?
[[nodiscard]] bool is_custom_field(std::string_view path) noexcept;

}  // namespace snap::event
