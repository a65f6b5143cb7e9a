#include "preview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "json_slice.hpp"
#include "sca/config_spec.hpp"
#include "sca/views.hpp"

namespace sinkhost {
namespace {

// A record in the ABI's form; the views refer into the preview_record.
struct abi_record {
  std::vector<sca_header> headers;
  sca_record record{};
};

sca_bytes abi_bytes(const std::optional<std::string>& bytes) noexcept {
  return bytes ? sca::bytes(*bytes) : sca_bytes{nullptr, 0};
}

abi_record to_abi(const preview_record& from) {
  abi_record out;
  for (const auto& [name, value] : from.headers) out.headers.push_back({sca::str(name), abi_bytes(value)});
  out.record = {.struct_size = sizeof(sca_record),
                .partition = from.partition,
                .offset = from.offset,
                .assignment = 0,
                .timestamp_ms = from.timestamp.value_or(-1),
                .timestamp_type = from.timestamp ? SCA_TIMESTAMP_CREATE : SCA_TIMESTAMP_NONE,
                .reserved = 0,
                .topic = sca::str(from.topic),
                .routed_topic = sca::str(from.topic),
                .key = abi_bytes(from.key),
                .value = abi_bytes(from.value),
                .headers = out.headers.data(),
                .header_count = out.headers.size()};
  return out;
}

std::string_view stage_text(std::int32_t stage) noexcept {
  if (stage == SCA_STAGE_DECODE) return "decode";
  return stage == SCA_STAGE_MAP ? "map" : "send";
}

// body_name: "event" beside a record, "body" of a whole request. The body is JSON and goes in as it is.
std::string request_line(const sca_request& request, std::string_view body_name) {
  const std::string_view body = sca::view(request.body);
  return fmt::format(R"({{"method":{},"url":{},"{}":{}}})", json_quoted(sca::view(request.method)),
                     json_quoted(sca::view(request.url)), body_name, body.empty() ? "null" : body);
}

std::string record_line(const sca_record& record, const sca_preview& seen) {
  std::string out = fmt::format(R"({{"topic":{},"partition":{},"offset":{},"outcome":)", json_quoted(sca::view(record.topic)),
                                record.partition, record.offset);
  if (seen.outcome == SCA_OUTCOME_SEND) {
    out += R"("send","outputs":[)";
    for (std::uint32_t i = 0; i < seen.output_count; ++i) out += (i == 0 ? "" : ",") + request_line(*seen.outputs[i], "event");
    return out + "]}";
  }
  return out + fmt::format(R"("{}","stage":"{}","code":{},"message":{}}})", seen.outcome == SCA_OUTCOME_SKIP ? "skip" : "reject",
                           stage_text(seen.stage), json_quoted(sca::view(seen.code)), json_quoted(sca::view(seen.message)));
}

void on_record(void* ctx, const sca_record* record, const sca_preview* seen) noexcept {
  static_cast<preview_answer*>(ctx)->results.push_back(record_line(*record, *seen));
}
// An explanation becomes the last member of the result before it. What is no JSON object would break the line.
void on_explanation(void* ctx, const sca_record*, sca_str json) noexcept {
  auto& results = static_cast<preview_answer*>(ctx)->results;
  if (results.empty() || !slice_object(sca::view(json))) return;
  results.back().pop_back();
  results.back() += fmt::format(R"(,"explanation":{}}})", sca::view(json));
}
void on_request(void* ctx, const sca_request* request) noexcept {
  static_cast<preview_answer*>(ctx)->requests.push_back(request_line(*request, "body"));
}

const sca_connector_preview* extension(const sca_connector& connector) noexcept {
  if (connector.get_extension == nullptr) return nullptr;
  return static_cast<const sca_connector_preview*>(connector.get_extension(&connector, SCA_EXT_PREVIEW));
}

// Digits [begin, begin + count) as a number within bounds; -1: not so.
int two_or_four(std::string_view text, std::size_t begin, std::size_t count, int low, int high) noexcept {
  int out = 0;
  if (begin + count > text.size()) return -1;
  const char* const end = text.data() + begin + count;
  const auto [stop, why] = std::from_chars(text.data() + begin, end, out);
  return why == std::errc{} && stop == end && text[begin] != '-' && out >= low && out <= high ? out : -1;
}

// "Z" or "+hh:mm": minutes east of UTC.
std::optional<int> zone_minutes(std::string_view zone) noexcept {
  if (zone == "Z" || zone == "z") return 0;
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
  const int hours = two_or_four(zone, 1, 2, 0, 23);
  const int minutes = two_or_four(zone, 4, 2, 0, 59);
  if (hours < 0 || minutes < 0) return std::nullopt;
  return (zone[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

bool can_preview(const sca_connector& connector) noexcept { return extension(connector) != nullptr; }

sca::result<preview_answer> preview(const sca_connector& connector, const string_map& config,
                                    std::span<const preview_record> records, std::int64_t now_ms, preview_want want,
                                    preview_detail detail) {
  const sca_connector_preview* const table = extension(connector);
  if (table == nullptr) return sca::fail(SCA_UNSUPPORTED, fmt::format("{} offers no preview", sca::view(connector.id)));
  std::vector<abi_record> owned;
  for (const preview_record& record : records) owned.push_back(to_abi(record));
  std::vector<const sca_record*> pointers;
  for (const abi_record& one : owned) pointers.push_back(&one.record);
  const std::vector<sca_pair> pairs = sink_config(config);
  preview_answer out;
  const sca_preview_visitor visitor = {.struct_size = sizeof(sca_preview_visitor),
                                       .reserved = 0,
                                       .ctx = &out,
                                       .record = on_record,
                                       .request = want == preview_want::results ? nullptr : on_request,
                                       .explain = detail == preview_detail::what ? nullptr : on_explanation};
  sca_error why = SCA_ERROR_INIT;
  const sca_status status =
      table->preview(&connector, pairs.data(), pairs.size(), pointers.data(), pointers.size(), now_ms, &visitor, &why);
  if (status != SCA_OK) return sca::fail(status, why.message[0] == '\0' ? "the plugin gave no reason" : why.message);
  if (out.results.size() != records.size()) {
    return sca::fail(SCA_INTERNAL, fmt::format("the plugin judged {} of {} records", out.results.size(), records.size()));
  }
  return out;
}

validation judge_for_preview(const plugins& known, const string_map& config, std::int64_t now_ms) {
  validation out = validate_for_preview(known, config);
  if (out.connector == nullptr) return out;
  const auto tried = preview(*out.connector, config, {}, now_ms, preview_want::results);
  const auto of_plugin = [](const sca::config_issue& i) { return i.severity == SCA_ISSUE_ERROR && !is_host_key(i.key); };
  if (tried) {
    std::erase_if(out.issues, of_plugin);
  } else if (tried.error().code == SCA_UNSUPPORTED || std::ranges::none_of(out.issues, of_plugin)) {
    out.issues.push_back({SCA_ISSUE_ERROR, "connector.class", "preview", tried.error().message});
  }
  return out;
}

std::string default_topic(const string_map& config) {
  const auto topics = config.find("topics");
  const auto listed = topics == config.end() ? std::vector<std::string>{} : sca::split_list(topics->second);
  return listed.empty() ? "preview" : listed.front();
}

std::optional<std::int64_t> parse_rfc3339(std::string_view text) noexcept {
  constexpr std::size_t to_seconds = 19;  // "2024-05-01T12:00:00"
  if (text.size() <= to_seconds || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') return std::nullopt;
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return std::nullopt;
  const int year = two_or_four(text, 0, 4, 0, 9999);
  const int month = two_or_four(text, 5, 2, 1, 12);
  const int day = two_or_four(text, 8, 2, 1, 31);
  const int hour = two_or_four(text, 11, 2, 0, 23);
  const int minute = two_or_four(text, 14, 2, 0, 59);
  const int second = two_or_four(text, 17, 2, 0, 60);  // 60: a leap second
  if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  std::size_t at = to_seconds;
  std::int64_t milliseconds = 0;
  if (text[at] == '.') {
    std::int64_t unit = 100;
    const std::size_t first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) milliseconds += unit * (text[at] - '0');
    if (at == first) return std::nullopt;
  }
  const auto east = zone_minutes(text.substr(at));
  if (!east) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return (((days * 24 + hour) * 60 + minute - *east) * 60 + second) * 1000 + milliseconds;
}

}  // namespace sinkhost
