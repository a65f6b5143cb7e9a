#include "book.hpp"

#include <algorithm>

namespace simulator {
namespace {

constexpr std::size_t kept_latencies = 100'000;
constexpr std::size_t kept_requests = 32;
constexpr std::size_t kept_body_bytes = 2'000'000;

std::string object(const std::map<std::string, std::uint64_t>& counts) {
  std::string out = "{";
  for (const auto& [name, count] : counts) out += (out.size() > 1 ? "," : "") + quoted(name) + ':' + std::to_string(count);
  return out + '}';
}

std::string rows(const std::string& title, const std::map<std::string, std::uint64_t>& counts) {
  std::string out = "<h2>" + title + "</h2><table>";
  for (const auto& [name, count] : counts) out += "<tr><td>" + name + "</td><td>" + std::to_string(count) + "</td></tr>";
  return out + (counts.empty() ? "<tr><td>none</td></tr></table>" : "</table>");
}

std::string milliseconds(double value) {
  const auto tenths = static_cast<long>(value * 10 + 0.5);
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10);
}

}  // namespace

std::uint64_t book::next_request() {
  const std::lock_guard lock{mutex_};
  return ++request_number_;
}

void book::record(const request& from, const judgement& verdict, int sent_status, std::string_view fault,
                  std::chrono::microseconds took) {
  const std::lock_guard lock{mutex_};
  ++counts_.requests;
  ++counts_.by_status[sent_status == 0 ? "no answer" : std::to_string(sent_status)];
  if (!verdict.refused_by.empty() && fault.empty()) ++counts_.refused[verdict.refused_by];
  if (!fault.empty()) ++counts_.faults[std::string{fault}];
  for (const auto& warning : verdict.warnings) ++counts_.warnings[warning];
  counts_.validated += verdict.validated;
  counts_.largest_request_events = std::max(counts_.largest_request_events, std::uint64_t{verdict.ids.size()});
  const auto latency = static_cast<std::uint32_t>(took.count());
  if (latencies_us_.size() < kept_latencies)
    latencies_us_.push_back(latency);
  else
    latencies_us_[next_latency_++ % kept_latencies] = latency;
  requests_.push_back({from.method + ' ' + from.path, sent_status, from.body.substr(0, kept_body_bytes)});
  if (requests_.size() > kept_requests) requests_.pop_front();
}

void book::count_connection(const std::string& server_name) {
  const std::lock_guard lock{mutex_};
  ++counts_.connections;
  ++counts_.server_names[server_name.empty() ? "(none)" : server_name];
}

void book::count_failed_handshake() {
  const std::lock_guard lock{mutex_};
  ++counts_.failed_handshakes;
}

double book::percentile_ms(double share) const {
  if (latencies_us_.empty()) return 0;
  auto sorted = latencies_us_;
  const auto place = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(place), sorted.end());
  return static_cast<double>(sorted[place]) / 1000.0;
}

std::string book::status_json() const {
  const auto events = ledger_.counts();
  const std::lock_guard lock{mutex_};
  const auto number = [](std::string_view name, std::uint64_t value) { return quoted(name) + ':' + std::to_string(value); };
  return "{" + number("accepted", events.accepted) + ',' + number("unique", events.unique) + ',' +
         number("duplicates", events.duplicates) + ',' + number("conflicts", events.conflicts) + ',' +
         number("without_id", events.without_id) + ',' + number("validated", counts_.validated) + ',' +
         number("requests", counts_.requests) + ',' + number("connections", counts_.connections) + ',' +
         number("failed_handshakes", counts_.failed_handshakes) + ',' +
         number("largest_request_events", counts_.largest_request_events) + ",\"by_event_name\":" + object(events.by_event_name) +
         ",\"by_status\":" + object(counts_.by_status) + ",\"refused\":" + object(counts_.refused) +
         ",\"warnings\":" + object(counts_.warnings) + ",\"faults\":" + object(counts_.faults) +
         ",\"server_names\":" + object(counts_.server_names) + ",\"latency_ms\":{\"p50\":" + milliseconds(percentile_ms(0.50)) +
         ",\"p99\":" + milliseconds(percentile_ms(0.99)) + "}}\n";
}

std::string book::status_page() const {
  const auto events = ledger_.counts();
  const std::lock_guard lock{mutex_};
  const std::map<std::string, std::uint64_t> totals{{"events accepted (copies included)", events.accepted},
                                                    {"different event ids", events.unique},
                                                    {"copies of a known id", events.duplicates},
                                                    {"ids with two contents (a defect)", events.conflicts},
                                                    {"events without an id", events.without_id},
                                                    {"requests", counts_.requests},
                                                    {"connections", counts_.connections},
                                                    {"largest request, events", counts_.largest_request_events}};
  return "<!doctype html><meta charset=utf-8><meta http-equiv=refresh content=2><title>Snapchat simulator</title>"
         "<style>body{font:15px/1.4 sans-serif;margin:2em;max-width:50em}td{padding:.1em 2em .1em 0}"
         "td+td{text-align:right;font-variant-numeric:tabular-nums}</style><h1>Snapchat simulator</h1>" +
         rows("Totals", totals) + "<p>Latency p50 " + milliseconds(percentile_ms(0.50)) + " ms, p99 " +
         milliseconds(percentile_ms(0.99)) + " ms</p>" + rows("Accepted by event name", events.by_event_name) +
         rows("Requests by status", counts_.by_status) + rows("Refused by rule", counts_.refused) +
         rows("Doubts", counts_.warnings) + rows("Scripted faults", counts_.faults) +
         "<p><a href=/status>/status</a> · <a href=/ledger>/ledger</a> · <a href='/requests?n=3'>/requests?n=3</a> · "
         "POST /faults, POST /tokens, DELETE /ledger</p>";
}

std::string book::last_requests(std::size_t how_many) const {
  const std::lock_guard lock{mutex_};
  std::string out;
  for (std::size_t at = requests_.size() - std::min(how_many, requests_.size()); at < requests_.size(); ++at)
    out += "{\"request\":" + quoted(requests_[at].line) + ",\"status\":" + std::to_string(requests_[at].status) +
           ",\"body\":" + quoted(requests_[at].body) + "}\n";
  return out;
}

void book::clear() {
  ledger_.clear();
  const std::lock_guard lock{mutex_};
  counts_ = {};
  latencies_us_.clear();
  requests_.clear();
}

}  // namespace simulator
