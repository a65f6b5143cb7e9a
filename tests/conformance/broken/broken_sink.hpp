// A small asynchronous sink (a thread that appends values to a file, or nowhere), written against the bare C ABI so that each of
// its duties can be left out. Threads as in sink_connector.h.
#pragma once
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "flaws.hpp"
#include "sca/position_tracker.hpp"
#include "sca/sink_connector.h"

namespace broken {

struct settings {
  std::string path, token;
  std::string_view unowned_path;  // of keeps_config_views
};

class sink {
 public:
  sink(const sca_host* host, flaw f, settings s);
  [[nodiscard]] sca_sink* abi() noexcept { return &abi_; }

 private:
  enum class phase : std::uint8_t { created, started, stopped };
  struct item {
    std::uint64_t assignment = 0;
    sca::position_tracker::ticket ticket = 0;
    std::string value;
    sca_bytes view{};  // of keeps_record_views
  };
  struct refusal {
    std::uint64_t assignment = 0;
    std::int64_t offset = 0;
    sca::position_tracker::ticket ticket = 0;
    std::string code, message;
  };
  struct slots;

  [[nodiscard]] bool is(flaw f) const noexcept { return flaw_ == f; }
  sca_status fail(sca_error* e, sca_status status, const char* text);
  sca_status misuse(sca_error* e, const char* text);
  sca_status start(sca_error* e);
  sca_status open(const sca_assignment& a, sca_error* e);
  void close(std::uint64_t assignment);
  sca_status put(const sca_record* const* records, std::size_t count, std::size_t& accepted, sca_error* e);
  [[nodiscard]] const char* breach(const sca_record* const* records, std::size_t count);
  void take(const sca_record& r);
  sca_status progress(sca_position* positions, std::size_t count, sca_error* e);
  [[nodiscard]] std::int64_t position(std::uint64_t assignment);
  sca_status flush(std::uint32_t timeout_ms, sca_error* e);
  void stop();
  void work();
  void write(const item& i) const;
  void resolve(std::uint64_t assignment, sca::position_tracker::ticket t);
  void tell(const refusal& r) const;
  void log(int32_t level, std::string_view text) const;

  sca_sink abi_{};
  const sca_host* host_;
  const flaw flaw_;
  const settings settings_;
  phase phase_ = phase::created;
  sca_status failure_ = SCA_OK;
  std::string failure_text_;
  std::optional<std::thread> worker_;
  pid_t home_ = gettid();  // std::thread::id is used again by later threads

  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::map<std::uint64_t, sca::position_tracker> trackers_;
  std::map<std::uint64_t, std::int64_t> last_, first_, count_, inherited_;
  std::map<std::uint64_t, std::string> names_;
  std::map<std::string, std::int64_t> left_behind_;
  std::set<std::uint64_t> closed_;
  std::deque<item> queue_;
  std::vector<refusal> refusals_, late_refusals_;
  bool busy_ = false, stopping_ = false;
  int progresses_ = 0, puts_ = 0;
};

}  // namespace broken
