// A sink for the bridge's JUnit tests that does what record values say, without threads:
//   wait          stays unresolved until "release" comes in its partition; at most script.capacity of them are taken
//   release       resolves what waits
//   reject CODE   is rejected by the next progress()
//   fail TEXT     ends the sink: put() answers SCA_UNAUTHENTICATED
//   log L TEXT    logs TEXT at level L
//   show          logs the record as the sink sees it: topic, routed topic, partition, offset, key, timestamp, headers
//   anything else is resolved at once
#include <charconv>
#include <map>
#include <string>

#include "sca/config_spec.hpp"
#include "sca/export.hpp"
#include "sca/guard.hpp"
#include "sca/position_tracker.hpp"
#include "sca/sink_base.hpp"

namespace {

constexpr sca_str starts[] = {SCA_STR("ok"), SCA_STR("fail")};
constexpr auto keys = sca::config_keys({
    {.name = "script.start",
     .group = "Script",
     .default_value = "ok",
     .valid_values = starts,
     .doc = "fail: start() answers SCA_UNAVAILABLE."},
    {.name = "script.capacity",
     .type = SCA_TYPE_INT,
     .group = "Script",
     .default_value = "1000000",
     .min_value = 1,
     .max_value = 1'000'000,
     .doc = "How many records may wait."},
    {.name = "script.old",
     .flags = SCA_KEY_DEPRECATED,
     .group = "Script",
     .replaced_by = "script.capacity",
     .doc = "Has no effect."},
    {.name = "script.must", .flags = SCA_KEY_REQUIRED, .group = "Script", .doc = "Any text."},
});
constexpr auto key_pointers = sca::config_pointers(keys);
constexpr std::string_view own_prefixes[] = {"script."};

class scripted_sink final : public sca::sink_base {
 public:
  scripted_sink(const sca_host* h, bool starting, std::size_t capacity) : sink_base(h), starts_(starting), capacity_(capacity) {
    host().log(SCA_LOG_INFO, "created");
  }

 private:
  struct partition {
    std::string name;
    sca::position_tracker tracker;
    std::vector<sca::position_tracker::ticket> waiting;
    std::map<std::int64_t, std::pair<sca::position_tracker::ticket, std::string>> rejected;  // offset -> ticket, code
  };

  sca::result<void> do_start() override {
    if (starts_) return {};
    host().log(SCA_LOG_WARN, "about to fail");
    return sca::fail(SCA_UNAVAILABLE, "the script says no 💥");
  }
  sca::result<void> do_open(std::uint64_t assignment, std::string_view topic, std::int32_t number) override {
    partition& p = partitions_[assignment];
    p.name = std::string(topic) + "-" + std::to_string(number);
    host().log(SCA_LOG_INFO, "open " + p.name);
    return {};
  }
  void do_close(std::uint64_t assignment) override {
    host().log(SCA_LOG_INFO, "close " + partitions_[assignment].name);
    partitions_.erase(assignment);
  }
  sca::result<void> do_put(std::span<const sca_record* const> records, std::size_t& accepted) override {
    for (const sca_record* r : records) {
      const auto text = std::string(sca::view(r->value).value_or(""));
      auto& p = partitions_.at(r->assignment);
      const auto after = [&](std::string_view word) { return text.substr(word.size()); };
      if (text == "wait") {
        if (waiting() >= capacity_) return {};
        p.waiting.push_back(p.tracker.add(r->offset));
      } else if (text.starts_with("reject ")) {
        p.rejected[r->offset] = {p.tracker.add(r->offset), after("reject ")};
      } else if (text.starts_with("fail ")) {
        return sca::fail(SCA_UNAUTHENTICATED, after("fail "));
      } else {
        if (text == "release") release(p);
        if (text == "show") show(*r);
        if (text.starts_with("log ")) log(after("log "));
        (void)p.tracker.add(r->offset, 0);
      }
      ++accepted;
    }
    return {};
  }
  sca::result<void> do_progress(std::span<sca_position> positions) override {
    for (sca_position& position : positions) {
      const auto at = partitions_.find(position.assignment);
      if (at == partitions_.end()) continue;
      partition& p = at->second;
      for (auto& [offset, why] : p.rejected) {
        host().reject({.assignment = at->first,
                       .offset = offset,
                       .stage = SCA_STAGE_MAP,
                       .code = why.second,
                       .message = "so says the script"});
        p.tracker.resolve(why.first);
      }
      p.rejected.clear();
      position.offset = p.tracker.position();
    }
    return {};
  }
  void do_stop() override { host().log(SCA_LOG_INFO, "stopped"); }

