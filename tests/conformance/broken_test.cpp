// Every broken sink is caught by the case that is meant for it, and the one that is not broken passes them all. A case that no
// broken sink fails proves nothing, so each has at least one.
#include <catch2/catch.hpp>
#include <cstdio>
#include <map>
#include <set>
#include <string>

#include "broken/flaws.hpp"
#include "sca/testing/conformance.hpp"

using sca::testing::conformance_subject;
using sca::testing::run_case;
using sca::testing::verdict;

namespace {

struct flawed {
  std::string name, meant_for;
};
const std::vector<flawed>& flaws() {
  static const std::vector<flawed> all = {
#define SCA_FLAW(name, meant_for) {#name, meant_for},
      SCA_FLAWS(SCA_FLAW)
#undef SCA_FLAW
  };
  return all;
}

const std::map<std::string, std::string> entry_flaws = {{SCA_BROKEN_LOAD, "entry-no-side-effects"},
                                                        {SCA_BROKEN_TABLE, "tables-complete"},
                                                        {SCA_BROKEN_EXPORT, "one-exported-symbol"}};
const std::set<std::string> only_warned_about = {"log-level-is-respected", "wakes-when-done", "reject-not-after-close"};

conformance_subject subject(const std::string& name) {
  conformance_subject s;
  s.library = SCA_BROKEN_SINKS;
  s.connector = "broken." + name;
  const std::string path = std::string(SCA_BROKEN_OUTPUT) + "." + name;
  (void)std::remove(path.c_str());
  s.config = {{"broken.token", "0123-secret-4567"}, {"broken.path", path}};
  s.traits.delivered_to = path;
  return s;
}

bool caught(verdict v, const std::string& by) {
  return v == verdict::failed || v == verdict::crashed || (v == verdict::warning && only_warned_about.contains(by));
}

}  // namespace

TEST_CASE("the sink that is broken in no way passes every case") {
  for (const auto& c : sca::testing::conformance_cases()) {
    const auto o = run_case(c, subject("none"));
    INFO(c.id << ": " << o.text);
    // The sound sink empties its buffer faster than the suite fills it.
    CHECK((o.is == verdict::passed || (c.id == "put-when-full-is-cheap" && o.is == verdict::skipped)));
  }
}

TEST_CASE("every broken sink is caught by the case that is meant for it") {
  for (const flawed& f : flaws()) {
    if (f.name == "none") continue;
    const auto* meant = sca::testing::find_case(f.meant_for);
    INFO(f.name << " is meant for " << f.meant_for);
    REQUIRE(meant != nullptr);
    const auto o = run_case(*meant, subject(f.name));
    INFO(name(o.is) << ": " << o.text);
    CHECK(caught(o.is, f.meant_for));
  }
}

TEST_CASE("libraries that are broken before a sink is made are caught") {
  for (const auto& [library, meant_for] : entry_flaws) {
    conformance_subject s;
    s.library = library;
    INFO(library << " is meant for " << meant_for);
    CHECK(run_case(*sca::testing::find_case(meant_for), s).is == verdict::failed);
  }
}

TEST_CASE("every case has a broken sink that it catches") {
  std::set<std::string> covered;
  for (const flawed& f : flaws()) covered.insert(f.meant_for);
  for (const auto& [library, meant_for] : entry_flaws) covered.insert(meant_for);
  for (const auto& c : sca::testing::conformance_cases()) {
    INFO(c.id);
    CHECK(covered.contains(std::string(c.id)));
  }
}

TEST_CASE("a crash, a hang and a case that ends the process are verdicts") {
  const auto run = [](void (*f)(sca::testing::session&), std::chrono::seconds limit) {
    return run_case({"probe", "A probe.", f}, subject("none"), limit);
  };
  using session = sca::testing::session;
  CHECK(run([](session&) { __builtin_trap(); }, std::chrono::seconds(5)).is == verdict::crashed);
  CHECK(run([](session&) { std::exit(0); }, std::chrono::seconds(5)).is == verdict::crashed);
  const auto hung = run(
      [](session&) {
        for (;;) (void)getchar();
      },
      std::chrono::seconds(1));
  CHECK(hung.is == verdict::failed);
  CHECK(hung.text == "did not end within 1 s");
}

TEST_CASE("what a rule says of time grows with the limit, for a sink that a sanitizer makes slow") {
  const auto& prompt = *sca::testing::find_case("stop-is-prompt");
  CHECK(run_case(prompt, subject("stops_slowly")).is == verdict::failed);
  CHECK(run_case(prompt, subject("stops_slowly"), 4 * sca::testing::usual_limit).is == verdict::passed);
}
