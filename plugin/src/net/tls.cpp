#include "net/tls.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <utility>

#include "net/text.hpp"

namespace snap::net {
namespace {

constexpr std::size_t max_names = 5, max_name_bytes = 100;

[[nodiscard]] bool is_ip_literal(const std::string& host) {
  error_code ec;
  (void)asio::ip::make_address(host, ec);
  return !ec;
}

[[nodiscard]] std::string day(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return "an unreadable time";
  std::array<char, 24> text{};
  const std::size_t n = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%MZ", &parts);
  return {text.data(), n};
}

[[nodiscard]] std::string name_line(const X509_NAME* name) {
  std::array<char, 256> text{};
  X509_NAME_oneline(name, text.data(), static_cast<int>(text.size()));
  return shown(text.data(), max_name_bytes);
}

[[nodiscard]] std::string ip_text(const ASN1_OCTET_STRING* octets) {
  const unsigned char* bytes = ASN1_STRING_get0_data(octets);
  if (ASN1_STRING_length(octets) == 4) {
    asio::ip::address_v4::bytes_type v4{};
    std::memcpy(v4.data(), bytes, v4.size());
    return asio::ip::address_v4(v4).to_string();
  }
  if (ASN1_STRING_length(octets) == 16) {
    asio::ip::address_v6::bytes_type v6{};
    std::memcpy(v6.data(), bytes, v6.size());
    return asio::ip::address_v6(v6).to_string();
  }
  return "a malformed address";
}

[[nodiscard]] std::vector<std::string> names_of(const X509* certificate) {
  std::vector<std::string> names;
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> list(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)), &GENERAL_NAMES_free);
  const int count = list ? sk_GENERAL_NAME_num(list.get()) : 0;
  for (int i = 0; i < count && names.size() < max_names; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(list.get(), i);
    if (name->type == GEN_DNS) {
      const auto* text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName));
      names.push_back(shown({text, static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName))}, max_name_bytes));
    } else if (name->type == GEN_IPADD) {
      names.push_back(ip_text(name->d.iPAddress));
    }
  }
  if (count > static_cast<int>(max_names)) names.emplace_back("...");
  return names;
}

// OpenSSL asks after each certificate; the first refusal is the reason, later ones follow from it.
void note(certificate_fault& fault, X509_STORE_CTX* store) {
  if (fault.error != X509_V_OK) return;
  fault.error = X509_STORE_CTX_get_error(store);
  const X509* certificate = X509_STORE_CTX_get_current_cert(store);
  if (certificate == nullptr) return;
  fault.valid_from = day(X509_get0_notBefore(certificate));
  fault.valid_until = day(X509_get0_notAfter(certificate));
  fault.issuer = name_line(X509_get_issuer_name(certificate));
  fault.names = names_of(certificate);
}

[[nodiscard]] std::string last_openssl_reason() {
  const unsigned long code = ERR_get_error();
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "unknown reason";
}

[[nodiscard]] std::string version_name(config::tls_version v) {
  switch (v) {
    case config::tls_version::v1_2: return "TLSv1.2";
    case config::tls_version::v1_3: return "TLSv1.3";
  }
  return "TLSv1.2";
}

}  // namespace

tls_client::tls_client(const config::net_settings& net)
    : context_(asio::ssl::context::tls_client), host_(net.to.host), ca_file_(net.ca_file), min_version_(net.min_tls) {
  SSL_CTX* native = context_.native_handle();
  SSL_CTX_set_min_proto_version(native, min_version_ == config::tls_version::v1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  context_.set_verify_mode(asio::ssl::verify_peer);
}

std::unique_ptr<tls_client> tls_client::make(const config::net_settings& net, std::string& why) {
  std::unique_ptr<tls_client> made(new tls_client(net));
  SSL_CTX* native = made->context_.native_handle();
  ERR_clear_error();
  if (net.ca_file.empty()) {
    if (SSL_CTX_set_default_verify_paths(native) == 1) return made;
    why = "the system's certificate authorities cannot be loaded: " + last_openssl_reason() + "; set ssl.ca.file";
    return nullptr;
  }
  const std::string file = net.ca_file.string();
  errno = 0;
  if (std::ifstream readable(file); !readable || readable.peek() == std::ifstream::traits_type::eof()) {
    why = "ssl.ca.file: " + file + " cannot be read or is empty" +
          (errno != 0 ? std::string(" (") + std::strerror(errno) + ")" : "");
    return nullptr;
  }
  if (SSL_CTX_load_verify_file(native, file.c_str()) == 1) return made;
  why = "ssl.ca.file: " + file + " holds no usable certificate (" + last_openssl_reason() +
        "); it must contain the authority's certificate in PEM form";
  ERR_clear_error();
  return nullptr;
}

std::unique_ptr<tls_stream> tls_client::wrap(tcp_socket socket, std::shared_ptr<certificate_fault> fault) {
  auto stream = std::make_unique<tls_stream>(std::move(socket), context_);
  SSL* native = stream->native_handle();
  if (is_ip_literal(host_)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(native), host_.c_str());
  } else {
    // SSL_set_tlsext_host_name, without its macro's C casts
    SSL_ctrl(native, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(host_.c_str()));
    SSL_set_hostflags(native, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(native, host_.c_str());
  }
  if (session_) SSL_set_session(native, session_.get());
  stream->set_verify_callback([fault = std::move(fault)](bool good, asio::ssl::verify_context& store) {
    if (!good) note(*fault, store.native_handle());
    return good;
  });
  return stream;
}

void tls_client::remember(tls_stream& stream) {
  std::unique_ptr<SSL_SESSION, session_deleter> session(SSL_get1_session(stream.native_handle()));
  if (session && SSL_SESSION_is_resumable(session.get()) == 1) session_ = std::move(session);
}

std::string tls_client::explain_certificate(const certificate_fault& fault) const {
  std::string text = X509_verify_cert_error_string(fault.error);
  switch (fault.error) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return text + " (it was valid until " + fault.valid_until + ")";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return text + " (it is valid from " + fault.valid_from + "; is this machine's clock right?)";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: {
      text = "host name mismatch: " + host_ + " was asked for, the certificate is for ";
      if (fault.names.empty()) text += "no name";
      for (std::size_t i = 0; i < fault.names.size(); ++i) text += (i == 0 ? "" : ", ") + fault.names[i];
      return text;
    }
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return text + ": issued by " + fault.issuer + ", which " +
             (ca_file_.empty() ? "the system does not trust; set ssl.ca.file to the authority's certificate"
                               : "ssl.ca.file (" + ca_file_.string() + ") does not contain");
    default: return text;
  }
}

link_error tls_client::explain(const error_code& ec, const certificate_fault& fault) const {
  if (fault.error != X509_V_OK) return {link_failure::tls, explain_certificate(fault)};
  if (ec == asio::error::eof || ec == asio::ssl::error::stream_truncated) {
    return {link_failure::closed_early, "the server closed the connection"};
  }
  if (ec.category() != asio::error::get_ssl_category()) return {link_failure::reset, ec.message()};
  const int reason = ERR_GET_REASON(static_cast<unsigned long>(ec.value()));
  const char* text = ERR_reason_error_string(static_cast<unsigned long>(ec.value()));
  const std::string words = text != nullptr ? text : "error " + std::to_string(ec.value());
  switch (reason) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return {link_failure::tls, words + ": the server offers nothing from " + version_name(min_version_) + " on"};
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST: return {link_failure::tls, words + ": the server does not speak TLS on this port"};
    default: return {link_failure::tls, words};
  }
}

}  // namespace snap::net
