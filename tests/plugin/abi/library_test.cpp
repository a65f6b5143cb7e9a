// The built library as a host gets it: loaded, run, unloaded.
#include <dlfcn.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "abi_world.hpp"
#include "certificates.hpp"
#include "sca/loader.hpp"
#include "sca/testing/fake_host.hpp"
#include "thread_count.hpp"

using namespace snap::abi::testing;

namespace {

#ifdef SINK_SANITIZED
constexpr bool libraries_go = false, memory_comes_back = false;  // a sanitizer's run-time keeps libraries and freed memory
#elif defined SINK_IN_VALGRIND
constexpr bool libraries_go = true, memory_comes_back = false;  // valgrind keeps what it translated; it counts lost blocks itself
#else
constexpr bool libraries_go = true, memory_comes_back = true;
#endif

std::size_t resident_kib() {
  std::ifstream in{"/proc/self/statm"};
  std::size_t size = 0, resident = 0;
  in >> size >> resident;
  return resident * 4;
}

bool mapped(std::string_view name) {
  std::ifstream in{"/proc/self/maps"};
  for (std::string line; std::getline(in, line);) {
    if (line.find(name) != std::string::npos) return true;
  }
  return false;
}

// Start, take a record that can go nowhere, stop, destroy.
void run(const sca_connector& connector, const config_map& trust) {
  sca::testing::fake_host host;
  config_map c = plain_config();
  c["snapchat.endpoint"] = "https://127.0.0.1:1";
  c.insert(trust.begin(), trust.end());
  const auto list = pairs(c);
  sca_sink* sink = nullptr;
  sca_error e = SCA_ERROR_INIT;
  REQUIRE(connector.create(&connector, host.abi(), list.data(), list.size(), &sink, &e) == SCA_OK);
  REQUIRE(sink->start(sink, &e) == SCA_OK);
  const sca_assignment a{.struct_size = sizeof a, .partition = 0, .id = 1, .topic = SCA_STR("orders")};
  REQUIRE(sink->open(sink, &a, &e) == SCA_OK);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch().count();
  std::string value = purchase(1);
  value.replace(value.find("1700003600"), 10, std::to_string(now));
  const sca::testing::record_spec spec{.key = {}, .value = value, .headers = {}};
  const sca::testing::record_batch records{{&spec, 1}};
  std::size_t accepted = 0;
  REQUIRE(sink->put(sink, records.data(), 1, &accepted, &e) == SCA_OK);
  CHECK(accepted == 1);
  REQUIRE(sink->flush(sink, 0, &e) == SCA_OK);
  sca_position p{.assignment = 1, .offset = 0};
  REQUIRE(sink->progress(sink, &p, 1, &e) == SCA_OK);
  CHECK(p.offset == SCA_NO_POSITION);
  sink->stop(sink);
  sink->destroy(sink);
}

}  // namespace

TEST_CASE("300 cycles of load, run and unload leave nothing behind") {
  // OpenSSL needs 20 ms for the system's certificates, 70 ms under asan: two thirds of a cycle. They would still be seen if they
  // stayed behind every tenth time.
  const support::temporary_file one_authority{support::certificate_authority{}.certificate_pem()};
  const config_map systems_trust, own_trust{{"ssl.ca.file", one_authority.path().string()}};
  const std::size_t before = support::threads_at_rest();
  std::size_t warm = 0;
  for (int i = 0; i < 300; ++i) {
    void* const library = ::dlopen(SNAPCHAT_SINK_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) FAIL(::dlerror());
    const auto entry = reinterpret_cast<sca_entry_fn>(::dlsym(library, SCA_ENTRY));
    REQUIRE(entry != nullptr);
    REQUIRE(entry()->connector_count == 1);
    run(*entry()->connectors[0], i % 10 == 0 ? systems_trust : own_trust);
    CHECK(support::threads_return_to(before));
    REQUIRE(::dlclose(library) == 0);
    if (i == 50) warm = resident_kib();
  }
  if (libraries_go) CHECK_FALSE(mapped("libsnapchat_sink"));
  if (memory_comes_back) CHECK(resident_kib() < warm + 8 * 1024);
}

TEST_CASE("the loader accepts the library and finds the connector by id and alias") {
  sca::load_error why{};
  const auto loaded = sca::library::open(SNAPCHAT_SINK_LIBRARY, why);
  if (loaded == nullptr) FAIL(why.message);
  CHECK(loaded->find("io.sinkconnector.snapchat.SnapchatSinkConnector") != nullptr);
  CHECK(loaded->find("SnapchatSink") == loaded->find("io.sinkconnector.snapchat.SnapchatSinkConnector"));
}
