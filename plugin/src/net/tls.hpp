// TLS as this sink wants it: 1.2 or newer, verified against the system's authorities or ssl.ca.file, for the host that was asked
// for. Verification is set here, once, and nothing turns it off. Also the words for a handshake that failed. Loop thread.
#pragma once
#include <boost/asio/ssl/context.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "net/link.hpp"
#include "net/link_error.hpp"

namespace snap::net {

// What was wrong with the other side's certificate; filled while the handshake runs.
struct certificate_fault {
  int error = 0;                        // X509_V_ERR_…, 0 none
  std::string valid_from, valid_until;  // RFC 3339 day
  std::string issuer;                   // escaped
  std::vector<std::string> names;       // subject alternative names, escaped; a few
};

class tls_client {
 public:
  // Null and the reason in `why` when ca_file cannot be used.
  [[nodiscard]] static std::unique_ptr<tls_client> make(const config::net_settings& net, std::string& why);

  // A stream over a connected socket: SNI, host check, the session of an earlier connection. The stream shares `fault` and fills
  // it.
  [[nodiscard]] std::unique_ptr<tls_stream> wrap(tcp_socket socket, std::shared_ptr<certificate_fault> fault);
  // Keeps the stream's session for the next handshake. Call after an answer: TLS 1.3 tickets come with the first bytes.
  void remember(tls_stream& stream);
  // After a handshake that failed: the session may be why, and a server or a firewall that stumbles over it would do so for ever.
  void forget() noexcept { session_.reset(); }

  [[nodiscard]] link_error explain(const error_code& ec, const certificate_fault& fault) const;

 private:
  struct session_deleter {
    void operator()(SSL_SESSION* s) const noexcept { SSL_SESSION_free(s); }
  };

  explicit tls_client(const config::net_settings& net);
  [[nodiscard]] std::string explain_certificate(const certificate_fault& fault) const;

  asio::ssl::context context_;
  const std::string host_;
  const std::filesystem::path ca_file_;
  const config::tls_version min_version_;
  std::unique_ptr<SSL_SESSION, session_deleter> session_;
};

}  // namespace snap::net
