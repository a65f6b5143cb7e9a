// The contract of sink_connector.h as cases that any sink can run. The library under test is only ever loaded in a child process,
// so a crash is a verdict like any other. The program sca-conformance is a thin shell over this; sinks' own tests may call it
// too.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sca::testing {

enum class verdict : std::uint8_t { passed, failed, crashed, skipped, warning };
[[nodiscard]] std::string_view name(verdict v) noexcept;

enum class delivery : std::uint8_t {
  reachable,
  unreachable
};  // unreachable: good records stay unresolved for as long as a case lasts
enum class misuse_checks : std::uint8_t { answered, absent };  // absent: the sink does not detect a host that breaks the contract

// What the suite cannot know about a sink.
struct traits {
  std::vector<std::string> values = {"{\"id\":1}"};  // the sink delivers them; "@now@" becomes the time in seconds
  std::vector<std::string> rejected_values;  // it rejects them; the suite tries a null, an empty and a non-UTF-8 value too
  delivery to = delivery::reachable;
  misuse_checks misuse = misuse_checks::answered;
  std::filesystem::path delivered_to;  // a file in which delivered values appear; "": the suite cannot see deliveries
};

using string_pairs = std::vector<std::pair<std::string, std::string>>;

struct conformance_subject {
  std::filesystem::path library;
  std::string connector;  // id or alias; "": the first one
  string_pairs config;    // valid, and complete
  testing::traits traits;
};

class session;
struct conformance_case {
  std::string_view id;           // stable, kebab-case
  std::string_view description;  // the rule, as a sentence
  void (*run)(session&);
};
[[nodiscard]] std::span<const conformance_case> conformance_cases();
[[nodiscard]] const conformance_case* find_case(std::string_view id);

struct outcome {
  verdict is = verdict::passed;
  std::string text;  // why, unless passed
};
constexpr std::chrono::seconds usual_limit{60};
// Runs it in a child process, which is killed when it takes longer than limit (then failed). What a rule says of time grows with
// a limit above the usual one: it is meant for a sink that a sanitizer or valgrind makes slow.
[[nodiscard]] outcome run_case(const conformance_case& c, const conformance_subject& s, std::chrono::seconds limit = usual_limit);

}  // namespace sca::testing
