// sca-conformance LIBRARY [--connector ID] [--config FILE.json | KEY=VALUE …] [--case ID]… [--list] …
// Exit status: 0 all passed (or skipped, or warned), 1 some failed or crashed, 2 the command line is wrong.
#include <boost/json.hpp>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sca/testing/conformance.hpp"

namespace {

using sca::testing::conformance_case;
using sca::testing::conformance_subject;
using sca::testing::verdict;

constexpr const char* usage =
    "usage: sca-conformance LIBRARY [options] [KEY=VALUE ...]\n"
    "  KEY=VALUE              one key of the sink's configuration\n"
    "  --config FILE.json     the configuration: a flat object, or {\"name\":..., \"config\":{...}}\n"
    "  --connector ID         which connector of the library; the first one without it\n"
    "  --case ID              only this case; may be repeated\n"
    "  --limit SECONDS        how long a case may take, 60 without it; rules about time grow with more, as for valgrind\n"
    "  --list                 the cases and what they mean\n"
    "traits of the sink, which the suite cannot know:\n"
    "  --value TEXT           a record value that it delivers; may be repeated; @now@ becomes the time in seconds\n"
    "  --rejected-value TEXT  a record value that it rejects; may be repeated\n"
    "  --unreachable          what it delivers to cannot be reached here\n"
    "  --delivered-to FILE    a file in which delivered values appear\n"
    "  --unchecked            it does not detect a host that breaks the contract\n";

struct command {
  conformance_subject subject;
  std::vector<const conformance_case*> cases;
  std::chrono::seconds limit = sca::testing::usual_limit;
  enum class what : std::uint8_t { run, list } what = what::run;
};

bool read_config(const std::string& file, sca::testing::string_pairs& out) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  boost::system::error_code error;
  const boost::json::value parsed = boost::json::parse(text, error);
  if (error || !parsed.is_object()) {
    std::fprintf(stderr, "%s: not a readable JSON object\n", file.c_str());
    return false;
  }
  const boost::json::object* flat = &parsed.get_object();
  if (const auto* inner = flat->if_contains("config"); inner != nullptr && inner->is_object()) flat = &inner->get_object();
  for (const auto& [key, value] : *flat) {
    if (key == "name" || key == "connector.class" || key == "tasks.max" || key.starts_with("topics")) continue;  // the host's
    out.emplace_back(key, value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value));
  }
  return true;
}

int wrong(const std::string& text) {
  std::fprintf(stderr, "sca-conformance: %s\n%s", text.c_str(), usage);
  return 2;
}

bool read_limit(const std::string& text, std::chrono::seconds& out) {
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  out = std::chrono::seconds{seconds};
  return error == std::errc{} && end == text.data() + text.size() && seconds > 0;
}

// 0: go on; else the exit status.
int parse(std::vector<std::string> args, command& c) {
  auto& s = c.subject;
  std::vector<std::string> values;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string& a = args[i];
    if (a == "--list")
      c.what = command::what::list;
    else if (a == "--unreachable")
      s.traits.to = sca::testing::delivery::unreachable;
    else if (a == "--unchecked")
      s.traits.misuse = sca::testing::misuse_checks::absent;
    else if (a.starts_with("--")) {
      if (i + 1 == args.size()) return wrong(a + " needs a value");
      const std::string& v = args[++i];
      if (a == "--connector")
        s.connector = v;
      else if (a == "--value")
        values.push_back(v);
      else if (a == "--rejected-value")
        s.traits.rejected_values.push_back(v);
      else if (a == "--delivered-to")
        s.traits.delivered_to = v;
      else if (a == "--limit") {
        if (!read_limit(v, c.limit)) return wrong("--limit takes a number of seconds, not " + v);
      } else if (a == "--config") {
        if (!read_config(v, s.config)) return 2;
      } else if (a == "--case") {
        c.cases.push_back(sca::testing::find_case(v));
        if (c.cases.back() == nullptr) return wrong("there is no case " + v + "; see --list");
      } else {
        return wrong("unknown option " + a);
      }
    } else if (const auto eq = a.find('='); eq != std::string::npos && !s.library.empty()) {
      s.config.emplace_back(a.substr(0, eq), a.substr(eq + 1));
    } else if (s.library.empty()) {
      s.library = a;
    } else {
      return wrong("'" + a + "' is not KEY=VALUE");
    }
  }
  if (!values.empty()) s.traits.values = std::move(values);
  if (c.what == command::what::run && s.library.empty()) return wrong("which library?");
  return 0;
}

int run(const command& c) {
  std::map<verdict, int> counts;
  for (const conformance_case* one : c.cases) {
    const auto outcome = sca::testing::run_case(*one, c.subject, c.limit);
    ++counts[outcome.is];
    std::printf("%-8s %s%s%s\n", std::string(name(outcome.is)).c_str(), std::string(one->id).c_str(),
                outcome.text.empty() ? "" : ": ", outcome.text.c_str());
    if (outcome.is == verdict::failed || outcome.is == verdict::crashed)
      std::printf("         rule: %s\n", std::string(one->description).c_str());
    std::fflush(stdout);
  }
  std::printf("%d passed, %d failed, %d crashed, %d skipped, %d warnings\n", counts[verdict::passed], counts[verdict::failed],
              counts[verdict::crashed], counts[verdict::skipped], counts[verdict::warning]);
  return counts[verdict::failed] + counts[verdict::crashed] > 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  command c;
  if (const int status = parse({argv + 1, argv + argc}, c); status != 0) return status;
  if (c.what == command::what::list) {
    for (const conformance_case& one : sca::testing::conformance_cases())
      std::printf("%-30s %s\n", std::string(one.id).c_str(), std::string(one.description).c_str());
    return 0;
  }
  if (c.cases.empty())
    for (const conformance_case& one : sca::testing::conformance_cases()) c.cases.push_back(&one);
  return run(c);
}
