// The plugin libraries of this process: found once at start, then only read, so any thread may look things up.
// Must outlive every task: the tables of a connector lie in its library.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sca/loader.hpp"
#include "sca/status.hpp"

namespace sinkhost {

struct plugin_search {
  std::vector<std::filesystem::path> directories;  // --plugin-path, in order
  std::vector<std::filesystem::path> libraries;    // SINK_CONNECTOR_LIBRARY_PATH
};
// --plugin-path as given, else ../lib beside the executable; and the environment's library, which comes first.
[[nodiscard]] plugin_search search_for(const std::vector<std::string>& plugin_path);

class plugins {
 public:
  struct entry {
    const sca_connector* connector = nullptr;
    std::string origin;  // the library's path
  };

  explicit plugins(const plugin_search& where);
  explicit plugins(const std::vector<const sca_plugin*>& linked_in);  // for tests and embedders

  [[nodiscard]] const std::vector<entry>& all() const noexcept { return entries_; }
  [[nodiscard]] const sca_connector* find(std::string_view id_or_alias) const noexcept;  // null: none
  // What could not be loaded or was hidden by an earlier library of the same name; each names the library and the reason.
  [[nodiscard]] const std::vector<std::string>& failures() const noexcept { return failures_; }
  [[nodiscard]] const std::vector<std::string>& searched() const noexcept { return searched_; }
  [[nodiscard]] std::string known_classes() const;  // "a (alias b), c", or "none"

 private:
  void add(const sca_connector* connector, const std::string& origin);
  void add(std::unique_ptr<sca::library> library);
  void add_directory(const std::filesystem::path& directory);

  std::vector<std::unique_ptr<sca::library>> libraries_;
  std::vector<entry> entries_;
  std::vector<std::string> failures_;
  std::vector<std::string> searched_;
};

}  // namespace sinkhost
