#pragma once
// Snapchat's Conversions API v3 as a function: a request in, a judgement out. No sockets, no clock of its own.
// Called by connection threads; the settings that the admin may change are behind one lock.
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "http.hpp"
#include "json.hpp"
#include "rules.hpp"

namespace simulator {

struct endpoint_limits {
  std::size_t events = 2000;
};

// What became of one request. `events` count as accepted only if the caller says so: a scripted fault may decide otherwise.
struct judgement {
  answer reply;
  bool accepted = false;  // a VALID answer to /events without a test event code
  std::string asset;
  std::vector<json> events;      // of an accepted request
  std::vector<std::string> ids;  // of any request that could be parsed
  std::size_t validated = 0;     // events that were checked but do not count: /events/validate, test event codes
  std::string refused_by;        // a rule's name, or empty
  std::vector<std::string> warnings;
};

class endpoint {
 public:
  // A token that names assets is refused (403) for others. Without any token or asset, every one is taken.
  void replace_tokens(std::map<std::string, std::set<std::string>> tokens);
  void add_asset(std::string id, asset_kind kind);
  [[nodiscard]] judgement judge(const request& from, std::chrono::milliseconds now) const;

 private:
  [[nodiscard]] std::string refused_access(const request& from, const std::string& asset, int& status) const;
  [[nodiscard]] asset_kind kind_of(const std::string& asset) const;

  mutable std::mutex mutex_;
  endpoint_limits limits_;
  std::map<std::string, std::set<std::string>> tokens_;
  std::map<std::string, asset_kind> assets_;
};

// {"status":"INVALID",…} as Snapchat words it; a negative index leaves `event` out.
[[nodiscard]] std::string invalid_body(long event_index, std::string_view code, std::string_view message);

}  // namespace simulator
