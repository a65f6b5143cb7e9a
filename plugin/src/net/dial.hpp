// From nothing to a TLS stream: resolve, connect (each address in turn), ask the proxy, handshake, all within connect.timeout.ms.
// Used by the client, one object per attempt, on the loop thread. Shared with its own pending handlers, which outlive the
// client's interest; the last handler ends it.
#pragma once
#include <array>
#include <functional>
#include <memory>
#include <string>

#include "net/answer_reader.hpp"
#include "net/client.hpp"
#include "net/link.hpp"
#include "net/name_lookup.hpp"
#include "net/tls.hpp"

namespace snap::net {

class dial : public std::enable_shared_from_this<dial> {
 public:
  // Exactly once, from the loop: a stream, or null and the reason. Not after cancel().
  using on_done = std::function<void(std::unique_ptr<tls_stream>, const link_error&)>;

  // The client owns all of these and outlives the loop's handlers.
  dial(asio::io_context& io, const client_options& options, tls_client& tls, name_lookup& names, on_done done);

  void start();
  void cancel();

 private:
  enum class phase : std::uint8_t { resolving, connecting, proxy, handshake, over };

  void on_names(const found_addresses& found);
  void try_next_address();
  void on_connected(const error_code& ec);
  void ask_proxy();
  void read_proxy();
  void on_proxy_bytes(const error_code& ec, std::size_t n);
  void judge_proxy();
  void shake_hands();
  void on_deadline();
  void fail(link_failure what, const std::string& reason);
  void finish(std::unique_ptr<tls_stream> stream, const link_error& error);
  [[nodiscard]] bool through_proxy() const noexcept { return !options_.net.proxy.host.empty(); }
  [[nodiscard]] std::string place() const;  // host:port of what this phase talks to

  const client_options& options_;
  tls_client& tls_;
  name_lookup& names_;
  on_done done_;
  phase phase_ = phase::resolving;
  loop_timer deadline_, attempt_;  // of everything; of one address
  tcp_socket socket_;
  std::unique_ptr<tls_stream> stream_;
  std::shared_ptr<certificate_fault> fault_ = std::make_shared<certificate_fault>();
  std::vector<tcp::endpoint> addresses_;
  std::size_t next_address_ = 0;
  sca::secret proxy_request_;  // holds the credentials
  answer_reader proxy_answer_;
  std::array<char, 4096> proxy_bytes_{};
};

}  // namespace snap::net
