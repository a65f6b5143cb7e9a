#include "connector_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "files.hpp"
#include "properties.hpp"

namespace sinkhost {
namespace {

constexpr std::size_t max_connector_file = std::size_t{1} << 20;                      // as a REST body
constexpr std::array<std::string_view, 3> states = {"RUNNING", "PAUSED", "STOPPED"};  // in the order of target_state

sca::error invalid(std::string message) { return sca::fail(SCA_INVALID_CONFIG, std::move(message)); }

// nullopt: JSON's null.
sca::result<std::optional<std::string>> config_text(const json_member& member) {
  switch (member.value.kind) {
    case json_kind::null: return std::optional<std::string>{};
    case json_kind::boolean:
    case json_kind::number: return std::optional<std::string>{member.value.raw};
    case json_kind::string: {
      auto text = unquote(member.value.raw);
      if (!text) return text.error();
      if (text->find('\0') != std::string::npos)
        return invalid(fmt::format("{}: the value holds the character NUL", member.name));
      return std::optional<std::string>{std::move(*text)};
    }
    case json_kind::array:
    case json_kind::object: break;
  }
  return invalid(fmt::format("{}: the value must be a string; write lists as \"a,b\"", member.name));
}

sca::result<std::string> text_member(const json_member& member) {
  if (member.value.kind != json_kind::string) return invalid(fmt::format("\"{}\" must be a string", member.name));
  return unquote(member.value.raw);
}

sca::result<void> read_member(const json_member& member, connector_document& out) {
  if (member.name == "config") {
    auto config = parse_config(member.value.raw);
    if (!config) return config.error();
    out.config = std::move(*config);
  } else if (member.name == "name") {
    auto name = text_member(member);
    if (!name) return name.error();
    out.name = std::move(*name);
  } else if (member.name == "initial_state") {
    if (member.value.kind == json_kind::null) return {};
    const auto text = text_member(member);
    if (!text) return text.error();
    out.initial = target_state_from(*text);
    if (!out.initial) return invalid(fmt::format("initial_state: '{}' is none of RUNNING, PAUSED, STOPPED", *text));
  } else {
    return invalid(fmt::format("unknown member \"{}\"; a connector has \"name\", \"config\" and \"initial_state\"", member.name));
  }
  return {};
}

bool looks_like_json(const std::filesystem::path& file, std::string_view text) {
  if (file.extension() == ".properties") return false;
  if (file.extension() == ".json") return true;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

}  // namespace

std::string_view to_text(target_state s) noexcept { return states[static_cast<std::size_t>(s)]; }

std::optional<target_state> target_state_from(std::string_view text) noexcept {
  for (std::size_t i = 0; i < states.size(); ++i) {
    const bool same =
        std::ranges::equal(states[i], text, [](char a, char b) { return a == (b >= 'a' && b <= 'z' ? b - 'a' + 'A' : b); });
    if (same) return static_cast<target_state>(i);
  }
  return std::nullopt;
}

sca::result<std::map<std::string, std::optional<std::string>>> parse_config_patch(std::string_view json) {
  if (!is_utf8(json)) return invalid("the configuration is not UTF-8 text");
  const auto members = slice_object(json);
  if (!members) return members.error();
  std::map<std::string, std::optional<std::string>> out;
  for (const json_member& member : *members) {
    auto text = config_text(member);
    if (!text) return text.error();
    out.insert_or_assign(member.name, std::move(*text));
  }
  return out;
}

sca::result<string_map> parse_config(std::string_view json) {
  auto members = parse_config_patch(json);
  if (!members) return members.error();
  string_map out;
  for (auto& [key, text] : *members) {
    if (!text) return invalid(fmt::format("{}: must not be null; leave the key out", key));
    out.emplace(key, std::move(*text));
  }
  return out;
}

sca::result<connector_document> parse_connector(std::string_view json) {
  json = without_bom(json);
  if (!is_utf8(json)) return invalid("the text is not UTF-8");
  const auto members = slice_object(json);
  if (!members) return members.error();
  connector_document out;
  const bool nested =
      std::ranges::any_of(*members, [](const json_member& m) { return m.name == "config" && m.value.kind == json_kind::object; });
  if (!nested) {
    auto config = parse_config(json);
    if (!config) return config.error();
    out.config = std::move(*config);
    return out;
  }
  for (const json_member& member : *members) {
    if (auto read = read_member(member, out); !read) return read.error();
  }
  return out;
}

sca::result<connector_document> load_connector_file(const std::filesystem::path& file) {
  const auto text = read_file(file, max_connector_file);
  if (!text) return text.error();
  sca::result<connector_document> out = connector_document{};
  if (looks_like_json(file, without_bom(*text))) {
    out = parse_connector(*text);
  } else if (auto config = parse_properties(*text)) {
    out->config = std::move(*config);
  } else {
    out = config.error();
  }
  if (!out) return invalid(fmt::format("{}: {}", file.string(), out.error().message));
  if (const auto name = out->config.find("name"); out->name.empty() && name != out->config.end()) out->name = name->second;
  return out;
}

}  // namespace sinkhost
