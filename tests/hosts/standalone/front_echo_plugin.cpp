// The plugins that tests of the front half link in.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>

#include "front_support.hpp"
#include "sca/config_spec.hpp"
#include "sca/views.hpp"

namespace sinkhost::testing {
namespace {

constexpr sca_str modes[] = {SCA_STR("plain"), SCA_STR("loud")};
constexpr auto echo_table = sca::config_keys({
    {.name = "echo.url",
     .flags = SCA_KEY_REQUIRED,
     .importance = SCA_IMPORTANCE_HIGH,
     .group = "Echo",
     .display_name = "URL",
     .doc = "Where to."},
    {.name = "echo.token", .type = SCA_TYPE_SECRET, .flags = SCA_KEY_REQUIRED, .group = "Echo", .doc = "A secret."},
    {.name = "echo.mode", .group = "Echo", .default_value = "plain", .valid_values = modes, .doc = "How."},
    {.name = "echo.batch",
     .type = SCA_TYPE_INT,
     .group = "Echo",
     .default_value = "2",
     .min_value = 1,
     .max_value = 10,
     .doc = "How many."},
    {.name = "echo.wait.ms", .type = SCA_TYPE_INT, .group = "Echo", .default_value = "5", .doc = "How long."},
    {.name = "echo.on",
     .type = SCA_TYPE_BOOL,
     .importance = SCA_IMPORTANCE_LOW,
     .group = "Echo",
     .default_value = "true",
     .doc = "Whether."},
    {.name = "echo.share", .type = SCA_TYPE_DOUBLE, .group = "Echo", .doc = "How much."},
    {.name = "echo.list", .type = SCA_TYPE_LIST, .group = "More", .doc = "Some."},
    {.name = "echo.field.*", .group = "More", .doc = "A family."},
});
constexpr auto echo_rows = sca::config_pointers(echo_table);
constexpr std::array own = {std::string_view{"echo."}};

sca::config_values judged(const sca_pair* config, std::size_t count, std::vector<sca::config_issue>& issues) {
  return sca::config_spec{echo_rows, {.own_prefixes = own}}.parse({config, count}, issues);
}

sca_status validate(const sca_connector*, const sca_pair* config, size_t count, sca_config_issue_fn visit, void* ctx,
                    sca_error*) noexcept {
  std::vector<sca::config_issue> issues;
  static_cast<void>(judged(config, count, issues));
  for (const sca::config_issue& i : issues) {
    const sca_config_issue abi{sizeof(sca_config_issue), i.severity, sca::str(i.key), sca::str(i.code), sca::str(i.message)};
    visit(ctx, &abi);
  }
  return SCA_OK;
}

constexpr sca_sink idle_sink = {.struct_size = sizeof(sca_sink),
                                .reserved = 0,
                                .self = nullptr,
                                .start = nullptr,
                                .open = nullptr,
                                .close = nullptr,
                                .put = nullptr,
                                .progress = nullptr,
                                .flush = nullptr,
                                .stop = nullptr,
                                .destroy = [](sca_sink*) noexcept {},
                                .get_extension = nullptr};

// A sink that is never started: only validation asks for it.
sca_status create(const sca_connector*, const sca_host*, const sca_pair* config, size_t count, sca_sink** out,
                  sca_error* why) noexcept {
  static sca_sink made = idle_sink;
  const bool good = std::any_of(config, config + count, [](const sca_pair& p) { return sca::view(p.key) == "bare.ok"; });
  if (!good) return sca_fail(why, SCA_INVALID_CONFIG, "bare.ok is missing");
  *out = &made;
  return SCA_OK;
}

// One record's fate. `bodies` keeps what the requests point to.
struct seen {
  std::deque<std::string> bodies;
  std::vector<sca_request> requests;
  std::vector<const sca_request*> pointers;
  sca_preview preview{};
};

sca_preview refused(int32_t outcome, int32_t stage, std::string_view code, std::string_view message) {
  return {.struct_size = sizeof(sca_preview),
          .outcome = outcome,
          .stage = stage,
          .output_count = 0,
          .code = sca::str(code),
          .message = sca::str(message),
          .outputs = nullptr};
}

void look(const sca_record& record, std::string_view url, seen& out) {
  const auto value = sca::view(record.value);
  if (!value) {
    out.preview = refused(SCA_OUTCOME_SKIP, SCA_STAGE_DECODE, "record.tombstone", "null value");
  } else if (value->starts_with('!')) {
    out.preview = refused(SCA_OUTCOME_REJECT, SCA_STAGE_MAP, "echo.refused", "it said \"no\"\n");
  } else {
    const std::size_t count = value->find("twice") != std::string_view::npos ? 2 : 1;
    for (std::size_t i = 0; i < count; ++i) out.bodies.push_back(fmt::format(R"({{"raw":{}}})", *value));
    for (const std::string& body : out.bodies)
      out.requests.push_back({sizeof(sca_request), 0, SCA_STR("POST"), sca::str(url), sca::str(body)});
    for (const sca_request& r : out.requests) out.pointers.push_back(&r);
    out.preview = {.struct_size = sizeof(sca_preview),
                   .outcome = SCA_OUTCOME_SEND,
                   .stage = 0,
                   .output_count = static_cast<uint32_t>(count),
                   .code = {},
                   .message = {},
                   .outputs = out.pointers.data()};
  }
}

void send_batches(const std::vector<std::string>& events, std::size_t size, std::string_view url,
                  const sca_preview_visitor& visitor) {
  for (std::size_t i = 0; i < events.size(); i += size) {
    std::string body = R"({"events":[)";
    for (std::size_t k = i; k < std::min(i + size, events.size()); ++k) body += (k > i ? "," : "") + events[k];
    body += "]}";
    const sca_request request{sizeof(sca_request), 0, SCA_STR("POST"), sca::str(url), sca::str(body)};
    visitor.request(visitor.ctx, &request);
  }
}

sca_status preview(const sca_connector*, const sca_pair* config, size_t config_count, const sca_record* const* records,
                   size_t count, int64_t now_ms, const sca_preview_visitor* visitor, sca_error* why) noexcept {
  std::vector<sca::config_issue> issues;
  const sca::config_values values = judged(config, config_count, issues);
  std::erase_if(issues, [](const sca::config_issue& i) { return i.key == "echo.token"; });
  if (sca::has_error(issues))
    return sca_fail(why, SCA_INVALID_CONFIG, (issues.front().key + ": " + issues.front().message).c_str());
  const std::string url = fmt::format("{}?now={}", values.text("echo.url"), now_ms);
  std::vector<std::string> events;
  for (std::size_t i = 0; i < count; ++i) {
    seen one;
    look(*records[i], url, one);
    visitor->record(visitor->ctx, records[i], &one.preview);
    if (SCA_HAS(visitor, sca_preview_visitor, explain) && visitor->explain != nullptr) {
      const std::string explanation = fmt::format(R"({{"bodies":{}}})", one.bodies.size());
      visitor->explain(visitor->ctx, records[i], sca::str(explanation));
    }
    events.insert(events.end(), one.bodies.begin(), one.bodies.end());
  }
  if (visitor->request != nullptr) send_batches(events, static_cast<std::size_t>(values.integer("echo.batch")), url, *visitor);
  return SCA_OK;
}

constexpr sca_connector_preview preview_table = {sizeof(sca_connector_preview), 0, preview};
const void* extension(const sca_connector*, const char* id) noexcept {
  return std::string_view(id) == SCA_EXT_PREVIEW ? &preview_table : nullptr;
}

constexpr sca_connector echo = {.struct_size = sizeof(sca_connector),
                                .reserved = 0,
                                .id = SCA_STR("test.EchoSink"),
                                .alias = SCA_STR("Echo"),
                                .version = SCA_STR("1.0"),
                                .description = SCA_STR("Says it again."),
                                .doc_url = {},
                                .keys = echo_rows.data(),
                                .key_count = echo_rows.size(),
                                .validate = validate,
                                .create = create,
                                .get_extension = extension};
constexpr sca_connector bare = {.struct_size = sizeof(sca_connector),
                                .reserved = 0,
                                .id = SCA_STR("test.BareSink"),
                                .alias = {},
                                .version = SCA_STR("0.1"),
                                .description = {},
                                .doc_url = {},
                                .keys = nullptr,
                                .key_count = 0,
                                .validate = nullptr,
                                .create = create,
                                .get_extension = nullptr};
constexpr const sca_connector* echo_list[] = {&echo};
constexpr const sca_connector* bare_list[] = {&bare};
constexpr sca_plugin echo_library = {sizeof(sca_plugin), SCA_ABI_VERSION, echo_list, 1};
constexpr sca_plugin bare_library = {sizeof(sca_plugin), SCA_ABI_VERSION, bare_list, 1};

}  // namespace

const sca_plugin* echo_plugin() { return &echo_library; }
const sca_plugin* bare_plugin() { return &bare_library; }

}  // namespace sinkhost::testing
