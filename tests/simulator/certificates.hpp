#pragma once
// Makes the certificates that tests need: a throw-away CA and a server certificate for localhost and 127.0.0.1,
// or one that a careful client must refuse. Called once, before the listener starts.
#include <optional>
#include <string>

namespace simulator {

enum class certificate_fault { none, expired, wrong_host, unknown_ca };

struct certificate_wish {
  certificate_fault wrong = certificate_fault::none;
  std::string address{};  // the certificate is for this IP address, too
};

struct certificate_files {
  std::string certificate;
  std::string key;
};

// DIR/ca.pem is kept when it exists, so that a second start is trusted by the clients of the first. An error text, or nothing.
[[nodiscard]] std::optional<std::string> make_certificates(const std::string& directory, const certificate_wish& wish,
                                                           certificate_files& made);

}  // namespace simulator
