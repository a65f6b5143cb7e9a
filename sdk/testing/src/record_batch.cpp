#include "sca/testing/record_batch.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>

namespace sca::testing {

namespace {

std::size_t page_size() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

constexpr std::size_t slack = 64;  // alignment and the byte that parts two views

std::size_t need(std::span<const record_spec> records, std::uint32_t extra) {
  std::size_t n = 0;
  for (const record_spec& r : records) {
    n += sizeof(sca_record) + extra + slack + 2 * (r.topic.size() + slack);
    if (r.key) n += r.key->size() + slack;
    if (r.value) n += r.value->size() + slack;
    for (const auto& [key, value] : r.headers) n += sizeof(sca_header) + key.size() + (value ? value->size() : 0) + 2 * slack;
  }
  return n;
}

}  // namespace

guarded_memory::guarded_memory(std::size_t capacity) {
  const std::size_t page = page_size();
  size_ = ((capacity + page - 1) / page + 2) * page;
  void* const got = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (got == MAP_FAILED) throw std::bad_alloc();
  pages_ = static_cast<char*>(got);
  std::memset(pages_, 'x', size_);  // whatever parts the views is no NUL
  mprotect(pages_, page, PROT_NONE);
  mprotect(pages_ + size_ - page, page, PROT_NONE);
  low_ = pages_ + size_ - page;
}

guarded_memory::~guarded_memory() { revoke(); }

// The addresses stay taken for ever: given back, the next mapping could land there and a view that was kept would read it in
// peace.
void guarded_memory::revoke() noexcept {
  madvise(pages_, size_, MADV_DONTNEED);
  mprotect(pages_, size_, PROT_NONE);
}

void* guarded_memory::take(std::size_t size, std::size_t alignment) {
  const std::size_t page = page_size();
  if (static_cast<std::size_t>(low_ - pages_) < page + size + alignment) throw std::bad_alloc();
  low_ -= size;
  low_ -= reinterpret_cast<std::uintptr_t>(low_) % alignment;
  return low_;
}

sca_str guarded_memory::copy(std::string_view text) {
  char* const at = static_cast<char*>(take(text.size() + (low_ == pages_ + size_ - page_size() ? 0 : 1), 1));
  if (!text.empty()) std::memcpy(at, text.data(), text.size());
  return {at, text.size()};
}

sca_bytes guarded_memory::copy(const std::optional<std::string>& bytes) {
  if (!bytes) return {nullptr, 0};
  const sca_str s = copy(std::string_view(*bytes));
  return {reinterpret_cast<const std::uint8_t*>(s.data), s.size};
}

record_batch::record_batch(std::span<const record_spec> records, std::uint32_t extra_bytes)
    : memory_(need(records, extra_bytes) + slack) {
  for (const record_spec& r : records) {
    const sca_bytes value = memory_.copy(r.value);
    const sca_bytes key = memory_.copy(r.key);
    const sca_str topic = memory_.copy(std::string_view(r.topic));
    const sca_str routed = memory_.copy(std::string_view(r.topic));
    std::vector<sca_header> headers;
    for (const auto& [name, content] : r.headers)
      headers.push_back({memory_.copy(std::string_view(name)), memory_.copy(content)});
    sca_header* table = nullptr;
    if (!headers.empty()) {
      table = static_cast<sca_header*>(memory_.take(headers.size() * sizeof(sca_header), alignof(sca_header)));
      std::memcpy(table, headers.data(), headers.size() * sizeof(sca_header));
    }
    auto* const record = static_cast<sca_record*>(memory_.take(sizeof(sca_record) + extra_bytes, alignof(sca_record)));
    std::memset(static_cast<void*>(record), 0x7f, sizeof(sca_record) + extra_bytes);
    *record = {.struct_size = static_cast<std::uint32_t>(sizeof(sca_record)) + extra_bytes,
               .partition = r.partition,
               .offset = r.offset,
               .assignment = r.assignment,
               .timestamp_ms = r.timestamp_type == SCA_TIMESTAMP_NONE ? -1 : r.timestamp_ms,
               .timestamp_type = r.timestamp_type,
               .reserved = 0,
               .topic = topic,
               .routed_topic = routed,
               .key = key,
               .value = value,
               .headers = table,
               .header_count = headers.size()};
    records_.push_back(record);
    pointers_.push_back(record);
  }
}

}  // namespace sca::testing
