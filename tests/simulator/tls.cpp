#include "tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>

namespace simulator {
namespace {

int clamped(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, 1U << 30U)); }

}  // namespace

tls_context::tls_context() : context_(SSL_CTX_new(TLS_server_method())) {
  SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
  SSL_CTX_set_mode(context_, SSL_MODE_AUTO_RETRY);
}

tls_context::~tls_context() { SSL_CTX_free(context_); }

std::optional<std::string> tls_context::load(const certificate_files& files, const std::string& only_version) {
  if (only_version == "1.1") {  // Debian's default security level forbids it
    SSL_CTX_set_cipher_list(context_, "ALL:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(context_, TLS1_1_VERSION);
    SSL_CTX_set_max_proto_version(context_, TLS1_1_VERSION);
  } else if (only_version == "1.2") {
    SSL_CTX_set_max_proto_version(context_, TLS1_2_VERSION);
  } else if (!only_version.empty()) {
    return "--tls-version is 1.1 or 1.2";
  }
  if (SSL_CTX_use_certificate_chain_file(context_, files.certificate.c_str()) != 1)
    return "cannot read the certificate " + files.certificate;
  if (SSL_CTX_use_PrivateKey_file(context_, files.key.c_str(), SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(context_) != 1)
    return "cannot use the key " + files.key;
  return {};
}

std::size_t plain_stream::read(char* room, std::size_t size) {
  const auto count = ::recv(socket_, room, size, 0);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

bool plain_stream::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void plain_stream::close_politely() { ::shutdown(socket_, SHUT_WR); }

tls_stream::tls_stream(const tls_context& context, int socket) : ssl_(SSL_new(context.native())) { SSL_set_fd(ssl_, socket); }

tls_stream::~tls_stream() {
  SSL_free(ssl_);
  ERR_clear_error();
}

bool tls_stream::handshake() { return SSL_accept(ssl_) == 1; }

std::string tls_stream::server_name() const {
  const char* name = SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name);
  return name == nullptr ? "" : name;
}

std::size_t tls_stream::read(char* room, std::size_t size) {
  const int count = SSL_read(ssl_, room, clamped(size));
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

bool tls_stream::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const int count = SSL_write(ssl_, bytes.data(), clamped(bytes.size()));
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::size_t tls_stream::buffered() const { return static_cast<std::size_t>(SSL_pending(ssl_)); }

void tls_stream::close_politely() { SSL_shutdown(ssl_); }

// Up to TLS 1.2 a HelloRequest, which the client may decline; from 1.3 on a KeyUpdate, which it must answer.
bool tls_stream::renegotiate() {
  const bool asked =
      SSL_version(ssl_) >= TLS1_3_VERSION ? SSL_key_update(ssl_, SSL_KEY_UPDATE_REQUESTED) == 1 : SSL_renegotiate(ssl_) == 1;
  return asked && SSL_do_handshake(ssl_) == 1;
}

}  // namespace simulator
