// Tokens, assets and routes: from snapchat.* and asset.<alias>.* to lanes.
#include <set>

#include "config/reader.hpp"

namespace snap::config {
namespace {

// Printable ASCII without blanks: it becomes part of a URL and of a header.
[[nodiscard]] bool is_token(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

struct token_keys {
  std::string value, file;  // names of the two keys
};

enum class found : std::uint8_t { nothing, one, problem };

// Exactly one of the two, or nothing.
[[nodiscard]] found read_token(reader& in, const token_keys& keys, token_source& out) {
  const std::string_view value = in.text(keys.value), file = in.text(keys.file);
  if (!value.empty() && !file.empty()) {
    in.error(keys.file, "conflict", "given together with " + keys.value + "; keep exactly one of them");
    return found::problem;
  }
  if (value.empty() && file.empty()) return found::nothing;
  if (in.need() == secrets::optional && (is_reference(value) || is_reference(file))) return found::one;
  if (is_reference(value) || is_reference(file)) {
    in.error(value.empty() ? keys.file : keys.value, "unresolved",
             "still is a reference of the form ${provider:...}; the host has no such provider, so configure it or give the value "
             "itself");
    return found::problem;
  }
  if (!is_token(value)) {
    in.error(keys.value, "format",
             "its value has a blank, a control character or one beyond ASCII, which no token has; copy it again");
    return found::problem;
  }
  out = {.value = sca::secret(std::string(value)), .file = std::string(file)};
  return found::one;
}

// Aliases in the order of the keys' names.
[[nodiscard]] std::set<std::string> aliases(const reader& in) {
  std::set<std::string> out;
  for (const std::string_view part : {"pixel.id", "snap.app.id", "app.id", "access.token", "access.token.file"}) {
    for (const auto& [alias, ignored] : in.values().family("asset.*." + std::string(part))) out.emplace(alias);
  }
  return out;
}

[[nodiscard]] std::uint32_t add_lane(settings& out, std::string asset_id, std::uint32_t token, const std::string& alias) {
  if (asset_id.empty()) return no_lane;
  out.lanes.push_back({.asset_id = std::move(asset_id), .token = token, .alias = alias});
  return static_cast<std::uint32_t>(out.lanes.size() - 1);
}

[[nodiscard]] std::uint32_t add_token(settings& out, token_source token) {
  out.tokens.push_back(std::move(token));
  return static_cast<std::uint32_t>(out.tokens.size() - 1);
}

// One prefix ("snapchat" or "asset.<alias>") to a route. token is the inherited one.
void add_route(reader& in, const std::string& prefix, const std::string& alias, std::uint32_t token, settings& out) {
  const std::string pixel = in.uuid(prefix + ".pixel.id"), app = in.uuid(prefix + ".snap.app.id");
  route r{.alias = alias,
          .pixel_lane = add_lane(out, pixel, token, alias),
          .app_lane = no_lane,
          .app_id = std::string(in.text(prefix + ".app.id"))};
  r.app_lane = add_lane(out, app, token, alias);
  out.routes.push_back(std::move(r));
}

// The token that snapchat.* and aliases without their own use.
struct main_token {
  std::uint32_t index = 0;
  bool is_needed = false;
};

void read_alias(reader& in, const std::string& alias, main_token& shared, settings& out) {
  const std::string prefix = "asset." + alias;
  token_source own;
  const found state = read_token(in, {prefix + ".access.token", prefix + ".access.token.file"}, own);
  if (state == found::nothing) shared.is_needed = true;
  const std::uint32_t token = state == found::one ? add_token(out, std::move(own)) : shared.index;
  if (!in.given(prefix + ".pixel.id") && !in.given(prefix + ".snap.app.id")) {
    in.error(
        prefix + ".pixel.id", "required",
        "the alias leads to no asset; give it this key or " + prefix + ".snap.app.id, which are not inherited from snapchat.*");
  }
  add_route(in, prefix, alias, token, out);
}

void check_routing(reader& in, const std::set<std::string>& names) {
  const bool routed = in.given("asset.route");
  if (!routed && !names.empty()) {
    in.warning("asset." + *names.begin() + ".pixel.id", "no effect",
               "asset.* keys have no effect without asset.route; set it, or remove them");
  }
  if (routed && names.empty()) {
    in.warning("asset.route", "no effect",
               "leads nowhere without asset.<alias>.* keys: records with an alias are rejected as asset.unknown");
  }
  if (in.given("snapchat.pixel.id") || in.given("snapchat.snap.app.id") || (routed && !names.empty())) return;
  in.error("snapchat.pixel.id", "required",
           "there is no asset to send to; give snapchat.pixel.id for WEB and OFFLINE events, snapchat.snap.app.id for MOBILE_APP "
           "events, or "
           "asset.route with asset.<alias>.* keys");
}

}  // namespace

void read_assets(reader& in, settings& out) {
  const std::set<std::string> names = aliases(in);
  token_source token;
  const found state = read_token(in, {"snapchat.access.token", "snapchat.access.token.file"}, token);
  main_token shared{.is_needed = in.given("snapchat.pixel.id") || in.given("snapchat.snap.app.id") || names.empty()};
  if (state != found::nothing || in.need() == secrets::optional) shared.index = add_token(out, std::move(token));
  add_route(in, "snapchat", "", shared.index, out);
  for (const std::string& alias : names) read_alias(in, alias, shared, out);
  if (state == found::nothing && shared.is_needed && in.need() == secrets::required) {
    in.error(
        "snapchat.access.token", "required",
        "no access token is configured; give snapchat.access.token or snapchat.access.token.file (generate one in Ads Manager, "
        "Business Details, Conversions API Tokens)");
  }
  check_routing(in, names);
}

}  // namespace snap::config
