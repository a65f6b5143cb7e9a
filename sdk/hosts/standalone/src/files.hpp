// Files as a host needs them: read whole with a bound, replaced atomically and durably. Any thread.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "sca/status.hpp"

namespace sinkhost {

// Errors name the path and the reason. A file larger than max_bytes is refused.
[[nodiscard]] sca::result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes);

// Writes beside it, fsync, rename, fsync of the directory: after a crash there is the old text or the new, nothing between. Mode
// 0600.
[[nodiscard]] sca::result<void> replace_file(const std::filesystem::path& path, std::string_view text);
[[nodiscard]] sca::result<void> remove_file(const std::filesystem::path& path);  // durable; absent already is fine
[[nodiscard]] sca::result<void> rename_file(const std::filesystem::path& from, const std::filesystem::path& to);  // durable

}  // namespace sinkhost
