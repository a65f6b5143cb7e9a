// The sockets of the REST server: listens, lets in whom it may, bounds what a client can take, and asks the handler for the
// answer. cpp-httplib speaks HTTP; its header is included in rest_server.cpp only. The handler runs on the server's threads,
// several at once.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rest_http.hpp"
#include "sca/secret.hpp"
#include "sca/status.hpp"

namespace sinkhost {

struct rest_user {
  std::string name;
  sca::secret password;
};

struct rest_options {
  std::string host = "127.0.0.1";
  int port = 8083;                                 // 0: a free one
  std::vector<rest_user> users = {};               // empty: no authentication; then only loopback is listened on
  std::string certificate = {}, key = {};          // both: TLS
  std::chrono::milliseconds request_time{30'000};  // from the first byte of a request to the last of its answer
  std::chrono::milliseconds idle_time{5'000};      // between requests of a connection
};

// "127.0.0.1:8083", "[::1]:0", "8083". nullopt: not an address; a host must be named to listen beyond loopback.
struct host_and_port {
  std::string host;
  int port = 0;
};
[[nodiscard]] std::optional<host_and_port> parse_listen(std::string_view text);
[[nodiscard]] bool is_loopback(std::string_view host) noexcept;
// Lines "name:password", '#' begins a comment. Errors name the file and line, never a password.
[[nodiscard]] sca::result<std::vector<rest_user>> read_user_file(const std::string& path);

class rest_server {
 public:
  using handler = std::function<rest_response(const rest_request&)>;
  using body_limit = std::function<std::size_t(std::string_view target)>;

  // Binds; requests wait until serve(), because the answers want to know the address.
  [[nodiscard]] static sca::result<std::unique_ptr<rest_server>> bind(rest_options options, body_limit limit);
  ~rest_server();  // stop()
  rest_server(const rest_server&) = delete;
  rest_server& operator=(const rest_server&) = delete;

  void serve(handler answer);  // once; returns at once
  void stop();                 // ends within a moment, once running handlers are done

  [[nodiscard]] const std::string& authority() const noexcept { return authority_; }  // 127.0.0.1:8083
  [[nodiscard]] const std::string& url() const noexcept { return url_; }              // http://127.0.0.1:8083

 private:
  rest_server();
  struct impl;
  std::unique_ptr<impl> impl_;
  std::string authority_, url_;
};

}  // namespace sinkhost
