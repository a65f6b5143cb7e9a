// A sink that does what a test tells it, linked in rather than loaded. One script may serve the sinks of several tasks.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sca/sink_connector.h"

namespace sinkhost::testing {

struct seen_record {
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::int64_t timestamp_ms = -1;
  std::uint32_t task = 0;
  std::optional<std::string> key, value;
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
};

class test_sink;

// A record whose value begins with "reject" is rejected, as test.refused, once it is resolved.
class sink_script {
 public:
  sink_script();
  sink_script(const sink_script&) = delete;
  sink_script& operator=(const sink_script&) = delete;

  [[nodiscard]] const sca_connector* connector() const noexcept { return &abi_; }

  // All [any].
  void hold();                                        // from now on nothing is resolved
  void release();                                     // it is again, and the hosts are woken
  void limit(std::size_t records);                    // accepted and unresolved; more: full
  void resolve_some(std::size_t n);                   // while held: so many of each assignment, and the hosts are woken
  void fail(sca_status status, std::string message);  // progress() says so from now on
  void block_put();                                   // the next put() does not return ...
  void unblock_put();                                 // ... until now
  [[nodiscard]] bool put_is_blocked() const { return blocked_.load(); }

  [[nodiscard]] std::vector<seen_record> seen() const;
  [[nodiscard]] std::size_t seen_count() const;
  [[nodiscard]] std::size_t short_puts() const { return short_puts_.load(); }
  [[nodiscard]] std::size_t flushes() const { return flushes_.load(); }
  [[nodiscard]] std::size_t sinks() const;

 private:
  friend class test_sink;
  struct plugin_table {  // first member of what `this` is found by
    sca_connector abi;
    sink_script* script;
  };
  static sca_status create(const sca_connector*, const sca_host*, const sca_pair*, std::size_t, sca_sink**, sca_error*) noexcept;
  void wake_all();

  plugin_table table_{};
  const sca_connector& abi_ = table_.abi;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false, put_blocked_ = false;
  std::size_t limit_ = 1'000'000;
  std::optional<std::pair<sca_status, std::string>> failure_;
  std::vector<seen_record> seen_;
  std::set<test_sink*> sinks_;
  std::atomic<bool> blocked_{false};
  std::atomic<std::size_t> short_puts_{0}, flushes_{0};
};

}  // namespace sinkhost::testing
