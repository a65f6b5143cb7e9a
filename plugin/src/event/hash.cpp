#include "event/hash.hpp"

#include <cstring>
#include <new>
#include <stdexcept>

#include <openssl/evp.h>

namespace snap::event {

namespace {

// Two digits a byte at one look-up.
constexpr auto hex_pairs = [] {
  constexpr std::string_view digit = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = {digit[i >> 4], digit[i & 15]};
  return out;
}();

}  // namespace

void sha256_hex::free_context::operator()(evp_md_ctx_st* context) const noexcept { EVP_MD_CTX_free(context); }

sha256_hex::sha256_hex() : context_(EVP_MD_CTX_new()) {
  if (!context_) throw std::bad_alloc{};
  // The one fetch of the algorithm. Fails only where OpenSSL has no SHA-256 at all.
  if (EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) throw std::runtime_error("OpenSSL offers no SHA-256");
}
sha256_hex::~sha256_hex() = default;
sha256_hex::sha256_hex(sha256_hex&&) noexcept = default;
sha256_hex& sha256_hex::operator=(sha256_hex&&) noexcept = default;

sha256_hex::digits sha256_hex::operator()(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;  // written by Final
  // A null digest means "the same again": naming EVP_sha256() here would fetch it anew on every call.
  if (EVP_DigestInit_ex(context_.get(), nullptr, nullptr) != 1 ||
      EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1 ||
      EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL failed to compute a SHA-256 digest");
  }
  digits out;
  for (std::size_t i = 0; i < out.size() / 2; ++i) std::memcpy(&out[2 * i], hex_pairs[digest[i]].data(), 2);
  return out;
}

}  // namespace snap::event
