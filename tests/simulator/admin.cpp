#include "admin.hpp"

#include <cstdlib>

#include "tls.hpp"

namespace simulator {
namespace {

answer problem(int status, std::string_view text) {
  return {status, "application/json", {}, "{\"error\":" + quoted(text) + "}\n"};
}

answer done() { return {200, "application/json", {}, "{}\n"}; }

answer post_faults(admin_service& with, const request& from) {
  const auto read = parse_json(from.body);
  if (const auto* wrong = std::get_if<parse_failure>(&read)) return problem(400, "the body is not JSON: " + wrong->reason);
  auto made = parse_faults(std::get<json>(read));
  if (const auto* wrong = std::get_if<std::string>(&made)) return problem(400, *wrong);
  with.script.add(std::move(std::get<std::vector<fault>>(made)));
  return done();
}

answer post_tokens(admin_service& with, const request& from) {
  const auto read = parse_json(from.body);
  const auto* list = std::get_if<json>(&read);
  if (list == nullptr || !list->is(json_kind::array))
    return problem(400, "the body is a JSON list of \"TOKEN\" or \"TOKEN@ASSET,…\"");
  std::map<std::string, std::set<std::string>> tokens;
  for (const auto& item : list->items) add_token(tokens, item.text);
  with.snapchat.replace_tokens(std::move(tokens));
  return done();
}

answer requests(admin_service& with, const request& from) {
  const auto wanted = from.query.find("n");
  const long count = wanted == from.query.end() ? 10 : std::atol(wanted->second.c_str());
  return {200, "application/x-ndjson", {}, with.records.last_requests(static_cast<std::size_t>(std::max(0L, count)))};
}

struct route {
  std::string_view method;
  std::string_view path;
  answer (*handle)(admin_service& with, const request& from);
};

constexpr route routes[] = {
    {"GET", "/",
     [](admin_service& with, const request&) {
       return answer{200, "text/html", {}, with.records.status_page()};
     }},
    {"GET", "/status", [](admin_service& with, const request&) { return answer{.body = with.records.status_json()}; }},
    {"GET", "/ledger",
     [](admin_service& with, const request&) {
       return answer{200, "application/x-ndjson", {}, with.records.events().lines()};
     }},
    {"DELETE", "/ledger",
     [](admin_service& with, const request&) {
       with.records.clear();
       return done();
     }},
    {"GET", "/requests", requests},
    {"GET", "/faults",
     [](admin_service& with, const request&) {
       return answer{.body = "{\"left\":" + std::to_string(with.script.size()) + "}\n"};
     }},
    {"POST", "/faults", post_faults},
    {"DELETE", "/faults",
     [](admin_service& with, const request&) {
       with.script.clear();
       return done();
     }},
    {"POST", "/tokens", post_tokens},
};

}  // namespace

void add_token(std::map<std::string, std::set<std::string>>& tokens, std::string_view text) {
  const auto mark = text.find('@');
  auto& assets = tokens[std::string{text.substr(0, mark)}];
  auto rest = mark == std::string_view::npos ? std::string_view{} : text.substr(mark + 1);
  while (!rest.empty()) {
    const auto asset = rest.substr(0, rest.find(','));
    assets.emplace(asset);
    rest.remove_prefix(std::min(rest.size(), asset.size() + 1));
  }
}

answer answer_admin(admin_service& with, const request& from) {
  if (!from.problem.empty()) return problem(400, from.problem);
  for (const auto& each : routes)
    if (each.method == from.method && each.path == from.path) return each.handle(with, from);
  return problem(404, "try GET /, /status, /ledger, /requests?n=, POST /faults, POST /tokens, DELETE /ledger, DELETE /faults");
}

void serve_admin(admin_service& with, int socket, const std::stop_token& stop) {
  plain_stream client{socket};
  request_reader reader{client, {}};
  while (!stop.stop_requested()) {
    const auto from = reader.next(static_cast<std::size_t>(-1));
    if (!from) return;
    const bool close = !from->problem.empty() || from->header("connection") == "close";
    if (!client.write(render(answer_admin(with, *from), close ? framing::close : framing::length)) || close) return;
  }
}

}  // namespace simulator
