#include "options.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>

#include "admin.hpp"

namespace simulator {
namespace {

using wrong = std::optional<std::string>;

wrong read_asset(options& out, const std::string& value) {
  const auto colon = value.find(':');
  const auto kind = colon == std::string::npos ? "" : value.substr(colon + 1);
  if (kind != "" && kind != "pixel" && kind != "app") return "--asset is UUID, UUID:pixel or UUID:app";
  out.assets.emplace_back(value.substr(0, colon), kind == "app"     ? asset_kind::app
                                                  : kind == "pixel" ? asset_kind::pixel
                                                                    : asset_kind::unknown);
  return {};
}

wrong read_bad_cert(options& out, const std::string& value) {
  constexpr std::pair<std::string_view, certificate_fault> names[] = {{"expired", certificate_fault::expired},
                                                                      {"wrong-host", certificate_fault::wrong_host},
                                                                      {"unknown-ca", certificate_fault::unknown_ca}};
  for (const auto& [name, kind] : names)
    if (name == value) {
      out.wish.wrong = kind;
      return {};
    }
  return "--bad-cert is expired, wrong-host or unknown-ca";
}

wrong read_now(options& out, const std::string& value) {
  std::tm parts{};
  const char* rest = ::strptime(value.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr || std::string_view{rest} != "Z") return "--now is a time like 2024-01-17T16:31:17Z";
  out.now = std::chrono::seconds{::timegm(&parts)};
  return {};
}

wrong read_latency(options& out, const std::string& value) {
  out.latency = std::chrono::milliseconds{std::atol(value.c_str())};
  return {};
}

struct option_row {
  std::string_view name;
  std::string_view value;
  std::string_view text;
  wrong (*read)(options& out, const std::string& value);
};

template <auto member>
wrong store(options& out, const std::string& value) {
  out.*member = value;
  return {};
}

constexpr option_row rows[] = {
    {"--listen", "HOST:PORT", "address of the TLS endpoint, default 127.0.0.1:0 (a free port)", store<&options::listen>},
    {"--admin", "HOST:PORT", "address of the status page, plain HTTP, default 127.0.0.1:0", store<&options::admin>},
    {"--token", "T[@ASSET,…]", "an accepted access token, perhaps for some assets only; none: any token",
     [](options& out, const std::string& value) -> wrong {
       add_token(out.tokens, value);
       return {};
     }},
    {"--asset", "UUID[:pixel|app]", "a known asset; none: any", read_asset},
    {"--cert", "FILE", "certificate chain, PEM",
     [](options& out, const std::string& value) -> wrong {
       out.certificate.certificate = value;
       return {};
     }},
    {"--key", "FILE", "its key, PEM",
     [](options& out, const std::string& value) -> wrong {
       out.certificate.key = value;
       return {};
     }},
    {"--make-cert", "DIR", "make a CA (DIR/ca.pem, kept if there) and a certificate for localhost and 127.0.0.1",
     store<&options::make_cert>},
    {"--bad-cert", "KIND", "with --make-cert: expired, wrong-host or unknown-ca", read_bad_cert},
    {"--cert-address", "IP", "with --make-cert: the certificate is for this address, too",
     [](options& out, const std::string& value) -> wrong {
       out.wish.address = value;
       return {};
     }},
    {"--tls-version", "1.1|1.2", "no newer one", store<&options::tls_version>},
    {"--ledger", "FILE", "append each accepted event, one JSON object a line", store<&options::ledger>},
    {"--port-file", "FILE", "write the ports there, as JSON, when ready", store<&options::port_file>},
    {"--latency-ms", "N", "wait before each answer", read_latency},
    {"--now", "RFC3339", "a fixed clock for age checks", read_now},
};

}  // namespace

std::function<std::chrono::milliseconds()> options::clock() const {
  if (now) return [fixed = *now] { return fixed; };
  return
      [] { return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()); };
}

std::optional<std::string> parse_options(int count, char** words, options& out) {
  for (int at = 1; at < count; at += 2) {
    const std::string_view word = words[at];
    if (word == "--help" || word == "-h") {
      out.show_help = true;
      return {};
    }
    const auto row = std::find_if(std::begin(rows), std::end(rows), [&](const option_row& each) { return each.name == word; });
    if (row == std::end(rows)) return "unknown option " + std::string{word} + "; see --help";
    if (at + 1 == count) return std::string{word} + " needs a value";
    if (const auto problem = row->read(out, words[at + 1])) return problem;
  }
  if (out.make_cert.empty() && (out.certificate.certificate.empty() || out.certificate.key.empty()))
    return "give --make-cert DIR, or --cert and --key";
  return {};
}

std::string usage() {
  std::string out = "snapchat-simulator: a strict stand-in for Snapchat's Conversions API v3\n\n";
  for (const auto& row : rows) {
    std::string left = "  " + std::string{row.name} + ' ' + std::string{row.value};
    left.resize(std::max<std::size_t>(left.size() + 1, 30), ' ');
    out += left + std::string{row.text} + '\n';
  }
  return out + "\nSIGTERM and SIGINT end it with exit status 0.\n";
}

}  // namespace simulator
