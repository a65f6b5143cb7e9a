// The access tokens of a task: from the configuration, or from files that are read at start, again when Snapchat refuses one, and
// when they change. Network thread, but for load() and the expiry, which is read once.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "sca/secret.hpp"
#include "sca/status.hpp"

namespace snap::engine {

class token_store {
 public:
  // Reads every file; the error names the file and what is wrong with it.
  [[nodiscard]] static sca::result<token_store> load(const std::vector<config::token_source>& sources);

  [[nodiscard]] const sca::secret& token(std::uint32_t index) const noexcept { return entries_[index].current; }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

  // Reads the file again; true when it holds another token now. A file that cannot be read changes nothing: a rotation may be
  // half done.
  [[nodiscard]] bool reread(std::uint32_t index);
  // The same for every file whose time stamp changed; looks at most once a second. Which ones hold another token now.
  [[nodiscard]] std::vector<std::uint32_t> reread_touched(std::chrono::steady_clock::time_point now);

  // Replaces every token in a text from outside.
  void mask(std::string& text) const;
  // When the first token expires, as far as tokens say so themselves (the exp of a JWT). Not verified: for a metric only.
  [[nodiscard]] std::optional<std::chrono::sys_seconds> first_expiry() const;

 private:
  struct stamp {
    std::int64_t seconds = 0, nanoseconds = 0;
    std::uint64_t inode = 0, size = 0;
    friend bool operator==(const stamp&, const stamp&) = default;
  };
  struct entry {
    std::string path;  // "" for a token of the configuration
    sca::secret current, previous;
    stamp seen;
  };
  [[nodiscard]] static stamp look(const std::string& path) noexcept;

  std::vector<entry> entries_;
  std::chrono::steady_clock::time_point next_look_{};
};

// The token in a file's text: white space around it does not count, anything else that is not a visible ASCII character is an
// error.
[[nodiscard]] sca::result<sca::secret> read_token_file(const std::string& path);

[[nodiscard]] std::optional<std::chrono::sys_seconds> jwt_expiry(std::string_view token);

}  // namespace snap::engine