  [[nodiscard]] std::size_t waiting() const {
    std::size_t n = 0;
    for (const auto& [id, p] : partitions_) n += p.waiting.size();
    return n;
  }
  static void release(partition& p) {
    for (const auto ticket : p.waiting) p.tracker.resolve(ticket);
    p.waiting.clear();
  }
  void log(std::string_view level_and_text) const {
    int level = 0;
    const char* end = level_and_text.data() + level_and_text.size();
    const char* rest = std::from_chars(level_and_text.data(), end, level).ptr;
    host().log(level, std::string_view(rest, static_cast<std::size_t>(end - rest)));
  }
  void show(const sca_record& r) const {
    std::string line = std::string(sca::view(r.topic)) + " " + std::string(sca::view(r.routed_topic)) + " " +
                       std::to_string(r.partition) + " " + std::to_string(r.offset) + " " +
                       std::string(sca::view(r.key).value_or("null")) + " " + std::to_string(r.timestamp_ms);
    for (std::size_t i = 0; i < r.header_count; ++i)
      line += " " + std::string(sca::view(r.headers[i].key)) + "=" + std::string(sca::view(r.headers[i].value).value_or("null"));
    host().log(SCA_LOG_INFO, line);
  }

  const bool starts_;
  const std::size_t capacity_;
  std::map<std::uint64_t, partition> partitions_;
};

sca::config_values parse(const sca_pair* config, std::size_t count, std::vector<sca::config_issue>& issues) {
  return sca::config_spec(key_pointers, {.own_prefixes = own_prefixes}).parse({config, count}, issues);
}

sca_status validate(const sca_connector*, const sca_pair* config, size_t count, sca_config_issue_fn visit, void* ctx,
                    sca_error* out) noexcept {
  return sca::guarded(out, "validate", [&]() -> sca::result<void> {
    std::vector<sca::config_issue> issues;
    (void)parse(config, count, issues);
    sca::visit(issues, visit, ctx);
    return {};
  });
}

sca_status create(const sca_connector*, const sca_host* host, const sca_pair* config, size_t count, sca_sink** out,
                  sca_error* error) noexcept {
  return sca::guarded(error, "create", [&]() -> sca::result<void> {
    std::vector<sca::config_issue> issues;
    const auto values = parse(config, count, issues);
    if (const auto* worst = sca::first_error(issues)) return sca::fail(SCA_INVALID_CONFIG, worst->key + ": " + worst->message);
    *out = sca::sink_base::release(std::make_unique<scripted_sink>(host, values.text("script.start") == "ok",
                                                                   static_cast<std::size_t>(values.integer("script.capacity"))));
    return {};
  });
}

constexpr sca_connector connector = {.struct_size = sizeof(sca_connector),
                                     .reserved = 0,
                                     .id = SCA_STR("org.example.ScriptedSink"),
                                     .alias = SCA_STR("ScriptedSink"),
                                     .version = SCA_STR("1.0.0"),
                                     .description = {},
                                     .doc_url = {},
                                     .keys = key_pointers.data(),
                                     .key_count = key_pointers.size(),
                                     .validate = validate,
                                     .create = create,
                                     .get_extension = nullptr};

}  // namespace

SCA_EXPORT_PLUGIN(&connector)
