#include "sca/loader.hpp"

#include <unistd.h>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

namespace fs = std::filesystem;

namespace {

const fs::path fixtures = SCA_LOADER_FIXTURES;

fs::path fixture(const std::string& name) { return fixtures / ("lib" + name + ".so"); }

sca::load_error refused(const fs::path& file) {
  sca::load_error why{};
  CHECK(sca::library::open(file, why) == nullptr);
  CHECK_THAT(why.message, Catch::Contains(file.filename().string()));
  return why;
}

struct temporary_directory {
  fs::path path = fs::temp_directory_path() / ("sca-loader-" + std::to_string(::getpid()));
  temporary_directory() { fs::create_directories(path); }
  ~temporary_directory() { fs::remove_all(path); }
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;
};

}  // namespace

TEST_CASE("a library is found by connector id and by alias") {
  sca::load_error why{};
  const auto library = sca::library::open(fixture("fixture_good"), why);
  REQUIRE(library != nullptr);
  REQUIRE(library->connectors().size() == 1);
  CHECK(library->find("org.example.Fixture") == library->connectors()[0]);
  CHECK(library->find("Fixture") == library->connectors()[0]);
  CHECK(library->find("fixture") == nullptr);
  CHECK(library->find("") == nullptr);
}

TEST_CASE("each way of not being a plugin has an error of its own") {
  SECTION("no such file") { CHECK(refused("/nowhere/libnothing.so").why == sca::load_failure::file_missing); }
  SECTION("not a shared object") {
    const temporary_directory dir;
    std::ofstream(dir.path / "libtext.so") << "hello";
    CHECK(refused(dir.path / "libtext.so").why == sca::load_failure::dlopen_failed);
  }
  SECTION("no such symbol") {
    const auto why = refused(fixture("fixture_no_symbol"));
    CHECK(why.why == sca::load_failure::symbol_missing);
    CHECK_THAT(why.message, Catch::Contains(SCA_ENTRY));
  }
  SECTION("a struct shorter than 1.0") {
    const auto why = refused(fixture("fixture_short"));
    CHECK(why.why == sca::load_failure::struct_too_short);
    CHECK_THAT(why.message, Catch::Contains("sca_connector has 16 bytes"));
  }
  SECTION("an empty required slot") {
    const auto why = refused(fixture("fixture_empty_slot"));
    CHECK(why.why == sca::load_failure::slot_empty);
    CHECK_THAT(why.message, Catch::Contains("sca_connector.create of org.example.Fixture"));
  }
  SECTION("another major version") { CHECK(refused(fixture("fixture_version_2")).why == sca::load_failure::unsupported_version); }
}

TEST_CASE("structs longer than this header knows are accepted") {
  sca_connector connector{};
  connector.struct_size = sizeof connector + 64;
  connector.id = SCA_STR("x");
  connector.version = SCA_STR("1");
  connector.create = [](const sca_connector*, const sca_host*, const sca_pair*, size_t, sca_sink**, sca_error*) noexcept {
    return static_cast<sca_status>(SCA_OK);
  };
  const sca_connector* const connectors[] = {&connector};
  const sca_plugin plugin{sizeof plugin + 8, SCA_ABI_VERSION + 5, connectors, 1};
  sca::load_error why{};
  CHECK(sca::library::check(&plugin, why));
}

TEST_CASE("a sink without a required slot is named, optional ones may be empty") {
  sca_sink sink{};
  sca::load_error why{};
  CHECK_FALSE(sca::check_sink(nullptr, why));
  CHECK_FALSE(sca::check_sink(&sink, why));
  CHECK(why.why == sca::load_failure::struct_too_short);
  sink.struct_size = sizeof sink;
  sink.start = [](sca_sink*, sca_error*) noexcept { return static_cast<sca_status>(SCA_OK); };
  sink.open = [](sca_sink*, const sca_assignment*, sca_error*) noexcept { return static_cast<sca_status>(SCA_OK); };
  sink.close = [](sca_sink*, std::uint64_t) noexcept {};
  sink.put = [](sca_sink*, const sca_record* const*, size_t, size_t*, sca_error*) noexcept {
    return static_cast<sca_status>(SCA_OK);
  };
  sink.stop = [](sca_sink*) noexcept {};
  sink.destroy = [](sca_sink*) noexcept {};
  CHECK_FALSE(sca::check_sink(&sink, why));
  CHECK(why.why == sca::load_failure::slot_empty);
  CHECK_THAT(why.message, Catch::Contains("sca_sink.progress"));
  sink.progress = [](sca_sink*, sca_position*, size_t, sca_error*) noexcept { return static_cast<sca_status>(SCA_OK); };
  CHECK(sca::check_sink(&sink, why));
}

TEST_CASE("a directory is scanned for plugins; other libraries are passed over, broken plugins are reported") {
  const auto found = sca::scan(fixtures);
  CHECK(found.libraries.size() == 1);
  CHECK(found.failures.size() == 3);  // short, empty slot, version 2; the one without the symbol is no plugin
  const auto nothing = sca::scan("/nowhere");
  CHECK(nothing.libraries.empty());
  CHECK(nothing.failures.size() == 1);
}

TEST_CASE("a library can be loaded and closed again and again") {
  for (int i = 0; i < 50; ++i) {
    sca::load_error why{};
    REQUIRE(sca::library::open(fixture("fixture_good"), why) != nullptr);
  }
}
