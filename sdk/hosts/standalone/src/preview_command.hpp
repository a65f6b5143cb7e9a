// `sink-host preview`: lines of records in, lines of JSON out. Streams are given, so that tests need no process.
#pragma once
#include <iosfwd>
#include <string>

#include "plugins.hpp"
#include "preview.hpp"
#include "task.hpp"

namespace sinkhost {

enum class preview_form : std::uint8_t { per_record, per_request };  // per_request: --batches

struct preview_command {
  string_map config;
  std::int64_t now_ms = 0;
  preview_form form = preview_form::per_record;
  preview_detail detail = preview_detail::what;
};

// The process's exit status: 0, or 2 for a bad configuration or an unreadable line, which err names. Earlier lines are printed.
[[nodiscard]] int run_preview(const preview_command& command, const plugins& known, std::istream& in, std::ostream& out,
                              std::ostream& err);

}  // namespace sinkhost
