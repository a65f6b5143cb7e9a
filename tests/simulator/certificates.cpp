#include "certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <memory>

namespace simulator {
namespace {

struct free_key {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct free_certificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct close_file {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using key_ptr = std::unique_ptr<EVP_PKEY, free_key>;
using certificate_ptr = std::unique_ptr<X509, free_certificate>;
using file_ptr = std::unique_ptr<std::FILE, close_file>;

struct identity {
  certificate_ptr certificate;
  key_ptr key;
};

constexpr long day = 24 * 60 * 60;

void add_extension(X509& certificate, X509& issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  if (X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str())) {
    X509_add_ext(&certificate, made, -1);
    X509_EXTENSION_free(made);
  }
}

certificate_ptr new_certificate(const std::string& name, EVP_PKEY& key, long from, long to) {
  certificate_ptr made{X509_new()};
  long serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set_int64(X509_get_serialNumber(made.get()), (serial & 0x7fffffff) + 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), from);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), to);
  X509_set_pubkey(made.get(), &key);
  const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, text, -1, -1, 0);
  return made;
}

identity make_ca(const std::string& name) {
  identity out{nullptr, key_ptr{EVP_EC_gen("P-256")}};
  out.certificate = new_certificate(name, *out.key, -day, 3650 * day);
  X509& ca = *out.certificate;
  X509_set_issuer_name(&ca, X509_get_subject_name(&ca));
  add_extension(ca, ca, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(ca, ca, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(ca, ca, NID_subject_key_identifier, "hash");
  X509_sign(&ca, out.key.get(), EVP_sha256());
  return out;
}

identity make_server(const identity& ca, const certificate_wish& wish) {
  identity out{nullptr, key_ptr{EVP_EC_gen("P-256")}};
  const bool expired = wish.wrong == certificate_fault::expired;
  out.certificate = new_certificate("simulator", *out.key, expired ? -2 * day : -day, expired ? -day : 365 * day);
  X509& server = *out.certificate;
  X509_set_issuer_name(&server, X509_get_subject_name(ca.certificate.get()));
  add_extension(server, *ca.certificate, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(server, *ca.certificate, NID_ext_key_usage, "serverAuth");
  add_extension(server, *ca.certificate, NID_authority_key_identifier, "keyid");
  const std::string names =
      wish.wrong == certificate_fault::wrong_host ? "DNS:somebody-else.example" : "DNS:localhost,IP:127.0.0.1,IP:::1";
  add_extension(server, *ca.certificate, NID_subject_alt_name,
                (wish.address.empty() ? names : names + ",IP:" + wish.address).c_str());
  X509_sign(&server, ca.key.get(), EVP_sha256());
  return out;
}

bool save(const identity& what, const std::string& certificate_path, const std::string& key_path) {
  const file_ptr certificate{std::fopen(certificate_path.c_str(), "w")};
  const file_ptr key{std::fopen(key_path.c_str(), "w")};
  if (!certificate || !key) return false;
  ::chmod(key_path.c_str(), S_IRUSR | S_IWUSR);
  return PEM_write_X509(certificate.get(), what.certificate.get()) == 1 &&
         PEM_write_PrivateKey(key.get(), what.key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1;
}

identity load(const std::string& certificate_path, const std::string& key_path) {
  const file_ptr certificate{std::fopen(certificate_path.c_str(), "r")};
  const file_ptr key{std::fopen(key_path.c_str(), "r")};
  if (!certificate || !key) return {};
  return {certificate_ptr{PEM_read_X509(certificate.get(), nullptr, nullptr, nullptr)},
          key_ptr{PEM_read_PrivateKey(key.get(), nullptr, nullptr, nullptr)}};
}

}  // namespace

std::optional<std::string> make_certificates(const std::string& directory, const certificate_wish& wish,
                                             certificate_files& made) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  const std::string ca_path = directory + "/ca.pem";
  const std::string ca_key_path = directory + "/ca-key.pem";
  identity ca = load(ca_path, ca_key_path);
  if (!ca.certificate || !ca.key) {
    ca = make_ca("simulator CA");
    if (!save(ca, ca_path, ca_key_path)) return "cannot write certificates into " + directory;
  }
  made = {directory + "/server.pem", directory + "/server-key.pem"};
  const identity stranger = wish.wrong == certificate_fault::unknown_ca ? make_ca("a CA that nobody trusts") : identity{};
  const identity server = make_server(stranger.key ? stranger : ca, wish);
  if (!save(server, made.certificate, made.key)) return "cannot write certificates into " + directory;
  return {};
}

}  // namespace simulator
