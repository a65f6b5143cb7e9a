#pragma once
// The book of every event that the simulator accepted: which id, with which content, when, how often.
// "No id twice with two contents" and "every event arrived" are read from here. Thread-safe; called from connection threads.
#include <array>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "json.hpp"

namespace simulator {

using digest = std::array<unsigned char, 32>;

[[nodiscard]] digest content_digest(const json& event);
[[nodiscard]] std::string hex(const digest& bytes);

struct ledger_counts {
  std::uint64_t accepted = 0;    // events, copies included
  std::uint64_t unique = 0;      // different (asset, event_id)
  std::uint64_t duplicates = 0;  // a known id with the same content
  std::uint64_t conflicts = 0;   // a known id with another content: always somebody's defect
  std::uint64_t without_id = 0;
  std::map<std::string, std::uint64_t> by_event_name;  // first copies only
};

class ledger {
 public:
  // Every acceptance becomes a line of `path` too; says whether the file could be opened.
  [[nodiscard]] bool write_to(const std::string& path);
  void accept(std::string_view asset, const std::vector<json>& events, std::uint64_t request_number,
              std::chrono::milliseconds now);
  [[nodiscard]] ledger_counts counts() const;
  // One JSON object a line, in order of first acceptance.
  [[nodiscard]] std::string lines() const;
  void clear();

 private:
  struct entry {
    std::string asset;
    std::string event_id;
    std::string event_name;
    digest content{};
    std::chrono::milliseconds time{};
    std::uint64_t request_number = 0;
    std::uint64_t copies = 1;
    std::uint64_t conflicts = 0;
  };
  [[nodiscard]] static std::string line_of(const entry& from);

  mutable std::mutex mutex_;
  ledger_counts counts_;
  std::vector<entry> entries_;
  std::unordered_map<std::string, std::size_t> index_;  // "asset id" -> place in entries_
  std::ofstream file_;
};

}  // namespace simulator
