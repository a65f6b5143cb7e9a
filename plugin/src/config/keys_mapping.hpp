// The key table, second part: how a record becomes an event, and which events are refused. See keys.cpp.
#pragma once
#include "config/key_rows.hpp"

namespace snap::config {

inline constexpr auto presets = choices({"snap", "segment", "rudder", "ga4", "posthog", "mparticle"});
inline constexpr auto compats = choices({"none", "rudder", "segment"});
inline constexpr auto unknown_names = choices({"reject", "skip", "pass"});
inline constexpr auto action_sources = choices({"auto", "WEB", "MOBILE_APP", "OFFLINE"});
inline constexpr auto envelopes = choices({"auto", "none", "connect", "debezium", "cloudevents", "confluent"});
inline constexpr auto skip_send = choices({"skip", "send"});
inline constexpr auto skip_reject = choices({"skip", "reject"});
inline constexpr auto reject_skip_send = choices({"reject", "skip", "send"});
inline constexpr auto time_units = choices({"s", "ms"});
inline constexpr auto denials = choices({"skip", "ldu", "strip"});
inline constexpr auto limited_use_tokens = choices({"LDU", "LMU"});

inline constexpr sca::config_key mapping_keys[] = {
    {.name = "mapping.preset",
     .type = SCA_TYPE_STRING,
     .importance = SCA_IMPORTANCE_HIGH,
     .group = group_mapping,
     .default_value = "snap",
     .valid_values = presets,
     .doc =
         "How record values are read. snap: the value already is a v3 event, which is completed and checked. segment and rudder: "
         "the value is a call as Segment or RudderStack records it. ga4: event data of a server-side Google Tag Manager, a "
         "Measurement Protocol body or a row of the BigQuery export. posthog: an event of PostHog's destinations, exports, "
         "topics "
         "or capture API. mparticle: a batch. sink-host plugins --preset NAME prints what a preset does."},
    {.name = "mapping.event.names",
     .type = SCA_TYPE_LIST,
     .importance = SCA_IMPORTANCE_HIGH,
     .group = group_mapping,
     .doc = "Comma-separated list of from:to. from is an event name of the source, compared without case and with runs of space, "
            "underscore and dash alike; to is a Snapchat event name or one of the preset's names. The same from twice sends both "
            "events. Tried before the preset's own table. Write \\, for a comma and \\: for a colon inside a name."},
    {.name = "mapping.event.name.unknown",
     .type = SCA_TYPE_STRING,
     .group = group_mapping,
     .default_value = "reject",
     .valid_values = unknown_names,
     .doc = "What becomes of an event name without a mapping. reject sends the record to the dead letter queue as "
            "event.name.unknown, skip drops it and counts it, pass sends the name as it is, which Snapchat may refuse."},
    {.name = "mapping.field.*",
     .type = SCA_TYPE_STRING,
     .group = group_mapping,
     .doc =
         "Expression for one field of the event, named by its path: mapping.field.user_data.em=$.customer.mail | $key.email. It "
         "overrides the preset; where it finds nothing the preset's own value stays, and where there is none either, the text of "
         "default('…') at its end counts. Transforms change what is found: mapping.field.custom_data.value=sum($.items[*].price "
         "* "
         "$.items[*].quantity). Match keys are normalised and hashed as always."},
    {.name = "mapping.event.id",
     .type = SCA_TYPE_STRING,
     .group = group_mapping,
     .doc =
         "Expression for event_id, by which Snapchat removes duplicates for 48 hours. Where it finds nothing the preset's own id "
         "counts, and without that an id derived from topic, partition and offset, which is the same on every repetition."},
    {.name = "mapping.action.source",
     .type = SCA_TYPE_STRING,
     .group = group_mapping,
     .default_value = "auto",
     .valid_values = action_sources,
     .doc =
         "Where the events happened, which also decides whether they go to the Pixel or to the Snap App. auto asks the record as "
         "the preset says; the others hold for all records."},
    {.name = "mapping.phone.country",
     .type = SCA_TYPE_STRING,
     .group = group_mapping,
     .doc = "Country of phone numbers that are written without one: an ISO 3166-1 alpha-2 code such as DE, or an expression that "
            "yields such a code. Without it national numbers are dropped, because their hash could not match."},
    {.name = "mapping.currency.default",
     .type = SCA_TYPE_STRING,
     .group = group_mapping,
     .doc = "ISO 4217 code for events that have a value but no currency. Without it a PURCHASE without currency is rejected as "
            "purchase.currency.missing."},
    {.name = "mapping.compat",
     .type = SCA_TYPE_STRING,
     .importance = SCA_IMPORTANCE_LOW,
     .group = group_mapping,
     .default_value = "none",
     .valid_values = compats,
     .doc =
         "Normalises match keys and chooses ids as that product does, so that hashes stay the same during a migration. Its phone "
         "and name rules miss matches that Snapchat's own rules find: use none otherwise."},
    {.name = "record.envelope",
     .type = SCA_TYPE_STRING,
     .group = group_mapping,
     .default_value = "auto",
     .valid_values = envelopes,
     .doc = "What wraps the event inside the record value: Kafka Connect's schema and payload, a Debezium change event, a "
            "CloudEvent, "
            "or Confluent's schema id in front. auto recognises only what cannot be mistaken; none takes the value as it is."},
    {.name = "record.snapshot.rows",
     .type = SCA_TYPE_STRING,
     .importance = SCA_IMPORTANCE_LOW,
     .group = group_mapping,
     .default_value = "skip",
     .valid_values = skip_send,
     .doc =
         "What becomes of rows that a Debezium snapshot reads (op r), such as the initial load of a table. skip drops and counts "
         "them as record.change.skipped, send maps them like inserts. A later snapshot reads the whole table again: take the id "
         "from the row's key (mapping.event.id=$key.id), so that Snapchat removes what it had within 48 hours; older events meet "
         "event.max.age.online.ms."},
    {.name = "tombstone",
     .type = SCA_TYPE_STRING,
     .importance = SCA_IMPORTANCE_LOW,
     .group = group_mapping,
     .default_value = "skip",
     .valid_values = skip_reject,
     .doc = "What becomes of records with a null value: skip drops and counts them, reject sends them to the dead letter queue."},
};

inline constexpr sca::config_key check_keys[] = {
    {.name = "event.max.age.online.ms",
     .type = SCA_TYPE_INT,
     .group = group_checks,
     .default_value = "604800000",
     .min_value = 1,
     .max_value = ten_years,
     .doc =
         "Greatest age of WEB and MOBILE_APP events in milliseconds, default 7 days, judged when mapped and again before every "
         "send. Snapchat refuses older ones, so a greater value moves the refusal from here to there."},
    {.name = "event.max.age.offline.ms",
     .type = SCA_TYPE_INT,
     .group = group_checks,
     .default_value = "3196800000",
     .min_value = 1,
     .max_value = ten_years,
     .doc = "Greatest age of OFFLINE events in milliseconds, default 37 days, judged when mapped and again before every send."},
    {.name = "event.too.old",
     .type = SCA_TYPE_STRING,
     .group = group_checks,
     .default_value = "reject",
     .valid_values = reject_skip_send,
     .doc =
         "What becomes of events beyond their greatest age. reject sends the record to the dead letter queue as event.too.old, "
         "skip drops and counts it, send leaves the judgement to Snapchat."},
    {.name = "event.future.max.ms",
     .type = SCA_TYPE_INT,
     .importance = SCA_IMPORTANCE_LOW,
     .group = group_checks,
     .default_value = "300000",
     .min_value = 0,
     .max_value = one_day,
     .doc = "How far, in milliseconds, an event time may lie in the future, for clocks that disagree. Beyond it the record is "
            "rejected "
            "as event.in.future. At most one day."},
    {.name = "event.time.precision",
     .type = SCA_TYPE_STRING,
     .importance = SCA_IMPORTANCE_LOW,
     .group = group_checks,
     .default_value = "s",
     .valid_values = time_units,
     .doc =
         "Unit of event_time as sent: s for seconds, ms for milliseconds. Snapchat has refused milliseconds on OFFLINE events."},
    {.name = "identity.missing",
     .type = SCA_TYPE_STRING,
     .group = group_checks,
     .default_value = "reject",
     .valid_values = reject_skip_send,
     .doc =
         "What becomes of events without a match key that Snapchat accepts: e-mail, phone, an app's advertising id, or IP "
         "address "
         "together with user agent. reject sends the record to the dead letter queue as identity.missing, skip drops and counts "
         "it, send lets Snapchat refuse it."},
};

inline constexpr sca::config_key consent_keys[] = {
    {.name = "consent.field",
     .type = SCA_TYPE_STRING,
     .importance = SCA_IMPORTANCE_HIGH,
     .group = group_consent,
     .doc =
         "Expression that yields the person's consent. When it is set, an absent value means that consent was denied; when it is "
         "not, every record is taken as consented. A list counts as granted when any member does."},
    {.name = "consent.granted.values",
     .type = SCA_TYPE_LIST,
     .group = group_consent,
     .default_value = "granted,true,yes,1",
     .doc = "Comma-separated words of consent.field that mean consent, compared without case."},
    {.name = "consent.denied",
     .type = SCA_TYPE_STRING,
     .group = group_consent,
     .default_value = "skip",
     .valid_values = denials,
     .doc =
         "What becomes of records without consent. skip drops and counts them. ldu sends them with limited data use. strip sends "
         "them with limited data use and without what is personal: of user_data only IP address, user agent and click id, of the "
         "page's address only host, path and click id, no own members of custom_data, no device in extinfo (MAPPING.md, "
         "Consent). "
         "A record that is rejected for another reason reaches the dead letter queue as it is, except under skip."},
    {.name = "privacy.limited.use",
     .type = SCA_TYPE_STRING,
     .group = group_consent,
     .doc =
         "Expression; a record for which it yields one of privacy.limited.use.values is sent with data_processing_options, which "
         "limits Snapchat's use of the event."},
    {.name = "privacy.limited.use.values",
     .type = SCA_TYPE_LIST,
     .importance = SCA_IMPORTANCE_LOW,
     .group = group_consent,
     .default_value = "true,1,yes",
     .doc = "Comma-separated words of privacy.limited.use that ask for limited use, compared without case."},
    {.name = "privacy.limited.use.token",
     .type = SCA_TYPE_STRING,
     .importance = SCA_IMPORTANCE_LOW,
     .group = group_consent,
     .default_value = "LDU",
     .valid_values = limited_use_tokens,
     .doc = "The word written into data_processing_options. Snapchat's documents show both LDU and LMU."},
};

}  // namespace snap::config
