// Where a source keeps its values, if not always at the paths that the mapping names: batches, the same member in several places,
// JSON inside a text, lists of names and values. Part of a path_set; compiled from the preset's table by event/program.
#pragma once
#include <optional>
#include <vector>

#include "event/expression.hpp"

namespace snap::event::json {

// What stands at `from` is read as if it stood at `to`, and outranks what does: of two aliases the earlier one counts. The order
// of a record's members says nothing.
struct alias {
  path from, to;
};

// Elements like {"key":"page_location","value":{"string_value":"…"}}: the first present value of `values` is read as the member
// of `to` that `key` names, unless that member is there itself.
struct pair_list {
  path list, key;
  std::vector<path> values;
  path to;
};

struct layout {
  std::optional<path> members;  // a list whose elements are the members of a batch
  std::vector<alias> aliases;
  std::vector<path> texts;  // may hold an object as JSON text
  std::vector<pair_list> pairs;
};

}  // namespace snap::event::json
