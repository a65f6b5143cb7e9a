// Requests and answers of the REST server as values: what the routes see, without sockets or a server library. Any thread.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "herder_types.hpp"

namespace sinkhost {

struct rest_request {
  std::string method;  // upper case
  std::string target;  // as sent: /connectors/a%2Fb?expand=info
  std::string body;
};

struct rest_response {
  int status = 200;
  std::string body = {};
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
};

struct rest_target {
  std::vector<std::string> segments;  // of the path, decoded one by one, so an encoded '/' stays inside its segment
  std::multimap<std::string, std::string> query;

  [[nodiscard]] bool flag(const std::string& name) const;  // name=true in any case, as Kafka Connect reads it
  [[nodiscard]] bool has(const std::string& name, std::string_view value) const;
};
// nullopt: not a target (a bad escape, not UTF-8, no leading '/').
[[nodiscard]] std::optional<rest_target> parse_target(std::string_view target);

// {"error_code":404,"message":"…"} with that status, as Kafka Connect writes errors.
[[nodiscard]] rest_response error_response(int status, std::string_view message);
[[nodiscard]] inline rest_response error_response(const api_error& e) { return error_response(e.status, e.message); }
[[nodiscard]] rest_response no_content(int status = 204);

}  // namespace sinkhost
