// What is never shown: values of SECRET keys and contents of records.
#include <array>
#include <string>

#include "session.hpp"

namespace sca::testing {

namespace {

constexpr std::string_view marker = "conformance7f3a9marker";

void expect_nowhere(const std::vector<std::string>& texts, std::string_view what, const std::string& otherwise) {
  for (const std::string& text : texts) expect(text.find(what) == std::string::npos, otherwise);
}

std::vector<std::string> issue_texts(const std::vector<issue>& issues) {
  std::vector<std::string> out;
  for (const issue& i : issues) out.insert(out.end(), {i.code, i.message});
  return out;
}

// Each SECRET key in turn gets a value that can only be wrong or unusual, and every other key too, so that complaints are
// provoked.
void secrets_in_validate(session& s) {
  s.load();
  bool any = false;
  for (std::size_t i = 0; i < s.connector().key_count; ++i) {
    const sca_config_key& k = *s.connector().keys[i];
    std::string name(view(k.name));
    if (k.type != SCA_TYPE_SECRET) continue;
    any = true;
    if (const auto star = name.find('*'); star != std::string::npos) name.replace(star, 1, "x");
    for (const std::string& odd :
         {std::string(marker), std::string(marker) + "\n\x01", std::string(marker) + std::string(5000, 'x')}) {
      string_pairs config = s.subject.config;
      std::erase_if(config, [&](const auto& p) { return p.first == name; });
      config.emplace_back(name, odd);
      config.emplace_back(name + ".misspelt", std::string(marker));
      if (s.connector().validate != nullptr)
        expect_nowhere(issue_texts(s.validate(config)), marker, "validate shows the value of " + name);
      const auto sink = s.fresh();
      (void)sink->create(config);
      expect_nowhere(sink->texts(), marker, "create shows the value of " + name);
    }
  }
  if (!any) skip("the table has no SECRET key");
}

void secrets_at_run_time(session& s) {
  s.load();
  const auto secrets = s.secrets();
  if (secrets.empty()) skip("the given configuration has no SECRET key");
  auto sink = s.started();
  (void)sink->put({s.good(1, 0), s.good(1, 1)});
  (void)sink->settle(std::chrono::milliseconds(1000));  // long enough for a failed attempt to be talked about
  sink->stop();
  positions at;
  (void)sink->try_progress(at);
  for (const std::string& secret : secrets) expect_nowhere(sink->texts(), secret, "a message or log line shows a secret");
}

void record_contents(session& s) {
  s.load();
  auto sink = s.started();
  std::vector<std::string> values = {std::string(marker),
                                     "{\"" + std::string(marker) + "\":", "{\"name\":\"" + std::string(marker) + "\"}",
                                     "[\"" + std::string(marker) + "\"]", std::string(marker) + "\xff"};
  std::int64_t offset = 0;
  for (const std::string& value : values) {
    record_spec r = s.good(1, offset++);
    r.value = value;
    r.key = std::string(marker);
    r.headers = {{"h", std::string(marker)}};
    sink->put_all({r});
  }
  (void)sink->settle(std::chrono::milliseconds(500));
  sink->stop();
  positions at;
  (void)sink->try_progress(at);
  expect_nowhere(sink->texts(), marker, "a message, log line or rejection shows the contents of a record");
}

constexpr auto cases = std::to_array<conformance_case>({
    {"secrets-in-validate", "Issues and messages about a SECRET key never show its value.", secrets_in_validate},
    {"secrets-at-run-time", "No message or log line of a running sink shows a secret.", secrets_at_run_time},
    {"record-contents", "No message, log line or rejection shows what is in a record.", record_contents},
});

}  // namespace

std::span<const conformance_case> secret_cases() { return cases; }

}  // namespace sca::testing
