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
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "sca/sink_task.hpp"
#include "sca/status.hpp"

namespace sca::jni {

inline constexpr std::uint32_t records_magic = 0x42414353;  // "SCAB"
inline constexpr std::uint32_t records_layout = 1;

class record_blocks;
struct record_block;

// A record of a block, by the number that Java knows it by. It lives inside its block, so that none is allocated by itself:
// deleting one only counts, and the last one gives the block back.
struct java_record final : held_record {
  std::int64_t sequence = 0;
  record_block* block = nullptr;
  void operator delete(java_record* record, std::destroying_delete_t) noexcept;
};

// The records of one buffer and what they share: the copied bytes, and the header arrays.
struct record_block {
  std::string bytes;
  std::vector<sca_header> headers;
  std::vector<java_record> records;
  std::size_t living = 0;
  record_blocks* spares = nullptr;  // where it goes when the last record has gone; null: it is freed
};

// Blocks to use again: a fresh one for every put would make the allocator ask the system for its pages again and again. Outlives
// its blocks. On the task's thread.
class record_blocks {
 public:
  [[nodiscard]] std::unique_ptr<record_block> take();
  void give_back(std::unique_ptr<record_block> block) noexcept;

 private:
  std::vector<std::unique_ptr<record_block>> spares_;
};

// Copies the buffer once and takes it apart. The error names the first thing that is wrong.
[[nodiscard]] result<std::vector<std::unique_ptr<held_record>>> unpack_records(std::string_view buffer,
                                                                               record_blocks* spares = nullptr);

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
