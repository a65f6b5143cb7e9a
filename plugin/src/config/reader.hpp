// What the readers of the groups share: the values that passed the key table's checks, the list of issues, and small helpers.
// Every reader goes on after an error, so that one run names everything. For this folder only.
#pragma once
#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/read.hpp"
#include "config/settings.hpp"
#include "event/expression.hpp"
#include "sca/config_spec.hpp"

namespace snap::config {

class reader {
 public:
  reader(const sca::config_values& values, secrets need, std::vector<sca::config_issue>& issues)
      : values_(values), need_(need), issues_(issues) {}

  [[nodiscard]] const sca::config_values& values() const noexcept { return values_; }
  [[nodiscard]] secrets need() const noexcept { return need_; }

  // Without blanks around it; "" when absent. A key with an empty value counts as absent.
  [[nodiscard]] std::string_view text(std::string_view key) const noexcept;
  [[nodiscard]] bool given(std::string_view key) const noexcept { return values_.configured(key) && !text(key).empty(); }

  void error(std::string_view key, std::string_view code, std::string message) {
    issues_.push_back({SCA_ISSUE_ERROR, std::string(key), std::string(code), std::move(message)});
  }
  void warning(std::string_view key, std::string_view code, std::string message) {
    issues_.push_back({SCA_ISSUE_WARNING, std::string(key), std::string(code), std::move(message)});
  }

  // Empty when the key is absent or cannot be parsed; the latter is an error that names the column.
  [[nodiscard]] event::expression expression(std::string_view key) { return expression(key, text(key)); }
  [[nodiscard]] event::expression expression(std::string_view key, std::string_view text);
  // "" when the key is absent or no UUID; the latter is an error.
  [[nodiscard]] std::string uuid(std::string_view key);

 private:
  const sca::config_values& values_;
  secrets need_;
  std::vector<sca::config_issue>& issues_;
};

template <class Enum>
struct word {
  std::string_view text;
  Enum means;
};
// The key table has checked the text already; a word that is missing here is a mistake in the tables, which a test finds.
template <class Enum, std::size_t N>
[[nodiscard]] Enum choose(const reader& in, std::string_view key, const word<Enum> (&words)[N]) {
  const auto at =
      std::find_if(std::begin(words), std::end(words), [&](const word<Enum>& w) { return w.text == in.values().text(key); });
  return at == std::end(words) ? words[0].means : at->means;
}

// ${provider:path:key}: what a host should have put the real value in place of.
[[nodiscard]] bool is_reference(std::string_view text) noexcept;
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;
[[nodiscard]] std::string shown(std::string_view text);  // bounded and printable, for messages; never of a secret

// One a group; each fills its part of the settings.
void read_assets(reader& in, settings& out);
void read_mapping(reader& in, mapping_settings& out);
void read_net(reader& in, net_settings& out);
void read_sending(reader& in, settings& out);

}  // namespace snap::config
