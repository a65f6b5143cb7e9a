// Records for put(), in memory of their own that can be taken away: after revoke() every access of a view kills the process, so a
// sink that kept a pointer instead of a copy cannot hide. Views are never followed by a NUL, and the last one ends at a page that
// cannot be read.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sca/sink_connector.h"

namespace sca::testing {

// Bytes between two pages that nobody may touch; filled from the end, so that reading past the last view faults.
class guarded_memory {
 public:
  explicit guarded_memory(std::size_t capacity);
  ~guarded_memory();
  guarded_memory(const guarded_memory&) = delete;
  guarded_memory& operator=(const guarded_memory&) = delete;

  [[nodiscard]] void* take(std::size_t size, std::size_t alignment);
  [[nodiscard]] sca_str copy(std::string_view text);
  [[nodiscard]] sca_bytes copy(const std::optional<std::string>& bytes);
  void revoke() noexcept;  // no byte of it may be read or written any more; as when it is destroyed

 private:
  char* pages_ = nullptr;
  std::size_t size_ = 0;  // guard pages included
  char* low_ = nullptr;   // everything from here up is taken
};

struct record_spec {
  std::uint64_t assignment = 1;
  std::int64_t offset = 0;
  std::string topic = "orders";
  std::int32_t partition = 0;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::int64_t timestamp_ms = 1'700'000'000'000;
  int32_t timestamp_type = SCA_TIMESTAMP_CREATE;
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
};

class record_batch {
 public:
  // extra_bytes: each struct is longer than this header knows by so many bytes of noise, as from a newer host.
  explicit record_batch(std::span<const record_spec> records, std::uint32_t extra_bytes = 0);

  [[nodiscard]] const sca_record* const* data() const noexcept { return pointers_.data(); }
  [[nodiscard]] std::size_t size() const noexcept { return pointers_.size(); }
  [[nodiscard]] sca_record& operator[](std::size_t i) noexcept { return *records_[i]; }
  void revoke() noexcept { memory_.revoke(); }

 private:
  guarded_memory memory_;
  std::vector<sca_record*> records_;
  std::vector<const sca_record*> pointers_;
};

}  // namespace sca::testing
