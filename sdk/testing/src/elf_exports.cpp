#include "elf_exports.hpp"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <span>

namespace sca::testing {

namespace {

// The n-th T of a table in the file; zeros when it lies outside: a truncated file gives nonsense, never a crash.
template <class T>
T at(const std::string& file, std::uint64_t offset) {
  T out{};
  if (offset <= file.size() && file.size() - offset >= sizeof out) std::memcpy(&out, file.data() + offset, sizeof out);
  return out;
}

}  // namespace

bool exported_symbols(const std::filesystem::path& library, std::vector<std::string>& names) {
  std::ifstream in(library, std::ios::binary);
  const std::string file{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const auto header = at<Elf64_Ehdr>(file, 0);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64) return false;
  const auto section = [&](std::uint64_t i) { return at<Elf64_Shdr>(file, header.e_shoff + i * sizeof(Elf64_Shdr)); };
  for (std::uint64_t i = 0; i < header.e_shnum; ++i) {
    const Elf64_Shdr table = section(i);
    if (table.sh_type != SHT_DYNSYM) continue;
    const Elf64_Shdr strings = section(table.sh_link);
    for (std::uint64_t k = 0; k < table.sh_size / sizeof(Elf64_Sym); ++k) {
      const auto symbol = at<Elf64_Sym>(file, table.sh_offset + k * sizeof(Elf64_Sym));
      if (symbol.st_shndx == SHN_UNDEF || symbol.st_name == 0 || ELF64_ST_BIND(symbol.st_info) == STB_LOCAL) continue;
      const std::uint64_t from = strings.sh_offset + symbol.st_name;
      if (from < file.size()) names.emplace_back(file.c_str() + from);
    }
  }
  return true;
}

}  // namespace sca::testing
