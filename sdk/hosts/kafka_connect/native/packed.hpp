// The packed buffers that cross between Java and native code: one direct buffer a call instead of one JNI call a record.
// Little-endian, as on every platform this is built for. Reading checks every length: a malformed buffer is an error, never a
// crash. Writers and readers of the same layouts in Java: RecordPacker.java, Packed.java. Pure; any thread.
//
//   records   u32 magic "SCAB" | u32 layout 1 | u32 record count | u32 topic count | i64 where the topics begin | records |
//   topics
//             topic  = u32 size, bytes, padding to 8; last, because a writer knows them last
//             record = i64 sequence | i64 offset | i64 timestamp | i32 partition | i32 topic | i32 routed topic | i32 timestamp
//             type
//                      | i32 key size (-1: null) | i32 value size (-1: null) | i32 header count | i32 0
//                      then key, value, headers (i32 key size | i32 value size (-1: null) | key | value), padding to 8
//   answers   a sequence of i32, i64, f64 and texts (i32 size, bytes), not aligned; see the functions that write them
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sca/sink_task.hpp"
#include "sca/status.hpp"

namespace sca::jni {

inline constexpr std::uint32_t records_magic = 0x42414353;  // "SCAB"
inline constexpr std::uint32_t records_layout = 1;

// What all records of one buffer share: the copied bytes, and the header arrays.
struct record_block {
  std::string bytes;
  std::vector<sca_header> headers;
};

// A record of a block, by the number that Java knows it by.
struct java_record final : held_record {
  std::int64_t sequence = 0;
  std::shared_ptr<const record_block> block;  // freed with the last record of the buffer whose position has passed
};

// Copies the buffer once and takes it apart. The error names the first thing that is wrong.
[[nodiscard]] result<std::vector<std::unique_ptr<held_record>>> unpack_records(std::string_view buffer);

class answer {
 public:
  void number32(std::int32_t v) { raw(&v, sizeof v); }
  void number64(std::int64_t v) { raw(&v, sizeof v); }
  void real(double v) { raw(&v, sizeof v); }
  void text(std::string_view s) {
    number32(static_cast<std::int32_t>(s.size()));
    out_.append(s);
  }
  [[nodiscard]] const std::string& bytes() const noexcept { return out_; }
  [[nodiscard]] std::string take() noexcept { return std::move(out_); }

 private:
  void raw(const void* p, std::size_t n) { out_.append(static_cast<const char*>(p), n); }
  std::string out_;
};

}  // namespace sca::jni
