// The ways in which the sinks of this library are broken: one connector each, "broken.<name>", whose description is the id of the
// conformance case that must catch it. `none` is broken in no way and passes every case.
#pragma once
#include <cstdint>

#define SCA_FLAWS(X)                                              \
  X(none, "")                                                     \
  X(key_twice_in_table, "keys-well-formed")                       \
  X(pins_itself_in_memory, "reload-cycles")                       \
  X(judges_good_config_bad, "validate-accepts-config")            \
  X(counts_its_judgements, "validate-is-pure")                    \
  X(stops_at_first_issue, "validate-reports-all")                 \
  X(silent_about_unknown_keys, "validate-names-unknown-keys")     \
  X(creates_what_validate_refuses, "create-agrees-with-validate") \
  X(does_not_name_the_key, "create-reports-wrong-keys")           \
  X(keeps_config_views, "create-copies-configuration")            \
  X(opens_a_file_in_create, "create-starts-nothing")              \
  X(fails_to_flush, "life-cycle")                                 \
  X(must_be_started_to_be_destroyed, "create-then-destroy")       \
  X(stops_only_once, "stop-twice")                                \
  X(stops_slowly, "stop-is-prompt")                               \
  X(leaves_a_thread, "no-thread-after-stop")                      \
  X(leaves_a_file_open, "destroy-closes-files")                   \
  X(moves_after_stop, "stop-is-final")                            \
  X(ignores_sigpipe_for_all, "process-is-left-alone")             \
  X(only_one_at_a_time, "many-sinks")                             \
  X(only_on_one_thread, "any-thread-in-turn")                     \
  X(flushes_for_ever, "flush-keeps-its-time")                     \
  X(flushes_nothing, "flush-resolves")                            \
  X(starts_twice, "misuse-start-twice")                           \
  X(starts_after_stop, "misuse-start-after-stop")                 \
  X(opens_before_start, "misuse-open-before-start")               \
  X(puts_before_start, "misuse-put-before-start")                 \
  X(puts_after_stop, "misuse-put-after-stop")                     \
  X(takes_unknown_assignments, "misuse-put-unknown-assignment")   \
  X(takes_closed_assignments, "misuse-put-closed-assignment")     \
  X(takes_offsets_twice, "misuse-put-offset-not-growing")         \
  X(opens_twice, "misuse-open-twice")                             \
  X(forgets_its_failure, "failed-says-so")                        \
  X(keeps_record_views, "put-copies")                             \
  X(reads_past_the_value, "put-stays-inside-views")               \
  X(needs_a_key, "put-takes-odd-records")                         \
  X(takes_nothing, "put-takes-at-least-one")                      \
  X(waits_in_put, "put-does-not-wait")                            \
  X(waits_when_full, "put-when-full-is-cheap")                    \
  X(waits_in_progress, "progress-does-not-wait")                  \
  X(logs_below_the_level, "log-level-is-respected")               \
  X(goes_back, "positions-never-decrease")                        \
  X(runs_ahead, "position-not-past-handed-over")                  \
  X(counts_records, "position-is-one-past-a-record")              \
  X(resolves_before_delivery, "position-not-past-unresolved")     \
  X(guesses_unknown_positions, "position-of-unknown-assignment")  \
  X(mixes_assignments, "positions-are-separate")                  \
  X(remembers_closed, "close-forgets")                            \
  X(inherits_positions, "reopened-starts-anew")                   \
  X(resolves_only_in_put, "resolves-by-polling")                  \
  X(never_wakes, "wakes-when-done")                               \
  X(rejects_too_late, "reject-before-position")                   \
  X(rejects_twice, "reject-once")                                 \
  X(rejects_without_code, "reject-well-formed")                   \
  X(rejects_on_its_thread, "reject-only-inside")                  \
  X(rejects_after_close, "reject-not-after-close")                \
  X(never_passes_rejected, "rejected-is-resolved")                \
  X(wants_its_own_sizes, "newer-host")                            \
  X(takes_short_hosts, "shorter-host-refused")                    \
  X(takes_short_records, "shorter-record-refused")                \
  X(compares_prefixes_of_ids, "unknown-extensions")               \
  X(names_metrics_badly, "metrics-well-formed")                   \
  X(counts_its_previews, "preview-is-pure")                       \
  X(quotes_secrets_in_issues, "secrets-in-validate")              \
  X(logs_its_token, "secrets-at-run-time")                        \
  X(quotes_records, "record-contents")

namespace broken {

enum class flaw : std::uint8_t {
#define SCA_FLAW(name, meant_for) name,
  SCA_FLAWS(SCA_FLAW)
#undef SCA_FLAW
};

}  // namespace broken
