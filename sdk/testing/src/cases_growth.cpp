// Structs of other sizes than this header's: newer peers send longer ones, and what is shorter than 1.0 is refused.
#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>

#include "session.hpp"

namespace sca::testing {

namespace {

constexpr std::uint32_t extra = 64;

// A struct with noise behind it, as from a peer with a newer header.
template <class T>
struct longer {
  alignas(T) std::array<unsigned char, sizeof(T) + extra> bytes;
  explicit longer(T value) {
    bytes.fill(0x5a);
    value.struct_size = static_cast<std::uint32_t>(bytes.size());
    std::memcpy(bytes.data(), &value, sizeof value);
  }
  [[nodiscard]] T* get() noexcept { return reinterpret_cast<T*>(bytes.data()); }
};

// Ends the sink also when the case is over early: its thread must not outlive the library.
struct ending {
  sca_sink*& sink;
  ~ending() {
    if (sink == nullptr) return;
    sink->stop(sink);
    sink->destroy(sink);
  }
};

void newer_host(session& s) {
  s.load();
  fake_host host;
  longer<sca_host> newer(*host.abi());
  newer.get()->abi_version = (SCA_ABI_MAJOR << 16) | 99u;
  longer<sca_error> error(SCA_ERROR_INIT);
  const pairs config(s.subject.config);
  sca_sink* sink = nullptr;
  const ending at_last{sink};
  const auto ok = [&](sca_status status, const char* what) {
    expect(status == SCA_OK, std::string(what) + " with longer structs failed: " + error.get()->message);
  };
  ok(s.connector().create(&s.connector(), newer.get(), config.data(), config.size(), &sink, error.get()), "create");
  ok(sink->start(sink, error.get()), "start");
  longer<sca_assignment> assignment(sca_assignment{.struct_size = 0, .partition = 0, .id = 1, .topic = SCA_STR("orders")});
  ok(sink->open(sink, assignment.get(), error.get()), "open");
  const std::array<record_spec, 2> specs = {s.good(1, 0), s.good(1, 1)};
  record_batch batch(specs, extra);
  std::size_t accepted = 0;
  sca_position at{1, 0};
  {
    const fake_host::allowing_rejections now(host);
    ok(sink->put(sink, batch.data(), batch.size(), &accepted, error.get()), "put");
    batch.revoke();
    ok(sink->progress(sink, &at, 1, error.get()), "progress");
  }
  expect(accepted >= 1, "a sink that holds nothing took no record of the longer kind");
  for (std::size_t i = sizeof(sca_error); i < error.bytes.size(); ++i)
    expect(error.bytes[i] == 0x5a, "the plugin wrote behind the members of sca_error that it knows");
}

void shorter_host_refused(session& s) {
  s.load();
  fake_host host;
  const auto whole = std::make_unique<sca_host>(*host.abi());
  whole->struct_size = offsetof(sca_host, log);
  whole->log = nullptr;
  whole->get_extension = nullptr;
  sca_error error = SCA_ERROR_INIT;
  const pairs config(s.subject.config);
  sca_sink* sink = nullptr;
  const ending at_last{sink};
  const sca_status status = s.connector().create(&s.connector(), whole.get(), config.data(), config.size(), &sink, &error);
  expect(status != SCA_OK, "a host shorter than version 1.0 was accepted");
  expect(sink == nullptr, "create failed, but wrote *out");
  expect(error.message[0] != '\0', "create failed without a message");
}

void shorter_record_refused(session& s) {
  if (s.subject.traits.misuse == misuse_checks::absent) skip("this sink does not check its host (--unchecked)");
  s.load();
  auto sink = s.started();
  const record_spec spec = s.good(1, 0);
  record_batch batch({&spec, 1});
  batch[0].struct_size = offsetof(sca_record, headers);
  std::size_t accepted = 0;
  sca_error error = SCA_ERROR_INIT;
  const fake_host::allowing_rejections now(sink->host);
  expect(sink->sink->put(sink->sink, batch.data(), 1, &accepted, &error) != SCA_OK,
         "a record shorter than version 1.0 was accepted");
}

constexpr auto cases = std::to_array<conformance_case>({
    {"newer-host", "Structs that are longer than the plugin knows work, and what is behind the known members is left alone.",
     newer_host},
    {"shorter-host-refused", "A host that is shorter than version 1.0 is refused.", shorter_host_refused},
    {"shorter-record-refused", "A record that is shorter than version 1.0 is refused.", shorter_record_refused},
});

}  // namespace

std::span<const conformance_case> growth_cases() { return cases; }

}  // namespace sca::testing
