#include "event/hash.hpp"

#include <cstring>

// SHA256_Init and the like are deprecated for EVP's sake, not for a fault.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

namespace snap::event {

namespace {

// 16 bytes at once, in a vector that every compiler target has: what reads the digits next would wait for the last of 32 stores.
using bytes16 [[gnu::vector_size(16)]] = unsigned char;

bytes16 digits_of(bytes16 nibbles) noexcept { return nibbles + '0' + (static_cast<bytes16>(nibbles > 9) & ('a' - '0' - 10)); }

void write_hex(const unsigned char* from, char* to) noexcept {
  bytes16 in;
  std::memcpy(&in, from, sizeof in);
  const bytes16 high = digits_of(in >> 4), low = digits_of(in & 15);
  const bytes16 out[] = {__builtin_shufflevector(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23),
                         __builtin_shufflevector(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)};
  std::memcpy(to, out, sizeof out);
}

}  // namespace

sha256_hex::digits sha256_hex::operator()(std::string_view bytes) const noexcept {
  SHA256_CTX state;  // these three cannot fail
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256_Init(&state);
  SHA256_Update(&state, bytes.data(), bytes.size());
  SHA256_Final(digest.data(), &state);
  digits out;
  write_hex(digest.data(), out.data());
  write_hex(digest.data() + 16, out.data() + 32);
  return out;
}

}  // namespace snap::event
