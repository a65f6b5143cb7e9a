// Packs records as RecordPacker.java does, for tests of what unpacks them.
#pragma once
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "packed.hpp"

namespace sca::jni::testing {

inline void put32(std::string& to, std::int32_t v) { to.append(reinterpret_cast<const char*>(&v), sizeof v); }
inline void put64(std::string& to, std::int64_t v) { to.append(reinterpret_cast<const char*>(&v), sizeof v); }
inline void align(std::string& to) { to.resize((to.size() + 7) & ~std::size_t{7}, '\0'); }

struct spec {
  std::int64_t sequence = 7, offset = 40, timestamp = 1'700'000'000'000;
  std::int32_t topic = 0, routed = 0, type = SCA_TIMESTAMP_CREATE;
  const char* key = "k";
  const char* value = "{}";
  std::vector<std::pair<std::string, const char*>> headers = {};
};

inline std::string pack(const std::vector<std::string>& topics, const std::vector<spec>& records) {
  std::string out;
  put32(out, static_cast<std::int32_t>(records_magic));
  put32(out, static_cast<std::int32_t>(records_layout));
  put32(out, static_cast<std::int32_t>(records.size()));
  put32(out, static_cast<std::int32_t>(topics.size()));
  put64(out, 0);  // where the topics begin: known last
  const auto size = [](const char* s) { return s == nullptr ? -1 : static_cast<std::int32_t>(std::strlen(s)); };
  for (const auto& r : records) {
    put64(out, r.sequence);
    put64(out, r.offset);
    put64(out, r.timestamp);
    for (const auto v :
         {3, r.topic, r.routed, r.type, size(r.key), size(r.value), static_cast<std::int32_t>(r.headers.size()), 0})
      put32(out, v);
    if (r.key != nullptr) out += r.key;
    if (r.value != nullptr) out += r.value;
    for (const auto& [k, v] : r.headers) {
      put32(out, static_cast<std::int32_t>(k.size()));
      put32(out, size(v));
      out += k;
      if (v != nullptr) out += v;
    }
    align(out);
  }
  const auto topics_at = static_cast<std::int64_t>(out.size());
  std::memcpy(out.data() + 16, &topics_at, sizeof topics_at);
  for (const auto& t : topics) {
    put32(out, static_cast<std::int32_t>(t.size()));
    out += t;
    align(out);
  }
  return out;
}

}  // namespace sca::jni::testing
