#include "config_providers.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "files.hpp"
#include "properties.hpp"

namespace sinkhost {
namespace {

constexpr std::size_t max_reference_file = std::size_t{1} << 20;

// ${provider:what} as Kafka Connect reads it: nothing inside the braces but '}' ends it.
struct reference {
  std::size_t begin = 0, end = 0;  // in the value
  std::string_view provider, what;
};

bool is_provider_name(std::string_view name) noexcept {
  if (name.empty()) return false;
  for (const char c : name) {
    const bool word =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    if (!word) return false;
  }
  return true;
}

std::optional<reference> next_reference(std::string_view value, std::size_t from) noexcept {
  for (std::size_t begin = value.find("${", from); begin != std::string_view::npos; begin = value.find("${", begin + 1)) {
    const std::size_t end = value.find('}', begin);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view inside = value.substr(begin + 2, end - begin - 2);
    const std::size_t colon = inside.find(':');
    if (colon != std::string_view::npos && is_provider_name(inside.substr(0, colon))) {
      return reference{begin, end + 1, inside.substr(0, colon), inside.substr(colon + 1)};
    }
  }
  return std::nullopt;
}

// One run over a configuration: a file that several keys refer to is read once.
class resolver {
 public:
  explicit resolver(const reference_source& from) : from_(from) {}

  [[nodiscard]] sca::result<std::string> value(const std::string& text) {
    std::string out;
    std::size_t at = 0;
    while (const auto found = next_reference(text, at)) {
      out.append(text, at, found->begin - at);
      auto one = lookup(*found);
      if (!one) return one.error();
      out += *one;
      at = found->end;
    }
    out.append(text, at);
    return out;
  }

 private:
  [[nodiscard]] sca::result<std::string> lookup(const reference& r) {
    if (r.provider == "env") return env(std::string{r.what});
    if (r.provider == "file") return file(r.what);
    return sca::fail(
        SCA_INVALID_CONFIG,
        fmt::format("there is no config provider '{}'; sink-host has ${{file:path:key}} and ${{env:NAME}}", r.provider));
  }

  [[nodiscard]] sca::result<std::string> env(const std::string& name) {
    if (auto found = from_.env(name)) return *found;
    return sca::fail(SCA_INVALID_CONFIG, fmt::format("${{env:{0}}}: the environment variable {0} is not set", name));
  }

  [[nodiscard]] sca::result<std::string> file(std::string_view what) {
    const std::size_t colon = what.find(':');
    if (colon == std::string_view::npos || colon == 0) {
      return sca::fail(SCA_INVALID_CONFIG, fmt::format("${{file:{}}}: write ${{file:path:key}}", what));
    }
    const std::string path{what.substr(0, colon)};
    const std::string key{what.substr(colon + 1)};
    const auto read = properties_of(path);
    if (!read) return sca::fail(SCA_INVALID_CONFIG, fmt::format("${{file:{}}}: {}", what, read.error().message));
    const auto found = read->find(key);
    if (found == read->end())
      return sca::fail(SCA_INVALID_CONFIG, fmt::format("${{file:{}}}: the file has no key '{}'", what, key));
    return found->second;
  }

  [[nodiscard]] const sca::result<string_map>& properties_of(const std::string& path) {
    const auto known = files_.find(path);
    if (known != files_.end()) return known->second;
    const auto text = from_.file(path);
    return files_.emplace(path, text ? parse_properties(*text) : sca::result<string_map>(text.error())).first->second;
  }

  const reference_source& from_;
  std::map<std::string, sca::result<string_map>> files_;
};

}  // namespace

reference_source system_references() {
  return {.env = [](const std::string& name) -> std::optional<std::string> {
            const char* const value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nobody sets variables here
            return value == nullptr ? std::nullopt : std::optional<std::string>{value};
          },
          .file = [](const std::string& path) -> sca::result<std::string> {
            std::error_code unknown;  // then reading says what is wrong
            const auto kind = std::filesystem::status(path, unknown).type();
            // A pipe would be waited for, with every change of a connector behind it.
            if (!unknown && kind != std::filesystem::file_type::regular && kind != std::filesystem::file_type::not_found)
              return sca::fail(SCA_INVALID_CONFIG, fmt::format("{} is no regular file", path));
            return read_file(path, max_reference_file);
          }};
}

resolved_config resolve_references(const string_map& config, const reference_source& from) {
  resolved_config out;
  resolver r(from);
  for (const auto& [key, text] : config) {
    if (auto value = r.value(text)) {
      out.config.emplace(key, std::move(*value));
    } else {
      out.issues.push_back({SCA_ISSUE_ERROR, key, "reference", value.error().message});
    }
  }
  return out;
}

bool is_reference(std::string_view value) noexcept {
  const auto found = next_reference(value, 0);
  return found && found->begin == 0 && found->end == value.size() && (found->provider == "env" || found->provider == "file");
}

bool has_reference(std::string_view value) noexcept { return next_reference(value, 0).has_value(); }

}  // namespace sinkhost
