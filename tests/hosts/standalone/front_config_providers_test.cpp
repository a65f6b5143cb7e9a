#include <sys/stat.h>

#include "front_catch.hpp"

#include "config_providers.hpp"
#include "front_support.hpp"

using namespace sinkhost;
using sinkhost::testing::temporary_directory;

namespace {

int reads = 0;
const reference_source source{
    .env = [](const std::string& name) { return name == "TOKEN" ? std::optional<std::string>("abc") : std::nullopt; },
    .file = [](const std::string& path) -> sca::result<std::string> {
      ++reads;
      if (path != "/secrets.properties") return sca::fail(SCA_UNAVAILABLE, "cannot read " + path + ": No such file or directory");
      return std::string("password=pa:ss}word\nother=x=y\nnested=${env:TOKEN}\n");
    }};

std::string resolved(const std::string& text) {
  const auto out = resolve_references({{"k", text}}, source);
  REQUIRE(out.issues.empty());
  return out.config.at("k");
}
std::string problem(const std::string& text) {
  const auto out = resolve_references({{"k", text}}, source);
  REQUIRE(out.issues.size() == 1);
  CHECK(out.issues.front().key == "k");
  CHECK(out.config.empty());
  return out.issues.front().message;
}

}  // namespace

TEST_CASE("references to the environment and to files are replaced, several in a value too") {
  CHECK(resolved("${env:TOKEN}") == "abc");
  CHECK(resolved("${file:/secrets.properties:password}") == "pa:ss}word");
  CHECK(resolved("u=${env:TOKEN};p=${file:/secrets.properties:other}!") == "u=abc;p=x=y!");
}

TEST_CASE("what a reference gives is not resolved again") {
  CHECK(resolved("${file:/secrets.properties:nested}") == "${env:TOKEN}");
}

TEST_CASE("text that only looks like a reference stays") {
  for (const char* text : {"$", "${", "${}", "${x", "$.a.b", "${a b:c}", "{env:TOKEN}", "${noprovider}"})
    CHECK(resolved(text) == text);
}

TEST_CASE("a reference that cannot be resolved is an issue that names the key and the reason") {
  CHECK_THAT(problem("${env:MISSING}"), Catch::Contains("the environment variable MISSING is not set"));
  CHECK_THAT(problem("${file:/nowhere:k}"), Catch::Contains("cannot read /nowhere"));
  CHECK_THAT(problem("${file:/secrets.properties:absent}"), Catch::Contains("no key 'absent'"));
  CHECK_THAT(problem("${file:/secrets.properties}"), Catch::Contains("${file:path:key}"));
  CHECK_THAT(problem("${vault:secret/x}"), Catch::Contains("no config provider 'vault'"));
}

TEST_CASE("a file that several keys refer to is read once") {
  reads = 0;
  const auto out =
      resolve_references({{"a", "${file:/secrets.properties:password}"}, {"b", "${file:/secrets.properties:other}"}}, source);
  CHECK(out.config.size() == 2);
  CHECK(reads == 1);
}

TEST_CASE("only a value that is one reference and nothing else counts as a reference") {
  CHECK(is_reference("${env:X}"));
  CHECK(is_reference("${file:/p:k}"));
  CHECK_FALSE(is_reference("x${env:X}"));
  CHECK_FALSE(is_reference("${env:X}x"));
  CHECK_FALSE(is_reference("${other:X}"));
  CHECK_FALSE(is_reference("plain"));
  CHECK(has_reference("x${env:X}"));
}

TEST_CASE("a reference to what is no file is an issue at once: nobody may ever write to a pipe") {
  const temporary_directory dir;
  const auto pipe = dir.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  for (const std::string& path : {pipe.string(), dir.path().string()}) {
    const auto out = resolve_references({{"k", "${file:" + path + ":a}"}}, system_references());
    REQUIRE(out.issues.size() == 1);
    CHECK_THAT(out.issues[0].message, Catch::Contains(path) && Catch::Contains("no regular file"));
  }
}
