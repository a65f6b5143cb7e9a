// The connectors of the broken library, made from SCA_FLAWS, and their judgement of configurations.
#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "broken_sink.hpp"
#include "sca/config_spec.hpp"
#include "sca/guard.hpp"
#include "sca/host_proxy.hpp"

namespace broken {

namespace {

constexpr sca_str modes[] = {SCA_STR("fast"), SCA_STR("safe")};
constexpr auto keys = sca::config_keys({
    {.name = "broken.token", .type = SCA_TYPE_SECRET, .flags = SCA_KEY_REQUIRED, .group = "Broken", .doc = "A secret."},
    {.name = "broken.limit",
     .type = SCA_TYPE_INT,
     .group = "Broken",
     .default_value = "5",
     .min_value = 1,
     .max_value = 10,
     .doc = "A number."},
    {.name = "broken.mode", .group = "Broken", .default_value = "fast", .valid_values = modes, .doc = "A choice."},
    {.name = "broken.path", .group = "Broken", .doc = "A file to append values to; without it they go nowhere."},
});
constexpr auto key_pointers = sca::config_pointers(keys);
constexpr std::array twice = {&keys.rows[0], &keys.rows[1], &keys.rows[2], &keys.rows[3], &keys.rows[1]};
constexpr std::string_view own_prefixes[] = {"broken."};

struct row {
  flaw is;
  const char* id;
  const char* meant_for;
};
constexpr row rows[] = {
#define SCA_FLAW(name, meant_for) {flaw::name, "broken." #name, meant_for},
    SCA_FLAWS(SCA_FLAW)
#undef SCA_FLAW
};
constexpr std::size_t row_count = std::size(rows);

flaw flaw_of(const sca_connector* c) noexcept;

sca::config_values judge(flaw f, std::span<const sca_pair> config, std::vector<sca::config_issue>& issues) {
  auto values = sca::config_spec(key_pointers, {.own_prefixes = own_prefixes}).parse(config, issues);
  if (f == flaw::quotes_secrets_in_issues)
    issues.push_back(
        {SCA_ISSUE_WARNING, "broken.token", "odd", "is that a token: " + std::string(values.text("broken.token")) + "?"});
  return values;
}

sca_status validate(const sca_connector* me, const sca_pair* config, size_t count, sca_config_issue_fn visit, void* ctx,
                    sca_error* out) noexcept {
  return sca::guarded(out, "validate", [&]() -> sca::result<void> {
    static std::atomic<int> judged{0};
    const flaw f = flaw_of(me);
    std::vector<sca::config_issue> issues;
    (void)judge(f, {config, count}, issues);
    if (f == flaw::judges_good_config_bad) issues.push_back({SCA_ISSUE_ERROR, "broken.limit", "mood", "not today"});
    if (f == flaw::counts_its_judgements)
      issues.push_back({SCA_ISSUE_WARNING, "broken.limit", "count", "judgement number " + std::to_string(++judged)});
    if (f == flaw::silent_about_unknown_keys)
      std::erase_if(issues, [](const sca::config_issue& i) { return i.code == "unknown"; });
    if (f == flaw::stops_at_first_issue && issues.size() > 1) issues.resize(1);
    sca::visit(issues, visit, ctx);
    return {};
  });
}

sca_status create(const sca_connector* me, const sca_host* host, const sca_pair* config, size_t count, sca_sink** out,
                  sca_error* error) noexcept {
  return sca::guarded(error, "create", [&]() -> sca::result<void> {
    const flaw f = flaw_of(me);
    if (!sca::host_proxy::usable(host) && f != flaw::takes_short_hosts)
      return sca::fail(SCA_UNSUPPORTED, "the host is older than version 1.0");
    std::vector<sca::config_issue> issues;
    const auto values = judge(f, {config, count}, issues);
    const auto* worst = sca::first_error(issues);
    if (worst != nullptr && f == flaw::does_not_name_the_key) return sca::fail(SCA_INVALID_CONFIG, "something is wrong");
    if (worst != nullptr && f != flaw::creates_what_validate_refuses)
      return sca::fail(SCA_INVALID_CONFIG, worst->key + ": " + worst->message);
    settings s{
        .path = std::string(values.text("broken.path")), .token = std::string(values.text("broken.token")), .unowned_path = {}};
    for (const sca_pair& p : std::span(config, count))
      if (sca::view(p.key) == "broken.path" || s.unowned_path.empty()) s.unowned_path = sca::view(p.value);
    *out = std::make_unique<sink>(host, f, std::move(s)).release()->abi();
    return {};
  });
}

sca_status preview(const sca_connector* me, const sca_pair*, size_t, const sca_record* const* records, size_t count, int64_t,
                   const sca_preview_visitor* visitor, sca_error* out) noexcept {
  return sca::guarded(out, "preview", [&]() -> sca::result<void> {
    static std::atomic<int> seen{0};
    for (size_t i = 0; i < count; ++i) {
      const std::string body = flaw_of(me) == flaw::counts_its_previews ? std::to_string(++seen) : "{}";
      const sca_request request{.struct_size = sizeof request,
                                .reserved = 0,
                                .method = SCA_STR("POST"),
                                .url = SCA_STR("https://example.org"),
                                .body = sca::str(body)};
      const sca_request* const outputs[] = {&request};
      const sca_preview p{.struct_size = sizeof p,
                          .outcome = SCA_OUTCOME_SEND,
                          .stage = 0,
                          .output_count = 1,
                          .code = {},
                          .message = {},
                          .outputs = outputs};
      visitor->record(visitor->ctx, records[i], &p);
    }
    return {};
  });
}
constexpr sca_connector_preview preview_table = {.struct_size = sizeof preview_table, .reserved = 0, .preview = preview};

const void* extension(const sca_connector*, const char* id) noexcept {
  return std::string_view(id) == SCA_EXT_PREVIEW ? &preview_table : nullptr;
}

constexpr sca_str text(const char* s) noexcept { return {s, std::char_traits<char>::length(s)}; }

constexpr auto connectors = [] {
  std::array<sca_connector, row_count> out{};
  for (std::size_t i = 0; i < row_count; ++i) {
    const bool doubled = rows[i].is == flaw::key_twice_in_table;
    out[i] = {.struct_size = sizeof(sca_connector),
              .reserved = 0,
              .id = text(rows[i].id),
              .alias = {},
              .version = SCA_STR("1.0.0"),
              .description = text(rows[i].meant_for),
              .doc_url = {},
              .keys = doubled ? twice.data() : key_pointers.data(),
              .key_count = doubled ? twice.size() : key_pointers.size(),
              .validate = validate,
              .create = create,
              .get_extension = extension};
  }
  return out;
}();
constexpr auto pointers = [] {
  std::array<const sca_connector*, row_count> out{};
  for (std::size_t i = 0; i < row_count; ++i) out[i] = &connectors[i];
  return out;
}();

flaw flaw_of(const sca_connector* c) noexcept { return rows[c - connectors.data()].is; }

}  // namespace
}  // namespace broken

extern "C" SCA_EXPORT const sca_plugin* sink_connector_plugin_v1(void) noexcept {
  static constexpr sca_plugin plugin = {sizeof(sca_plugin), SCA_ABI_VERSION, broken::pointers.data(), broken::pointers.size()};
  return &plugin;
}
