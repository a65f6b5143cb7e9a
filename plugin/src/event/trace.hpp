// Why an event looks as it does, for `preview --explain`: filled by mapper and renderer while somebody asks for it, and only
// then. Names places and rules, never values of the record. One thread.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace snap::event {

// One decision: what fills a field, or why its source was dropped.
struct trace_row {
  std::string field;    // its path in the event
  std::string value;    // of event_name and action_source, which are words of Snapchat's
  std::string from;     // the place in the record, as an expression: $.traits.email
  std::string when;     // the condition of the preset's row that held
  std::string by;       // who said so: preset, mapping.field.<path>, another key of the configuration, product lines
  std::string dropped;  // why nothing of it was sent; "" it was
};
struct trace_event {
  std::string event_name;
  std::vector<trace_row> fields;  // in the order in which they are written
};
// A member of a batch, as if it was a record.
struct trace_member {
  std::size_t number = 0;     // in the batch, from 0
  std::string code, message;  // of one that was skipped, or that made the record a reject
  std::vector<trace_row> record;
  std::vector<trace_event> events;
};
struct trace {
  std::string preset;
  std::vector<trace_row> record;  // what is decided once for all events of a record, in the order of the checks
  std::vector<trace_event> events;
  std::vector<trace_member> members;  // of a batch, in place of these two
};

// {"preset":…,"record":[ROW…],"events":[{"event_name":…,"fields":[ROW…]}…]}, or of a batch {"preset":…,"members":[{"member":0,
// "code":…,"message":…,"record":…,"events":…}…]}; a row has only the members that say something.
[[nodiscard]] std::string to_json(const trace& t);

}  // namespace snap::event
