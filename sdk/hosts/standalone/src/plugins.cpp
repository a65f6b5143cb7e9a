#include "plugins.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "sca/views.hpp"

namespace sinkhost {
namespace {

std::filesystem::path default_directory() {
  std::error_code failed;
  const auto executable = std::filesystem::read_symlink("/proc/self/exe", failed);
  return failed ? std::filesystem::path{"../lib"} : executable.parent_path().parent_path() / "lib";
}

}  // namespace

plugin_search search_for(const std::vector<std::string>& plugin_path) {
  plugin_search out;
  const char* const library = std::getenv("SINK_CONNECTOR_LIBRARY_PATH");  // NOLINT(concurrency-mt-unsafe): at start, one thread
  if (library != nullptr && *library != '\0') out.libraries.emplace_back(library);
  for (const std::string& given : plugin_path) {
    // As Kafka Connect's plugin.path, one option may list several.
    for (std::size_t begin = 0; begin <= given.size();) {
      const std::size_t end = std::min(given.find(',', begin), given.size());
      if (end > begin) out.directories.emplace_back(given.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  if (plugin_path.empty()) out.directories.push_back(default_directory());
  return out;
}

plugins::plugins(const plugin_search& where) {
  for (const auto& file : where.libraries) {
    searched_.push_back(file.string() + " (SINK_CONNECTOR_LIBRARY_PATH)");
    sca::load_error why{};
    if (auto library = sca::library::open(file, why)) {
      add(std::move(library));
    } else {
      failures_.push_back(why.message);
    }
  }
  for (const auto& directory : where.directories) {
    searched_.push_back(directory.string());
    add_directory(directory);
  }
}

plugins::plugins(const std::vector<const sca_plugin*>& linked_in) {
  for (const sca_plugin* plugin : linked_in) {
    sca::load_error why{};
    if (!sca::library::check(plugin, why)) {
      failures_.push_back(why.message);
      continue;
    }
    for (std::size_t i = 0; i < plugin->connector_count; ++i) add(plugin->connectors[i], "linked in");
  }
}

void plugins::add_directory(const std::filesystem::path& directory) {
  std::error_code failed;
  if (!std::filesystem::is_directory(directory, failed)) {
    failures_.push_back(fmt::format("{}: no such directory", directory.string()));
    return;
  }
  sca::scan_result found = sca::scan(directory);
  for (auto& failure : found.failures) failures_.push_back(std::move(failure.message));
  for (auto& library : found.libraries) add(std::move(library));
}

void plugins::add(std::unique_ptr<sca::library> library) {
  std::error_code failed;
  const bool again = std::ranges::any_of(
      libraries_, [&](const auto& l) { return std::filesystem::equivalent(l->file(), library->file(), failed); });
  if (again) return;  // the environment names a library that also lies on the plugin path
  for (const sca_connector* connector : library->connectors()) add(connector, library->file().string());
  libraries_.push_back(std::move(library));
}

void plugins::add(const sca_connector* connector, const std::string& origin) {
  const auto same =
      std::ranges::find_if(entries_, [&](const entry& e) { return sca::view(e.connector->id) == sca::view(connector->id); });
  if (same != entries_.end()) {
    failures_.push_back(
        fmt::format("{}: {} is already there from {}; this one is not used", origin, sca::view(connector->id), same->origin));
    return;
  }
  entries_.push_back({connector, origin});
}

const sca_connector* plugins::find(std::string_view id_or_alias) const noexcept {
  if (id_or_alias.empty()) return nullptr;
  for (const entry& e : entries_) {
    if (sca::view(e.connector->id) == id_or_alias) return e.connector;
  }
  for (const entry& e : entries_) {
    if (sca::view(e.connector->alias) == id_or_alias) return e.connector;
  }
  return nullptr;
}

std::string plugins::known_classes() const {
  std::string out;
  for (const entry& e : entries_) {
    out += out.empty() ? "" : ", ";
    out += sca::view(e.connector->id);
    if (e.connector->alias.size > 0) out += fmt::format(" (alias {})", sca::view(e.connector->alias));
  }
  return out.empty() ? "none" : out;
}

}  // namespace sinkhost
