// validate() and create(): the plugin is the only judge of its configuration, and both give the same judgement.
#include <algorithm>
#include <array>
#include <string>
#include <thread>
#include <vector>

#include "session.hpp"

namespace sca::testing {

namespace {

bool any_error(const std::vector<issue>& issues) {
  return std::any_of(issues.begin(), issues.end(), [](const issue& i) { return i.severity != SCA_ISSUE_WARNING; });
}
bool error_about(const std::vector<issue>& issues, std::string_view key) {
  return std::any_of(issues.begin(), issues.end(),
                     [&](const issue& i) { return i.key == key && i.severity != SCA_ISSUE_WARNING; });
}

string_pairs with(string_pairs config, const std::string& key, const std::string& value) {
  std::erase_if(config, [&](const auto& p) { return p.first == key; });
  config.emplace_back(key, value);
  return config;
}
string_pairs without(string_pairs config, const std::string& key) {
  std::erase_if(config, [&](const auto& p) { return p.first == key; });
  return config;
}

// A value that the table itself says is wrong; "" when it says nothing.
std::string wrong_value(const sca_config_key& k) {
  if (k.type == SCA_TYPE_BOOL || k.type == SCA_TYPE_INT || k.type == SCA_TYPE_DOUBLE) {
    if (k.min_value < k.max_value && k.max_value < 1e15) return std::to_string(static_cast<long long>(k.max_value) + 1);
    return "certainly-no-such-value";
  }
  return k.valid_value_count > 0 ? "certainly-no-such-value" : "";
}

// {what was done to the configuration, the key that must be named, the result}
struct wrong_config {
  std::string what, key;
  string_pairs config;
};
std::vector<wrong_config> wrong_configs(const session& s) {
  std::vector<wrong_config> out;
  for (std::size_t i = 0; i < s.connector().key_count; ++i) {
    const sca_config_key& k = *s.connector().keys[i];
    const std::string name(view(k.name));
    if (name.find('*') != std::string::npos) continue;
    if (const std::string bad = wrong_value(k); !bad.empty())
      out.push_back({name + "=" + bad, name, with(s.subject.config, name, bad)});
    if ((k.flags & SCA_KEY_REQUIRED) != 0) out.push_back({"no " + name, name, without(s.subject.config, name)});
  }
  return out;
}

void validate_accepts(session& s) {
  s.load();
  for (const issue& i : s.validate(s.subject.config))
    expect(i.severity == SCA_ISSUE_WARNING, "the given configuration has an error: " + i.key + ": " + i.message);
}

void validate_is_pure(session& s) {
  s.load();
  const auto wrong = wrong_configs(s);
  const auto config = wrong.empty() ? s.subject.config : wrong.front().config;
  const census before = census::take();
  const auto texts = [&] {
    std::string all;
    for (const issue& i : s.validate(config)) all += std::to_string(i.severity) + i.key + i.code + i.message + "\n";
    return all;
  };
  const std::string once = texts();
  std::string elsewhere;
  std::thread([&] { elsewhere = texts(); }).join();
  expect(texts() == once && elsewhere == once, "the same configuration was judged differently the second time");
  const std::string changed = before.difference(census::take());
  expect(changed.empty(), "validate left " + changed);
}

void validate_reports_all(session& s) {
  s.load();
  string_pairs config = s.subject.config;
  std::vector<std::string> broken;
  for (const wrong_config& w : wrong_configs(s)) {
    if (std::find(broken.begin(), broken.end(), w.key) != broken.end()) continue;
    broken.push_back(w.key);
    config = without(config, w.key);
    for (const auto& [key, value] : w.config)
      if (key == w.key) config.emplace_back(key, value);
  }
  if (broken.empty()) skip("the table has no key with a type, range or choice, and no required one");
  const auto issues = s.validate(config);
  for (const std::string& key : broken)
    expect(error_about(issues, key), "of several wrong keys at once, " + key + " was not reported");
  for (const issue& i : issues)
    expect(!i.code.empty() && !i.message.empty(), "an issue about " + i.key + " has no code or no text");
}

void validate_names_unknown_keys(session& s) {
  s.load();
  const std::string stranger = "nobody.knows.this.key";
  const auto issues = s.validate(with(s.subject.config, stranger, "x"));
  expect(std::any_of(issues.begin(), issues.end(), [&](const issue& i) { return i.key == stranger; }),
         "a key that the table does not name is no issue");
}

void create_agrees(session& s) {
  s.load();
  const auto agree = [&](const string_pairs& config, const std::string& what) {
    const bool bad = s.connector().validate != nullptr && any_error(s.validate(config));
    const auto sink = s.fresh();
    const sca_status status = sink->create(config);
    if (bad)
      expect(status == SCA_INVALID_CONFIG, what + ": validate has an error to report, create answered " + std::to_string(status));
    else if (s.connector().validate != nullptr)
      expect(status != SCA_INVALID_CONFIG,
             what + ": validate has nothing to say, create answered SCA_INVALID_CONFIG: " + sink->said());
  };
  agree(s.subject.config, "the given configuration");
  for (const wrong_config& w : wrong_configs(s)) agree(w.config, w.what);
  agree({}, "an empty configuration");
}

void create_reports_wrong_keys(session& s) {
  s.load();
  bool any = false;
  for (const wrong_config& w : wrong_configs(s)) {
    any = true;
    const auto sink = s.fresh();
    const sca_status status = sink->create(w.config);
    expect(status == SCA_INVALID_CONFIG, w.what + " violates the table, and create answered " + std::to_string(status));
    expect(sink->said().find(w.key) != std::string::npos, w.what + ": the message does not name the key: " + sink->said());
  }
  if (!any) skip("the table has no key with a type, range or choice, and no required one");
}

void create_copies_configuration(session& s) {
  s.load();
  // running_sink::create() hands over text that cannot be read any more afterwards.
  auto sink = s.started();
  (void)sink->put({s.good(1, 0)});
  (void)sink->progress();
  sink->stop();
}

void create_starts_nothing(session& s) {
  s.load();
  const census before = census::take();
  const auto sink = s.created();
  const std::string changed = before.difference(census::take());
  expect(changed.empty(), "create left " + changed);
}

constexpr auto cases = std::to_array<conformance_case>({
    {"validate-accepts-config", "validate finds no error in the configuration that the suite was given.", validate_accepts},
    {"validate-is-pure", "validate gives the same answer again, on any thread, and leaves nothing behind.", validate_is_pure},
    {"validate-reports-all",
     "validate reports every wrong type, range, choice and missing required key in one call, each with code and text.",
     validate_reports_all},
    {"validate-names-unknown-keys", "A key that the table does not name is an issue.", validate_names_unknown_keys},
    {"create-agrees-with-validate",
     "create answers SCA_INVALID_CONFIG if and only if validate has an error to report, and writes no *out then.", create_agrees},
    {"create-reports-wrong-keys", "create refuses what violates the key table and names the key.", create_reports_wrong_keys},
    {"create-copies-configuration", "What the sink needs of its configuration it copies: the text is gone when create returns.",
     create_copies_configuration},
    {"create-starts-nothing", "create does no I/O and starts no thread.", create_starts_nothing},
});

}  // namespace

std::span<const conformance_case> config_cases() { return cases; }

}  // namespace sca::testing
