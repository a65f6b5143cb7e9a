// SHA-256 as lower-case hex, with one digest context for all calls: fetching the digest anew costs more than the digest
// (design.md, "Measured limits"). One per mapper; not thread-safe.
#pragma once
#include <array>
#include <memory>
#include <string_view>

struct evp_md_ctx_st;

namespace snap::event {

class sha256_hex {
 public:
  using digits = std::array<char, 64>;
  sha256_hex();
  ~sha256_hex();
  sha256_hex(sha256_hex&&) noexcept;
  sha256_hex& operator=(sha256_hex&&) noexcept;
  [[nodiscard]] digits operator()(std::string_view bytes);

 private:
  struct free_context {
    void operator()(evp_md_ctx_st*) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, free_context> context_;
};

}  // namespace snap::event
