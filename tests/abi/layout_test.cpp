// Layout questions that static assertions cannot answer: are the members of version 1.0 the whole struct, without holes between
// them?
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "sca/sink_connector.h"

namespace {

struct member {
  std::string name;
  std::size_t offset, size;
};
struct layout {
  std::string name;
  std::size_t size = 0;
  std::size_t now = 0;  // sizeof today
  bool growing = false;
  std::vector<member> members;
};

std::vector<layout> table() {
  std::vector<layout> out;
#define FIXED(type, bytes) out.push_back({#type, bytes, sizeof(type), false, {}});
#define GROWING(type, bytes) out.push_back({#type, bytes, sizeof(type), true, {}});
#define MEMBER(type, name, offset, size) out.back().members.push_back({#name, offset, size});
#define VALUE(name, number)
#include "layout_v1_0.inc"
  return out;
}

}  // namespace

TEST_CASE("no struct of version 1.0 has padding between, or after, its members") {
  const auto structs = table();
  REQUIRE(structs.size() == 22);
  for (const layout& s : structs) {
    INFO(s.name);
    std::size_t end = 0;
    for (const member& m : s.members) {
      INFO(m.name);
      CHECK(m.offset == end);
      end = m.offset + m.size;
    }
    CHECK(end == s.size);
  }
}

TEST_CASE("a struct that grows begins with struct_size, one that does not never changes") {
  for (const layout& s : table()) {
    INFO(s.name);
    CHECK((s.members.at(0).name == "struct_size") == s.growing);
    CHECK(s.now >= s.size);
    if (!s.growing) CHECK(s.now == s.size);
  }
}

TEST_CASE("SCA_HAS tells a short struct from a long one at every member of sca_host") {
  sca_host host{};
  host.struct_size = offsetof(sca_host, log);
  CHECK(SCA_HAS(&host, sca_host, log_level));
  CHECK_FALSE(SCA_HAS(&host, sca_host, log));
  host.struct_size += sizeof(void*) - 1;  // not even a pointer of it
  CHECK_FALSE(SCA_HAS(&host, sca_host, log));
  host.struct_size += 1;
  CHECK(SCA_HAS(&host, sca_host, log));
  CHECK_FALSE(SCA_HAS(&host, sca_host, get_extension));
}
