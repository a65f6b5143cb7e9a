// SHA-256 as lower-case hex. Pure; any thread.
#pragma once
#include <array>
#include <string_view>

namespace snap::event {

// By libcrypto's own SHA-256 and not through EVP, whose context is allocated and wiped once a digest: of an e-mail address that
// takes longer than the digest itself (bench_override prints both).
struct sha256_hex {
  using digits = std::array<char, 64>;
  [[nodiscard]] digits operator()(std::string_view bytes) const noexcept;
};

}  // namespace snap::event
