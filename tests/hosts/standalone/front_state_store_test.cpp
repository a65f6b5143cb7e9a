#include <sys/stat.h>

#include "front_catch.hpp"

#include "front_support.hpp"
#include "state_store.hpp"

using namespace sinkhost;
using namespace sinkhost::testing;

namespace {

const stored_connector example{"orders to snap/1",
                               target_state::paused,
                               {{"a", "1"}, {"quoted \"key\"", "line\nbreak \xC3\xA9"}, {"name", "orders to snap/1"}}};

std::unique_ptr<state_store> opened(const temporary_directory& dir) {
  auto out = state_store::open(dir.path() / "state");
  REQUIRE(out);
  return std::move(*out);
}

std::filesystem::path only_file(const temporary_directory& dir) {
  for (const auto& entry : std::filesystem::directory_iterator(dir.path() / "state" / "connectors")) return entry.path();
  FAIL("no file");
  return {};
}

unsigned mode_of(const std::filesystem::path& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777U;
}

}  // namespace

TEST_CASE("what is encoded is decoded") {
  const auto out = decode_state(encode_state(example));
  REQUIRE(out);
  CHECK(out->name == example.name);
  CHECK(out->state == example.state);
  CHECK(out->config == example.config);
}

TEST_CASE("a state cut short at any byte is refused") {
  const std::string whole = encode_state(example);
  for (std::size_t n = 0; n < whole.size(); ++n) {
    INFO(n);
    CHECK_FALSE(decode_state(whole.substr(0, n)));
  }
}

TEST_CASE("a state with any byte changed or zeroed is refused") {
  const std::string whole = encode_state(example);
  for (std::size_t n = 0; n < whole.size(); ++n) {
    INFO(n);
    std::string flipped = whole;
    flipped[n] = static_cast<char>(flipped[n] ^ 1);
    CHECK_FALSE(decode_state(flipped));
    std::string zeroed = whole;
    std::fill(zeroed.begin() + static_cast<std::ptrdiff_t>(n), zeroed.end(), '\0');  // what a crash leaves on some file systems
    CHECK_FALSE(decode_state(zeroed));
  }
  CHECK_FALSE(decode_state(whole + "x"));
}

TEST_CASE("connectors survive and are sorted by name") {
  const temporary_directory dir;
  {
    const auto store = opened(dir);
    REQUIRE(store->save({"b", target_state::stopped, {{"k", "2"}}}));
    REQUIRE(store->save({"B", target_state::running, {{"k", "3"}}}));
    REQUIRE(store->save({"a", target_state::running, {{"k", "1"}}}));
    REQUIRE(store->save({"gone", target_state::running, {}}));
    REQUIRE(store->save({"a", target_state::running, {{"k", "new"}}}));
    REQUIRE(store->remove("gone"));
  }
  const auto content = opened(dir)->load();
  CHECK(content.problems.empty());
  REQUIRE(content.connectors.size() == 3);
  CHECK(content.connectors[0].name == "B");
  CHECK(content.connectors[1].config.at("k") == "new");
  CHECK(content.connectors[2].state == target_state::stopped);
}

TEST_CASE("files are for their owner only") {
  const temporary_directory dir;
  const auto store = opened(dir);
  REQUIRE(store->save(example));
  CHECK(mode_of(dir.path() / "state") == 0700);
  CHECK(mode_of(dir.path() / "state" / "connectors") == 0700);
  CHECK(mode_of(only_file(dir)) == 0600);
}

TEST_CASE("a damaged file is moved aside and named, the others are loaded") {
  const temporary_directory dir;
  const auto store = opened(dir);
  REQUIRE(store->save(example));
  const auto damaged = only_file(dir);
  const std::string text = temporary_directory::read(damaged);
  dir.write("state/connectors/" + damaged.filename().string(), text.substr(0, text.size() / 2));
  REQUIRE(store->save({"good", target_state::running, {}}));
  const auto content = store->load();
  REQUIRE(content.connectors.size() == 1);
  CHECK(content.connectors[0].name == "good");
  REQUIRE(content.problems.size() == 1);
  CHECK_THAT(content.problems[0], Catch::Contains(damaged.filename().string()) && Catch::Contains("create it again"));
  CHECK_FALSE(std::filesystem::exists(damaged));
  CHECK(std::filesystem::exists(damaged.string() + ".corrupt"));
  CHECK(store->load().problems.empty());
}

TEST_CASE("a file under another connector's name is not loaded") {
  const temporary_directory dir;
  const auto store = opened(dir);
  dir.write("state/connectors/other.json", encode_state(example));
  const auto content = store->load();
  CHECK(content.connectors.empty());
  CHECK(content.problems.size() == 1);
}

TEST_CASE("a write that never finished is forgotten and the old state stays") {
  const temporary_directory dir;
  const auto store = opened(dir);
  REQUIRE(store->save(example));
  dir.write("state/connectors/" + only_file(dir).filename().string() + ".tmp", "half");
  const auto content = store->load();
  CHECK(content.problems.empty());
  CHECK(content.connectors.size() == 1);
  CHECK_FALSE(std::filesystem::exists(only_file(dir).string() + ".tmp"));
}

TEST_CASE("what could not be read back is not stored, and what was there stays") {
  const temporary_directory dir;
  const auto store = opened(dir);
  REQUIRE(store->save(example));
  for (const std::string& value : {std::string(5 << 20, 'x'), std::string("a\0b", 3)}) {
    stored_connector worse = example;
    worse.config["a"] = value;
    CHECK_FALSE(store->save(worse));
  }
  const auto content = store->load();
  CHECK(content.problems.empty());
  REQUIRE(content.connectors.size() == 1);
  CHECK(content.connectors[0].config == example.config);
}

TEST_CASE("a file that cannot be read stays where it is") {
  const temporary_directory dir;
  const auto store = opened(dir);
  const auto unreadable = dir.path() / "state" / "connectors" / "a.json";
  std::filesystem::create_directory(unreadable);  // stands for a disk that fails or a file of another user
  const auto content = store->load();
  REQUIRE(content.problems.size() == 1);
  CHECK_THAT(content.problems[0], Catch::Contains("a.json"));
  CHECK(std::filesystem::exists(unreadable));
}

TEST_CASE("a second process is refused and the first one named") {
  const temporary_directory dir;
  const auto first = opened(dir);
  const auto second = state_store::open(dir.path() / "state");
  REQUIRE_FALSE(second);
  CHECK_THAT(second.error().message,
             Catch::Contains("in use by another sink-host") && Catch::Contains(std::to_string(::getpid())));
}

TEST_CASE("what is published for scripts can be withdrawn, also when it is not there") {
  const temporary_directory dir;
  const auto store = opened(dir);
  REQUIRE(store->publish("rest.address", "http://127.0.0.1:1"));
  CHECK(temporary_directory::read(dir.path() / "state" / "rest.address") == "http://127.0.0.1:1\n");
  REQUIRE(store->withdraw("rest.address"));
  REQUIRE(store->withdraw("rest.address"));
  CHECK_FALSE(std::filesystem::exists(dir.path() / "state" / "rest.address"));
}

TEST_CASE("a state directory that cannot be made is named") {
  const temporary_directory dir;
  dir.write("file", "x");
  CHECK_THAT(state_store::open(dir.path() / "file" / "state").error().message, Catch::Contains("file/state"));
}
