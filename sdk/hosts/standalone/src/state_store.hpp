// --state-dir: connectors and their target states survive a restart. One file per connector, replaced atomically, 0600, with a
// header that says its length and a checksum, so that a half-written or damaged file is detected and never half-loaded. One
// process at a time (flock). Called by the herder, one change at a time.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connector_json.hpp"
#include "sca/status.hpp"

namespace sinkhost {

struct stored_connector {
  std::string name;
  target_state state = target_state::running;
  string_map config;  // as the user wrote it: references unresolved, secrets in clear (hence 0600)
};

// The file's text, and back. decode refuses anything but what encode wrote.
[[nodiscard]] std::string encode_state(const stored_connector& connector);
[[nodiscard]] sca::result<stored_connector> decode_state(std::string_view text);

class state_store {
 public:
  // Creates DIR (0700) and locks it; the error names the process that has it.
  [[nodiscard]] static sca::result<std::unique_ptr<state_store>> open(const std::filesystem::path& directory);
  ~state_store();
  state_store(const state_store&) = delete;
  state_store& operator=(const state_store&) = delete;

  struct content {
    std::vector<stored_connector> connectors;  // sorted by name
    std::vector<std::string> problems;         // files that were moved aside as NAME.corrupt, and why
  };
  [[nodiscard]] content load();
  [[nodiscard]] sca::result<void> save(const stored_connector& connector);
  [[nodiscard]] sca::result<void> remove(const std::string& name);

  // A small file for scripts: rest.address, bootstrap.servers.
  [[nodiscard]] sca::result<void> publish(const std::string& file, std::string_view text) const;
  [[nodiscard]] sca::result<void> withdraw(const std::string& file) const;  // what an earlier run left there
  [[nodiscard]] const std::filesystem::path& directory() const noexcept { return directory_; }

 private:
  state_store(std::filesystem::path directory, int lock) noexcept : directory_(std::move(directory)), lock_(lock) {}
  [[nodiscard]] std::filesystem::path file_of(const std::string& name) const;

  std::filesystem::path directory_;
  int lock_;
};

}  // namespace sinkhost
