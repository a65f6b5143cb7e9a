// One case's hold on the sink under test, inside the child process: loads the library, makes sinks, calls their slots, and
// watches what every call must respect. Cases throw; the runner turns that into a verdict.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sca/loader.hpp"
#include "sca/testing/conformance.hpp"
#include "sca/testing/fake_host.hpp"
#include "sca/testing/record_batch.hpp"
#include "sca/views.hpp"

namespace sca::testing {

struct stopped_case {
  verdict is;
  std::string text;
};
inline void expect(bool holds, const std::string& otherwise) {
  if (!holds) throw stopped_case{verdict::failed, otherwise};
}
[[noreturn]] inline void skip(const std::string& why) { throw stopped_case{verdict::skipped, why}; }
[[noreturn]] inline void warn(const std::string& what) { throw stopped_case{verdict::warning, what}; }

using clock = std::chrono::steady_clock;
using positions = std::map<std::uint64_t, std::int64_t>;

// The configuration as the ABI wants it, in memory that is taken away when this object goes.
class pairs {
 public:
  explicit pairs(const string_pairs& config);
  [[nodiscard]] const sca_pair* data() const noexcept { return pairs_; }
  [[nodiscard]] std::size_t size() const noexcept { return count_; }

 private:
  guarded_memory memory_;
  sca_pair* pairs_ = nullptr;
  std::size_t count_ = 0;
};

struct issue {
  int32_t severity;
  std::string key, code, message;
};

// A sink and its host, with the watch over both.
class running_sink {
 public:
  running_sink(const sca_connector& connector, const traits& t) : connector_(connector), traits_(t) {}
  ~running_sink();
  running_sink(const running_sink&) = delete;
  running_sink& operator=(const running_sink&) = delete;

  sca_status create(const string_pairs& config);
  void start();
  std::uint64_t open(const std::string& topic = "orders", std::int32_t partition = 0);
  void close(std::uint64_t assignment);
  sca_status try_put(const std::vector<record_spec>& records, std::size_t& accepted);
  std::size_t put(const std::vector<record_spec>& records);  // expects OK
  void put_all(const std::vector<record_spec>& records);     // offers the rest again until all are taken
  sca_status try_progress(positions& at);
  positions progress();                           // expects OK; asks for every assignment that was ever opened
  bool settle(std::chrono::milliseconds limit);   // polls until every position has passed what was handed over
  void must_settle();                             // settle(5 s), or skipped / failed
  void flush(std::chrono::milliseconds timeout);  // expects OK
  void stop();
  void destroy();

  sca_sink* sink = nullptr;
  fake_host host;
  sca_error error = SCA_ERROR_INIT;
  std::map<std::uint64_t, std::vector<std::int64_t>> handed;  // assignment -> offsets the sink took
  std::set<std::uint64_t> closed;
  [[nodiscard]] std::string said() const { return error.message; }
  // Every text the sink gave to people: messages, log lines, rejections.
  [[nodiscard]] std::vector<std::string> texts() const;

 private:
  void reset_error() noexcept;
  void watch(sca_status status, const char* slot);
  const sca_connector& connector_;
  const traits& traits_;
  std::uint64_t next_assignment_ = 1;
  positions last_;
  std::vector<std::string> messages_;
  bool stopped_ = false, started_ = false;
};

class session {
 public:
  session(const conformance_subject& s, std::chrono::seconds limit) : subject(s), limit_(std::max(limit, usual_limit)) {}

  const conformance_subject& subject;
  // How long something may take that takes `usual` at most where nothing slows the sink down.
  [[nodiscard]] std::chrono::milliseconds allowed(std::chrono::milliseconds usual) const {
    return usual * limit_.count() / usual_limit.count();
  }
  void load();  // once; expects it to work
  void unload();
  [[nodiscard]] const sca_connector& connector() const noexcept { return *connector_; }
  [[nodiscard]] std::unique_ptr<running_sink> fresh() const {
    return std::make_unique<running_sink>(*connector_, subject.traits);
  }
  [[nodiscard]] std::unique_ptr<running_sink> created() const;  // with the subject's configuration
  [[nodiscard]] std::unique_ptr<running_sink> started() const;  // and one assignment, 1

  [[nodiscard]] std::vector<issue> validate(const string_pairs& config) const;
  [[nodiscard]] const sca_config_key* key(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> secrets() const;  // values of the configuration that must not be shown
  [[nodiscard]] record_spec good(std::uint64_t assignment, std::int64_t offset) const;
  [[nodiscard]] std::vector<std::optional<std::string>> bad_values() const;

 private:
  std::unique_ptr<library> library_;
  const sca_connector* connector_ = nullptr;
  std::chrono::seconds limit_;
};

// What a sink may not change behind its host's back.
struct census {
  std::size_t threads = 0, descriptors = 0;
  std::string directory, signals, environment;
  [[nodiscard]] static census take();
  [[nodiscard]] std::string difference(const census& later) const;  // "" none
};
[[nodiscard]] std::size_t thread_count();
[[nodiscard]] std::size_t descriptor_count();
[[nodiscard]] bool threads_return_to(std::size_t count, std::chrono::milliseconds limit);
void pause_for(std::chrono::milliseconds time);

// Groups of cases; the order is the order of the report.
[[nodiscard]] std::span<const conformance_case> entry_cases();
[[nodiscard]] std::span<const conformance_case> config_cases();
[[nodiscard]] std::span<const conformance_case> life_cases();
[[nodiscard]] std::span<const conformance_case> misuse_cases();
[[nodiscard]] std::span<const conformance_case> record_cases();
[[nodiscard]] std::span<const conformance_case> position_cases();
[[nodiscard]] std::span<const conformance_case> rejection_cases();
[[nodiscard]] std::span<const conformance_case> growth_cases();
[[nodiscard]] std::span<const conformance_case> extension_cases();
[[nodiscard]] std::span<const conformance_case> secret_cases();

}  // namespace sca::testing
