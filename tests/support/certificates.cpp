#include "certificates.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace support {
namespace {

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("certificates: " + what); }

[[nodiscard]] key_ptr make_key() {
  key_ptr key(EVP_EC_gen("P-256"));
  if (!key) fail("no key");
  return key;
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  if (extension == nullptr) fail("extension " + value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

[[nodiscard]] x509_ptr make_certificate(const subject& s, EVP_PKEY* key) {
  x509_ptr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  std::uint64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1);
  using std::chrono::seconds;
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), seconds(s.valid_from).count());
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), seconds(s.valid_until).count());
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(s.common_name.c_str()), -1, -1, 0);
  return certificate;
}

void sign(X509* certificate, EVP_PKEY* key) {
  if (X509_sign(certificate, key, EVP_sha256()) == 0) fail("signing");
}

template <class Write>
[[nodiscard]] std::string pem(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  if (write(out.get()) != 1) fail("PEM");
  char* data = nullptr;
  const auto size = BIO_ctrl(out.get(), BIO_CTRL_INFO, 0, &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

certificate_authority::certificate_authority(const std::string& name) {
  self_.key = make_key();
  self_.certificate = make_certificate({.common_name = name}, self_.key.get());
  X509* own = self_.certificate.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(own, own, NID_subject_key_identifier, "hash");
  sign(own, self_.key.get());
}

identity certificate_authority::issue(const subject& s) const {
  identity id;
  id.key = make_key();
  id.certificate = make_certificate(s, id.key.get());
  X509* certificate = id.certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(self_.certificate.get()));
  std::string names;
  for (const auto& name : s.dns) names += (names.empty() ? "DNS:" : ",DNS:") + name;
  for (const auto& address : s.ip) names += (names.empty() ? "IP:" : ",IP:") + address;
  add_extension(certificate, self_.certificate.get(), NID_basic_constraints, "CA:FALSE");
  if (!names.empty()) add_extension(certificate, self_.certificate.get(), NID_subject_alt_name, names);
  sign(certificate, self_.key.get());
  return id;
}

std::string certificate_authority::certificate_pem() const { return support::certificate_pem(self_); }

std::string certificate_pem(const identity& id) {
  return pem([&](BIO* out) { return PEM_write_bio_X509(out, id.certificate.get()); });
}

std::string key_pem(const identity& id) {
  return pem([&](BIO* out) { return PEM_write_bio_PrivateKey(out, id.key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

temporary_file::temporary_file(const std::string& content) {
  std::string name = (std::filesystem::temp_directory_path() / "sink-test-XXXXXX").string();
  const int file = ::mkstemp(name.data());
  if (file < 0) fail("temporary file");
  ::close(file);
  path_ = name;
  std::ofstream(path_) << content;
}

temporary_file::~temporary_file() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

}  // namespace support
