// What would become of records: asks the connector's extension sca.preview/1 and writes the answer as interfaces.md §2 has it,
// one JSON object per record or per request. No network, no Kafka, no secret is read. Used by `preview` and by the REST server;
// any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "preview_record.hpp"
#include "sca/sink_connector.h"
#include "sca/status.hpp"
#include "task.hpp"
#include "validation.hpp"

namespace sinkhost {

enum class preview_want : std::uint8_t { results, results_and_requests };
enum class preview_detail : std::uint8_t { what, what_and_why };  // why: the plugin's explanation, in each result

struct preview_answer {
  std::vector<std::string> results;   // one per record, in order
  std::vector<std::string> requests;  // after batching, when wanted
};

[[nodiscard]] bool can_preview(const sca_connector& connector) noexcept;
[[nodiscard]] sca::result<preview_answer> preview(const sca_connector& connector, const string_map& config,
                                                  std::span<const preview_record> records, std::int64_t now_ms, preview_want want,
                                                  preview_detail detail = preview_detail::what);

// Judges a configuration for a preview: names, topics and secrets may be missing, references stay unresolved. Whether the sink's
// part is good enough the preview itself says; the issues that the plugin names are shown only when it is not.
[[nodiscard]] validation judge_for_preview(const plugins& known, const string_map& config, std::int64_t now_ms);

// What records without a topic get: the first of the connector's topics.
[[nodiscard]] std::string default_topic(const string_map& config);

// RFC 3339, e.g. 2024-05-01T12:00:00Z or 2024-05-01T14:00:00.5+02:00, as ms since the epoch. nullopt: not that.
[[nodiscard]] std::optional<std::int64_t> parse_rfc3339(std::string_view text) noexcept;

}  // namespace sinkhost
