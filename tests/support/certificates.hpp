// Certificates made at run time, so that no key lies in the tree and none expires in it. Used by tests and test servers, any
// thread. Example: certificate_authority ca; auto id = ca.issue({.dns = {"localhost"}}); write ca.certificate_pem() where
// ssl.ca.file points.
#pragma once
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace support {

struct x509_deleter {
  void operator()(X509* c) const noexcept { X509_free(c); }
};
struct key_deleter {
  void operator()(EVP_PKEY* k) const noexcept { EVP_PKEY_free(k); }
};
using x509_ptr = std::unique_ptr<X509, x509_deleter>;
using key_ptr = std::unique_ptr<EVP_PKEY, key_deleter>;

struct identity {
  x509_ptr certificate;
  key_ptr key;
};

struct subject {
  std::string common_name = "test server";
  std::vector<std::string> dns{}, ip{};                 // subject alternative names
  std::chrono::hours valid_from{-24}, valid_until{24};  // from now
};

class certificate_authority {
 public:
  explicit certificate_authority(const std::string& name = "Test Authority");
  [[nodiscard]] identity issue(const subject& s) const;
  [[nodiscard]] std::string certificate_pem() const;

 private:
  identity self_;
};

[[nodiscard]] std::string certificate_pem(const identity& id);
[[nodiscard]] std::string key_pem(const identity& id);

// A file in the temporary folder that goes away with this object.
class temporary_file {
 public:
  explicit temporary_file(const std::string& content);
  ~temporary_file();
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace support
