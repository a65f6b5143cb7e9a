// Every reason why a record is not delivered: the stable texts that dead letters, metric labels and previews carry.
// One line a code; the documentation (plugin/doc/CODES.md) is generated from this table. Used by event/, delivery/ and abi/.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace snap::event {

enum class code : std::uint8_t {
  record_tombstone,
  record_not_json,
  record_not_object,
  record_too_large,
  record_change_skipped,
  record_batch_empty,
  event_left_out,
  event_name_missing,
  event_name_unknown,
  event_time_missing,
  event_time_invalid,
  event_too_old,
  event_in_future,
  action_source_invalid,
  identity_missing,
  identity_not_hashed,
  purchase_value_missing,
  purchase_currency_missing,
  currency_invalid,
  value_invalid,
  app_data_missing,
  app_data_invalid,
  asset_missing,
  asset_unknown,
  consent_denied,
  integration_disabled,
  snap_invalid,
  request_too_large,
  retry_timeout,
  count_
};

struct code_text {
  std::string_view name, meaning;
};

inline constexpr std::array<code_text, static_cast<std::size_t>(code::count_)> code_table{{
    {"record.tombstone", "The record has no value (a tombstone); see the key tombstone."},
    {"record.not.json", "The value is not JSON text that can be read: syntax, UTF-8, depth over 64, or a binary format."},
    {"record.not.object", "The value is JSON, but not an object."},
    {"record.too.large", "The event alone, with its envelope, exceeds batch.max.bytes."},
    {"record.change.skipped",
     "A Debezium change that is no new event: an update, deletion, truncation or message; a snapshot read unless "
     "record.snapshot.rows=send."},
    {"record.batch.empty", "The record is a batch without events."},
    {"event.left.out", "The source marks the event as no conversion of today: from an emulator, a test environment, an import."},
    {"event.name.missing", "There is no event name where the preset looks for it."},
    {"event.name.unknown", "The event name has no mapping; see mapping.event.names and mapping.event.name.unknown."},
    {"event.time.missing", "There is no event time; mapping.field.event_time can name another source."},
    {"event.time.invalid", "The event time cannot be read, has no time zone, or lies before the year 2000."},
    {"event.too.old", "The event is older than event.max.age.online.ms or event.max.age.offline.ms."},
    {"event.in.future", "The event lies further in the future than event.future.max.ms."},
    {"action.source.invalid", "The action source is none of WEB, MOBILE_APP, OFFLINE or their known aliases."},
    {"identity.missing", "No match key that Snapchat accepts is left: em, ph, madid of an app, or IP address with user agent."},
    {"identity.not.hashed", "The only match keys are digests of another algorithm than SHA-256."},
    {"purchase.value.missing", "A PURCHASE without value."},
    {"purchase.currency.missing", "A PURCHASE without currency; see mapping.currency.default."},
    {"currency.invalid", "The currency of a PURCHASE is not an ISO 4217 code."},
    {"value.invalid", "The value is not a plain decimal number."},
    {"app.data.missing", "A MOBILE_APP event without the app data that Snapchat requires."},
    {"app.data.invalid",
     "app_data.extinfo does not have 16 members, a member is not a scalar, or the first is no platform (i2, a2)."},
    {"asset.missing", "No asset is configured for the event's action source: snapchat.pixel.id or snapchat.snap.app.id."},
    {"asset.unknown", "asset.route yields an alias that has no asset.<alias>.* keys."},
    {"consent.denied", "The person did not consent; see consent.field."},
    {"integration.disabled", "The event's own integrations switch Snapchat off."},
    {"snap.invalid", "Snapchat refused the event; its codes and text follow."},
    {"request.too.large", "Snapchat answered 413 to a request with this event alone."},
    {"retry.timeout", "retry.timeout.ms ran out while Snapchat or the way to it failed."},
}};

[[nodiscard]] constexpr std::string_view name(code c) noexcept { return code_table[static_cast<std::size_t>(c)].name; }

}  // namespace snap::event
