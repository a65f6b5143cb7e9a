// The defined dynamic symbols of a shared library, read from its file: what `nm -D --defined-only` prints, without needing nm.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace sca::testing {

[[nodiscard]] bool exported_symbols(const std::filesystem::path& library,
                                    std::vector<std::string>& names);  // false: not 64-bit ELF

}  // namespace sca::testing
