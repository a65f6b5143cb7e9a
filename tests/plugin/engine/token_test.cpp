#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "engine/token_store.hpp"
#include "rig.hpp"

using namespace snap;
using namespace snap::engine;
using namespace snap::engine::testing;
namespace fs = std::filesystem;

namespace {

class token_file {
 public:
  explicit token_file(std::string_view text) : path_(fs::temp_directory_path() / ("token_test_" + std::to_string(::getpid()))) {
    write(text);
  }
  ~token_file() { fs::remove(path_); }
  void write(std::string_view text) {
    const fs::path next = path_.string() + ".new";
    std::ofstream{next} << text;
    fs::rename(next, path_);  // as rotations are done
  }
  void remove() { fs::remove(path_); }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

config::settings with_file(const token_file& f) {
  config::settings s = one_lane();
  s.tokens = {{.value = {}, .file = f.path()}};
  return s;
}

}  // namespace

TEST_CASE("a token file holds the token and white space around it") {
  token_file f{" \n abc.def-ghi_123 \r\n"};
  CHECK(read_token_file(f.path())->reveal() == "abc.def-ghi_123");
}

TEST_CASE("a token file that cannot be used is named, with what is wrong and not what is in it") {
  struct row {
    std::string text;
    const char* what;
  };
  for (const row& r :
       {row{"", "is empty"}, row{" \n", "is empty"}, row{"secret-one secret-two", "holds more than a token"},
        row{"secret-t\xc3\xb6ken", "holds more than a token"}, row{std::string(20'000, 's'), "is larger than 16 KiB"}}) {
    token_file f{r.text};
    const auto read = read_token_file(f.path());
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == SCA_INVALID_CONFIG);
    CHECK_THAT(read.error().message, Catch::Contains(f.path().string()) && Catch::Contains(r.what) && !Catch::Contains("secret"));
  }
  const auto missing = token_store::load({{.value = {}, .file = "/nonexistent/token"}});
  REQUIRE_FALSE(missing.has_value());
  CHECK_THAT(missing.error().message, Catch::Contains("/nonexistent/token") && Catch::Contains("No such file"));
  CHECK_FALSE(read_token_file("/tmp").has_value());
}

TEST_CASE("a file is read again when it changed, looked at once a second, and kept when it is gone") {
  token_file f{"the-first-token"};
  auto store = token_store::load({{.value = {}, .file = f.path()}, {.value = sca::secret{"a-fixed-one"}, .file = {}}});
  REQUIRE(store.has_value());
  const std::chrono::steady_clock::time_point start{1h};
  CHECK(store->reread_touched(start).empty());
  f.write("the-second-token");
  CHECK(store->reread_touched(start + 999ms).empty());
  CHECK(store->reread_touched(start + 1s) == std::vector<std::uint32_t>{0});
  CHECK(store->token(0).reveal() == "the-second-token");
  f.write("the-second-token\n");  // touched, but the same
  CHECK(store->reread_touched(start + 2s).empty());
  f.remove();
  CHECK(store->reread_touched(start + 3s).empty());
  CHECK_FALSE(store->reread(0));
  CHECK(store->token(0).reveal() == "the-second-token");
  CHECK_FALSE(store->reread(1));
}

TEST_CASE("tokens are masked in texts, the previous one too") {
  token_file f{"the-first-token"};
  auto store = token_store::load({{.value = {}, .file = f.path()}});
  f.write("the-second-token");
  REQUIRE(store->reread(0));
  std::string text = "a the-first-token b the-second-token the-second-token";
  store->mask(text);
  CHECK(text == "a [masked] b [masked] [masked]");
}

TEST_CASE("an answer that is nothing but the token is masked in no time") {
  const auto store = token_store::load({{.value = sca::secret{"secret-42"}, .file = {}}});
  std::string text;
  while (text.size() < 1024 * 1024) text += "secret-42";
  const auto start = std::chrono::steady_clock::now();
  store->mask(text);
  CHECK(std::chrono::steady_clock::now() - start < 500ms);
  CHECK((text.find("secret") == std::string::npos));
  CHECK(text.size() == 8 * (1024 * 1024 / 9 + 1));
}

TEST_CASE("a token that says when it expires is believed for the metric") {
  // {"exp":1700000000}
  CHECK(jwt_expiry("eyJhbGciOiJub25lIn0.eyJleHAiOjE3MDAwMDAwMDB9.c2ln") == std::chrono::sys_seconds{1'700'000'000s});
  const std::string cut = "x.eyJzdWIiOiJzb21lYm9keSBhdCBsZW5ndGgiLCJleHAiOg.y";  // …,"exp":
  const std::string nanoseconds = "x.eyJleHAiOjE3MDAwMDAwMDAwMDAwMDAwMDB9.y";
  for (const std::string& none : {std::string{}, std::string{"plain"}, std::string{"a.b.c"}, std::string{"."}, std::string{".."},
                                  std::string{"x.eyJleHAiOiJzb29uIn0.y"}, std::string{"x.eyJleHAiOg.y"}, cut, nanoseconds})
    CHECK_FALSE(jwt_expiry(none));
}

TEST_CASE("a refused token file that was rotated is read again and the request repeated with the new token") {
  token_file f{"the-first-token"};
  rig r{with_file(f)};
  r.start();
  r.put(1);
  r.wire().step();
  r.wire().pass(500ms);
  f.write("the-second-token");
  r.wire().answer(1, 401, "");
  REQUIRE(r.wire().requests().size() == 2);
  CHECK(r.wire().requests()[1].token.reveal() == "the-second-token");
  CHECK(r.wire().requests()[1].body.text() == r.wire().requests()[0].body.text());
  r.wire().answer(2, 200);
  CHECK(r.settled_events() == 1);
  CHECK_FALSE(r.engine().failure());
}

TEST_CASE("a token file that changes is used before anything is refused") {
  token_file f{"the-first-token"};
  rig r{with_file(f)};
  r.start();
  r.put(1);
  r.wire().step();
  f.write("the-second-token");
  r.wire().pass(1500ms);
  CHECK(r.wire().requests().at(0).token.reveal() == "the-second-token");
}

TEST_CASE("a refused token file that stays as it is stops the task within ten seconds") {
  token_file f{"the-first-token"};
  rig r{with_file(f)};
  r.start();
  r.put(1);
  r.wire().step();
  r.wire().pass(500ms);
  r.wire().answer(1, 401, R"({"reason":"Invalid access token"})");
  for (int i = 0; i < 10 && !r.engine().failure(); ++i) r.wire().pass(1s);
  REQUIRE(r.engine().failure());
  CHECK(r.engine().failure()->code == SCA_UNAUTHENTICATED);
  CHECK(r.wire().requests().size() == 1);
}

TEST_CASE("no token and no e-mail appears in a log line or a failure, whatever the server echoes") {
  rig r;
  r.start();
  r.put(1);
  r.wire().step();
  r.wire().pass(500ms);
  const std::string echo = "token a-fixed-token of ada@example.org at /v3/p-1/events?access_token=a-fixed-token";
  r.wire().answer(1, 503, echo);
  r.wire().pass(60s);
  net::answer broken;
  broken.id = 2;
  broken.failure = net::link_failure::tls;
  broken.detail = echo;
  r.wire().answer(std::move(broken));
  r.wire().pass(60s);
  r.wire().answer(3, 403, echo);
  std::vector<std::string> lines = r.log();
  REQUIRE(r.engine().failure());
  lines.push_back(r.engine().failure()->message);
  CHECK(lines.size() >= 3);
  for (const std::string& line : lines) {
    CHECK_THAT(line, !Catch::Contains("a-fixed-token"));
    CHECK_THAT(line, !Catch::Contains("ada@example.org"));
  }
}
