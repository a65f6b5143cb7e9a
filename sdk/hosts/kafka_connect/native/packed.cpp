#include "packed.hpp"

#include <algorithm>
#include <bit>

namespace sca::jni {
namespace {

static_assert(std::endian::native == std::endian::little, "the packed layout is little-endian");

constexpr std::size_t max_topics = 100'000;
constexpr std::size_t most_spares = 2;           // what is in flight is bounded by the sink; what lies idle is bounded here
constexpr std::size_t largest_spare = 8u << 20;  // bytes

// Reads with bounds: after a read past the end `ok` is false and everything read is zero.
class reader {
 public:
  explicit reader(std::string_view bytes) noexcept : bytes_(bytes) {}
  template <class T>
  T number() noexcept {
    T v{};
    if (!has(sizeof v)) return v;
    std::memcpy(&v, bytes_.data() + at_, sizeof v);
    at_ += sizeof v;
    return v;
  }
  std::string_view text(std::int64_t size) noexcept {
    if (size < 0 || !has(static_cast<std::size_t>(size))) {
      ok_ = false;
      return {};
    }
    const auto s = bytes_.substr(at_, static_cast<std::size_t>(size));
    at_ += s.size();
    return s;
  }
  sca_bytes bytes(std::int32_t size) noexcept {  // -1 is Kafka's null
    if (size == -1) return {nullptr, 0};
    const auto s = text(size);
    return {reinterpret_cast<const uint8_t*>(s.data()), s.size()};
  }
  void seek(std::int64_t to) noexcept {
    ok_ = ok_ && to >= 0 && static_cast<std::uint64_t>(to) <= bytes_.size();
    if (ok_) at_ = static_cast<std::size_t>(to);
  }
  void align() noexcept { at_ = std::min(bytes_.size(), (at_ + 7) & ~std::size_t{7}); }
  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] std::size_t left() const noexcept { return bytes_.size() - at_; }

 private:
  bool has(std::size_t n) noexcept {
    if (ok_ && left() >= n) return true;
    ok_ = false;
    return false;
  }
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

error malformed(std::size_t record, std::string_view what) {
  return fail(SCA_MISUSE, "packed records: " + std::string(what) + " in record " + std::to_string(record));
}

struct fixed_part {
  std::int64_t sequence, offset, timestamp;
  std::int32_t partition, topic, routed, timestamp_type, key_size, value_size, header_count, zero;
};
static_assert(sizeof(fixed_part) == 56);
constexpr std::size_t header_sizes = 8;  // two lengths before each header's bytes

bool read_headers(reader& in, std::int32_t count, std::vector<sca_header>& out) {
  for (std::int32_t i = 0; i < count && in.ok(); ++i) {
    const auto key_size = in.number<std::int32_t>();
    const auto value_size = in.number<std::int32_t>();
    const auto key = in.text(key_size);
    out.push_back({str(key), in.bytes(value_size)});
  }
  return in.ok();
}

}  // namespace

result<std::vector<std::unique_ptr<held_record>>> unpack_records(std::string_view buffer, record_blocks* spares) {
  auto block = spares != nullptr ? spares->take() : std::make_unique<record_block>();
  block->bytes.assign(buffer);
  reader in(block->bytes);
  const auto magic = in.number<std::uint32_t>();
  const auto layout = in.number<std::uint32_t>();
  const auto count = in.number<std::uint32_t>();
  const auto topic_count = in.number<std::uint32_t>();
  const auto topics_at = in.number<std::int64_t>();
  if (!in.ok() || magic != records_magic) return fail(SCA_MISUSE, "packed records: not such a buffer");
  if (layout != records_layout)
    return fail(SCA_UNSUPPORTED, "packed records: layout " + std::to_string(layout) + " is unknown, this library reads 1");
  // Counts are checked against the bytes that are there before anything is reserved for them.
  if (topic_count > max_topics || topic_count > in.left() / 8 || count > in.left() / sizeof(fixed_part))
    return fail(SCA_MISUSE, "packed records: more topics or records than bytes");

  std::vector<sca_str> topics(topic_count);
  reader names(block->bytes);
  names.seek(topics_at);
  for (auto& t : topics) {
    t = str(names.text(names.number<std::uint32_t>()));
    names.align();
  }
  if (!names.ok()) return fail(SCA_MISUSE, "packed records: the topics exceed the buffer");
  block->records.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto f = in.number<fixed_part>();
    if (!in.ok()) return malformed(i, "the end of the buffer");
    const auto known = [&](std::int32_t topic) { return topic >= 0 && static_cast<std::uint32_t>(topic) < topic_count; };
    if (!known(f.topic) || !known(f.routed)) return malformed(i, "an unknown topic number");
    auto& r = block->records[i];
    r.sequence = f.sequence;
    r.block = block.get();
    r.record = {.struct_size = sizeof(sca_record),
                .partition = f.partition,
                .offset = f.offset,
                .assignment = 0,
                .timestamp_ms = f.timestamp_type == SCA_TIMESTAMP_NONE ? -1 : f.timestamp,
                .timestamp_type = f.timestamp_type,
                .reserved = 0,
                .topic = topics[static_cast<std::size_t>(f.topic)],
                .routed_topic = topics[static_cast<std::size_t>(f.routed)],
                .key = in.bytes(f.key_size),
                .value = in.bytes(f.value_size),
                .headers = nullptr,
                .header_count = 0};
    if (f.header_count < 0 || static_cast<std::size_t>(f.header_count) > in.left() / header_sizes)
      return malformed(i, "an impossible header count");
    r.record.header_count = static_cast<std::size_t>(f.header_count);
    if (!read_headers(in, f.header_count, block->headers) || !in.ok()) return malformed(i, "a size that exceeds the buffer");
    in.align();
  }
  std::vector<std::unique_ptr<held_record>> out;
  out.reserve(count);
  if (count == 0) return out;
  const auto* header = block->headers.data();  // only now: the vector of headers no longer moves
  auto* const shared = block.release();        // from here its records own it
  shared->living = count;
  shared->spares = spares;
  for (auto& r : shared->records) {
    if (r.record.header_count > 0) r.record.headers = header;
    header += r.record.header_count;
    out.emplace_back(&r);
  }
  return out;
}

void java_record::operator delete(java_record* record, std::destroying_delete_t) noexcept {
  auto* const block = record->block;
  if (--block->living > 0) return;
  std::unique_ptr<record_block> whole(block);
  if (block->spares != nullptr) block->spares->give_back(std::move(whole));
}

std::unique_ptr<record_block> record_blocks::take() {
  if (spares_.empty()) {
    spares_.reserve(most_spares);  // so that giving back never allocates
    return std::make_unique<record_block>();
  }
  auto block = std::move(spares_.back());
  spares_.pop_back();
  return block;
}

void record_blocks::give_back(std::unique_ptr<record_block> block) noexcept {
  if (spares_.size() >= most_spares || block->bytes.capacity() > largest_spare) return;
  block->headers.clear();
  block->records.clear();
  spares_.push_back(std::move(block));
}

}  // namespace sca::jni
