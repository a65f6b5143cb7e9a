#pragma once
// The command line of snapchat-simulator. Parsed once, by main.
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "certificates.hpp"
#include "rules.hpp"

namespace simulator {

struct options {
  std::string listen = "127.0.0.1:0";
  std::string admin = "127.0.0.1:0";
  std::map<std::string, std::set<std::string>> tokens;
  std::vector<std::pair<std::string, asset_kind>> assets;
  certificate_files certificate;
  std::string make_cert;
  certificate_wish wish{};  // of --make-cert
  std::string tls_version;
  std::string ledger;
  std::string port_file;
  std::chrono::milliseconds latency{};
  std::optional<std::chrono::milliseconds> now;  // a fixed clock, since 1970
  bool show_help = false;

  [[nodiscard]] std::function<std::chrono::milliseconds()> clock() const;
};

// An error text, or nothing.
[[nodiscard]] std::optional<std::string> parse_options(int count, char** words, options& out);
[[nodiscard]] std::string usage();

}  // namespace simulator
