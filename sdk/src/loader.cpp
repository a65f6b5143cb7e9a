#include "sca/loader.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "sca/views.hpp"

namespace sca {

namespace {

bool refuse(load_error& why, load_failure kind, std::string message) {
  why = {kind, std::move(message)};
  return false;
}

bool too_short(load_error& why, const char* type, std::uint32_t size) {
  return refuse(
      why, load_failure::struct_too_short,
      std::string(type) + " has " + std::to_string(size) + " bytes, fewer than version 1.0 of the ABI; rebuild the plugin");
}

bool empty_slot(load_error& why, const std::string& slot) {
  return refuse(why, load_failure::slot_empty, slot + " is empty, but version 1.0 of the ABI requires it");
}

// The last member of version 1.0 tells whether all of 1.0 is there; what comes later is asked for with SCA_HAS, where it is used.
bool check_key(const sca_config_key* key, const std::string& owner, load_error& why) {
  if (key == nullptr) return empty_slot(why, "an entry of " + owner + "'s keys");
  if (!SCA_HAS(key, sca_config_key, valid_value_count)) return too_short(why, "sca_config_key", key->struct_size);
  if (key->name.size == 0) return empty_slot(why, "sca_config_key.name of " + owner);
  if (key->valid_value_count > 0 && key->valid_values == nullptr)
    return empty_slot(why, "sca_config_key.valid_values of " + std::string(view(key->name)));
  return true;
}

bool check_connector(const sca_connector* c, load_error& why) {
  if (c == nullptr) return empty_slot(why, "an entry of sca_plugin.connectors");
  if (!SCA_HAS(c, sca_connector, get_extension)) return too_short(why, "sca_connector", c->struct_size);
  if (c->id.size == 0) return empty_slot(why, "sca_connector.id");
  const std::string id(view(c->id));
  if (c->version.size == 0) return empty_slot(why, "sca_connector.version of " + id);
  if (c->create == nullptr) return empty_slot(why, "sca_connector.create of " + id);
  if (c->key_count > 0 && c->keys == nullptr) return empty_slot(why, "sca_connector.keys of " + id);
  const std::span keys{c->keys, c->key_count};
  return std::all_of(keys.begin(), keys.end(), [&](const sca_config_key* key) { return check_key(key, id, why); });
}

std::string last_dl_error() {
  const char* text = dlerror();
  return text == nullptr ? "no reason given" : text;
}

}  // namespace

bool library::check(const sca_plugin* plugin, load_error& why) {
  if (plugin == nullptr) return empty_slot(why, "the answer of " SCA_ENTRY);
  if (!SCA_HAS(plugin, sca_plugin, connector_count)) return too_short(why, "sca_plugin", plugin->struct_size);
  if ((plugin->abi_version >> 16) != SCA_ABI_MAJOR)
    return refuse(why, load_failure::unsupported_version,
                  "speaks major version " + std::to_string(plugin->abi_version >> 16) + " of the ABI, this host version " +
                      std::to_string(SCA_ABI_MAJOR));
  if (plugin->connector_count == 0 || plugin->connectors == nullptr) return empty_slot(why, "sca_plugin.connectors");
  const std::span connectors{plugin->connectors, plugin->connector_count};
  return std::all_of(connectors.begin(), connectors.end(), [&](const sca_connector* c) { return check_connector(c, why); });
}

bool check_sink(const sca_sink* sink, load_error& why) {
  if (sink == nullptr) return empty_slot(why, "the sink of create()");
  if (!SCA_HAS(sink, sca_sink, get_extension)) return too_short(why, "sca_sink", sink->struct_size);
  const struct {
    bool there;
    const char* name;
  } slots[] = {{sink->start != nullptr, "start"},    {sink->open != nullptr, "open"},         {sink->close != nullptr, "close"},
               {sink->put != nullptr, "put"},        {sink->progress != nullptr, "progress"}, {sink->stop != nullptr, "stop"},
               {sink->destroy != nullptr, "destroy"}};
  for (const auto& slot : slots)
    if (!slot.there) return empty_slot(why, std::string("sca_sink.") + slot.name);
  return true;
}

std::unique_ptr<library> library::open(const std::filesystem::path& file, load_error& why) {
  std::error_code ignored;
  // Absolute: dlopen would look for a bare name along the system's library path, not here.
  const std::filesystem::path path = std::filesystem::absolute(file, ignored);
  if (!std::filesystem::is_regular_file(path, ignored)) {
    why = {load_failure::file_missing, path.string() + ": no such file"};
    return nullptr;
  }
  std::unique_ptr<library> out(new library);
  out->file_ = path;
  // NOW: a missing function shows here, not in production. LOCAL: two plugins never resolve into each other.
  out->handle_ = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (out->handle_ == nullptr) {
    why = {load_failure::dlopen_failed, path.string() + ": cannot be loaded: " + last_dl_error()};
    return nullptr;
  }
  void* const symbol = dlsym(out->handle_, SCA_ENTRY);
  if (symbol == nullptr) {
    why = {load_failure::symbol_missing,
           path.string() + ": exports no " SCA_ENTRY ": it is not a sink connector, or one for another major version of the ABI"};
    return nullptr;
  }
  out->plugin_ = reinterpret_cast<sca_entry_fn>(symbol)();
  if (!check(out->plugin_, why)) {
    why.message = path.string() + ": " + why.message;
    return nullptr;
  }
  return out;
}

library::~library() {
  if (handle_ != nullptr) dlclose(handle_);
}

std::span<const sca_connector* const> library::connectors() const noexcept {
  return {plugin_->connectors, plugin_->connector_count};
}

const sca_connector* library::find(std::string_view id_or_alias) const noexcept {
  if (id_or_alias.empty()) return nullptr;  // an absent alias is empty too
  for (const sca_connector* c : connectors())
    if (view(c->id) == id_or_alias || view(c->alias) == id_or_alias) return c;
  return nullptr;
}

namespace {

// Whether the file can be a plugin, from its bytes: loading foreign libraries to find out would run their constructors.
bool mentions_entry(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return bytes.find(SCA_ENTRY) != std::string::npos;
}

}  // namespace

scan_result scan(const std::filesystem::path& directory) {
  scan_result out;
  std::error_code error;
  std::vector<std::filesystem::path> files;
  std::filesystem::directory_iterator it(directory, error), end;
  for (; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.starts_with("lib") && name.ends_with(".so")) files.push_back(it->path());
  }
  if (error) out.failures.push_back({load_failure::file_missing, directory.string() + ": cannot be listed: " + error.message()});
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    if (!mentions_entry(file)) continue;
    load_error why{};
    if (auto one = library::open(file, why))
      out.libraries.push_back(std::move(one));
    else
      out.failures.push_back(std::move(why));
  }
  return out;
}

}  // namespace sca
