#include <iostream>
#include <sstream>
#include "front_catch.hpp"

#include "cli.hpp"
#include "front_support.hpp"

using namespace sinkhost;
using namespace sinkhost::testing;

namespace {

// Keeps what is printed away from the test's own output.
struct captured {
  captured() : out(std::cout.rdbuf(text.rdbuf())), err(std::cerr.rdbuf(errors.rdbuf())) {}
  ~captured() {
    std::cout.rdbuf(out);
    std::cerr.rdbuf(err);
  }
  std::ostringstream text, errors;
  std::streambuf* out;
  std::streambuf* err;
};

std::variant<command_line, int> parsed(std::vector<const char*> words) {
  words.insert(words.begin(), "sink-host");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}
template <class Options>
Options options(const std::vector<const char*>& words) {
  return std::get<Options>(std::get<command_line>(parsed(words)).command);
}

}  // namespace

TEST_CASE("run takes its options as documented") {
  const auto o = options<run_options>({"run",         "--state-dir",      "s",   "--bootstrap.servers", "k:9092", "--listen",
                                       "127.0.0.1:0", "--plugin-path",    "p",   "--connector",         "a.json", "--connector",
                                       "b.json",      "--rest-user-file", "u",   "--rest.cert",         "c",      "--rest.key",
                                       "k",           "--log-format",     "json"});
  CHECK(o.state_dir == "s");
  CHECK(o.bootstrap_servers == "k:9092");
  CHECK(o.listen == "127.0.0.1:0");
  CHECK(o.connectors == std::vector<std::string>{"a.json", "b.json"});
  CHECK(o.user_file == "u");
  CHECK(o.certificate == "c");
  CHECK(options<run_options>({"run", "--state-dir", "s", "--embedded-broker"}).listen == "127.0.0.1:8083");
}

TEST_CASE("preview, validate, plugins and version are parsed") {
  const auto p = options<preview_options>({"preview", "--config", "c", "--input", "i", "--now", "n", "--batches"});
  CHECK(p.config == "c");
  CHECK(p.batches);
  CHECK(options<preview_options>({"preview", "--config", "c"}).input == "-");
  CHECK(options<validate_options>({"validate", "--config", "c"}).config == "c");
  CHECK(options<plugins_options>({"plugins", "--json"}).json);
  CHECK(options<plugins_options>({"plugins", "--preset", "ga4"}).preset == "ga4");
  CHECK(std::get<command_line>(parsed({"version", "--plugin-path", "a", "--plugin-path", "b"})).plugin_path.size() == 2);
}

TEST_CASE("wrong usage ends with status 2 and help with 0") {
  const captured quiet;
  for (const auto& words :
       std::vector<std::vector<const char*>>{{},
                                             {"fly"},
                                             {"run"},
                                             {"run", "--state-dir", "s", "--bootstrap.servers", "k", "--embedded-broker"},
                                             {"preview"},
                                             {"validate"},
                                             {"plugins", "--preset", "ga4", "--json"},
                                             {"run", "--state-dir", "s", "--log-level", "loud"},
                                             {"version", "extra"}}) {
    CHECK(std::get<int>(parsed(words)) == 2);
  }
  CHECK(std::get<int>(parsed({"--help"})) == 0);
  CHECK(std::get<int>(parsed({"run", "--help"})) == 0);
  CHECK_THAT(quiet.text.str(), Catch::Contains("--rest-user-file") && Catch::Contains("--rest.cert") &&
                                   Catch::Contains("SINK_CONNECTOR_LIBRARY_PATH"));
}

TEST_CASE("run without any plugin says where it looked") {
  const temporary_directory dir;
  const std::string empty = dir.path().string();
  configure_logging(log_format::text, log_level::off);
  command_line all;
  all.plugin_path = {empty};
  all.level = log_level::off;
  CHECK(run_host({.state_dir = empty + "/state", .bootstrap_servers = "127.0.0.1:1"}, all) == 2);
  CHECK_FALSE(std::filesystem::exists(empty + "/state"));
}

TEST_CASE("plugins that cannot be loaded are named with the reason") {
  const temporary_directory dir;
  const auto broken = dir.write("libbroken.so", "not an ELF file, but it mentions sink_connector_plugin_v1");
  const plugins known({.directories = {dir.path(), dir.path() / "none"}, .libraries = {dir.path() / "missing.so"}});
  CHECK(known.all().empty());
  REQUIRE(known.failures().size() == 3);
  CHECK_THAT(known.failures()[0], Catch::Contains("missing.so"));
  CHECK_THAT(known.failures()[1], Catch::Contains(broken.string()));
  CHECK_THAT(known.failures()[2], Catch::Contains("none: no such directory"));
  CHECK(known.searched().size() == 3);
}

TEST_CASE("of two plugins with one name the first is used and the second named") {
  const plugins known({echo_plugin(), echo_plugin()});
  CHECK(known.all().size() == 1);
  REQUIRE(known.failures().size() == 1);
  CHECK_THAT(known.failures()[0], Catch::Contains("already there"));
}

TEST_CASE("a plugin path may list several directories") {
  CHECK(search_for({"a,b", "c"}).directories == std::vector<std::filesystem::path>{"a", "b", "c"});
  CHECK(search_for({}).directories.size() == 1);
}

TEST_CASE("validate prints every issue and its status tells good from bad") {
  const temporary_directory dir;
  const auto file = dir.write("c.json", R"({"name":"n","config":{"connector.class":"Nope","tasks.max":"0"}})");
  const captured printed;
  command_line all;
  all.plugin_path = {dir.path().string()};
  CHECK(validate_file({.config = file.string()}, all) == 2);
  CHECK_THAT(printed.text.str(),
             Catch::Contains("tasks.max: ") && Catch::Contains("topics: ") && Catch::Contains("connector.class: "));
  CHECK(validate_file({.config = "/nowhere.json"}, all) == 2);
  CHECK_THAT(printed.errors.str(), Catch::Contains("/nowhere.json"));
}
