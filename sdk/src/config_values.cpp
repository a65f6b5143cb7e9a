#include <algorithm>
#include <charconv>

#include "config_check.hpp"
#include "sca/config_spec.hpp"

namespace sca {

const config_issue* first_error(std::span<const config_issue> issues) noexcept {
  const auto at =
      std::find_if(issues.begin(), issues.end(), [](const config_issue& i) { return i.severity != SCA_ISSUE_WARNING; });
  return at == issues.end() ? nullptr : &*at;
}

bool has_error(std::span<const config_issue> issues) noexcept { return first_error(issues) != nullptr; }

void visit(std::span<const config_issue> issues, sca_config_issue_fn each, void* ctx) noexcept {
  for (const config_issue& i : issues) {
    const sca_config_issue c{.struct_size = sizeof(sca_config_issue),
                             .severity = i.severity,
                             .key = str(i.key),
                             .code = str(i.code),
                             .message = str(i.message)};
    each(ctx, &c);
  }
}

const config_value* config_values::find(std::string_view key) const noexcept {
  const auto at =
      std::lower_bound(values_.begin(), values_.end(), key, [](const config_value& v, std::string_view k) { return v.key < k; });
  return at != values_.end() && at->key == key ? &*at : nullptr;
}

bool config_values::configured(std::string_view key) const noexcept {
  const config_value* v = find(key);
  return v != nullptr && v->from == config_value::origin::configured;
}

std::string_view config_values::text(std::string_view key) const noexcept {
  const config_value* v = find(key);
  return v == nullptr ? std::string_view{} : std::string_view(v->text);
}

bool config_values::flag(std::string_view key) const noexcept { return detail::equal_folded(text(key), "true"); }

std::int64_t config_values::integer(std::string_view key) const noexcept {
  const std::string_view t = text(key);
  std::int64_t value = 0;
  std::from_chars(t.data(), t.data() + t.size(), value);
  return value;
}

double config_values::number(std::string_view key) const noexcept { return detail::to_number(text(key)).value_or(0); }

std::chrono::milliseconds config_values::duration(std::string_view key) const noexcept {
  return std::chrono::milliseconds(integer(key));
}

std::vector<std::string> config_values::list(std::string_view key) const { return split_list(text(key)); }

std::vector<std::pair<std::string_view, std::string_view>> config_values::family(std::string_view pattern) const {
  std::vector<const config_value*> members;
  for (const config_value& v : values_)
    if (v.spec != nullptr && view(v.spec->name) == pattern && v.from == config_value::origin::configured) members.push_back(&v);
  std::sort(members.begin(), members.end(), [](const config_value* a, const config_value* b) { return a->order < b->order; });
  std::vector<std::pair<std::string_view, std::string_view>> out;
  for (const config_value* v : members)
    out.emplace_back(detail::match_family(pattern, v->key).value_or(std::string_view{}), v->text);
  return out;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> out;
  const auto take = [&](std::string_view member) {
    member = detail::trim(member);
    if (member.empty()) return;
    std::string& value = out.emplace_back();
    for (std::size_t i = 0; i < member.size(); ++i) {
      if (member[i] == '\\' && i + 1 < member.size()) {
        if (member[i + 1] != ',') value += '\\';
        ++i;
      }
      value += member[i];
    }
  };
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;  // whatever follows is not a separator
    } else if (text[i] == ',') {
      take(text.substr(from, i - from));
      from = i + 1;
    }
  }
  take(text.substr(std::min(from, text.size())));
  return out;
}

}  // namespace sca
