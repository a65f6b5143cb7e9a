// A host that writes down what a sink tells it. For tests of sinks; the functions the sink calls are safe from any thread.
#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "sca/sink_connector.h"

namespace sca::testing {

struct rejected {
  std::uint64_t assignment = 0;
  std::int64_t offset = 0;
  int32_t stage = SCA_STAGE_SEND;
  std::string code, message;
};

struct logged {
  int32_t level = SCA_LOG_INFO;
  std::string message;
};

class fake_host {
 public:
  fake_host();
  fake_host(const fake_host&) = delete;
  fake_host& operator=(const fake_host&) = delete;

  [[nodiscard]] const sca_host* abi() const noexcept { return &abi_; }
  [[nodiscard]] sca_host& table() noexcept { return abi_; }  // to make it shorter, longer or otherwise odd

  [[nodiscard]] std::vector<rejected> rejections() const;
  [[nodiscard]] std::vector<logged> log() const;
  [[nodiscard]] std::size_t logged_at(int32_t level) const;  // lines of exactly that level
  [[nodiscard]] std::uint64_t wakes() const noexcept { return wakes_.load(); }
  void forget_rejections();
  void set_log_level(int32_t level) noexcept { level_.store(level); }
  void add_extension(std::string id, const void* table) { extensions_[std::move(id)] = table; }

  // Marks the calls inside which reject() is legal; a rejection at any other time counts as stray.
  class allowing_rejections {
   public:
    explicit allowing_rejections(fake_host& h) noexcept : host_(h) { host_.inside_.store(std::this_thread::get_id()); }
    ~allowing_rejections() { host_.inside_.store({}); }
    allowing_rejections(const allowing_rejections&) = delete;
    allowing_rejections& operator=(const allowing_rejections&) = delete;

   private:
    fake_host& host_;
  };
  [[nodiscard]] std::uint64_t stray_rejections() const noexcept { return stray_.load(); }

 private:
  sca_host abi_{};
  mutable std::mutex notes_mutex_;  // guards rejections_ and log_
  std::vector<rejected> rejections_;
  std::vector<logged> log_;
  std::map<std::string, const void*, std::less<>> extensions_;
  std::atomic<std::uint64_t> wakes_ = 0, stray_ = 0;
  std::atomic<int32_t> level_ = SCA_LOG_DEBUG;
  std::atomic<std::thread::id> inside_{};
};

}  // namespace sca::testing
