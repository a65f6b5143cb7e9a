// A sink's configuration keys as one constant table, and the judge over a configuration.
// The table is what hosts show, what CONFIGURATION.md is generated from, and what parse() enforces. Pure; any thread.
//
//   constexpr auto keys = sca::config_keys({      // at namespace scope
//       {.name = "file.path", .type = SCA_TYPE_STRING, .flags = SCA_KEY_REQUIRED, .group = "File", .doc = "The file to append
//       to."},
//   });                                                     // constant: needs no constructor, may live in a library that is
//   unloaded constexpr auto pointers = sca::config_pointers(keys); const sca::config_spec spec{pointers, {.own_prefixes =
//   prefixes}}; std::vector<sca::config_issue> issues; const sca::config_values values = spec.parse(pairs, issues);   // every
//   issue at once; values has the defaults filled in
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sca/sink_connector.h"
#include "sca/views.hpp"

namespace sca {

// One row as its author writes it. All text has static storage. A '*' in name makes it a family (see sca_config_key).
struct config_key {
  std::string_view name;
  int32_t type = SCA_TYPE_STRING;
  uint32_t flags = 0;
  int32_t importance = SCA_IMPORTANCE_MEDIUM;
  std::string_view group = {};
  std::string_view display_name = {};                  // empty: derived from name by hosts
  std::optional<std::string_view> default_value = {};  // as text; nullopt: none
  double min_value = 0, max_value = 0;                 // inclusive; no range unless min < max
  std::span<const sca_str> valid_values = {};          // compared exactly
  std::string_view replaced_by = {};                   // of a DEPRECATED key
  std::string_view doc = {};                           // full sentences; unit, range, effect
};

[[nodiscard]] constexpr sca_config_key abi_key(const config_key& k) noexcept {
  return {.struct_size = sizeof(sca_config_key),
          .type = k.type,
          .flags = k.flags,
          .importance = k.importance,
          .name = str(k.name),
          .doc = str(k.doc),
          .group = str(k.group),
          .default_value = k.default_value ? sca_str{k.default_value->data(), k.default_value->size()} : sca_str{nullptr, 0},
          .display_name = str(k.display_name),
          .replaced_by = str(k.replaced_by),
          .min_value = k.min_value,
          .max_value = k.max_value,
          .valid_values = k.valid_values.data(),
          .valid_value_count = k.valid_values.size()};
}

// The rows in the ABI's form. Must be a constexpr object of static storage: pointers() refers into it.
template <std::size_t N>
struct config_table {
  std::array<sca_config_key, N> rows;
};
template <std::size_t N>
[[nodiscard]] constexpr config_table<N> config_keys(const config_key (&keys)[N]) noexcept {
  config_table<N> out{};
  for (std::size_t i = 0; i < N; ++i) out.rows[i] = abi_key(keys[i]);
  return out;
}
// constexpr auto p = sca::config_pointers(table);  ->  sca_connector{.keys = p.data(), .key_count = p.size()}
template <std::size_t N>
[[nodiscard]] constexpr std::array<const sca_config_key*, N> config_pointers(const config_table<N>& table) noexcept {
  std::array<const sca_config_key*, N> out{};
  for (std::size_t i = 0; i < N; ++i) out[i] = &table.rows[i];
  return out;
}

// severity is SCA_ISSUE_*. code is stable: "required", "type", "range", "choice", "unknown", "duplicate", "deprecated", or the
// sink's own. message names the problem and the remedy, never a SECRET's value.
struct config_issue {
  int32_t severity = SCA_ISSUE_ERROR;
  std::string key, code, message;
};
[[nodiscard]] bool has_error(std::span<const config_issue> issues) noexcept;
[[nodiscard]] const config_issue* first_error(std::span<const config_issue> issues) noexcept;  // null: none
// Hands the issues to the caller of sca_connector.validate.
void visit(std::span<const config_issue> issues, sca_config_issue_fn each, void* ctx) noexcept;

// One configured value, or a default.
struct config_value {
  std::string key;  // the name as configured, which for a family is not the table's name
  std::string text;
  const sca_config_key* spec = nullptr;  // null: the table does not know it
  enum class origin : std::uint8_t { configured, by_default } from = origin::configured;
  std::uint32_t order = 0;  // of appearance in the configuration
};

// What parse() read. Typed getters expect a key that the table has; of one that failed its check they return the default
// (or zero / empty), so that a caller can go on to find further issues. Such a key still counts as configured().
class config_values {
 public:
  [[nodiscard]] const config_value* find(std::string_view key) const noexcept;  // null: neither configured nor has a default
  [[nodiscard]] bool configured(std::string_view key) const noexcept;
  [[nodiscard]] std::string_view text(std::string_view key) const noexcept;  // "" when absent
  [[nodiscard]] bool flag(std::string_view key) const noexcept;
  [[nodiscard]] std::int64_t integer(std::string_view key) const noexcept;
  [[nodiscard]] double number(std::string_view key) const noexcept;
  [[nodiscard]] std::chrono::milliseconds duration(std::string_view key) const noexcept;
  [[nodiscard]] std::vector<std::string> list(std::string_view key) const;  // split at ',', trimmed; "\," is a comma
  // Members of a family: {what '*' stood for, value}, in configured order.
  [[nodiscard]] std::vector<std::pair<std::string_view, std::string_view>> family(std::string_view pattern) const;
  [[nodiscard]] std::span<const config_value> all() const noexcept { return values_; }

 private:
  friend class config_spec;
  std::vector<config_value> values_;  // sorted by key
};

// Splits at ',' outside "\,", trims blanks, drops empty members, and resolves "\," (other escapes stay: they belong to the
// value).
[[nodiscard]] std::vector<std::string> split_list(std::string_view text);

class config_spec {
 public:
  struct options {
    std::span<const std::string_view> own_prefixes =
        {};  // an unknown key that begins so is an error (a slip), any other a warning
  };
  explicit config_spec(std::span<const sca_config_key* const> keys) noexcept : config_spec(keys, options{}) {}
  config_spec(std::span<const sca_config_key* const> keys, options o) noexcept : keys_(keys), options_(o) {}

  // Checks presence, type, range, choice, unknown and repeated keys; appends every issue. An unknown key's message suggests the
  // nearest name. Numbers are plain decimal integers or doubles; booleans are true/false without case.
  [[nodiscard]] config_values parse(std::span<const sca_pair> config, std::vector<config_issue>& issues) const;
  [[nodiscard]] const sca_config_key* find(
      std::string_view name) const noexcept;  // exact beats family, the longer literal part wins
  [[nodiscard]] std::span<const sca_config_key* const> keys() const noexcept { return keys_; }

 private:
  std::span<const sca_config_key* const> keys_;
  options options_;
};

}  // namespace sca
