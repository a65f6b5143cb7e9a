// Match keys: from whatever a record holds to the exact text that Snapchat hashes. Rules: snap-api.md §1.8 (Snapchat's
// Parameters page), presets.md A, and interfaces.md §6 "Match keys" where those leave room. Pure functions; any thread.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace snap::event::normalise {

enum class outcome : std::uint8_t {
  text,    // out holds normalised clear text; hash it if the field is a hashed one
  digest,  // out holds 64 lower-case hex digits: already hashed, send as it is
  // dropped, and why (metric label and --explain text: to_string)
  empty,           // nothing is left; the hash of the empty string is also this
  malformed,       // not of the key's form
  foreign_digest,  // hex of another digest's length
  other_rules,     // a digest of text that was not normalised as Snapchat does
  no_country,      // a national phone number without a country
  unknown,         // a country, state or gender word that no table has
  zero,            // an all-zero device id
  placeholder,     // an id that is a program's word for nothing: null, undefined, NaN
  refused,         // an advertising id whose owner refused tracking; the preset's table says where
};
[[nodiscard]] constexpr bool kept(outcome o) noexcept { return o == outcome::text || o == outcome::digest; }
[[nodiscard]] std::string_view to_string(outcome o) noexcept;

// Spelling rules of a peer whose hashes must be met during a migration (mapping.compat).
enum class manner : std::uint8_t { snapchat, rudder, segment };

struct context {
  std::string_view country{};        // ISO 3166-1 alpha-2 lower case: the person's, or "" - zip and state read it
  std::string_view phone_country{};  // alpha-2 in either case: for national numbers (mapping.phone.country), or ""
  manner as = manner::snapchat;
};

// Each writes to out (replacing what it held; capacity is reused) and never throws but for memory.
using function = outcome (*)(std::string_view raw, const context&, std::string& out);
outcome email(std::string_view raw, const context&, std::string& out);
outcome phone(std::string_view raw, const context&, std::string& out);
outcome person_name(std::string_view raw, const context&, std::string& out);  // fn, ln
outcome city(std::string_view raw, const context&, std::string& out);
outcome state(std::string_view raw, const context&, std::string& out);
outcome country(std::string_view raw, const context&, std::string& out);  // code, alpha-3 or name to alpha-2
outcome zip(std::string_view raw, const context&, std::string& out);
outcome gender(std::string_view raw, const context&, std::string& out);
outcome external_id(std::string_view raw, const context&, std::string& out);
outcome device_id(std::string_view raw, const context&, std::string& out);   // madid: plain
outcome vendor_id(std::string_view raw, const context&, std::string& out);   // idfv: plain
outcome ip_address(std::string_view raw, const context&, std::string& out);  // plain
// A value that can only be a digest: SHA-256 as hex or as base64, also the URL's. Anything else is `malformed`.
outcome sha256_digest(std::string_view raw, const context&, std::string& out);
// ISO 4217, upper-cased; `malformed` when not on the list. Not a match key, same form.
outcome currency(std::string_view raw, const context&, std::string& out);
// Transforms of expressions, same form: Unicode lower case of the trimmed text; its digits, those of other scripts as 0…9.
outcome lower(std::string_view raw, const context&, std::string& out);
outcome digits(std::string_view raw, const context&, std::string& out);

}  // namespace snap::event::normalise
