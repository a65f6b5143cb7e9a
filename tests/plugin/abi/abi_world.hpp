// The sink behind the C ABI with a fake host on one side and a fake wire on the other: every call goes through sca_sink's slots.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "abi/connector.hpp"
#include "fake_transport.hpp"
#include "sca/testing/fake_host.hpp"
#include "sca/testing/record_batch.hpp"

namespace snap::abi::testing {

using namespace std::chrono_literals;
using wire = engine::testing::wire;
using config_map = std::map<std::string, std::string>;

inline constexpr std::string_view pixel = "11111111-2222-4333-8444-555555555555";
inline constexpr std::string_view token = "a-token-nobody-may-see";

config_map plain_config();                              // snap preset, one pixel, one token
std::vector<sca_pair> pairs(const config_map& config);  // views into config

// A v3 event that is valid at the wire's time; its id is "id-N".
std::string purchase(int n);

class world {
 public:
  explicit world(config_map config = plain_config());
  ~world();

  [[nodiscard]] sca_status start();
  void open(std::uint64_t assignment);
  void close(std::uint64_t assignment) { sink_->close(sink_, assignment); }
  // Values as records of an assignment with offsets from first on; their memory is gone when put returns. How many were taken.
  std::size_t put(std::uint64_t assignment, std::int64_t first, const std::vector<std::optional<std::string>>& values);
  [[nodiscard]] std::int64_t position(std::uint64_t assignment);  // progress(), must be healthy
  [[nodiscard]] sca_status progress(std::uint64_t assignment, std::int64_t& position);
  [[nodiscard]] sca_status flush(std::uint32_t timeout_ms);
  void stop() { sink_->stop(sink_); }
  void send() {  // what put asked for, and the end of the linger time
    wire_.step();
    wire_.pass(500ms);
  }

  [[nodiscard]] abi::testing::wire& wire() { return wire_; }
  [[nodiscard]] sca::testing::fake_host& host() { return host_; }
  [[nodiscard]] sca_sink* sink() { return sink_; }
  [[nodiscard]] std::string error() const { return error_.message; }
  [[nodiscard]] std::map<std::string, double> metrics();  // name{label=value,…}; histograms by their sum

 private:
  sca::testing::fake_host host_;
  abi::testing::wire wire_;
  sca_sink* sink_ = nullptr;
  sca_error error_ = SCA_ERROR_INIT;
};

}  // namespace snap::abi::testing
