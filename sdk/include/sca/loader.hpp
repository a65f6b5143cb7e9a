// Opens plugin libraries. Host side; any thread, once per library.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sca/sink_connector.h"

namespace sca {

enum class load_failure : std::uint8_t {
  file_missing,
  dlopen_failed,
  symbol_missing,
  struct_too_short,
  slot_empty,
  unsupported_version
};

struct load_error {
  load_failure why;
  std::string message;  // names the file and the reason; for slot_empty also the slot
};

// A loaded library. Close it (destroy it) only after the last sink of it is destroyed.
class library {
 public:
  // RTLD_NOW | RTLD_LOCAL; checks the tables (their sizes, their required members) so that callers need not.
  [[nodiscard]] static std::unique_ptr<library> open(const std::filesystem::path& file, load_error& why);  // null: see why
  // The same checks on a plugin that is linked in or faked.
  [[nodiscard]] static bool check(const sca_plugin* plugin, load_error& why);
  ~library();
  library(const library&) = delete;
  library& operator=(const library&) = delete;

  [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }
  [[nodiscard]] std::span<const sca_connector* const> connectors() const noexcept;
  [[nodiscard]] const sca_connector* find(std::string_view id_or_alias) const noexcept;  // null: not here

 private:
  library() = default;
  std::filesystem::path file_;
  void* handle_ = nullptr;
  const sca_plugin* plugin_ = nullptr;
};

// The slots of a sink that create() gave: true when all required ones are there; else why names the empty one.
[[nodiscard]] bool check_sink(const sca_sink* sink, load_error& why);

// libNAME.so files of a directory that export the symbol of this ABI, each opened; what could not be opened is reported in
// failures.
struct scan_result {
  std::vector<std::unique_ptr<library>> libraries;
  std::vector<load_error> failures;
};
[[nodiscard]] scan_result scan(const std::filesystem::path& directory);

}  // namespace sca
