// Loading, the static tables, unloading.
#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <string>

#include "elf_exports.hpp"
#include "session.hpp"

namespace sca::testing {

namespace {

void entry_no_side_effects(session& s) {
  const census before = census::take();
  void* const handle = dlopen(s.subject.library.c_str(), RTLD_NOW | RTLD_LOCAL);
  expect(handle != nullptr, "cannot be loaded");
  const auto entry = reinterpret_cast<sca_entry_fn>(dlsym(handle, SCA_ENTRY));
  expect(entry != nullptr, "exports no " SCA_ENTRY);
  const sca_plugin* const first = entry();
  expect(first != nullptr, SCA_ENTRY " answered NULL");
  expect(entry() == first, SCA_ENTRY " answers another table each time");
  const std::string changed = before.difference(census::take());
  expect(changed.empty(), "loading and asking for the table left " + changed);
}

void tables_complete(session& s) { s.load(); }

void one_exported_symbol(session& s) {
  std::vector<std::string> names;
  if (!exported_symbols(s.subject.library, names)) skip("not a 64-bit ELF library");
  std::erase(names, SCA_ENTRY);
  expect(names.empty(), "exports " + std::to_string(names.size()) + " symbols besides " SCA_ENTRY ", such as " +
                            (names.empty() ? "" : names.front()) + ": use the version script");
}

void check_key(const sca_config_key& k, std::set<std::string>& names) {
  const std::string name(view(k.name));
  expect(names.insert(name).second, "the key " + name + " is in the table twice");
  expect(std::count(name.begin(), name.end(), '*') <= 1, "the key " + name + " has more than one '*'");
  expect(k.min_value <= k.max_value, "the key " + name + " has its range upside down");
  const std::string_view value = view(k.default_value);
  if (k.default_value.data != nullptr && k.valid_value_count > 0 && k.type != SCA_TYPE_LIST)
    expect(std::any_of(k.valid_values, k.valid_values + k.valid_value_count, [&](sca_str v) { return view(v) == value; }),
           "the default of " + name + " is not among its valid values");
  expect((k.flags & SCA_KEY_REQUIRED) == 0 || k.default_value.data == nullptr,
         "the key " + name + " is required and has a default");
}

void keys_well_formed(session& s) {
  s.load();
  std::set<std::string> names;
  std::string undocumented;
  for (std::size_t i = 0; i < s.connector().key_count; ++i) {
    const sca_config_key& k = *s.connector().keys[i];
    check_key(k, names);
    if (k.doc.size == 0 || k.group.size == 0) undocumented = view(k.name);
  }
  if (!undocumented.empty()) warn("the key " + undocumented + " has no doc or no group");
}

bool is_mapped(const std::filesystem::path& library) {
  std::ifstream maps("/proc/self/maps");
  const std::string wanted = std::filesystem::canonical(library).string();
  for (std::string line; std::getline(maps, line);)
    if (line.ends_with(wanted)) return true;
  return false;
}

void reload_cycles(session& s) {
  const auto cycle = [&] {
    s.load();
    {
      auto sink = s.started();
      (void)sink->put({s.good(1, 0), s.good(1, 1)});
      (void)sink->progress();
      sink->stop();
    }
    s.unload();
  };
  cycle();  // what the first one leaves behind (OpenSSL, the resolver) stays once
  const census before = census::take();
  for (int i = 0; i < 20; ++i) cycle();
  expect(threads_return_to(before.threads, std::chrono::milliseconds(500)), "threads grow from one load to the next");
  const std::string changed = before.difference(census::take());
  expect(changed.empty(), "20 load, run and unload cycles left " + changed);
  expect(!is_mapped(s.subject.library),
         "after dlclose the library is still there: it has unique symbols, or something still uses it");
}

constexpr auto cases = std::to_array<conformance_case>({
    {"entry-no-side-effects",
     "Loading the library and asking for its table starts no thread, opens no file and changes nothing of the process.",
     entry_no_side_effects},
    {"tables-complete", "The static tables are as long as version 1.0 and none of their required members is empty.",
     tables_complete},
    {"one-exported-symbol", "The library exports its entry and nothing else.", one_exported_symbol},
    {"keys-well-formed",
     "Keys are unique, have one '*' at most, ranges in order and defaults among their valid values; they are documented.",
     keys_well_formed},
    {"reload-cycles",
     "The library can be loaded, run and unloaded again and again without leaving threads or open files, and is really gone.",
     reload_cycles},
});

}  // namespace

std::span<const conformance_case> entry_cases() { return cases; }

}  // namespace sca::testing
