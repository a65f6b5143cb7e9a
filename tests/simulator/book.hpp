#pragma once
// Everything the simulator knows of what happened: ledger, counters, latencies, the last requests. Thread-safe.
// Written by connection threads, read by the admin's.
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "endpoint.hpp"
#include "ledger.hpp"

namespace simulator {

class book {
 public:
  [[nodiscard]] ledger& events() { return ledger_; }
  [[nodiscard]] const ledger& events() const { return ledger_; }

  [[nodiscard]] std::uint64_t next_request();
  // `sent_status` is what the sender got to see; 0 when it saw no whole answer. `fault` names the scripted one, or is empty.
  void record(const request& from, const judgement& verdict, int sent_status, std::string_view fault,
              std::chrono::microseconds took);
  void count_connection(const std::string& server_name);
  void count_failed_handshake();

  [[nodiscard]] std::string status_json() const;
  [[nodiscard]] std::string status_page() const;
  [[nodiscard]] std::string last_requests(std::size_t how_many) const;
  void clear();

 private:
  struct kept_request {
    std::string line;  // method and path: the query, which holds the token, is not kept
    int status = 0;
    std::string body;
  };
  struct counters {
    std::uint64_t requests = 0;
    std::uint64_t validated = 0;
    std::uint64_t connections = 0;
    std::uint64_t failed_handshakes = 0;
    std::uint64_t largest_request_events = 0;
    std::map<std::string, std::uint64_t> by_status, refused, warnings, faults, server_names;
  };
  [[nodiscard]] double percentile_ms(double share) const;  // with the lock held

  mutable std::mutex mutex_;
  ledger ledger_;
  counters counts_;
  std::uint64_t request_number_ = 0;
  std::vector<std::uint32_t> latencies_us_;  // a ring of the last ones
  std::size_t next_latency_ = 0;
  std::deque<kept_request> requests_;
};

}  // namespace simulator
